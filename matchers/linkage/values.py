"""Brings every role's values into a form in which equal means equal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from matchers.linkage.written_dates import LAST_OF_CENTURY, NEWEST_YEAR, OLDEST_YEAR, date_parts, plausible_year
from matchers.sql import identifier, literals
from matchers.stage import Engine, stage
from schemas.links import LINK_INPUT, LINK_INPUT_ROLES, LINK_NAME, LINK_ROW, LINK_VALUE

NOTHING = ("no name", "unknown", "none", "null", "nan", "n a", "na", "not known", "不详", "未知", "无")
# What is written for a given name nobody asked: words for relations and people, in English and Spanish, and what may follow.
NOT_A_NAME = tuple(
    re.findall(
        r"\w+",
        "son daughter dau child baby infant boy girl kid minor teen brother sister mother father mom dad wife husband "
        "spouse grandson granddaughter grandchild grandmother grandfather nephew niece uncle aunt cousin parent relative "
        "lady gentleman gentlemen man woman male female adult person resident occupant tenant roommate stepson hijo hija "
        "nino nina esposo esposa madre padre hermano hermana abuelo abuela senor senora bebe mr mrs ms miss mister missus",
    )
)
AFTER_IT = ("", " of", " of the", " of house", " of the house", " in", " in the", " in the house", " m", " f", *(f" {c}" for c in "abcde123"))  # fmt: skip
MALE = ("male", "m", "man", "1", "男", "男性")
FEMALE = ("female", "f", "woman", "2", "女", "女性")


def words(column: str) -> str:
    """Return lower-case words without accents or punctuation, joined by a blank; empty where there are none."""
    written = rf"trim(regexp_replace(lower(strip_accents({column})), '[^\p{{L}}\p{{N}}]+', ' ', 'g'))"
    return f"case when regexp_full_match({column}, '[a-z0-9]+( [a-z0-9]+)*') then {column} else {written} end"


def stated(column: str) -> str:
    """Return words that say something: null for nothing and for the words that stand for nothing."""
    return f"case when {column} not in ('', {literals(NOTHING)}) then {column} end"


def stated_given_name(column: str) -> str:
    """Return a given name: null for nothing, and for what says who somebody is to others instead of a name."""
    return f"case when {column} not in ('', {literals(NOTHING)}, {literals([w + tail for w in NOT_A_NAME for tail in AFTER_IT])}) then {column} end"


def compact(column: str) -> str:
    """Return the letters and digits alone, in lower case."""
    written = rf"nullif(regexp_replace(lower({column}), '[^\p{{L}}\p{{N}}]+', '', 'g'), '')"
    return f"case when regexp_full_match({column}, '[a-z0-9]+') then {column} else {written} end"


def masked(column: str) -> str:
    """Return letters, digits and the asterisks that stand for hidden ones."""
    return rf"nullif(regexp_replace(lower({column}), '[^\p{{L}}\p{{N}}*]+', '', 'g'), '')"


def phone_digits(column: str) -> str:
    """Return the digits of a phone number, empty where there are none."""
    return f"regexp_replace({column}, '[^0-9]+', '', 'g')"


def stated_phone(column: str) -> str:
    """Return a phone number without China's country code; null below five digits."""
    bare = rf"regexp_replace({column}, '^(00)?86(1[0-9]{{10}})$', '\2')"
    return f"case when length({column}) > 11 then {bare} when length({column}) >= 5 then {column} end"


def sex_code(column: str) -> str:
    """Return 1 for male, 2 for female, null for anything else."""
    plain = f"lower(trim({column}))"
    return f"case when {plain} in ({literals(MALE)}) then '1' when {plain} in ({literals(FEMALE)}) then '2' end"


def padded(text: str) -> str:
    """Return a day or month as two digits."""
    return f"lpad({text}, 2, '0')"


def plain_date(column: str) -> str:
    """Return a date that is YYYYMMDD already; null for any other."""
    year = f"{column}[1:4] between '{OLDEST_YEAR}' and '{NEWEST_YEAR}'"
    return f"case when regexp_full_match({column}, '[0-9]{{8}}') and {year} and {column}[5:6] <= '12' then {column} end"


def other_date_parts(column: str, newest: int = LAST_OF_CENTURY) -> str:
    """Return the numbers in a date written in any other way: most dates are plain, and cutting costs most."""
    return f"case when {plain_date(column)} is null then {date_parts(column, newest)} end"


def eight_digits(parts: str, is_month_first: str) -> str:
    """Return YYYYMMDD from a date's numbers, 00 for a part that is not given; null without a plausible year."""
    first, second, third = f"{parts}[1]", f"{parts}[2]", f"{parts}[3]"
    zero_month, zero_day = f"coalesce({second}, '00')", f"coalesce({third}, '00')"
    head = f"{first} || {padded(zero_month)} || {padded(zero_day)}"
    # A number above twelve is the day, whatever the others of the source say.
    is_first = f"try_cast({first} as integer) <= 12 and ({is_month_first} or try_cast({second} as integer) > 12)"
    month = f"case when {is_first} then {first} else {second} end"
    day = f"case when {is_first} then {second} else {first} end"
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


# How a role's text is brought into form: first the text, then what of it counts as stated.
FORMS: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "birth_date": (other_date_parts, lambda column: column),
    "sex": (sex_code, lambda column: column),
    "national_id": (masked, lambda column: column),
    "other_id": (compact, lambda column: column),
    "phone": (phone_digits, stated_phone),
    "email": (lambda column: f"nullif(lower(trim({column})), '')", lambda column: column),
    "area_code": (compact, lambda column: column),
    "household_no": (compact, lambda column: column),
}
WORDS = (words, stated)
AS_IT_IS: tuple[Callable[[str], str], Callable[[str], str]] = (lambda column: column, lambda column: column)
ORDER_SAMPLE = 50_000


def month_first_sources(db: Engine) -> tuple[str, ...]:
    """Return the sources that write the month before the day, judged by the dates that can only be read one way."""
    query = f"""
        with drawn as (
            select source_id, birth_date from link_input where birth_date is not null
            qualify row_number() over (partition by source_id order by hash(record_id)) <= {ORDER_SAMPLE}
        ),
        part as (select source_id, {date_parts("birth_date")} as parts from drawn),
        number as (select source_id, try_cast(parts[1] as integer) as head, try_cast(parts[2] as integer) as second
                   from part where length(parts[3]) = 4)
        select source_id from number group by source_id
        having count(*) filter (where second between 13 and 31 and head <= 12)
             > count(*) filter (where head between 13 and 31 and second <= 12)
        order by source_id"""
    return tuple(row[0] for row in db.rows(query))


def newest_year(db: Engine) -> int:
    """Return the latest year of birth written with four digits, but for one in a thousand that may be a slip.

    A year of two digits after it is one of the century before. Where nobody writes four digits, all are.
    """
    query = f"""
        with drawn as (
            select regexp_extract(birth_date, '(^|[^0-9])([0-9]{{4}})([^0-9]|$)', 2) as year from link_input
            where length(birth_date) > 8 using sample reservoir({ORDER_SAMPLE} rows) repeatable (1)
        )
        select quantile_disc(year, 0.999) from drawn where {plausible_year("year")}"""
    found = db.rows(query)[0][0]
    return int(found) if found else LAST_OF_CENTURY


@stage(reads=(LINK_INPUT,), writes=LINK_ROW)
def number_rows(single_sources: tuple[str, ...]) -> str:
    """One row per record: its number in order of record_id, and what its source says about it."""
    is_single = f"source_id in ({literals(single_sources)})" if single_sources else "false"
    return f"""
        with source as (
            select source_id, (row_number() over (order by source_id) - 1)::integer as source
            from (select distinct source_id from link_input)
        )
        select i.record_id, (row_number() over (order by i.record_id) - 1)::integer as row, s.source,
            case when {is_single} then s.source else -1 end as exclusive
        from (select record_id, source_id from link_input) i join source s using (source_id)"""


@dataclass(frozen=True)
class Forms:
    """What the table of values depends on: the roles that have any value, and the sources that write month first.

    `is_standard` says that the values are in comparable form already, `in_two_scripts` that some names are Chinese
    characters and others Latin letters.
    """

    filled: frozenset[str]
    month_first: tuple[str, ...]
    is_standard: bool = False
    in_two_scripts: bool = False
    newest_year: int = LAST_OF_CENTURY


def spoken_values(in_two_scripts: bool) -> str:
    """Return the columns names in two scripts are compared and found by: the whole name, and how it may be spelt."""
    if not in_two_scripts:
        return "null::varchar as spoken_name, null::varchar as spellings"
    characters = "coalesce(s.surname, f.surname, '') || coalesce(g.given_name, f.given_name, '')"
    letters = f"coalesce({stated('p.full_name')}, concat_ws(' ', {stated('p.surname')}, {stated('p.given_name')}))"
    return f"""coalesce(nullif({characters}, ''), nullif({letters}, '')) as spoken_name,
            nullif(concat_ws(' ', s.spellings, g.spellings, f.spellings), '') as spellings"""


@stage(reads=(LINK_INPUT, LINK_NAME, LINK_ROW), writes=LINK_VALUE)
def standardise_values(forms: Forms) -> str:
    """One row per record with comparable values; a role without any value costs nothing."""
    shaped, counted = [], []
    for role in LINK_INPUT_ROLES:
        shape, count = AS_IT_IS if forms.is_standard else FORMS.get(role, WORDS)
        if role == "birth_date" and not forms.is_standard:
            shape = partial(other_date_parts, newest=forms.newest_year)
        shaped.append(f"{shape(f'i.{role}') if role in forms.filled else 'null::varchar'} as {identifier(role)}")
        counted.append(f"{count(f'p.{role}')} as {identifier(role)}")
    names = {"given_name": "g.given_name, f.given_name", "surname": "s.surname, f.surname"}
    said = {"given_name": stated_given_name("p.given_name"), "surname": stated("p.surname")}
    plain = {role: f"coalesce({cut}, {said[role]}) as {role}" for role, cut in names.items()}
    values = [plain.get(role, value) for role, value in zip(LINK_INPUT_ROLES, counted, strict=True)]
    if forms.in_two_scripts:
        whole = f"case when f.name is null then {stated('p.full_name')} end as full_name"
        values[LINK_INPUT_ROLES.index("full_name")] = whole
    is_month_first = f"p.source_id in ({literals(forms.month_first)})" if forms.month_first else "false"
    if not forms.is_standard:
        born = (
            f"coalesce(p.plain_date, {eight_digits('p.birth_date', is_month_first)})"
            if "birth_date" in forms.filled
            else "null::varchar"
        )
        values[LINK_INPUT_ROLES.index("birth_date")] = f"{born} as birth_date"
    raw_names = ", ".join(f"i.{role} as {role}_raw" for role in ("given_name", "surname", "full_name"))
    return f"""
        with shaped as (select i.record_id, i.source_id, case when i.person_key is not null then hash(i.person_key) end as hash_of_key, {raw_names}, {plain_date("i.birth_date")} as plain_date, {", ".join(shaped)} from link_input i)
        select r.row, r.source, r.exclusive, r.record_id, hash_of_key as certain_id, {", ".join(values)},
            coalesce(g.given_sound, f.given_sound) as given_sound, coalesce(s.surname_sound, f.surname_sound) as surname_sound,
            {spoken_values(forms.in_two_scripts)}
        from shaped p
        join link_row r using (record_id)
        left join link_name f on f.name = p.full_name_raw
        left join link_name g on g.name = p.given_name_raw
        left join link_name s on s.name = p.surname_raw"""
