"""The two fixtures every test draws its tables with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

from flows.engines.duckdb import DuckEngine
from matchers.sql import identifier, literal
from schemas.contract import Table

# A busy machine is no failure: nothing is timed here.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

Given = Callable[[Table, str], None]


@pytest.fixture
def db() -> Iterator[DuckEngine]:
    """An engine in memory, empty."""
    with DuckEngine(memory="1GB") as engine:
        yield engine


@pytest.fixture
def given(db: DuckEngine) -> Given:
    """Make a contracted table from a drawing: a header line, then a line per row; columns not drawn are null."""

    def draw(table: Table, drawing: str) -> None:
        lines = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
        header, rows = (lines[0], lines[1:]) if drawing.strip() else ([], [])
        unknown = set(header) - set(table.column_names)
        assert not unknown, f"{table.name} has no column {unknown}"
        assert all(len(row) == len(header) for row in rows), f"a row of {table.name} is not as wide as its header"
        selects = [row_select(table, dict(zip(header, row, strict=True))) for row in rows]
        nothing = ", ".join(f"null::{c.type} as {identifier(c.name)}" for c in table.columns)
        body = " union all ".join(selects) if selects else f"select {nothing} where false"
        db.create(table.name, body)

    return draw


def row_select(table: Table, cells: dict[str, str]) -> str:
    """Return one drawn row as a SELECT; an empty cell is null."""
    values = (f"{literal(cells.get(c.name) or None)}::{c.type} as {identifier(c.name)}" for c in table.columns)
    return "select " + ", ".join(values)
