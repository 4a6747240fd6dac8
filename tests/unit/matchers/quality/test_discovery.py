from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.quality.discovery import (
    best_households,
    bin_calibration,
    calibration_of_groups,
    explain_misses,
    found_and_missed,
    hold_candidates_against_truth,
    lost_ways,
    visits,
    wrong_candidates,
)
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FINDING, SERVED
from schemas.households import HOUSEHOLD
from schemas.truth import TRUE_GROUP, TRUE_HOUSEHOLD, TRUE_PERSON, TRUTH_ENTITLEMENT

Given = Callable[[Table, str], None]


@pytest.fixture
def held(db: DuckEngine, given: Given) -> DuckEngine:
    """Four candidates: right, served already, right for a household, a stranger; and one person missed."""
    given(
        TRUE_GROUP,
        "person_no | household_no | is_alive | township | sex | age | ethnicity | migrant | place\n"
        + "\n".join(
            f"{n} | {n * 10} | true | t{n % 2} | {'male' if n % 2 else 'female'} | 80+ | han | settled | rural"
            for n in range(1, 6)
        ),
    )
    given(TRUE_PERSON, "person_id | person_no | is_main\n" + "\n".join(f"P{n} | {n} | true" for n in range(1, 5)))
    given(TRUE_HOUSEHOLD, "household_id | household_no\nH3 | 30")
    given(HOUSEHOLD, "household_id | township_code\n" + "\n".join(f"H{n} | t1" for n in range(1, 5)))
    given(
        TRUTH_ENTITLEMENT,
        """
        programme_id | unit      | person_no | household_no | is_entitled | is_receiving
        old_age      | person    | 1         | 10           | true        | false
        old_age      | person    | 2         | 20           | true        | true
        old_age      | person    | 5         | 50           | true        | false
        poverty      | household | 3         | 30           | true        | false
        """,
    )
    given(
        CANDIDATE,
        """
        candidate_id | programme_id | unit      | unit_id | person_id | household_id | township_code | probability | rank | is_within_capacity | is_random_share
        c1           | old_age      | person    | P1      | P1        | H1           | t1            | 0.95        | 1    | true               | false
        c2           | old_age      | person    | P2      | P2        | H2           | t1            | 0.90        | 2    | true               | false
        c3           | poverty      | household | H3      | P3        | H3           | t1            | 0.30        | 3    | false              | true
        c4           | old_age      | person    | P9      | P9        | H4           | t1            | 0.20        | 4    | false              | false
        """,
    )
    hold_candidates_against_truth(db)
    return db


def test_a_candidate_is_right_when_the_true_unit_is_entitled_and_unserved(held: DuckEngine) -> None:
    rows = held.rows("select candidate_id, unit_no, is_true, why_not from discovery order by candidate_id")
    assert rows == [
        ("", 5, True, ""),
        ("c1", 1, True, ""),
        ("c2", 2, False, "served"),
        ("c3", 30, True, ""),
        ("c4", -1, False, "unknown"),
    ]


def test_found_and_missed_are_counted_per_programme_and_over_all(held: DuckEngine) -> None:
    assert held.rows(found_and_missed(None)) == [
        (None, "", 4, 2, 3, 2, 3, 2),
        ("old_age", "", 3, 1, 2, 1, 2, 1),
        ("poverty", "", 1, 1, 1, 1, 1, 1),
    ]
    groups = {(programme, item): row for programme, item, *row in held.rows(found_and_missed("sex"))}
    assert groups[None, "male"] == [2, 2, 3, 2, 2, 2]
    assert groups[None, "unknown"] == [1, 0, 0, 0, 0, 0]


def test_the_township_of_a_missed_unit_is_its_true_one(held: DuckEngine) -> None:
    assert held.rows("select township from discovery where candidate_id = ''") == [("t1",)]


def test_the_calibration_of_a_group_is_its_own(held: DuckEngine) -> None:
    found = {item: (candidates, error) for item, candidates, error in held.rows(calibration_of_groups("sex"))}
    assert found == {"female": (1, 0.9), "male": (2, 0.375), "unknown": (1, 0.2)}


SERVED_HEAD = "programme_id | unit | unit_id | source_id | as_of_date | link_probability | can_exclude | record_id"
FINDING_HEAD = "programme_id | unit | unit_id | criterion | effect | is_met | authority | is_confirmed"


ASSESSED = "old_age | person | P5 | age | requires"
LOST = {
    "no unit of the run is it": (("", "", ""), "not_found"),
    "nobody looked": (("P5", "", ""), "not_assessed"),
    "everything met and not listed": (("P5", f"{ASSESSED} | true | a | true", ""), "not_listed"),
    "something unknown and not listed": (("P5", f"{ASSESSED} | | a | true", ""), "not_listed"),
    "something required is false": (("P5", f"{ASSESSED} | false | a | true", ""), "excluded"),
    "something excluding is true": (("P5", "old_age | person | P5 | dead | excludes | true | a | true", ""), "excluded"),
    "held served": (("P5", "", "old_age | person | P5 | roll | 2026-10-31 | 1 | true | r"), "served"),
    "perhaps served": (
        ("P5", f"{ASSESSED} | true | a | true", "old_age | person | P5 | roll | 2026-10-31 | 0.9 | false | r"), "not_listed",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "cause"), LOST.values(), ids=LOST)
def test_every_miss_is_told_by_how_it_was_lost(
    held: DuckEngine, given: Given, drawn: tuple[str, str, str], cause: str
) -> None:
    found_as, findings, served = drawn
    known = [("P1", 1), *([(found_as, 5)] if found_as else [])]
    given(TRUE_PERSON, "person_id | person_no | is_main\n" + "\n".join(f"{p} | {n} | true" for p, n in known))
    given(FINDING, f"{FINDING_HEAD}\n{findings}" if findings else "")
    given(SERVED, f"{SERVED_HEAD}\n{served}" if served else "")
    explain_misses(held)
    assert [(programme, way) for programme, way, _, _ in held.rows(lost_ways())] == [("old_age", cause)]


def test_wrong_candidates_are_told_apart(held: DuckEngine) -> None:
    assert held.rows(wrong_candidates()) == [("old_age", "served", 1), ("old_age", "unknown", 1)]


def test_calibration_sets_the_mean_probability_beside_the_true_share(held: DuckEngine) -> None:
    bin_calibration(held)
    columns = "bin, candidate_count, mean_probability, true_share, squared_error"
    assert held.rows(f"select {columns} from calibration_bin where programme_id = '' order by bin") == [
        (2, 1, 0.2, 0.0, 0.04),
        (3, 1, 0.3, 1.0, 0.49),
        (9, 2, 0.925, 0.5, 0.8125),
    ]


def test_a_visit_is_a_household_and_a_hit_is_one_right_candidate_there(held: DuckEngine) -> None:
    assert held.rows(visits("is_within_capacity")) == [(2, 1)]
    assert held.rows(visits("is_random_share")) == [(1, 1)]


def test_a_capacity_takes_the_best_households_of_each_township(held: DuckEngine) -> None:
    assert held.rows(best_households(0.25)) == [(1, 1)]
    assert held.rows(best_households(0.75)) == [(3, 2)]
