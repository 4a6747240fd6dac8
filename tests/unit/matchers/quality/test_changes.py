"""A delivery beside the month before: what is marked, and what a month explains."""

from __future__ import annotations

from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.quality.changes import ChangeLimits, compare_deliveries
from schemas.contract import Table
from schemas.records import DELIVERY, DELIVERY_PROFILE, STD_RECORD

Given = Callable[[Table, str], None]


def before(db: DuckEngine, *tables: Table) -> None:
    """Let what was drawn stand for the month before."""
    for table in tables:
        db.create(f"{table.name}_before", f"select * from {table.name}")


def drawn(given: Given, counts: tuple[int, int, int], numbers: range) -> None:
    rows, filled, men = counts
    given(DELIVERY, f"source_id | file_name | loaded_count\nroll | roll.csv | {rows}")
    given(
        DELIVERY_PROFILE,
        f"""
        source_id | column_name | code | row_count
        roll      | birth_date  |      | {filled}
        roll      | sex         |      | {rows}
        roll      | sex         | 1    | {men}
        roll      | sex         | 2    | {rows - men}
        """,
    )
    lines = "\n".join(f"r{n} | roll | {n}" for n in numbers)
    given(STD_RECORD, f"record_id | source_id | national_id\n{lines}")


def marked(db: DuckEngine) -> list[tuple[str, str, str, float, float]]:
    db.run("update delivery_profile set code = coalesce(code, '')")
    db.run("update delivery_profile_before set code = coalesce(code, '')")
    compare_deliveries(db, ChangeLimits())
    columns = "kind, column_name, code, before_value, now_value"
    return db.rows(f"select {columns} from source_change where is_marked order by 1, 2, 3")


def test_a_delivery_like_the_month_before_is_not_marked(db: DuckEngine, given: Given) -> None:
    drawn(given, (100, 99, 50), range(100))
    before(db, DELIVERY, DELIVERY_PROFILE, STD_RECORD)
    drawn(given, (102, 100, 53), range(2, 102))
    assert marked(db) == []


def test_thinned_out_columns_a_turned_code_and_numbers_gone_are_marked(db: DuckEngine, given: Given) -> None:
    drawn(given, (100, 100, 50), range(100))
    before(db, DELIVERY, DELIVERY_PROFILE, STD_RECORD)
    drawn(given, (100, 88, 80), range(70))
    assert marked(db) == [
        ("code", "sex", "1", 0.5, 0.8),
        ("code", "sex", "2", 0.5, 0.2),
        ("completeness", "birth_date", "", 1.0, 0.88),
        ("ids_lost", "", "", 0.0, 0.3),
    ]


def test_rows_are_marked_beyond_a_fifth(db: DuckEngine, given: Given) -> None:
    drawn(given, (100, 100, 50), range(100))
    before(db, DELIVERY, DELIVERY_PROFILE, STD_RECORD)
    drawn(given, (79, 79, 40), range(90))
    assert marked(db) == [("rows", "", "", 100.0, 79.0)]


def test_a_delivery_that_was_not_read_is_not_compared(db: DuckEngine, given: Given) -> None:
    drawn(given, (100, 100, 50), range(100))
    before(db, DELIVERY, DELIVERY_PROFILE, STD_RECORD)
    drawn(given, (0, 0, 0), range(0))
    db.run("update delivery set file_name = null")
    assert marked(db) == []
