"""The numbers in a written date: in any order, with the month as an English word, or with a year of two digits."""

from __future__ import annotations

OLDEST_YEAR, NEWEST_YEAR = 1300, 2100
LAST_OF_CENTURY = 1999
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_WORD = f"(?:^|[^a-z])({'|'.join(MONTHS)})[a-z]*"


def plausible_year(text: str) -> str:
    """Return the condition that a text is a year people are born in."""
    return f"coalesce(try_cast({text} as integer) between {OLDEST_YEAR} and {NEWEST_YEAR}, false)"


def date_parts(column: str, newest: int = LAST_OF_CENTURY) -> str:
    """Return the numbers in a written date; eight digits in a row are cut where the year is plausible.

    A year of two digits is one of this century where that is not after `newest`.
    """
    head_year, tail_year = plausible_year(f"{column}[1:4]"), plausible_year(f"{column}[5:8]")
    year_first = f"[{column}[1:4], {column}[5:6], {column}[7:8]]"
    year_last = f"[{column}[1:2], {column}[3:4], {column}[5:8]]"
    return f"""case
        when not regexp_full_match({column}, '[0-9]{{8}}') then {separate_parts(column, newest)}
        when {head_year} and {column}[5:6] <= '12' then {year_first}
        when {tail_year} then {year_last}
        else {year_first} end"""


def separate_parts(column: str, newest: int) -> str:
    """Return the numbers of a date that stand apart: year, month and day where the month is a word or the year comes first."""
    numbers = f"regexp_extract_all({column}, '[0-9]+')"
    word = f"regexp_extract(lower({column}), '{MONTH_WORD}', 1)"
    months = ", ".join(f"'{month}'" for month in MONTHS)
    named = f"lpad(list_position([{months}], {word})::varchar, 2, '0')"
    first, second, third = (f"{numbers}[{place}]" for place in (1, 2, 3))
    return f"""case
        when {word} <> '' and length({first}) = 4 then [{first}, {named}, {second}]
        when {word} <> '' then [{in_century(second, newest)}, {named}, {first}]
        when greatest(length({first}), length({second}), length({third})) <= 2 and len({numbers}) = 3
            and ltrim({first}, '0') <> '' and ltrim({second}, '0') <> '' then
            case when {first} > '31' then [{in_century(first, newest)}, {second}, {third}]
            else [{first}, {second}, {in_century(third, newest)}] end
        else {numbers} end"""


def in_century(year: str, newest: int) -> str:
    """Return a year of two digits as one of four; any other as it is."""
    return f"case when length({year}) = 2 then if('20' || {year} <= '{newest}', '20', '19') || {year} else {year} end"
