"""Who lives with whom, drawn family by family."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.households.build import build_households
from schemas.contract import Table
from schemas.links import PERSON_RECORD
from schemas.people import PERSON
from schemas.records import STD_RECORD

DAY = datetime.date(2026, 10, 31)
Given = Callable[[Table, str], None]
Raw = dict[str, Table]
Family = Callable[[str], None]
HOME = "230123001001"


@pytest.fixture
def family(db: DuckEngine, given: Given, raw: Raw) -> Family:
    """Draw people as: name, birth year, sex, register book, relation, address of residence; each their own person."""

    def draw(drawing: str) -> None:
        rows = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
        given(
            PERSON,
            "person_id | full_name | birth_date | sex_code | village_code | record_count | source_count | link_probability\n"
            + "\n".join(f"{n} | {n} | {born}-06-01 | {sex} | {HOME} | 1 | 1 | 1" for n, born, sex, *_ in rows),
        )
        records = [
            (f"population_register:self:{n}", n, "population_register", book, rel, HOME, "old")
            for n, _, _, book, rel, _ in rows
        ]
        records += [(f"medical_insured:self:{n}", n, "medical_insured", "", "", HOME, at) for n, *_, at in rows if at]
        given(
            STD_RECORD,
            "record_id | source_id | role | household_no | relation_code | village_code | address | id_state | as_of_date | row_count\n"
            + "\n".join(
                f"{r} | {s} | self | {b} | {rel} | {v} | {a} | missing | 2026-10-31 | 1"
                for r, _, s, b, rel, v, a in records
            ),
        )
        given(
            PERSON_RECORD,
            "record_id | person_id | link_rule | link_probability\n"
            + "\n".join(f"{r} | {n} | certain_id | 1" for r, n, *_ in records),
        )
        given(
            raw["population_register"],
            "record_id | row_number | household_no | relation | book_kind | status\n"
            + "\n".join(
                f"population_register:self:{n} | {i} | {b} | {rel} | family | normal"
                for i, (n, _, _, b, rel, _) in enumerate(rows)
            ),
        )

    return draw


def homes(db: DuckEngine) -> list[str]:
    """The households as sorted words."""
    build_households(db, DAY)
    found = db.rows(
        "select string_agg(person_id, ' ' order by person_id) from household_member group by household_id order by 1"
    )
    return [row[0] for row in found]


def test_a_couple_with_a_minor_child_is_one_household(db: DuckEngine, family: Family) -> None:
    family("""
        ma  | 1990 | 2 | 1 | 02 | here
        pa  | 1988 | 1 | 1 | 10 | here
        kid | 2016 | 1 | 1 | 20 | here
    """)
    assert homes(db) == ["kid ma pa"]


def test_spouses_in_two_books_are_joined_by_their_marriage(
    db: DuckEngine, family: Family, given: Given, raw: Raw
) -> None:
    family("""
        ma | 1990 | 2 | 1 | 02 | here
        pa | 1988 | 1 | 2 | 02 | there
    """)
    given(
        raw["marriage"],
        """
        row_number | record_id                   | record_id_wife              | op_type  | op_date
        1          | population_register:self:pa | population_register:self:ma | marriage | 2015-05-01
    """,
    )
    assert homes(db) == ["ma pa"]


def test_a_divorce_ends_the_marriage(db: DuckEngine, family: Family, given: Given, raw: Raw) -> None:
    family("""
        ma | 1990 | 2 | 1 | 02 | here
        pa | 1988 | 1 | 2 | 02 | there
    """)
    given(
        raw["marriage"],
        """
        row_number | record_id                   | record_id_wife              | op_type  | op_date
        1          | population_register:self:pa | population_register:self:ma | marriage | 2015-05-01
        2          | population_register:self:pa | population_register:self:ma | divorce  | 2020-05-01
    """,
    )
    assert homes(db) == ["ma", "pa"]


def test_a_student_on_a_collective_book_is_back_with_the_parents(
    db: DuckEngine, family: Family, given: Given, raw: Raw
) -> None:
    family("""
        ma  | 1980 | 2 | 1 | 02 | here
        kid | 2006 | 1 | 9 | 02 |
    """)
    given(
        raw["student"],
        """
        row_number | record_id                    | record_id_guardian1         | stage      | guardian1_relation
        1          | population_register:self:kid | population_register:self:ma | university | 52
    """,
    )
    assert homes(db) == ["kid ma"]


def test_a_married_child_with_another_address_has_left_the_parents_book(db: DuckEngine, family: Family) -> None:
    family("""
        old  | 1955 | 1 | 1 | 02 | here
        wife | 1957 | 2 | 1 | 10 | here
        son  | 1982 | 1 | 1 | 20 | there
        dil  | 1984 | 2 | 1 | 38 | there
    """)
    assert homes(db) == ["dil son", "old wife"]


def test_a_married_child_at_the_same_address_lives_with_the_parents(db: DuckEngine, family: Family) -> None:
    family("""
        old  | 1955 | 1 | 1 | 02 | here
        son  | 1982 | 1 | 1 | 20 | here
        dil  | 1984 | 2 | 1 | 38 | here
    """)
    assert homes(db) == ["dil old son"]


def test_the_dead_are_in_no_household(db: DuckEngine, family: Family) -> None:
    family("""
        ma | 1950 | 2 | 1 | 02 | here
        pa | 1948 | 1 | 1 | 10 | here
    """)
    db.run("update person set is_deceased = true where person_id = 'pa'")
    assert homes(db) == ["ma"]


def test_weak_ties_do_not_chain(db: DuckEngine, family: Family) -> None:
    family("""
        ann | 1980 | 2 | 1 | 02 | one
        bob | 1970 | 1 | 2 | 02 | two
        cat | 1990 | 2 | 3 | 02 | three
    """)
    db.run(
        "update std_record set phone = '13800000000' where record_id in ('medical_insured:self:ann', 'medical_insured:self:bob')"
    )
    db.run(
        "update std_record set phone = '13900000000' where record_id in ('population_register:self:bob', 'medical_insured:self:cat')"
    )
    assert homes(db) == ["ann", "bob", "cat"]


def test_nobody_in_custody_is_counted_or_asked_for_until_let_out(
    db: DuckEngine, family: Family, given: Given, raw: Raw
) -> None:
    drawing = """
        ma  | 1990 | 2 | 1 | 10 | here
        pa  | 1988 | 1 | 1 | 02 | here
        kid | 2016 | 1 | 1 | 20 | here
    """
    head = "row_number | record_id | custody_kind | start_date | end_date"
    for stay, counted in {"2026-10-01 | ": 2, "2026-10-01 | 2026-10-31": 3, "2026-11-01 | ": 3}.items():
        family(drawing)
        given(raw["custody"], f"{head}\n1 | population_register:self:pa | imprisoned | {stay}")
        assert homes(db) == ["kid ma pa"]
        found = db.rows("select member_count, person_count, head_person_id from household")
        assert found == [(counted, 3, "ma" if counted == 2 else "pa")], stay


def test_custody_known_by_a_weak_link_takes_nobody_out_of_the_count(
    db: DuckEngine, family: Family, given: Given, raw: Raw
) -> None:
    family("""
        ma | 1990 | 2 | 1 | 10 | here
        pa | 1988 | 1 | 1 | 02 | here
    """)
    db.run("update person_record set link_rule = 'probable', link_probability = 0.9 where person_id = 'pa'")
    given(raw["custody"], "row_number | record_id | start_date\n1 | population_register:self:pa | 2026-10-01")
    homes(db)
    assert db.rows("select member_count from household") == [(2,)]
