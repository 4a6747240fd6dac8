"""Phase 4: Great Expectations at the two doors. A broken critical expectation stops the month before a list exists."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.gate import GateResult, hold, refuse_broken
from flows.lake import Lake
from flows.rules import read_rule_files
from flows.search_settings import expected_answers
from flows.settings import RunSettings
from flows.sources.contracts import read_contracts
from matchers.quality.arrival import ArrivalLimits, RawTable, check_sources
from matchers.quality.candidate_list import name_places, write_list_rows
from matchers.quality.release import check_release
from matchers.quality.screening import count_criteria
from matchers.stage import keep
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.expectations import ARRIVAL_CHECKS, WARNING, at_arrival, before_lists, before_release
from schemas.findings import FINDING, SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.quality import GATE_RESULT, LIST_ROW
from schemas.records import DELIVERY, QUARANTINE, STD_RECORD
from schemas.source import MONTH_END, SourceContract

log = logging.getLogger(__name__)
READ = (DELIVERY, QUARANTINE, STD_RECORD, PERSON, HOUSEHOLD, HOUSEHOLD_MEMBER, FINDING, SERVED, CANDIDATE)
RELEASED = (PERSON, HOUSEHOLD, HOUSEHOLD_MEMBER, SERVED, CANDIDATE)
Summary = dict[str, Any]


def validate(run: RunSettings, lake: Lake, db: DuckEngine) -> Summary:
    """Hold both doors; return every result as counts. Raises GateError where a critical expectation is not met."""
    open_month(run, lake, db)
    raw = raw_tables(lake, db)
    check_sources(db, raw, ArrivalLimits())
    results = [*hold(db, "arrival", at_arrival()), *hold(db, "release", before_lists(RELEASED))]
    refuse_broken(results, crossing_sources(db))
    # The lines of the lists can only be made of tables that keep their contract; names of places need no check.
    name_places(db, ())
    write_list_rows(db)
    check_release(db)
    count_criteria(db, expected_answers(read_rule_files(), run.day))
    results += hold(db, "release", before_release(LIST_ROW))
    refuse_broken(results, {})
    keep(db, GATE_RESULT, as_columns(results))
    lake.write(db, GATE_RESULT)
    return summary(results)


def open_month(run: RunSettings, lake: Lake, db: DuckEngine, tables: tuple[Table, ...] = READ) -> None:
    """Let the finished tables of the month stand in the session, and the month before's beside them as `_before`."""
    for table in tables:
        lake.read(db, table.name)
        open_before(run, lake, db, table)


def open_before(run: RunSettings, lake: Lake, db: DuckEngine, table: Table) -> None:
    """Let `<table>_before` stand for the month before; an empty table where there was none."""
    if lake.has(table.name, run.previous_month):
        lake.read(db, table.name, run.previous_month, f"{table.name}_before")
    else:
        db.run(f"create or replace view {table.name}_before as select * from {table.name} where false")


def raw_tables(lake: Lake, db: DuckEngine) -> tuple[RawTable, ...]:
    """Let the loaded tables of the month stand in the session; return which they are."""
    sources = [source for (source,) in db.rows("select source_id from delivery order by source_id")]
    found = []
    for source in sources:
        if lake.has(f"raw_{source}"):
            lake.read(db, f"raw_{source}")
            columns = db.column_types(f"raw_{source}")
            found.append(RawTable(source, tuple(name for name in columns if name.startswith("record_id"))))
    return tuple(found)


def loaded_contracts(db: DuckEngine, raw: tuple[RawTable, ...]) -> tuple[SourceContract, ...]:
    """Return the contracts of loaded tables; those of which a table was made before their key was as it is are left out."""
    known = read_contracts()
    loaded = [known[table.source_id] for table in raw if table.source_id in known]
    return tuple(c for c in loaded if {*c.key, c.as_of} - {MONTH_END} <= set(db.column_types(f"raw_{c.source_id}")))


def placed_tables(db: DuckEngine, raw: tuple[RawTable, ...]) -> tuple[str, ...]:
    """Return the loaded tables that give an address and its village code."""
    wanted = {"address", "village_code"}
    return tuple(table.name for table in raw if wanted <= set(db.column_types(table.name)))


def crossing_sources(db: DuckEngine) -> dict[str, str]:
    """Return for every check of the deliveries the sources that cross it."""
    names = ", ".join(
        f"string_agg(source_id, ', ' order by source_id) filter (where {column} > 0)" for column in ARRIVAL_CHECKS
    )
    found = db.rows(f"select {names} from source_check")[0]
    return {column: sources for column, sources in zip(ARRIVAL_CHECKS, found, strict=True) if sources}


def as_columns(results: list[GateResult]) -> dict[str, list[Any]]:
    """Return results as one list per column."""
    rows = [asdict(result) for result in results]
    return {name: [row[name] for row in rows] for name in GATE_RESULT.column_names}


def summary(results: list[GateResult]) -> Summary:
    """Return every result, and how many were not met."""
    warnings = [result for result in results if result.severity == WARNING and not result.is_met]
    for warning in warnings:
        log.info("warning: %s.%s: %s", warning.table_name, warning.subject, f"{warning.breach_count:,}")
    return {
        "expectations": len(results),
        "critical_failed": 0,
        "warnings": len(warnings),
        "results": [asdict(result) for result in results],
    }
