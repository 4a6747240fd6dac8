from __future__ import annotations

import numpy as np
import pytest

from matchers.linkage.atoms import WORD, key_records
from matchers.linkage.blocking import TWO_WORDS, Choice, Rule, choose_rules
from matchers.linkage.blocks import Blocks
from matchers.linkage.coded import CodedColumn
from matchers.linkage.proposals import by_record
from matchers.linkage.proposing import NOTHING_APART, Blocking, propose, unpacked
from matchers.linkage.ranking import FINE, FURTHER_RULE_BITS, Likeliest, weigh_rules
from tests.unit.matchers.linkage.drawn_columns import coded

NO_ROWS, NO_COUNTS = np.zeros(0, np.int32), np.zeros(0, np.uint8)
PEOPLE = {
    "given_name": coded("anna", "lee", "ana", "xu", ""),
    "surname": coded("lee", "anna", "lee", "wang", ""),
    "birth_date": coded("19800512", "19800512", "19800512", "19751127", ""),
    "phone": coded("13912345678", "", "13912345678", "13900000000", ""),
}


def proposed(columns: dict[str, CodedColumn], **limits: object) -> set[tuple[int, int]]:
    count = len(next(iter(columns.values())).codes)
    pairs, _ = propose(columns, Blocking(count, 60, **limits))  # type: ignore[arg-type]
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def test_records_that_agree_on_something_are_paired_once_and_others_are_not() -> None:
    pairs, _ = propose(PEOPLE, Blocking(5, 60))
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]


def test_missing_values_never_agree() -> None:
    assert proposed({"phone": coded("", ""), "given_name": coded("", "")}) == set()


def test_pairs_that_may_not_be_one_person_are_not_proposed() -> None:
    nobody, source = np.zeros(5, np.int64), np.array([0, 1, 1, 1, 0])
    assert proposed(PEOPLE, apart=(nobody, source)) == {(0, 1), (0, 2)}


def test_two_certain_numbers_are_not_proposed_and_one_is() -> None:
    nobody = np.full(5, -1)
    assert proposed(PEOPLE, apart=(np.array([7, 8, 7, 0, 0]), nobody)) == {(0, 2)}


def test_a_block_in_which_every_record_has_a_certain_id_proposes_nothing() -> None:
    columns = {"phone": coded("13912345678", "13912345678", "13900000000", "13900000000")}
    assert proposed(columns, free=np.array([False, False, True, False])) == {(2, 3)}


def test_a_block_above_the_largest_is_dropped_so_that_a_placeholder_costs_nothing() -> None:
    assert proposed({"phone": coded(*["00000000"] * 200)}) == set()


def test_a_slip_in_either_half_of_a_number_leaves_the_other_half_to_propose_by() -> None:
    columns = {
        "other_id": coded("12345678", "12345699", "99945678", "55555555"),
        "birth_date": coded("19800512", "19800512", "19800512", "19751127"),
    }
    assert {(0, 1), (0, 2)} <= proposed(columns)


def test_words_are_counted_wherever_they_stand_in_the_name() -> None:
    keys = key_records({"given_name": coded("anna maria", "lee"), "surname": coded("lee", "anna maria")}, 2)
    assert list(keys[WORD].codes[keys[WORD].rows == 0]) == list(keys[WORD].codes[keys[WORD].rows == 1])


EVIDENCE = weigh_rules(
    {"phone": 20.0, "birth_date": 12.0, "birth_year": 6.0, "area": 3.0},
    (Rule(("phone",)), Rule(("birth_date",)), Rule(("birth_year", "area"))),
)
PROPOSALS = {0: [(0, 1), (2, 3), (6, 7)], 1: [(0, 1), (2, 3)], 2: [(0, 1), (4, 5)]}  # pairs of each rule


def worth_comparing(most: int, parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    blocks = [
        Blocks(np.array(pairs, np.int32).ravel(), np.array([1, 0] * len(pairs), np.uint8))
        for pairs in PROPOSALS.values()
    ]
    proposals, likeliest = by_record(blocks, 8), Likeliest(most)
    for part in parts:
        likeliest.add(*proposals.pairs(part, EVIDENCE, NOTHING_APART, likeliest.bar))
    pairs = unpacked(likeliest.pairs())
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


@pytest.mark.parametrize("parts", [[(0, 8)], [(0, 1), (1, 5), (5, 8)]])
def test_where_pairs_are_few_all_are_compared(parts: list[tuple[int, int]]) -> None:
    assert worth_comparing(9, parts) == [(0, 1), (2, 3), (4, 5), (6, 7)]


@pytest.mark.parametrize("parts", [[(0, 8)], [(0, 1), (1, 5), (5, 8)]])
def test_where_pairs_are_many_those_that_agree_on_the_rarest_things_are_compared(parts: list[tuple[int, int]]) -> None:
    assert worth_comparing(3, parts) == [(0, 1), (2, 3), (6, 7)]
    assert worth_comparing(1, parts) == [(0, 1)]


def test_however_the_table_is_cut_the_same_pairs_are_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(5)
    columns = {
        "phone": coded(*(f"139{number:08}" for number in draw.integers(0, 900, 3000))),
        "surname": coded(*(f"name{number}" for number in draw.integers(0, 60, 3000))),
        "birth_date": coded(*(f"19{number:02}0101" for number in draw.integers(10, 90, 3000))),
    }
    whole, _ = propose(columns, Blocking(3000, 60))
    monkeypatch.setattr("matchers.linkage.proposals.AT_ONCE", 100)
    parts, _ = propose(columns, Blocking(3000, 60))
    assert len(whole) > 1000
    for one, other in ((whole.left, parts.left), (whole.right, parts.right), (whole.rule, parts.rule)):
        assert np.array_equal(one, other)


def bits_of_rules(*rules: int) -> int:
    blocks = [
        Blocks(*((np.array([0, 1], np.int32), np.array([1, 0], np.uint8)) if rule in rules else (NO_ROWS, NO_COUNTS)))
        for rule in range(3)
    ]
    return int(by_record(blocks, 2).pairs((0, 2), EVIDENCE, NOTHING_APART, 0)[1][0])


def test_two_rules_about_one_role_count_its_rarest_value_once() -> None:
    assert bits_of_rules(1) == FINE * 12
    assert bits_of_rules(1, 2) == FINE * (12 + 3 + FURTHER_RULE_BITS)


def test_a_block_in_which_a_record_stands_twice_counts_as_one_rule_and_makes_no_pair_of_it() -> None:
    columns = {"full_name": coded("lee lee", "lee lee")}
    pairs, _ = propose(columns, Blocking(2, 60))
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == [(0, 1)]


def breadths(**known: float) -> Choice:
    return Choice(known, 1_000_000, 4.0)


def test_a_narrow_value_proposes_alone_and_makes_its_pairs_needless() -> None:
    names = [rule.name for rule in choose_rules(breadths(phone=1.2, postcode=400.0))]
    assert names == ["phone", "postcode"]


def test_a_pair_of_whole_values_gives_way_to_a_looser_pair_that_is_narrow_enough() -> None:
    names = [rule.name for rule in choose_rules(breadths(birth_date=30.0, birth_year=12_000.0, postcode=200.0))]
    assert "birth_year + postcode" in names
    assert "birth_date + postcode" not in names


@pytest.mark.parametrize("breadth", [60_000.0, 900_000.0])
def test_a_value_that_a_twentieth_of_all_records_share_proposes_nothing_alone(breadth: float) -> None:
    assert choose_rules(breadths(area=breadth)) == ()


def test_two_words_of_a_name_propose_together() -> None:
    assert TWO_WORDS in choose_rules(Choice({WORD: 900.0}, 1_000_000, 4.0))
