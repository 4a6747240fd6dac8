"""Ties: who says two people belong together, and how sure that is."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.households.dwellers import describe_dwellers, read_books
from matchers.households.ties import gather_evidence, gather_ties
from schemas.contract import Table
from schemas.links import PERSON_RECORD
from schemas.people import PERSON
from schemas.records import STD_RECORD

Given = Callable[[Table, str], None]
Raw = dict[str, Table]
Rows = Callable[[str], list[tuple[object, ...]]]


DRAWN_PERSON = """
        person_id | full_name | birth_date | sex_code | is_deceased | record_count | source_count | link_probability
        pa        | 王一      | 1970-01-01 | 1        | true        | 1            | 1            | 1
        ma        | 李二      | 1972-01-01 | 2        |             | 1            | 1            | 1
        kid       | 王三      | 2014-01-01 | 1        |             | 1            | 1            | 1
    """
DRAWN_STD_RECORD = """
        record_id | source_id           | role | household_no | relation_code | id_state | as_of_date | row_count
        r:pa      | population_register | self | 7            | 02            | valid    | 2026-10-31 | 1
        r:ma      | population_register | self | 7            | 10            | valid    | 2026-10-31 | 1
        r:kid     | population_register | self | 7            | 20            | valid    | 2026-10-31 | 1
    """
DRAWN_PERSON_RECORD = """
        record_id | person_id | link_rule     | link_probability
        r:pa      | pa        | certain_id    | 1
        r:ma      | ma        | certain_id    | 1
        r:kid     | kid       | probabilistic | 0.9
    """
DRAWN_RAW_POPULATION_REGISTER = """
        row_number | record_id | household_no | relation | book_kind | status
        1          | r:pa      | 7            | 02       | family    | cancelled
        2          | r:ma      | 7            | 10       | family    | normal
        3          | r:kid     | 7            | 20       | family    | normal
    """


@pytest.fixture
def ties(db: DuckEngine, given: Given, raw: Raw) -> Rows:
    """Three people, a book with a dead father, and what a test adds; answers `where` conditions on the ties."""
    given(
        PERSON,
        DRAWN_PERSON,
    )
    given(
        STD_RECORD,
        DRAWN_STD_RECORD,
    )
    given(
        PERSON_RECORD,
        DRAWN_PERSON_RECORD,
    )
    given(
        raw["population_register"],
        DRAWN_RAW_POPULATION_REGISTER,
    )

    def answer(where: str) -> list[tuple[object, ...]]:
        read_books(db)
        describe_dwellers(db, datetime.date(2026, 10, 31))
        gather_evidence(db)
        gather_ties(db)
        return db.rows(f"select person_id_l, person_id_r, source_id, strength from tie where {where} order by all")

    return answer


def test_a_dead_father_is_still_the_childs_father(ties: Rows) -> None:
    found = ties("tie_type = 'parent_child'")
    assert ("pa", "kid", "population_register", pytest.approx(0.97 * 0.9)) in found
    assert len(found) == 2


def test_link_doubt_weakens_a_tie(ties: Rows, given: Given, raw: Raw) -> None:
    given(
        raw["student"],
        """
        row_number | record_id | record_id_guardian1 | guardian1_relation | stage
        1          | r:kid     | r:ma                | 52                 | primary
    """,
    )
    found = ties("source_id = 'student'")
    assert found == [("ma", "kid", "student", pytest.approx(0.97 * 0.9))]


def test_a_grandparent_named_by_the_school_is_a_guardian_and_no_parent(ties: Rows, given: Given, raw: Raw) -> None:
    given(
        raw["student"],
        """
        row_number | record_id | record_id_guardian1 | guardian1_relation | stage
        1          | r:kid     | r:ma                | 62                 | primary
    """,
    )
    assert len(ties("tie_type = 'guardian'")) == 1


def test_a_collective_book_ties_nobody(ties: Rows, db: DuckEngine) -> None:
    db.run("update raw_population_register set book_kind = 'collective'")
    assert ties("true") == []
