"""The vocabulary of promises: a table, its columns, and what must be true of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its DuckDB type, what it holds, and what must be true of it.

    `check` is a SQL condition over the row that must not be false; null passes, as missing is not wrong.
    """

    name: str
    type: str
    description: str
    required: bool = False
    check: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: `row` completes the sentence "a row is …"; `key` names the columns that tell rows apart.

    `key_sample` of 64 checks the key on one hash bucket in 64, for tables of pairs where a full check costs more
    than the work itself; it finds a habit of repeating, not a single repeat.
    """

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    key_sample: int = 1

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return the column of this name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def text(name: str, description: str, *, required: bool = False, check: str | None = None) -> Column:
    """Return a text column."""
    return Column(name, "VARCHAR", description, required, check)


def whole(name: str, description: str, *, required: bool = False, check: str | None = None) -> Column:
    """Return a whole-number column."""
    return Column(name, "BIGINT", description, required, check)


def money(name: str, description: str, *, required: bool = False, check: str | None = None) -> Column:
    """Return a column of yuan, exact to the fen: sums of DECIMAL do not depend on the order of rows."""
    return Column(name, "DECIMAL(14,2)", description, required, check)


def real(name: str, description: str, *, required: bool = False, check: str | None = None) -> Column:
    """Return a column of double precision numbers."""
    return Column(name, "DOUBLE", description, required, check)


def share(name: str, description: str, *, required: bool = False) -> Column:
    """Return a column of shares or probabilities between 0 and 1."""
    return Column(name, "DOUBLE", description, required, f"{name} between 0 and 1")


def date(name: str, description: str, *, required: bool = False, check: str | None = None) -> Column:
    """Return a date column."""
    return Column(name, "DATE", description, required, check)


def flag(name: str, description: str, *, required: bool = False) -> Column:
    """Return a true/false column; null is unknown, never false."""
    return Column(name, "BOOLEAN", description, required)


def one_of(name: str, values: tuple[str, ...], description: str, *, required: bool = False) -> Column:
    """Return a text column that holds one of a few words."""
    words = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return Column(name, "VARCHAR", f"{description}: {', '.join(values)}", required, f"{name} in ({words})")
