"""Everything derived, one folder per table and month; a phase's tables appear together or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import check_stage_ids
from matchers.errors import BrokenContractError, MissingTableError
from matchers.sql import columns, identifier, literal, literals
from matchers.stage import hold_to_contract
from schemas.contract import Table
from schemas.economic_check import CHECK_ITEM, NAMED_PERSON
from schemas.raw import raw_name


def check_stage_tables() -> frozenset[str]:
    """Return the tables that hold what may be read only under an authorisation."""
    return frozenset({*(raw_name(source) for source in check_stage_ids()), CHECK_ITEM.name, NAMED_PERSON.name})


# Higher levels of zstd take longer and save nothing on these tables; nor do dictionaries of nearly as many words as rows.
PARQUET = "format parquet, compression zstd, compression_level 1, row_group_size 122880, dictionary_size_limit 1000"

# What is read again in this very phase is written as quickly as can be.
QUICK = "format parquet, compression lz4_raw, row_group_size 122880, dictionary_size_limit 1000"


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
        """Write a contracted table in the order of its key, so that the same rows are the same bytes.

        Raises BrokenContractError for a table of the check stage: what is read under an authorisation is kept nowhere.
        """
        self._copy(db, table, in_order_of_its_key(table, table.name))

    def write_through(self, db: DuckEngine, table: Table, select: str) -> int:
        """Write a query as a contracted table, as `write` does, without making the table in the session first.

        The table's name then stands for what was written; returns its rows.
        """
        self._show(db, table, self._copy(db, table, in_order_of_its_key(table, f"({select})")))
        return hold_to_contract(db, table)

    def write_parts(self, db: DuckEngine, table: Table, selects: Sequence[str], *, at_once: bool = True) -> int:
        """Write queries as a contracted table, a file each: no more memory is needed than for the largest few, or the largest.

        Each gives its rows in order already. The table's name then stands for all of them; returns its rows.
        """
        # As many digits for each, so that the files are read in the order of the queries.
        digits = len(str(max(len(selects) - 1, 0)))
        copies = [self._copying(table, f"({select})", f"{n:0{digits}d}") for n, select in enumerate(selects)]
        copying = [statement for statement, _ in copies]
        for together in [copying] if at_once else [[statement] for statement in copying]:
            db.run_together(together)
        self._show(db, table, copies[0][1])
        return hold_to_contract(db, table)

    def set_aside(self, db: DuckEngine, table: Table, selects: Mapping[str, str]) -> int:
        """Keep queries as a contracted table beside the session's memory, a named file each, until `forget`.

        It never enters the lake. The table's name then stands for all of them; returns its rows.
        """
        if table.name in check_stage_tables():
            raise BrokenContractError(f"{table.name} is of the check stage and is kept nowhere.")
        self._aside(table).mkdir(parents=True, exist_ok=True)
        names = columns(table.column_names)
        db.run_together(
            [
                f"copy (select {names} from ({select})) to {literal(str(self._aside(table, name)))} ({QUICK})"
                for name, select in selects.items()
            ]
        )
        db.run(f"create or replace view {identifier(table.name)} as select * from {self.aside(table, selects)}")
        return hold_to_contract(db, table)

    def aside(self, table: Table, names: Iterable[str]) -> str:
        """Return SQL for the named parts of a table that was set aside, the largest first.

        The engine believes that all files are as long as the first; where that is a short one it joins the wrong way round.
        """
        files = sorted((self._aside(table, name) for name in names), key=lambda file: (-file.stat().st_size, file.name))
        return f"read_parquet([{literals(map(str, files))}], hive_partitioning=false)"

    def forget(self, db: DuckEngine, table: Table) -> None:
        """Remove a table that was set aside."""
        db.run(f"drop view if exists {identifier(table.name)}")
        shutil.rmtree(self._aside(table), ignore_errors=True)

    def _aside(self, table: Table, name: str = "") -> Path:
        return self.staging / "aside" / table.name / (f"{name}.parquet" if name else "")

    def write_in_order(self, db: DuckEngine, table: Table, select: str) -> int:
        """Write a query that gives its rows in the order of a key of one column; should it not, they are sorted after all.

        The table's name stands for what was written; returns its rows, which nothing but their order was held to.
        """
        self._show(db, table, self._copy(db, table, f"({select})"))
        count, is_ordered = self._order(db, table)
        if not is_ordered:
            self._show(db, table, self._copy(db, table, in_order_of_its_key(table, f"({select})")))
        return count

    def _order(self, db: DuckEngine, table: Table) -> tuple[int, bool]:
        (key,) = table.key
        before = (
            f"select {identifier(key)} as here, lag({identifier(key)}) over () as before from {identifier(table.name)}"
        )
        count, behind = db.rows(f"select count(*), count(*) filter (where here < before) from ({before})")[0]
        return int(count), not behind

    def _show(self, db: DuckEngine, table: Table, written: Path) -> None:
        db.view(table.name, str(written.parent / "*.parquet"))

    def _copy(self, db: DuckEngine, table: Table, rows: str) -> Path:
        copying, target = self._copying(table, rows)
        db.run(copying)
        return target

    def _copying(self, table: Table, rows: str, part: str = "0") -> tuple[str, Path]:
        if table.name in check_stage_tables():
            raise BrokenContractError(f"{table.name} is of the check stage and never enters the lake.")
        target = self.staging / table.name / f"month={self.month}" / f"part-{part}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        chosen = f"select {columns(table.column_names)} from {rows}"
        return f"copy ({chosen}) to {literal(str(target))} ({PARQUET})", target

    def commit(self) -> None:
        """Move the phase's tables to their places; each move replaces what an earlier try left."""
        for staged in sorted(self.staging.glob("*/month=*")):
            final = self.folder(staged.parent.name)
            final.parent.mkdir(parents=True, exist_ok=True)
            if final.exists():
                shutil.rmtree(final)
            staged.rename(final)
        shutil.rmtree(self.staging, ignore_errors=True)


def in_order_of_its_key(table: Table, rows: str) -> str:
    """Return rows in the order of the key: DuckDB's joins and parallel scans give no order that is the same twice."""
    return f"{rows} order by {columns(table.key)}"
