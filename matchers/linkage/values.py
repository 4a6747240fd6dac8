"""Brings every role's values into a form in which equal means equal."""

from __future__ import annotations

import re
from collections.abc import Callable

from matchers.linkage.written_dates import LAST_OF_CENTURY, NEWEST_YEAR, OLDEST_YEAR, date_parts, plausible_year
from matchers.sql import literal, literals
from matchers.stage import Engine

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


SECOND_IS_DAY = "second between 13 and 31 and head <= 12"


def month_first_sources(db: Engine) -> tuple[int, ...]:
    """Return the numbers of the sources that write the month before the day, judged by the dates only read one way."""
    query = f"""
        with source as (
            select source_id, (row_number() over (order by source_id) - 1)::integer as source
            from (select distinct source_id from link_input)
        ),
        drawn as (
            select source_id, birth_date from link_input where birth_date is not null
            qualify row_number() over (partition by source_id order by hash(record_id)) <= {ORDER_SAMPLE}
        ),
        number as ({day_and_month("birth_date", "drawn")})
        select s.source from number join source s using (source_id) group by s.source
        having count(*) filter (where {SECOND_IS_DAY})
             > count(*) filter (where head between 13 and 31 and second <= 12)
        order by s.source"""
    return tuple(row[0] for row in db.rows(query))


def day_and_month(column: str, table: str) -> str:
    """Return the SELECT of a table's dates that have a day and a month before the year: both as numbers."""
    return f"""
        select * exclude (parts), try_cast(parts[1] as integer) as head, try_cast(parts[2] as integer) as second
        from (select *, {date_parts(column)} as parts from {table}) where length(parts[3]) = 4"""


def month_comes_first(db: Engine) -> bool:
    """Return whether any birth date can only be read as month before day."""
    unlike = f"(select written from {texts_of('birth_date')} where {plain_date('written')} is null)"
    return bool(db.rows(f"select 1 from ({day_and_month('written', unlike)}) where {SECOND_IS_DAY} limit 1"))


def newest_year(db: Engine) -> int:
    """Return the latest year of birth written with four digits, but for one text in a thousand that may be a slip.

    A year of two digits after it is one of the century before. Where nobody writes four digits, all are.
    """
    query = f"""
        with written_out as (
            select regexp_extract(written, '(^|[^0-9])([0-9]{{4}})([^0-9]|$)', 2) as year from {texts_of("birth_date")}
            where length(written) > 8
        )
        select quantile_disc(year, 0.999) from written_out where {plausible_year("year")}"""
    found = db.rows(query)[0][0]
    return int(found) if found else LAST_OF_CENTURY


def standard_texts(role: str, *, is_standard: bool, is_latin: bool = False) -> str:
    """Return the SELECT of each text of a role in comparable form, and its place.

    `is_standard` says that they are in it already, `is_latin` that Chinese names count as not stated.
    """
    shape, count = AS_IT_IS if is_standard else FORMS.get(role, WORDS)
    counted = {"given_name": stated_given_name, "surname": stated}.get(role, count)("shaped")
    shaped = f"select place, written, {shape('written')} as shaped from {texts_of(role)}"
    if not is_latin:
        return f"select place, {counted} as value from ({shaped})"
    latin = f"case when n.name is null then {counted} end as value"
    return f"select t.place, {latin} from ({shaped}) t left join link_name n on n.name = t.written"


def standard_dates(*, is_month_first: bool, newest: int) -> str:
    """Return the SELECT of each birth date as YYYYMMDD, and its place."""
    parts = f"{plain_date('written')} as plain, {other_date_parts('written', newest)} as parts"
    born = f"coalesce(plain, {eight_digits('parts', literal(is_month_first))})"
    return f"select place, {born} as value from (select place, {parts} from {texts_of('birth_date')})"


def cut_texts(role: str, part: str) -> str:
    """Return the SELECT of a part of each Chinese name among the texts of a role, null for others, and its place."""
    return f"select t.place, n.{part} as value from {texts_of(role)} t left join link_name n on n.name = t.written"


def texts_of(role: str) -> str:
    """Return the texts of a role and their places, to be selected from."""
    return f"(select rowid as place, written from link_written where role = {literal(role)})"


def whole_names() -> str:
    """Return the SELECT of how each combination of names is written as one, and how it may be spelt, in their order."""
    characters = "coalesce(s.surname, f.surname, '') || coalesce(g.given_name, f.given_name, '')"
    whole, last, first = (stated(words(f"w.{role}")) for role in ("full_name", "surname", "given_name"))
    return f"""
        select coalesce(nullif({characters}, ''), nullif(coalesce({whole}, concat_ws(' ', {last}, {first})), '')) as spoken_name,
            nullif(concat_ws(' ', s.spellings, g.spellings, f.spellings), '') as spellings
        from link_whole_name w
        left join link_name f on f.name = w.full_name
        left join link_name g on g.name = w.given_name
        left join link_name s on s.name = w.surname
        order by w.place"""
