"""With whom children are placed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.households.nuclei import choose_spouses, form_nuclei
from schemas.contract import Table
from schemas.households import TIE
from schemas.living import DWELLER

Given = Callable[[Table, str], None]


def families(db: DuckEngine) -> dict[str, str]:
    choose_spouses(db)
    form_nuclei(db)
    return {str(person): str(nucleus) for person, nucleus in db.rows("select person_id, nucleus_id from nucleus")}


@pytest.fixture
def town(given: Given) -> Callable[[str, str], None]:
    def draw(people: str, ties: str) -> None:
        rows = [[cell.strip() for cell in line.split("|")] for line in people.strip().splitlines()]
        given(
            DWELLER,
            "person_id | age | place | book_no | is_student | is_dependent_adult | is_local\n"
            + "\n".join(f"{n} | {age} | {place} | {book} | false | false | true" for n, age, place, book in rows),
        )
        told = [[cell.strip() for cell in line.split("|")] for line in ties.strip().splitlines()]
        given(
            TIE,
            "person_id_l | person_id_r | tie_type | source_id | as_of_date | strength\n"
            + "\n".join(
                f"{left} | {right} | {kind} | student | 2026-10-31 | {strength}" for left, right, kind, strength in told
            ),
        )

    return draw


def test_a_child_of_divorced_parents_is_with_the_one_at_the_same_address(
    db: DuckEngine, town: Callable[[str, str], None]
) -> None:
    town(
        """
        ma  | 40 | v 1 |
        pa  | 41 | v 2 |
        kid | 9  | v 1 |
    """,
        """
        ma | kid | parent_child | 0.97
        pa | kid | parent_child | 0.97
    """,
    )
    assert families(db)["kid"] == "ma"


def test_a_child_who_lives_at_the_grandmothers_while_the_parents_are_away_is_with_her(
    db: DuckEngine, town: Callable[[str, str], None]
) -> None:
    town(
        """
        gran | 65 | v 1 |
        ma   | 40 | w 2 |
        kid  | 9  | v 1 |
    """,
        """
        ma   | kid | parent_child | 0.97
        gran | kid | guardian     | 0.9
    """,
    )
    assert families(db)["kid"] == "gran"


def test_a_guardian_does_not_take_a_child_from_the_parents_house(
    db: DuckEngine, town: Callable[[str, str], None]
) -> None:
    town(
        """
        gran | 65 | v 1 |
        ma   | 40 | v 1 |
        kid  | 9  | v 1 |
    """,
        """
        ma   | kid | parent_child | 0.97
        gran | kid | guardian     | 0.9
    """,
    )
    assert families(db)["kid"] == "ma"


def test_a_grown_single_child_with_another_address_has_left(db: DuckEngine, town: Callable[[str, str], None]) -> None:
    town(
        """
        ma  | 55 | v 1 | 7
        son | 28 | v 2 | 7
    """,
        "ma | son | parent_child | 0.97",
    )
    assert families(db)["son"] == "son"


def test_nobody_has_two_spouses(db: DuckEngine, town: Callable[[str, str], None]) -> None:
    town(
        """
        ann | 40 | |
        bob | 41 | |
        cat | 42 | |
    """,
        """
        ann | bob | spouse | 0.9
        bob | cat | spouse | 0.97
    """,
    )
    assert families(db) == {"ann": "ann", "bob": "bob", "cat": "bob"}
