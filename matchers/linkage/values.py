"""Brings every role's values into a form in which equal means equal."""

from __future__ import annotations

from collections.abc import Callable

from matchers.sql import identifier, literals
from matchers.stage import Engine, stage
from schemas.links import LINK_INPUT, LINK_INPUT_ROLES, LINK_NAME, LINK_VALUE

NOTHING = ("unknown", "none", "null", "nan", "n a", "na", "not known", "不详", "未知", "无")
OLDEST_YEAR, NEWEST_YEAR = 1300, 2100
MALE = ("male", "m", "man", "1", "男", "男性")
FEMALE = ("female", "f", "woman", "2", "女", "女性")


def words(column: str) -> str:
    """Return lower-case words without accents or punctuation, joined by a blank."""
    plain = rf"trim(regexp_replace(lower(strip_accents({column})), '[^\p{{L}}\p{{N}}]+', ' ', 'g'))"
    return f"case when {column} is null or {plain} in ('', {literals(NOTHING)}) then null else {plain} end"


def compact(column: str) -> str:
    """Return the letters and digits alone, in lower case."""
    return rf"nullif(regexp_replace(lower({column}), '[^\p{{L}}\p{{N}}]+', '', 'g'), '')"


def phone_digits(column: str) -> str:
    """Return the digits of a phone number without China's country code; null below five digits."""
    digits = f"regexp_replace({column}, '[^0-9]+', '', 'g')"
    bare = rf"regexp_replace({digits}, '^(00)?86(1[0-9]{{10}})$', '\2')"
    return f"case when length({digits}) >= 5 then {bare} end"


def sex_code(column: str) -> str:
    """Return 1 for male, 2 for female, null for anything else."""
    plain = f"lower(trim({column}))"
    return f"case when {plain} in ({literals(MALE)}) then '1' when {plain} in ({literals(FEMALE)}) then '2' end"


def plausible_year(text: str) -> str:
    """Return the condition that a text is a year people are born in."""
    return f"coalesce(try_cast({text} as integer) between {OLDEST_YEAR} and {NEWEST_YEAR}, false)"


def padded(text: str) -> str:
    """Return a day or month as two digits."""
    return f"lpad({text}, 2, '0')"


def date_parts(column: str) -> str:
    """Return the numbers in a written date; eight digits in a row are cut where the year is plausible."""
    parts = f"regexp_extract_all({column}, '[0-9]+')"
    whole = f"{parts}[1]"
    head_year, tail_year = plausible_year(f"{whole}[1:4]"), plausible_year(f"{whole}[5:8]")
    year_first = f"[{whole}[1:4], {whole}[5:6], {whole}[7:8]]"
    year_last = f"[{whole}[1:2], {whole}[3:4], {whole}[5:8]]"
    return f"""case
        when length({whole}) <> 8 then {parts}
        when {head_year} and try_cast({whole}[5:6] as integer) <= 12 then {year_first}
        when {tail_year} then {year_last}
        else {year_first} end"""


def eight_digits(parts: str, is_month_first: str) -> str:
    """Return YYYYMMDD from a date's numbers, 00 for a part that is not given; null without a plausible year."""
    first, second, third = f"{parts}[1]", f"{parts}[2]", f"{parts}[3]"
    zero_month, zero_day = f"coalesce({second}, '00')", f"coalesce({third}, '00')"
    head = f"{first} || {padded(zero_month)} || {padded(zero_day)}"
    month = f"case when {is_month_first} then {first} else {second} end"
    day = f"case when {is_month_first} then {second} else {first} end"
    return f"""case
        when length({first}) = 4 and {plausible_year(first)} and length({head}) = 8 then {head}
        when length({third}) = 4 and {plausible_year(third)} and greatest(length({first}), length({second})) <= 2
            then {third} || {padded(month)} || {padded(day)} end"""


CHECK_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_valid_citizen_number(column: str) -> str:
    """Return the condition that a text is a GB 11643 number with the right check digit and a possible birth date."""
    total = " + ".join(
        f"try_cast({column}[{place}] as integer) * {weight}" for place, weight in enumerate(CHECK_WEIGHTS, start=1)
    )
    born = f"try_cast({column}[7:10] || '-' || {column}[11:12] || '-' || {column}[13:14] as date)"
    return (
        f"length({column}) = 18 and {born} is not null and "
        f"coalesce(lower({column}[18]) = '10x98765432'[1 + ({total}) % 11], false)"
    )


FORMS: dict[str, Callable[[str], str]] = {
    "birth_date": date_parts,
    "sex": sex_code,
    "national_id": compact,
    "other_id": compact,
    "phone": phone_digits,
    "email": lambda column: f"nullif(lower(trim({column})), '')",
    "area_code": compact,
    "household_no": compact,
}


def month_first_sources(db: Engine) -> tuple[str, ...]:
    """Return the sources that write the month before the day, judged by the dates that can only be read one way."""
    query = f"""
        with part as (select source_id, {date_parts("birth_date")} as parts from link_input
                      where birth_date is not null),
        number as (select source_id, try_cast(parts[1] as integer) as head, try_cast(parts[2] as integer) as second
                   from part where length(parts[3]) = 4)
        select source_id from number group by source_id
        having count(*) filter (where second between 13 and 31 and head <= 12)
             > count(*) filter (where head between 13 and 31 and second <= 12)
        order by source_id"""
    return tuple(row[0] for row in db.rows(query))


@stage(reads=(LINK_INPUT, LINK_NAME), writes=LINK_VALUE)
def standardise_values(single_sources: tuple[str, ...], month_first: tuple[str, ...]) -> str:
    """One row per record with comparable values, numbered in order of record_id."""
    roles = [role for role in LINK_INPUT_ROLES if role not in ("given_name", "surname", "full_name", "birth_date")]
    plain = ", ".join(f"{FORMS.get(role, words)(f'i.{role}')} as {identifier(role)}" for role in roles)
    is_single = f"i.source_id in ({literals(single_sources)})" if single_sources else "false"
    is_month_first = f"source_id in ({literals(month_first)})" if month_first else "false"
    return f"""
        with plain as (
            select i.record_id, i.source_id, {plain}, {date_parts("i.birth_date")} as parts, {is_single} as is_single,
                coalesce(g.given_name, f.given_name, {words("i.given_name")}) as given_name,
                coalesce(s.given_name, f.surname, {words("i.surname")}) as surname,
                {words("i.full_name")} as full_name,
                coalesce(g.given_sound, f.given_sound) as given_sound,
                coalesce(s.given_sound, f.surname_sound) as surname_sound
            from link_input i
            left join link_name f on f.name = i.full_name
            left join link_name g on g.name = i.given_name
            left join link_name s on s.name = i.surname
        )
        select (row_number() over (order by record_id) - 1)::integer as row,
            (dense_rank() over (order by source_id) - 1)::integer as source,
            case when is_single then (dense_rank() over (order by source_id) - 1)::integer else -1 end as exclusive,
            case when {is_valid_citizen_number("national_id")} then hash(national_id) end as certain_id,
            * exclude (source_id, parts, is_single),
            {eight_digits("parts", is_month_first)} as birth_date
        from plain"""
