from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flows.engines.duckdb import DuckEngine
from matchers.quality.arrival import (
    ArrivalLimits,
    RawTable,
    check_sources,
    count_id_states,
    count_quarantine_reasons,
)
from schemas.contract import Table
from schemas.records import DELIVERY, QUARANTINE, STD_RECORD

Given = Callable[[Table, str], None]
ROLL = RawTable("roll", ("record_id", "record_id_guardian"))


def checked(db: DuckEngine, *columns: str, raw: tuple[RawTable, ...] = (ROLL,)) -> list[tuple[Any, ...]]:
    for table in ("delivery", "std_record"):
        if not db.column_types(f"{table}_before"):
            db.create(f"{table}_before", f"select * from {table} where false")
    check_sources(db, raw, ArrivalLimits())
    return db.rows(f"select {', '.join(columns)} from source_check order by source_id")


def delivered(given: Given, loaded: int, refused: int, delivered: int) -> None:
    given(
        DELIVERY,
        f"""
        source_id | file_name | delivered_count | loaded_count | quarantined_count | record_count
        roll      | roll.csv  | {delivered}     | {loaded}     | {refused}         | {loaded}
        """,
    )


def records(given: Given, *states: str) -> None:
    lines = "\n".join(f"r{place} | roll | {state}" for place, state in enumerate(states))
    given(STD_RECORD, f"record_id | source_id | id_state\n{lines}")


def refused(given: Given, count: int) -> None:
    lines = "\n".join(f"roll | {place} | birth_date: no date" for place in range(count))
    given(QUARANTINE, f"source_id | row_number | reason\n{lines}")


def loaded(db: DuckEngine, count: int, guardian: str = "null") -> None:
    db.create(
        "raw_roll",
        f"select i + 1 as row_number, 'r' || i as record_id, {guardian}::varchar as record_id_guardian "
        f"from range({count}) as t(i)",
    )


def test_every_row_is_accounted_for(db: DuckEngine, given: Given) -> None:
    delivered(given, 4, 1, 5)
    refused(given, 1)
    loaded(db, 4)
    records(given, "valid", "valid", "invalid", "missing")
    assert checked(db, "unaccounted_count", "raw_mismatch_count", "quarantine_mismatch_count") == [(0, 0, 0)]
    assert db.rows("select quarantine_share, id_stated_count, round(id_valid_share, 3) from source_check") == [
        (0.2, 3, 0.667)
    ]


def test_a_lost_row_is_counted_wherever_it_was_lost(db: DuckEngine, given: Given) -> None:
    delivered(given, 4, 2, 7)
    refused(given, 1)
    loaded(db, 3)
    records(given, "valid")
    assert checked(db, "unaccounted_count", "raw_mismatch_count", "quarantine_mismatch_count") == [(1, 1, 1)]


def test_a_loaded_row_that_states_nobody_is_incomplete_whatever_its_roles(db: DuckEngine, given: Given) -> None:
    delivered(given, 3, 0, 3)
    refused(given, 0)
    db.create(
        "raw_roll",
        "select * from (values (1, 'a', null), (2, null, 'b'), (3, null, null)) t(row_number, record_id, record_id_guardian)",
    )
    records(given, "valid")
    assert checked(db, "incomplete_key_count") == [(1,)]


def test_a_source_that_did_not_come_is_missing_and_nothing_else(db: DuckEngine, given: Given) -> None:
    given(
        DELIVERY,
        """
        source_id | file_name | delivered_count | loaded_count | quarantined_count | record_count
        roll      |           | 0               | 0            | 0                 | 0
        """,
    )
    refused(given, 0)
    records(given, "valid")
    assert checked(db, "is_missing", "unaccounted_count", "quarantine_share", "is_row_count_odd", raw=()) == [
        (1, 0, 0.0, 0)
    ]


def test_refused_rows_are_noticed_before_they_are_too_many(db: DuckEngine, given: Given) -> None:
    delivered(given, 95, 5, 100)
    refused(given, 5)
    loaded(db, 95)
    records(given, "valid")
    assert checked(db, "is_quarantine_over_notice", "is_quarantine_over_limit") == [(1, 0)]
    delivered(given, 75, 25, 100)
    assert checked(db, "is_quarantine_over_notice", "is_quarantine_over_limit") == [(1, 1)]


def test_numbers_that_collapse_and_rows_that_halve_are_seen_against_the_month_before(
    db: DuckEngine, given: Given
) -> None:
    delivered(given, 4, 0, 100)
    db.create("delivery_before", "select * from delivery")
    records(given, "valid", "valid", "valid", "valid")
    db.create("std_record_before", "select * from std_record")
    delivered(given, 4, 0, 4)
    refused(given, 0)
    loaded(db, 4)
    records(given, "valid", "valid", "invalid", "masked")
    columns = (
        "id_valid_share_before",
        "id_valid_share",
        "is_id_share_falling",
        "is_id_share_collapsed",
        "is_row_count_odd",
    )
    assert checked(db, *columns) == [(1.0, 0.5, 1, 1, 1)]


def test_the_first_month_is_held_against_nothing(db: DuckEngine, given: Given) -> None:
    delivered(given, 2, 0, 2)
    refused(given, 0)
    loaded(db, 2)
    records(given, "invalid", "invalid")
    assert checked(db, "is_id_share_collapsed", "is_row_count_odd", "delivered_count_before") == [(0, 0, None)]


def test_reasons_and_states_are_counted_per_source(db: DuckEngine, given: Given) -> None:
    refused(given, 2)
    records(given, "valid", "masked", "valid")
    count_quarantine_reasons(db)
    count_id_states(db)
    assert db.rows("from quarantine_reason") == [("roll", "birth_date: no date", 2)]
    assert db.rows("from id_state_count order by id_state") == [("roll", "masked", 1), ("roll", "valid", 2)]
