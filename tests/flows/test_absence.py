"""What is missing excludes nobody: each source and each column taken away in turn, and cells of all of them by lot."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.monthly import MonthResult
from flows.screening import screen
from flows.sources.contracts import discovery_contracts
from matchers.sql import identifier, literal
from schemas.raw import raw_table
from schemas.source import SourceContract
from tests.flows.conftest import MONTHS, settings

Units = frozenset[tuple[str, str]]
Cell = tuple[str, str]
"""A source and a column of it that a row is accepted without."""
Emptied = Callable[[Cell], str]
"""Says of a column, in SQL over its row, which of its cells are empty."""
SOURCES = tuple(contract.source_id for contract in discovery_contracts())
# In so many turns every column is empty once, beside few others of its source.
TURNS = 8


def screened(home: Path, missing: str = "", emptied: Emptied | None = None) -> tuple[Units, Units]:
    """Return every unit and programme that is looked at, and those excluded or held served; with a source or cells missing."""
    run = settings(home)
    lake = Lake(home, home / "work" / "absence", MONTHS[-1])
    with DuckEngine(memory="1GB") as db:
        if missing:
            take_away(lake, db, missing)
        if emptied is not None:
            empty_cells(lake, db, emptied)
        screen(run, lake, db)
        looked_at = db.rows("select distinct programme_id, unit_id from finding")
        excluded = db.rows("""
            select distinct programme_id, unit_id from finding where is_met <> (effect = 'requires')
            union select programme_id, unit_id from served where can_exclude
        """)
    shutil.rmtree(home / "work" / "absence")
    return frozenset(looked_at), frozenset(excluded)


def newly_excluded(home: Path, whole: tuple[Units, Units], **lacking: Any) -> Units:
    """Return whom only what is missing excludes: looked at with all that was delivered, and not excluded by it.

    Whom a delivered "no" keeps from being looked at (a cancelled certificate) is excluded by that, not by its absence.
    """
    looked_at, excluded = whole
    return (screened(home, **lacking)[1] - excluded) & looked_at


def take_away(lake: Lake, db: DuckEngine, missing: str) -> None:
    """Let a source be one that was not delivered."""
    contract = next(contract for contract in discovery_contracts() if contract.source_id == missing)
    replaced(lake, db, f"raw_{missing}", f"select * from {raw_table(contract).name} where false")
    gone = (
        "select * replace (case when source_id = {0} then 'missing' else state end as state, "
        "case when source_id = {0} then null else as_of_date end as as_of_date) from delivery"
    )
    replaced(lake, db, "delivery", gone.format(literal(missing)))


def empty_cells(lake: Lake, db: DuckEngine, emptied: Emptied) -> None:
    """Empty cells that may be empty; whoever a row is about stays."""
    for contract in discovery_contracts():
        if not lake.has(f"raw_{contract.source_id}"):
            continue
        free = may_be_empty(contract)
        cells = (
            f"case when not ({emptied((contract.source_id, c.name))}) then {identifier(c.name)} end as {identifier(c.name)}"
            if c.name in free
            else identifier(c.name)
            for c in raw_table(contract).columns
        )
        replaced(lake, db, f"raw_{contract.source_id}", f"select {', '.join(cells)} from raw_{contract.source_id}")


def may_be_empty(contract: SourceContract) -> list[str]:
    """Return the columns a row is accepted without and is not told apart or known by."""
    stated = {column for role in contract.roles for column in role.fields.values()}
    return [
        column.name
        for column in contract.columns
        if not column.row_required and column.name not in {*contract.key, *stated}
    ]


def in_turn(turn: int) -> Emptied:
    """Let every eighth column be empty."""
    cells = [(contract.source_id, name) for contract in discovery_contracts() for name in may_be_empty(contract)]
    return lambda cell: literal(cells.index(cell) % TURNS == turn)


def by_lot(share: float) -> Emptied:
    """Let a share of the cells of every column be empty."""
    return lambda cell: f"hash(row_number, {literal(cell[1])}) % 1000 < {share * 1000}"


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
def whole(ran: MonthResult) -> tuple[Units, Units]:
    return screened(ran.folder.parents[1])


@pytest.mark.parametrize("source", SOURCES)
def test_no_missing_source_excludes_anybody(second_home: Path, whole: tuple[Units, Units], source: str) -> None:
    assert not newly_excluded(second_home, whole, missing=source)


@pytest.mark.parametrize("turn", range(TURNS))
def test_no_empty_column_excludes_anybody(second_home: Path, whole: tuple[Units, Units], turn: int) -> None:
    assert not newly_excluded(second_home, whole, emptied=in_turn(turn))


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_no_empty_cell_excludes_anybody(second_home: Path, whole: tuple[Units, Units], share: float) -> None:
    assert not newly_excluded(second_home, whole, emptied=by_lot(share))
