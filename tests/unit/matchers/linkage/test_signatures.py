from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matchers.linkage.comparison import Comparer
from matchers.linkage.fields import Field
from matchers.linkage.likeness import WAYS
from matchers.linkage.signatures import (
    CEILINGS,
    UNDECIDED,
    alike,
    ceilings,
    fewest_slips,
    jaro_winkler_ceiling,
    of_rows,
    sign,
)
from tests.unit.matchers.linkage.drawn_columns import coded

PAIR = np.array([0], np.int32), np.array([1], np.int32)
TEXT = st.text(alphabet="abcxyz 019é王红军", min_size=1, max_size=14).map(str.strip).filter(bool)


@given(TEXT, TEXT)
def test_a_ceiling_is_never_below_what_comparing_the_texts_finds(one: str, other: str) -> None:
    signs = sign(pa.array([one, other]))
    for kind in CEILINGS:
        if one != other:
            found = WAYS[kind](coded(one, other), *PAIR)[0]
            assert alike(ceilings(kind), signs, PAIR)[0] >= found, kind
            comparer = Comparer({"x": coded(one, other)})
            cheap, found = (way(Field("x", kind), *PAIR)[0] for way in (comparer.cheap_levels, comparer.levels))
            assert cheap == found or UNDECIDED - cheap >= found, kind


WORDS = st.lists(st.sampled_from(["st", "12", "镇", "江湾", "mary", "é"]), min_size=1, max_size=30)


@given(WORDS, WORDS, st.sampled_from(["", " "]))
def test_a_ceiling_is_not_below_what_one_text_inside_another_reaches(one: list[str], more: list[str], gap: str) -> None:
    shorter, longer = gap.join(one), gap.join([*more, *one])
    if shorter and shorter != longer:
        test_a_ceiling_is_never_below_what_comparing_the_texts_finds.hypothesis.inner_test(shorter, longer)  # type: ignore[attr-defined]


@given(st.text(alphabet="ab", min_size=1, max_size=90), st.text(alphabet="ab", min_size=1, max_size=90))
def test_neither_long_texts_nor_letters_that_repeat_lower_a_ceiling(one: str, other: str) -> None:
    test_a_ceiling_is_never_below_what_comparing_the_texts_finds.hypothesis.inner_test(one, other)  # type: ignore[attr-defined]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 40))
def test_likeness_rises_with_the_letters_shared(one: int, other: int, shared: int) -> None:
    lengths = np.array([one]), np.array([other])
    some, more = np.array([min(shared, one, other)]), np.array([min(shared + 1, one, other)])
    same = np.array([True])
    assert jaro_winkler_ceiling(some, *lengths, same)[0] <= jaro_winkler_ceiling(more, *lengths, same)[0] <= 1.0
    assert fewest_slips(some, *lengths)[0] >= fewest_slips(more, *lengths)[0] >= abs(one - other)


def test_a_row_without_a_value_has_the_code_of_a_missing_one() -> None:
    signs = of_rows(sign(pa.array(["anna", "lee"])), np.array([1, -1, 0], np.int32))
    assert (signs[:, 1] >> np.uint64(32)).tolist() == [1, 0xFFFFFFFF, 0]


def test_no_value_has_no_signature() -> None:
    assert len(sign(pa.array([], pa.string()))) == 0
