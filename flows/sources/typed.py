"""Columns that come typed: what the type of the contract is not read from as it is becomes the text it stands for."""

from __future__ import annotations

from collections.abc import Mapping

from flows.sources.headers import wanted
from matchers.errors import DeliveryError
from matchers.sql import identifier, literal
from matchers.standardise.direct import DAYS
from schemas.source import ColumnType, SourceContract

TEXT, INSTANT = "VARCHAR", "TIMESTAMP WITH TIME ZONE"
INTEGERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "UHUGEINT",
)
FRACTIONS = ("FLOAT", "DOUBLE")
# An instant falls on a day only in some place's time; all of China keeps one.
ZONE = "Asia/Shanghai"
COUNTED: tuple[ColumnType, ...] = ("money", "number", "whole")
NESTED = ("STRUCT", "MAP", "UNION")
DATED: tuple[ColumnType, ...] = ("birth_date", "date", "month")
# What has more digits than a number of single precision keeps.
EXACT: tuple[ColumnType, ...] = (*DATED, "national_id", "phone", "village_code")


def told(kind: ColumnType, value: str, delivered: str) -> str:
    """Return SQL for a value of DuckDB type `delivered`, as a column of type `kind` is read from it."""
    if delivered == TEXT or (kind in DATED and delivered in DAYS) or (kind in COUNTED and is_decimal(delivered)):
        return value
    if delivered == INSTANT:
        local = f"timezone({literal(ZONE)}, {value})"
        return local if kind in DATED else f"{local}::varchar"
    if delivered in FRACTIONS:
        # What programs write for a missing number.
        value = f"case when not isnan({value}) then {value} end"
        return value if kind in COUNTED else without_fraction(value)
    return without_fraction(value) if is_decimal(delivered) else f"{value}::varchar"


def is_decimal(delivered: str) -> bool:
    """Return whether a DuckDB type is one of exact numbers."""
    return delivered in INTEGERS or delivered.startswith("DECIMAL")


def without_fraction(number: str) -> str:
    """Return SQL for a number as text; a code or a telephone number has no .0 behind it."""
    return f"regexp_replace(({number})::varchar, '\\.0+$', '')"


def refuse_unfit(contract: SourceContract, kinds: Mapping[str, str]) -> None:
    """Raise DeliveryError where the type of a column cannot hold what the contract promises; `kinds` is by column."""
    said = [
        f"column {wanted(contract, name)} {fault}"
        for name, kind in kinds.items()
        if (fault := misfit(contract.column(name).type, kind))
    ]
    if said:
        raise DeliveryError(f"{'; '.join(said)}. Ask the department for text or whole numbers in these columns.")


def misfit(kind: ColumnType, delivered: str) -> str:
    """Return why a DuckDB type cannot hold a column of type `kind`; empty where it can."""
    if delivered.endswith("]") or delivered.partition("(")[0] in NESTED:
        return "holds lists or structures, not a value per row"
    if delivered == "FLOAT" and kind in EXACT:
        return "holds numbers of single precision, which keep seven digits"
    return ""


def told_columns(contract: SourceContract, columns: Mapping[str, str], kinds: Mapping[str, str]) -> str:
    """Return the select list of delivered columns; `columns` is canonical → delivered name, `kinds` is by delivered name."""
    refuse_unfit(contract, {name: kinds[delivered] for name, delivered in columns.items()})
    return ", ".join(
        f"{told(contract.column(name).type, identifier(delivered), kinds[delivered])} as {identifier(delivered)}"
        for name, delivered in columns.items()
    )
