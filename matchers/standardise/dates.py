"""Dates as departments write them, as SQL over a stated text; an impossible day is null, never a neighbour."""

from __future__ import annotations

from matchers.standardise.written import is_among, narrow

EARLIEST = "date '1850-01-01'"
# 2024-5-1, 2024/05/01, 2024.5.1, 2024年5月1日, each with or without a time, and the same without a day.
LOOSE = r"^(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?(?:[ T].*)?|月)?$"
FIRST = "'01'"
FOR_EVER = ("长期", "永久", "长期有效", "终身", "无期限")


def read_day(value: str) -> str:
    """Return SQL for the day of an event; a month without a day is its first day, 长期 is the last day there is."""
    first_day = f"try_strptime({value} || '01', '%Y%m%d')::date"
    month = f"when regexp_full_match({value}, '\\d{{6}}') then {first_day}"
    forever = f"when {is_among(value, FOR_EVER)} then date '9999-12-31'"
    return f"case {whole_days(value)} {month} {forever} else {loose_day(value, FIRST)} end"


def full_day(value: str) -> str:
    """Return SQL for a text that names a whole day."""
    return f"case {whole_days(value)} else {loose_day(value, 'null')} end"


def whole_days(value: str) -> str:
    """Return the branches for texts that name a whole day in a fixed form; a case tries them before the slow form."""
    return f"""
        when regexp_full_match({value}, '\\d{{4}}-\\d{{2}}-\\d{{2}}([ T].*)?') then try_cast(left({value}, 10) as date)
        when regexp_full_match({value}, '\\d{{8}}(\\d{{6}})?') then try_strptime(left({value}, 8), '%Y%m%d')::date
        when regexp_full_match({value}, '[1-6]\\d{{4}}(\\.0+)?') then {serial_day(value)}"""


def serial_day(value: str) -> str:
    """Return SQL for the day a spreadsheet counts from the end of 1899."""
    return f"date '1899-12-30' + try_cast(left({value}, 5) as integer)"


def loose_day(value: str, missing_day: str) -> str:
    """Return SQL for a day written with marks between its parts; `missing_day` stands in where there is none."""
    parts = f"regexp_extract({narrow(value)}, '{LOOSE}', ['year', 'month', 'day'])"
    day = f"coalesce(nullif({parts}.day, ''), {missing_day})"
    written = f"{parts}.year || '-' || lpad({parts}.month, 2, '0') || '-' || lpad({day}, 2, '0')"
    return f"try_cast({written} as date)"


def possible_day(day: str) -> str:
    """Return SQL that drops days before anybody in the files was born."""
    return f"case when {day} >= {EARLIEST} then {day} end"


def possible_month(day: str) -> str:
    """Return SQL for the month of a possible day, as YYYY-MM."""
    return f"strftime({possible_day(day)}, '%Y-%m')"
