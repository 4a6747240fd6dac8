from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matchers.linkage.coded import CodedColumn
from matchers.linkage.comparison import Comparer
from matchers.linkage.fields import Field
from matchers.linkage.frequencies import agreeing_pairs, coincidence, count_class, rarity, repeated_share
from matchers.linkage.model import CLASSES, FieldModel, LinkModel

PHONE = Field("phone", "exact")


def column(*counts: int) -> CodedColumn:
    codes = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    return CodedColumn(codes, pa.array([f"v{n}" for n in range(len(counts))]), np.array(counts))


def test_values_are_classed_by_how_many_records_have_them() -> None:
    classes = count_class(np.array([1.0, 2, 8, 9, 16, 17, 1e9]))
    assert classes.tolist() == [1, 2, 8, 9, 10, 11, CLASSES - 1]


def test_the_chance_to_meet_a_value_again_is_counted_across_files_where_only_those_may_be_one_person() -> None:
    within = Comparer({"phone": column(2, 2)})
    assert [each.tolist() for each in agreeing_pairs(within, PHONE)] == [[1.0, 1.0], [1 / 3, 1 / 3]]
    across = Comparer({"phone": column(2, 2)}, np.array([0, 1, 0, 0]))
    pairs, chance = agreeing_pairs(across, PHONE)
    assert pairs.tolist() == [1.0, 0.0]
    assert chance.tolist() == pytest.approx([2 / 6 * 4 / 2, 0.0])


def test_a_value_whose_records_are_mostly_one_persons_is_no_frequent_one() -> None:
    twice = column(*(2 for _ in range(200)))
    comparer = Comparer({"phone": twice})
    codes, weight = np.arange(200), np.ones(200)
    kin = coincidence(comparer, PHONE, (codes, weight, np.zeros(200)))
    strangers = coincidence(comparer, PHONE, (codes, weight, np.ones(200)))
    assert kin[2] < 0.01 < 0.99 < strangers[2]
    shares = np.array([0.99, 0.01])
    parts = (FieldModel(PHONE, shares, shares, shares, seen) for seen in (kin, strangers))
    rare, usual = (rarity(LinkModel((part,), 1e-3, 0.0, 1e5, 1), comparer)[0] for part in parts)
    assert (rare < usual - 2).all()


def test_pairs_that_agree_and_were_never_proposed_are_strangers() -> None:
    share = coincidence(Comparer({"phone": column(40, 40)}), PHONE, (np.array([0]), np.ones(1), np.zeros(1)))
    assert share[count_class(np.array([40.0]))[0]] > 0.99


def test_a_class_of_few_pairs_leans_on_the_one_below() -> None:
    comparer = Comparer({"phone": column(*(2 for _ in range(200)), 3)})
    share = coincidence(comparer, PHONE, (np.arange(201), np.ones(201), np.zeros(201)))
    assert share[3] < 0.3


def test_values_nobody_repeats_make_those_repeated_no_more_usual() -> None:
    counts = np.array([2.0, 2, 4])
    alone = np.concatenate([counts, np.ones(92)])
    assert repeated_share(counts, counts - 1) == 1.0
    assert repeated_share(alone, alone - 1) == pytest.approx(8 / 100)
    assert repeated_share(np.ones(3), np.zeros(3)) == 1.0
    shares, seen = np.array([0.99, 0.01]), np.full(CLASSES, 0.5)
    part = FieldModel(PHONE, shares, shares, shares, seen)
    few, many = (
        rarity(LinkModel((part,), 1e-3, 0.0, 1e5, 1), Comparer({"phone": column(*held)}))[0][0]
        for held in ([2] * 50, [2] * 50 + [1] * 100)
    )
    assert many == pytest.approx(few - 2 * np.log(2), abs=0.02)  # a record in two may repeat, among twice as many
