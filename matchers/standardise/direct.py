"""Values written as nearly all are: one quick expression per type instead of the patient reading.

Each expression gives what the patient reading in `values` would give, or null where the value has to be looked at
closely. Casts cost a tenth of a regular expression, and a month has a hundred million values.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from matchers.sql import identifier
from matchers.standardise.dates import possible_day, possible_month
from matchers.standardise.lexicon import Lexicon
from matchers.standardise.phones import MOBILE, real_phone
from matchers.standardise.values import PLACEHOLDER_KIND, VILLAGE_CODE, flag_value, sex_value, translated
from matchers.standardise.written import is_among
from schemas.raw import DUCKDB_TYPE
from schemas.source import ColumnType, SourceColumn

# What a view says of a column that is `null` and no more.
NOT_DELIVERED = '"NULL"'
AMOUNTS = ("money", "number")
FITTING = re.compile(r"DECIMAL\((\d+),(\d+)\)")
DAYS = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


def certain_value(column: SourceColumn, kind: str) -> str | None:
    """Return SQL for the typed value of a column whose delivered DuckDB type leaves nothing to read; None where it does.

    Nothing is left where nothing was delivered, and where amounts came as decimals that fit.
    """
    if kind == NOT_DELIVERED:
        return f"null::{DUCKDB_TYPE.get(column.type, 'VARCHAR')}"
    fits = FITTING.fullmatch(kind) if column.type in AMOUNTS else None
    if fits and int(fits[2]) <= 2 and int(fits[1]) - int(fits[2]) <= 12:
        return f"{identifier(column.name)}::decimal(14,2)"
    return None


def direct_value(column: SourceColumn, value: str, words: Lexicon, kind: str) -> str | None:
    """Return SQL for the typed value of `value`, delivered as DuckDB type `kind`; None where the type has no quick way."""
    if column.type in {"code", "ethnicity", "relation"}:
        meanings = {"code": column.codes, "ethnicity": words.ethnicity, "relation": words.relation}
        return translated(value, meanings[column.type])
    if column.type in {"date", "birth_date", "month"}:
        believed = possible_month if column.type == "month" else possible_day
        return believed(f"{value}::date") if kind in DAYS else stated_only(column, value, words)
    return stated_only(column, value, words) if column.type in DIRECT else None


def stated_only(column: SourceColumn, value: str, words: Lexicon) -> str:
    """Return SQL for the quick reading of a value that is none of the placeholders of its type."""
    quick = DIRECT[column.type](value)
    nothing = words.placeholders.get(PLACEHOLDER_KIND.get(column.type, ""), ())
    return f"case when not ({is_among(value, nothing)}) then {quick} end" if nothing else quick


def plain_day(value: str) -> str:
    """Return SQL for a day written 1962-05-14 or 19620514."""
    dashed = f"left({value}, 4) || '-' || substr({value}, 5, 2) || '-' || right({value}, 2)"
    day = f"""case
        when strlen({value}) = 10 and {value} like '____-__-__' then try_cast({value} as date)
        when strlen({value}) = 8 and try_cast({value} as integer) > 0 then try_cast({dashed} as date) end"""
    return possible_day(f"({day})")


def plain_month(value: str) -> str:
    """Return SQL for a month written 202610, as 2026-10."""
    dashed = f"left({value}, 4) || '-' || right({value}, 2)"
    digits = f"strlen({value}) = 6 and try_cast({value} as integer) between 185001 and 999912"
    return f"case when {digits} and right({value}, 2) between '01' and '12' then {dashed} end"


def plain_money(value: str) -> str:
    """Return SQL for yuan written as digits with a point."""
    return f"try_cast({value} as decimal(14,2))"


def plain_whole(value: str) -> str:
    """Return SQL for a whole number; a cast alone would round 3.6."""
    number = f"try_cast({value} as decimal(18,4))"
    return f"case when {number} = floor({number}) then {number}::bigint end"


def plain_mobile(value: str) -> str:
    """Return SQL for a mobile number of eleven digits."""
    return f"case when regexp_full_match({value}, '{MOBILE}') then {real_phone(value)} end"


def plain_village_code(value: str) -> str:
    """Return SQL for a code of twelve digits."""
    return f"case when regexp_full_match({value}, '{VILLAGE_CODE}') then {value} end"


DIRECT: dict[ColumnType, Callable[[str], str]] = {
    "date": plain_day,
    "birth_date": plain_day,
    "month": plain_month,
    "money": plain_money,
    "number": plain_money,
    "whole": plain_whole,
    "flag": flag_value,
    "sex": sex_value,
    "phone": plain_mobile,
    "village_code": plain_village_code,
}
