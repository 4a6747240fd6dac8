from __future__ import annotations

import datetime
from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.quality.truth import StatedRole, group_people, name_households, name_persons, name_records
from schemas.contract import Table
from schemas.households import HOUSEHOLD_MEMBER
from schemas.links import PERSON_RECORD
from schemas.truth import TRUE_PERSON, TRUE_RECORD, TRUTH_PERSON, TRUTH_ROW_PERSON

Given = Callable[[Table, str], None]


def test_a_record_is_whom_most_of_its_rows_are_about_in_each_role(db: DuckEngine, given: Given) -> None:
    given(
        TRUTH_ROW_PERSON,
        """
        source_id | role     | row_number | person_no
        pupils    | self     | 1          | 10
        pupils    | self     | 2          | 11
        pupils    | self     | 3          | 11
        pupils    | guardian | 1          | 20
        pupils    | guardian | 2          | 20
        """,
    )
    db.create(
        "raw_pupils",
        "select * from (values (1, 's1', 'g1'), (2, 's1', 'g1'), (3, 's1', null), (4, 's2', null)) "
        "as t(row_number, record_id, record_id_guardian)",
    )
    given(PERSON_RECORD, "record_id | person_id\ns1 | P1\ng1 | P2")
    name_records(
        db, (StatedRole("pupils", "self", "record_id"), StatedRole("pupils", "guardian", "record_id_guardian"))
    )
    assert db.rows("from true_record order by record_id") == [("g1", 20), ("s1", 11)]


def test_of_two_persons_that_are_one_the_larger_is_the_main_one(db: DuckEngine, given: Given) -> None:
    given(TRUE_RECORD, "record_id | person_no\nr1 | 1\nr2 | 1\nr3 | 1\nr4 | 2")
    given(PERSON_RECORD, "record_id | person_id\nr1 | P1\nr2 | P2\nr3 | P2\nr4 | P2")
    name_persons(db)
    assert db.rows("from true_person order by person_id") == [("P1", 1, False), ("P2", 1, True)]


def test_a_household_is_where_most_of_its_people_live(db: DuckEngine, given: Given) -> None:
    given(
        TRUTH_PERSON,
        """
        person_no | household_no | sex | birth_date | ethnicity_code | township_code | is_rural | is_migrant_out | is_migrant_in | is_alive
        1         | 7            | 1   | 1946-11-01 | 01             | t1            | true     | false          | false         | true
        2         | 7            | 2   | 1946-10-31 | 10             | t1            | true     | true           | false         | true
        3         | 8            | 2   | 2010-11-01 | 01             | t2            | false    | false          | true          | false
        """,
    )
    group_people(db, datetime.date(2026, 10, 31))
    assert db.rows("select person_no, sex, age, ethnicity, migrant, place from true_group order by 1") == [
        (1, "male", "60-79", "han", "settled", "rural"),
        (2, "female", "80+", "minority", "moved_out", "rural"),
        (3, "female", "0-15", "han", "moved_in", "urban"),
    ]
    given(TRUE_PERSON, "person_id | person_no | is_main\nP1 | 1 | true\nP2 | 2 | true\nP3 | 3 | true")
    given(HOUSEHOLD_MEMBER, "person_id | household_id\nP1 | H1\nP2 | H1\nP3 | H1")
    name_households(db)
    assert db.rows("from true_household") == [("H1", 7)]
