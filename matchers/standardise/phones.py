"""Telephone numbers, as SQL over a stated text."""

from __future__ import annotations

from matchers.standardise.written import is_among, narrow

MOBILE = r"1[3-9]\d{9}"
SAME_DIGITS = tuple(str(digit) * 7 for digit in range(10))
LANDLINE = r"(0\d{2,3})?[2-8]\d{6,7}"


def phone_value(value: str) -> str:
    """Return SQL for the first mobile number in the text, else a landline; null for numbers nobody has."""
    bare = f"regexp_replace({narrow(value)}, '[-() ]', '', 'g')"
    first = f"regexp_extract({bare}, '(?:^|\\D)(?:\\+?(?:00)?86)?({MOBILE})(?:\\D|$)', 1)"
    landline = f"case when regexp_full_match({bare}, '{LANDLINE}') then {bare} end"
    return f"case when regexp_full_match({value}, '{MOBILE}') then {value} else coalesce(nullif({first}, ''), {landline}) end"


def real_phone(number: str) -> str:
    """Return SQL that drops a number whose last seven digits are all the same: typed to fill the field."""
    return f"case when not ({is_among(f'right({number}, 7)', SAME_DIGITS)}) then {number} end"
