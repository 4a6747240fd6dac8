"""A stage is the only way a table is born: tables in, one contracted table out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, Protocol

from matchers.errors import BrokenContractError, MissingTableError
from matchers.sql import columns, identifier
from schemas.contract import Table

P = ParamSpec("P")
log = logging.getLogger(__name__)
NARROWER = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"}


class Engine(Protocol):
    """Where stages run. One engine is one database session; a stage never asks which."""

    def create(self, table: str, select: str) -> None:
        """Make (or replace) a table from one SELECT."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return a small result as Python rows."""

    def arrays(self, query: str) -> dict[str, Any]:
        """Return a result as one numpy array per column; nullable columns come masked."""

    def columns(self, query: str) -> dict[str, Any]:
        """Return a result as one Arrow array per column, in chunks, for what numpy would make an object of."""

    def store(self, table: str, values: Mapping[str, Any]) -> None:
        """Make (or replace) a table from one array or list per column."""

    def column_types(self, table: str) -> dict[str, str]:
        """Return column → DuckDB type of a table or view; empty where there is none."""

    def drop(self, *tables: str) -> None:
        """Forget tables that nothing reads any more."""


@dataclass(frozen=True)
class Stage(Generic[P]):
    """A named SELECT with the tables it reads and the one it makes.

    `is_exact`: the SELECT types every whole number itself, so nobody has to plan it twice to find out; the contract is
    held all the same.
    """

    reads: tuple[Table, ...]
    writes: Table
    select: Callable[P, str]
    is_exact: bool = False

    @property
    def name(self) -> str:
        """The verb this stage is called by."""
        return getattr(self.select, "__name__", "stage")

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        """What a row of the made table is, or why the table exists."""
        return self.select.__doc__

    def query(self, *args: P.args, **kwargs: P.kwargs) -> str:
        """Return the SELECT as text, for tests, plans and other engines."""
        return self.select(*args, **kwargs)

    def __call__(self, db: Engine, *args: P.args, **kwargs: P.kwargs) -> int:
        """Make the table on `db`, hold it to its contract, and return its row count."""
        db.create(self.writes.name, self.contracted(db, *args, **kwargs))
        return hold_to_contract(db, self.writes)

    def contracted(self, db: Engine, *args: P.args, **kwargs: P.kwargs) -> str:
        """Return the SELECT with the contracted columns, for whoever writes its rows elsewhere than in the session."""
        require(db, *self.reads)
        query = self.query(*args, **kwargs)
        chosen = columns(self.writes.column_names) if self.is_exact else widened(db, self.writes, query)
        return f"select {chosen} from ({query})"


def stage(reads: tuple[Table, ...], writes: Table, *, is_exact: bool = False) -> Callable[[Callable[P, str]], Stage[P]]:
    """Turn a function that returns one SELECT into a stage."""

    def wrap(select: Callable[P, str]) -> Stage[P]:
        return Stage(reads, writes, select, is_exact)

    return wrap


def widened(db: Engine, table: Table, query: str) -> str:
    """Return the contracted columns; whole numbers that DuckDB made narrower than promised widen, nothing else is cast."""
    made = {name: kind for name, kind, *_ in db.rows(f"describe select * from ({query})")}
    return ", ".join(
        f"{identifier(c.name)}::BIGINT as {identifier(c.name)}"
        if c.type == "BIGINT" and made.get(c.name) in NARROWER
        else identifier(c.name)
        for c in table.columns
    )


def require(db: Engine, *tables: Table) -> None:
    """Raise MissingTableError unless every table is there."""
    missing = [table.name for table in tables if not db.column_types(table.name)]
    if missing:
        raise MissingTableError(f"not made yet: {', '.join(missing)}. Run the phase before this one first.")


def keep(db: Engine, table: Table, values: Mapping[str, Any]) -> int:
    """Store what a Python algorithm returned as a contracted table; return its row count."""
    db.store(table.name, {name: values[name] for name in table.column_names})
    return hold_to_contract(db, table)


def hold_to_contract(db: Engine, table: Table) -> int:
    """Check types, required columns, rules and key; return the row count.

    Raises BrokenContractError with every breach at once, as counts.
    """
    breaches = wrong_types(db, table)
    if not breaches:
        row_count, breaches = broken_rules(db, table)
    if breaches:
        raise BrokenContractError(f"{table.name} broke its contract:\n" + "\n".join(f"  {b}" for b in breaches))
    log.info("%s: %s rows", table.name, f"{row_count:,}")
    return row_count


def wrong_types(db: Engine, table: Table) -> list[str]:
    """Return what is wrong with the columns' types."""
    found = db.column_types(table.name)
    missing = [f"{c.name} is not there" for c in table.columns if c.name not in found]
    return missing + [
        f"{c.name} is {found[c.name]}, not {c.type}"
        for c in table.columns
        if c.name in found and found[c.name] != c.type
    ]


def broken_rules(db: Engine, table: Table) -> tuple[int, list[str]]:
    """Return the row count and what is wrong with values and key."""
    questions: list[tuple[str, str]] = []
    for column in table.columns:
        if column.required:
            questions.append((f"{column.name} is missing", f"{identifier(column.name)} is null"))
        if column.check:
            questions.append((f"{column.name} is not: {column.check}", f"not coalesce(({column.check}), true)"))
    counts = ", ".join(["count(*)", *(f"count(*) filter (where {test})" for _, test in questions)])
    row_count, *broken = db.rows(f"select {counts} from {identifier(table.name)}")[0]
    breaches = [f"{name}: {count:,} rows" for (name, _), count in zip(questions, broken, strict=True) if count]
    repeated = repeated_keys(db, table) if table.key else 0
    if repeated:
        breaches.append(f"key ({', '.join(table.key)}) is not unique: {repeated:,} keys repeat")
    return int(row_count), breaches


def repeated_keys(db: Engine, table: Table) -> int:
    """Return how many keys stand in more than one row (of the sampled keys)."""
    key = columns(table.key)
    sample = f"where hash({key}) % {table.key_sample} = 0" if table.key_sample > 1 else ""
    # Numbers are counted in half the time of keys; as many different hashes as rows are as many different keys.
    unlike = f"select count(*) = count(distinct hash({key})) from {identifier(table.name)} {sample}"
    if db.rows(unlike)[0][0]:
        return 0
    source = f"select 1 from {identifier(table.name)} {sample} group by {key} having count(*) > 1"
    return int(db.rows(f"select count(*) from ({source})")[0][0])
