"""The only doors through which values and names enter SQL text."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

Literal = str | int | float | bool | datetime.date | None


def literal(value: Literal) -> str:
    """Return a value as a SQL literal: text quoted, dates typed, None as null."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime.date):
        return f"date '{value.isoformat()}'"
    return "'" + value.replace("'", "''") + "'"


def literals(values: Iterable[Literal]) -> str:
    """Return values as a comma-separated list of literals, for `in (…)`."""
    return ", ".join(literal(value) for value in values)


def identifier(name: str) -> str:
    """Return a table or column name, quoted so that any text is safe."""
    return '"' + name.replace('"', '""') + '"'


def columns(names: Iterable[str], of: str | None = None) -> str:
    """Return a select list of names, each with the table alias `of` before it."""
    prefix = f"{of}." if of else ""
    return ", ".join(prefix + identifier(name) for name in names)
