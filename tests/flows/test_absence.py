"""What is missing excludes nobody: each source, and each column that may be empty, taken away in turn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.monthly import MonthResult
from flows.screening import screen
from flows.sources.contracts import discovery_contracts
from matchers.sql import identifier, literal
from schemas.raw import raw_table
from tests.flows.conftest import MONTHS, settings

Units = frozenset[tuple[str, str]]
# Sources that say what may speak for or against somebody; taken away whole, and with nothing in the columns that may be empty.
SPOKEN = (
    "population_register",
    "disability_certificate",
    "medical_settlement",
    "pension",
    "anti_relapse",
    "subsistence_roll",
)
# Taken away whole only.
ROLLS = ("extreme_difficulty_roll", "child_roll", "cremation", "social_insurance", "unemployment")


def screened(home: Path, missing: str = "", blank: str = "") -> Units:
    """Return every unit and programme that is excluded or held served; with one source missing, or its columns blank."""
    run = settings(home)
    lake = Lake(home, home / "work" / "absence", MONTHS[-1])
    with DuckEngine(memory="1GB") as db:
        take_away(lake, db, missing, blank)
        screen(run, lake, db)
        found = db.rows("""
            select distinct programme_id, unit_id from finding where is_met <> (effect = 'requires')
            union select programme_id, unit_id from served where can_exclude
        """)
    shutil.rmtree(home / "work" / "absence")
    return frozenset(found)


def take_away(lake: Lake, db: DuckEngine, missing: str, blank: str) -> None:
    """Let a source be one that was not delivered, or one that came with nothing in the columns that may be empty."""
    for source in (missing, blank):
        if not source:
            continue
        contract = next(contract for contract in discovery_contracts() if contract.source_id == source)
        kept = {"row_number", *contract.key, *(column.name for column in contract.columns if column.required)}
        cells = (
            identifier(c.name)
            if blank and (c.name in kept or c.name.startswith("record_id"))
            else f"null::{c.type} as {identifier(c.name)}"
            for c in raw_table(contract).columns
        )
        replaced(lake, db, f"raw_{source}", f"select {', '.join(cells)} from raw_{source} where {literal(bool(blank))}")
    if missing:
        gone = (
            "select * replace (case when source_id = {0} then 'missing' else state end as state, "
            "case when source_id = {0} then null else as_of_date end as as_of_date) from delivery"
        )
        replaced(lake, db, "delivery", gone.format(literal(missing)))


def replaced(lake: Lake, db: DuckEngine, table: str, query: str) -> None:
    lake.read(db, table)
    db.create("changed", query)
    db.run(f"copy changed to {literal(str(lake.folder(table) / 'changed.tmp'))} (format parquet)")
    for part in lake.folder(table).glob("*.parquet"):
        part.unlink()
    (lake.folder(table) / "changed.tmp").rename(lake.folder(table) / "part-0.parquet")
    db.run(f"drop view {table}")
    db.drop("changed")


@pytest.fixture(scope="module")
def whole(ran: MonthResult) -> Units:
    return screened(ran.folder.parents[1])


@pytest.mark.parametrize("source", [*SPOKEN, *ROLLS])
def test_no_missing_source_excludes_anybody(second_home: Path, whole: Units, source: str) -> None:
    assert not screened(second_home, missing=source) - whole


@pytest.mark.parametrize("source", SPOKEN)
def test_no_empty_column_excludes_anybody(second_home: Path, whole: Units, source: str) -> None:
    assert not screened(second_home, blank=source) - whole
