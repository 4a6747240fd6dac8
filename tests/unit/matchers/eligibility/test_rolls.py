"""Who receives, as the rolls say."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.eligibility.facts import date_sources
from matchers.eligibility.rolls import list_served, read_rolls
from schemas.contract import Table
from schemas.households import HOUSEHOLD_MEMBER
from schemas.links import PERSON_RECORD
from schemas.records import STD_RECORD

DAY = datetime.date(2026, 10, 31)
Given = Callable[[Table, str], None]
Raw = dict[str, Table]
Served = Callable[[], list[tuple[object, ...]]]


@pytest.fixture
def served(db: DuckEngine, given: Given, raw: Raw) -> Served:
    given(
        PERSON_RECORD,
        """
        record_id | person_id | link_rule     | link_probability
        r:ann     | ann       | certain_id    | 1
        r:bob     | bob       | probabilistic | 0.7
    """,
    )
    given(
        HOUSEHOLD_MEMBER,
        """
        person_id | household_id | is_counted | reason | membership_probability
        ann       | home         | true       | drawn  | 1
        bob       | home         | true       | drawn  | 1
    """,
    )
    given(
        STD_RECORD,
        "record_id | source_id | role | id_state | as_of_date | row_count\n"
        + "\n".join(f"{s}:x | {s} | self | valid | 2026-10-31 | 1" for s in raw),
    )

    def answer() -> list[tuple[object, ...]]:
        date_sources(db, DAY)
        read_rolls(db, DAY)
        list_served(db)
        return db.rows("select programme_id, unit, unit_id, link_probability from served order by all")

    return answer


def test_a_family_on_the_roll_is_served_as_a_household_once(served: Served, given: Given, raw: Raw) -> None:
    given(
        raw["subsistence_roll"],
        """
        row_number | record_id | household_no | tier                  | member_count | status    | start_date
        1          | r:ann     | 1            | subsistence_allowance | 2            | receiving | 2025-01-01
        2          | r:bob     | 1            | subsistence_allowance | 2            | receiving | 2025-01-01
    """,
    )
    assert served() == [("subsistence_allowance", "household", "home", 1.0)]


def test_a_weak_link_to_a_roll_is_kept_as_weak(served: Served, given: Given, raw: Raw) -> None:
    given(
        raw["old_age_roll"],
        """
        row_number | record_id | amount_month_yuan | start_date | status
        1          | r:bob     | 25                | 2020-01-01 | receiving
    """,
    )
    assert served() == [("old_age_allowance", "person", "bob", 0.7)]


def test_lines_that_ended_or_stopped_or_have_not_begun_serve_nobody(served: Served, given: Given, raw: Raw) -> None:
    given(
        raw["extreme_difficulty_roll"],
        """
        row_number | record_id | amount_month_yuan | start_date | end_date   | status
        1          | r:ann     | 822               | 2020-01-01 | 2026-10-30 | receiving
        2          | r:ann     | 822               | 2020-01-01 |            | stopped
        3          | r:ann     | 822               | 2026-11-01 |            | receiving
    """,
    )
    assert served() == []


def test_a_verge_family_and_an_orphan_are_served_by_their_rolls(
    served: Served, given: Given, raw: Raw, db: DuckEngine
) -> None:
    given(
        raw["subsistence_roll"],
        """
        row_number | record_id | household_no | tier         | member_count | status    | start_date
        1          | r:ann     | 1            | verge_family | 2            | receiving | 2025-01-01
    """,
    )
    given(
        raw["child_roll"],
        """
        row_number | record_id | child_kind | status    | start_date
        1          | r:bob     | orphan_allowance | receiving | 2025-01-01
    """,
    )
    assert served() == [
        ("orphan_allowance", "person", "bob", 0.7),
        ("verge_family", "household", "home", 1.0),
    ]
    assert db.rows("select unit_id, can_exclude from served order by unit_id") == [("bob", False), ("home", True)]


def test_a_roll_nobody_kept_up_serves_nobody_for_certain(
    served: Served, given: Given, raw: Raw, db: DuckEngine
) -> None:
    given(
        raw["old_age_roll"],
        """
        row_number | record_id | status
        1          | r:ann     | receiving
    """,
    )
    given(
        STD_RECORD,
        "record_id | source_id | role | id_state | as_of_date | row_count\nx | old_age_roll | self | valid | 2026-05-31 | 1",
    )
    assert served() == [("old_age_allowance", "person", "ann", 1.0)]
    assert db.rows("select can_exclude from served") == [(False,)]
