"""Everything derived, one folder per table and month; a phase's tables appear together or not at all."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from flows.engines.duckdb import DuckEngine
from matchers.errors import MissingTableError
from matchers.sql import columns, literal
from schemas.contract import Table


@dataclass(frozen=True)
class Lake:
    """One month of the lake as one phase sees it: finished tables in `home`, the phase's own in `staging`."""

    home: Path
    staging: Path
    month: str

    def folder(self, table: str, month: str | None = None) -> Path:
        """Return the folder of a table for a month; what outlives a run lies in the ledger."""
        root = self.home / ("ledger" if table.startswith("ledger_") else "lake")
        return root / table / f"month={month or self.month}"

    def months(self, table: str) -> list[str]:
        """Return the months a finished table is there for, oldest first."""
        return sorted(found.name.removeprefix("month=") for found in self.folder(table).parent.glob("month=*"))

    def has(self, table: str, month: str | None = None) -> bool:
        """Return whether a finished table is there."""
        return self.folder(table, month).is_dir()

    def read(self, db: DuckEngine, table: str, month: str | None = None, name: str | None = None) -> None:
        """Let `name` (the table's own name unless given) stand for a finished table in `db`.

        Raises MissingTableError where no phase has made it.
        """
        if not self.has(table, month):
            raise MissingTableError(
                f"{table} of {month or self.month} is not in the lake. Run the month from its start."
            )
        db.view(name or table, str(self.folder(table, month) / "*.parquet"))

    def write(self, db: DuckEngine, table: Table) -> None:
        """Write a contracted table in the order of its key, so that the same rows are the same bytes."""
        target = self.staging / table.name / f"month={self.month}"
        target.mkdir(parents=True, exist_ok=True)
        chosen = f"select {columns(table.column_names)} from {table.name} order by {columns(table.key)}"
        file = literal(str(target / "part-0.parquet"))
        db.run(f"copy ({chosen}) to {file} (format parquet, compression zstd, row_group_size 122880)")

    def commit(self) -> None:
        """Move the phase's tables to their places; each move replaces what an earlier try left."""
        for staged in sorted(self.staging.glob("*/month=*")):
            final = self.folder(staged.parent.name)
            final.parent.mkdir(parents=True, exist_ok=True)
            if final.exists():
                shutil.rmtree(final)
            staged.rename(final)
        shutil.rmtree(self.staging, ignore_errors=True)
