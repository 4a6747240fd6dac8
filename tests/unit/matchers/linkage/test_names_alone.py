from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matchers.linkage.coded import CodedColumn
from matchers.linkage.fields import Field
from matchers.linkage.full_names import full_name_levels
from matchers.linkage.names_alone import held_shares, is_alone, pool_of, strangers_levels
from matchers.linkage.proposing import USUAL_CAP, usual_cap

NAME = Field("full_name", "full_name")


def column(*texts: str) -> CodedColumn:
    values = list(dict.fromkeys(texts))
    codes = np.array([values.index(text) for text in texts], np.int32)
    return CodedColumn(codes, pa.array(values, pa.string()), np.bincount(codes))


def test_strangers_are_equal_as_often_as_their_words_meet() -> None:
    pairs = [f"{first} {last}" for first in "abcd" for last in "klmn"]
    assert pool_of(column(*pairs)).chance("a k") == pytest.approx(1 / 16)
    twice = column(*pairs[:4], *pairs[:4], *pairs[4:])
    levels, equal = strangers_levels(twice, 1)
    assert equal == pytest.approx(
        sum(s * pool_of(twice).chance(v) for v, s in zip(twice.values, twice.shares, strict=True))
    )
    assert len(levels) == pytest.approx(100_000 * (1 - equal), rel=0.02)


def test_only_full_names_without_bounds_are_alone() -> None:
    assert is_alone((NAME,))
    assert not is_alone((NAME, Field("birth_date", "date")))
    assert not is_alone((Field("surname", "name"),))


def test_what_cannot_be_learnt_is_held() -> None:
    held = held_shares(np.array([0.5, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05]))
    assert held[:3].tolist() == [0.01, 0.02, 0.05]
    assert held.sum() == pytest.approx(1.0)


def test_another_number_is_another_thing() -> None:
    found = full_name_levels(
        np.array(["sony camera kx1200", "jon smithers"], dtype=object),
        np.array(["sony camera kx1300", "jon smither"], dtype=object),
    )
    assert found.tolist() == [2, 3]


def test_blocks_grow_only_where_rows_repeat_in_every_respect_and_are_few() -> None:
    repeated, different = column(*["x"] * 40, *map(str, range(60))), column(*map(str, range(100)))
    assert usual_cap([repeated], 100) == 1000
    assert usual_cap([repeated, different], 100) == USUAL_CAP
    assert usual_cap([repeated], 1_000_000) == USUAL_CAP
