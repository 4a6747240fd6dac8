"""Every delivered table, empty until a test draws it."""

from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from schemas.contract import Table
from schemas.raw import raw_table

Raw = dict[str, Table]


@pytest.fixture
def raw(db: DuckEngine) -> Raw:
    """Source id → its raw table, all of them made and empty."""
    tables = {source_id: raw_table(contract) for source_id, contract in read_contracts().items()}
    for table in tables.values():
        nothing = ", ".join(f"null::{column.type} as {column.name}" for column in table.columns)
        db.create(table.name, f"select {nothing} where false")
    return tables
