from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.quality.accuracy import Subset, count_pairs, measures
from schemas.contract import Table
from schemas.truth import OVERLAP

Given = Callable[[Table, str], None]

# record: person found, true person, has a valid number, sex
RECORDS = (
    ("P1", 1, True, "male"), ("P1", 1, True, "male"), ("P1", 1, False, "male"),
    ("P2", 2, True, "female"), ("P2", 3, False, "male"),
    ("P3", 3, True, "male"),
    ("P4", 4, True, "female"), ("P5", 4, False, "female"), ("P5", 4, False, "female"),
    ("P6", 5, True, "female"),
)  # fmt: skip


@pytest.fixture
def overlaid(db: DuckEngine, given: Given) -> DuckEngine:
    """Ten records of five true persons, put into six."""
    lines = [
        f"person | {found} | {true} | {'a' if place % 2 else 'b'} | {valid} | {sex} | x | x | x | x | 1"
        for place, (found, true, valid, sex) in enumerate(RECORDS)
    ]
    head = "what | predicted_id | true_no | source_id | has_valid_id | sex | age | ethnicity | migrant | place | unit_count"
    given(OVERLAP, "\n".join([head, *lines]))
    return db


def listed_pairs(is_in: Callable[[int], bool], ends: tuple[int, ...] = (1, 2)) -> tuple[int, int, int]:
    """Return right, found and true pairs with so many ends in a group, by listing every pair."""
    pairs = [(i, j) for i, j in combinations(range(len(RECORDS)), 2) if is_in(i) + is_in(j) in ends]
    found = {(i, j) for i, j in pairs if RECORDS[i][0] == RECORDS[j][0]}
    true = {(i, j) for i, j in pairs if RECORDS[i][1] == RECORDS[j][1]}
    return len(found & true), len(found), len(true)


def counted(db: DuckEngine, subset: Subset) -> tuple[int, ...]:
    count_pairs(db, (subset,))
    return db.rows("select right_pairs, found_pairs, true_pairs from pair_count")[0]


@pytest.mark.parametrize(
    ("subset", "is_in"),
    [
        (Subset("person", "overall", ""), lambda place: True),
        (Subset("person", "without_valid_id", ""), lambda place: not RECORDS[place][2]),
        (Subset("person", "sex", "female"), lambda place: RECORDS[place][3] == "female"),
        (Subset("person", "source_id", "a"), lambda place: place % 2 == 1),
        (Subset("person", "sex", "nobody's"), lambda place: False),
    ],
)
def test_counted_pairs_are_the_pairs_one_would_list(
    overlaid: DuckEngine, subset: Subset, is_in: Callable[[int], bool]
) -> None:
    assert counted(overlaid, subset) == listed_pairs(is_in)


@pytest.mark.parametrize(("topic", "ends"), [("with_valid_id", 2), ("one_valid_id", 1)])
def test_pairs_of_two_valid_numbers_and_of_one_are_told_apart(overlaid: DuckEngine, topic: str, ends: int) -> None:
    assert counted(overlaid, Subset("person", topic, "")) == listed_pairs(lambda place: RECORDS[place][2], (ends,))


def test_a_cluster_is_right_when_it_is_one_person_whole_and_alone(overlaid: DuckEngine) -> None:
    topics = ("overall", "one_valid_id", "with_valid_id", "without_valid_id")
    count_pairs(overlaid, tuple(Subset("person", topic, "") for topic in topics))
    rows = overlaid.rows("select topic, right_clusters, found_clusters, true_clusters from pair_count order by topic")
    assert rows == [
        ("one_valid_id", 1, 2, 3), ("overall", 2, 6, 5), ("with_valid_id", 2, 5, 5), ("without_valid_id", 1, 3, 3),
    ]  # fmt: skip


def test_measures_are_the_fields_own() -> None:
    assert measures(3, 4, 6) == {"right": 3, "found": 4, "true": 6, "precision": 0.75, "recall": 0.5, "f1": 0.6}


def test_nothing_to_measure_is_not_zero() -> None:
    nothing = measures(0, 0, 0)
    assert (nothing["precision"], nothing["recall"], nothing["f1"]) == (None, None, None)
    assert measures(0, 2, 3)["f1"] == 0.0
    assert measures(0, 0, 3)["recall"] == 0.0
