"""Placeholders found from the data: a value so many people of one source state that it can be nobody's.

Each source and role is judged by its own frequencies, counted in different names, so that a person stated a hundred
times is one. A value is looked at where it has more holders than a family, a class or a village group, and ten times
what is usual for a value of this source. How many hold it is never enough:

- a phone, or an address that names no place, belongs to somebody where half its holders have a village, an address, a
  school, an employer or a kind of care in common: then it is the institution's, and it stays. Where the rows do not say
  where people live, an institution cannot be told from a placeholder, so only more holders than an institution houses
  are too many;
- a date of birth is true where half the holders' own citizen numbers say the same, and a first of January is compared
  with other firsts of January, on which guessed dates heap;
- a citizen number is one person's, so the bound alone is enough.

Names are never judged by their frequency: a common name is more frequent than any placeholder.
The figures are this project's own: set from what shares a value in life (household, class, institution), fitted to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from matchers.sql import identifier, literal, literals
from matchers.stage import stage
from matchers.standardise.lexicon import Lexicon
from schemas.doubts import COMMON_TRAIT, FREQUENT_VALUE, PLACEHOLDER, PLACEHOLDER_RECORD, SHARED_HOLDER, SHARED_VALUE
from schemas.raw import raw_name
from schemas.records import STATED_ADDRESS, STATED_IDENTITY, STATED_NUMBER
from schemas.source import SourceColumn, SourceContract, SourceRole

# More different names than a family, a school class (55 at the most) or a village group has.
AT_LEAST = 50
# More than one institution of a county houses; asked where rows do not say where people live.
AT_LEAST_UNPLACED = 1000
TIMES_USUAL = 10
YEARS_TO_COMPARE = 5
# From this share of the holders on, what they have in common explains the value ...
IN_COMMON = 0.5
# ... unless the whole source is like that: a word that is no place must be this many times as frequent among them.
TIMES_SOURCE = 2
# Holders a value may have, beside what is usual in its source; a day, beside the same day of other years.
USUAL = f"greatest({AT_LEAST}, {TIMES_USUAL} * usual_count)"
HEAPED = f"if(coalesce(year_count, 0) >= {YEARS_TO_COMPARE}, {TIMES_USUAL} * day_count, 0)"
# Field → its column of stated_identity.
COLUMN = {"phone": "phone", "birth_date": "birth_date", "national_id": "national_id_raw", "address": "address_raw"}
LETTERS = "regexp_replace(address_raw, '[^\\pL]', '', 'g')"
# An address without a number and without the name of any place.
NOWHERE = (
    "province = '' and prefecture = '' and county = '' and township = '' and village = '' "
    "and not regexp_matches(address_raw, '[0-9０-９〇零一二三四五六七八九十]')"
)
TRAIT_TYPES = ("text", "code", "address", "village_code")
PLACE_TYPES = ("address", "village_code")
Suspected = tuple[tuple[SourceContract, SourceRole], ...]


@stage(reads=(STATED_IDENTITY,), writes=FREQUENT_VALUE)
def find_frequent_values() -> str:
    """Every value that more records state than its source explains, whatever it says and whoever they are."""
    bounds = {"birth_date": f"greatest({USUAL}, {HEAPED})", "address": str(AT_LEAST)}
    return " union all ".join(f"select * from ({frequent(field, bounds.get(field, USUAL))})" for field in COLUMN)


@stage(reads=(FREQUENT_VALUE, STATED_IDENTITY, STATED_NUMBER, STATED_ADDRESS), writes=SHARED_VALUE)
def find_shared_values(words: Lexicon) -> str:
    """Every value with more holders than its source explains, and every address that is a word for nothing between marks."""
    selects = [
        shared("phone"),
        shared("birth_date"),
        shared("national_id", f"not in (select national_id_raw from {STATED_NUMBER.name} where id_state = 'masked')"),
        shared("address", f"in (select address_raw from {STATED_ADDRESS.name} where {NOWHERE} and not {listed(words)})"),
        worded(words),
    ]  # fmt: skip
    return " union all ".join(f"select * from ({select})" for select in selects)


def frequent(field: str, bound: str) -> str:
    """Return a select of the values of one field that more records state than `bound`.

    They are counted by their hash: a county states millions of different ones, and only the few frequent are looked up.
    """
    column = identifier(COLUMN[field])
    said = column if field == "birth_date" else f"hash({column})"
    day = "strftime(said, '%m-%d')" if field == "birth_date" else "''"
    return f"""
        with counted as (
            select source_id, role, {said} as said, count(*) as value_count
            from {STATED_IDENTITY.name} where {column} is not null group by all
        ), usual as (
            select source_id, role, quantile_disc(value_count, 0.5) as usual_count from counted group by all
        ), candidate as (select *, {day} as day from counted where value_count > {AT_LEAST}),
        heaped as (
            select source_id, role, day, quantile_disc(counted.value_count, 0.5) as day_count, count(*) as year_count
            from (select *, {day} as day from counted) as counted
            semi join candidate using (source_id, role, day) where day <> '' group by all
        )
        select source_id, role, {literal(field)} as field, {"hash(said)" if field == "birth_date" else "said"} as said,
            {bound} as bound_count
        from candidate join usual using (source_id, role) left join heaped using (source_id, role, day)
        where value_count > bound_count
    """


def shared(field: str, among: str = "") -> str:
    """Return a select of the frequent values of one field that many different names state; `among` says which values count."""
    column = identifier(COLUMN[field])
    chosen = f"where value {among}" if among else ""
    return f"""
        select * from (
            select source_id, role, {literal(field)} as field, {column}::varchar as value, false as is_listed,
                count(*) as record_count, count(distinct full_name_raw) as name_count, any_value(bound_count) as bound_count
            from (
                select source_id, role, {column}, hash({column}) as said, full_name_raw
                from {STATED_IDENTITY.name} where {column} is not null
            ) join (select * exclude (field) from {FREQUENT_VALUE.name} where field = {literal(field)}) using (source_id, role, said)
            group by source_id, role, {column} having name_count > any_value(bound_count)
        ) {chosen}
    """


def listed(words: Lexicon) -> str:
    """Return the condition that the letters of an address are a known word for nothing.

    Most addresses begin with a letter that no such word has, which is seen at once.
    """
    nothing = {*words.placeholders["any"], *words.placeholders.get("address", ())}
    letters = "".join(sorted({letter for word in nothing for letter in word if letter.isalpha()}))
    is_nothing = f"{LETTERS} = '' and not regexp_matches(address_raw, '[0-9０-９]') or {LETTERS} in ({literals(sorted(nothing))})"
    return f"case when regexp_full_match(address_raw, '([^\\pL]|[{letters}])*') then {is_nothing} else false end"


def worded(words: Lexicon) -> str:
    """Return a select of the addresses that are a word for nothing between marks."""
    return f"""
        select source_id, role, 'address', address_raw, true, count(*), count(distinct full_name_raw), 0
        from {STATED_IDENTITY.name}
        where address_raw in (select address_raw from {STATED_ADDRESS.name} where strlen(address_raw) <= 60 and {listed(words)})
        group by all
    """


@stage(reads=(SHARED_VALUE, STATED_IDENTITY), writes=SHARED_HOLDER)
def find_holders() -> str:
    """Every record that states a shared value."""
    return " union all ".join(
        f"select record_id, source_id, role, field, value from {STATED_IDENTITY.name} "
        f"join (select source_id, role, field, value from {SHARED_VALUE.name} where field = {literal(field)}) "
        f"using (source_id, role) where {identifier(column)}::varchar = value"
        for field, column in COLUMN.items()
    )


@stage(reads=(SHARED_HOLDER,), writes=COMMON_TRAIT)
def compare_holders(suspected: Suspected) -> str:
    """What the holders of each shared phone and address have in common, in every column that could say whose it is."""
    nothing = ", ".join(f"null::{column.type} as {identifier(column.name)}" for column in COMMON_TRAIT.columns)
    return " union all ".join(
        [f"select {nothing} where false", *(f"select * from ({traits(*named)})" for named in suspected if trait_columns(named[0]))]
    )  # fmt: skip


def trait_columns(contract: SourceContract) -> tuple[SourceColumn, ...]:
    """Return the columns that could say what people have in common: words and places, not what tells rows apart."""
    own = {
        *contract.key,
        *(name for role in contract.roles for field, name in role.fields.items() if field == "other_id"),
    }
    return tuple(
        c for c in contract.columns if c.type in PLACE_TYPES or (c.type in TRAIT_TYPES and c.name not in own)
    )  # fmt: skip


def traits(contract: SourceContract, role: SourceRole) -> str:
    """Return a select of what the holders of one source and role have in common, column by column."""
    columns, record = trait_columns(contract), identifier(contract.record_id_column(role))
    raw = raw_name(contract.source_id)
    told = ", ".join(f"{{'name': {literal(c.name)}, 'said': r.{identifier(c.name)}::varchar}}" for c in columns)
    in_all = " union all ".join(in_source(raw, column.name) for column in columns)
    places = literals(c.name for c in columns if c.type in PLACE_TYPES) or "''"
    own_address = literal(role.fields.get("address", ""))
    return f"""
        with told as (
            select h.field, h.value, unnest([{told}], recursive := true)
            from {SHARED_HOLDER.name} as h join {raw} as r on r.{record} = h.record_id
            where h.field in ('phone', 'address') and h.role = {literal(role.role)}
        ), counted as (
            select field, value, name, said, count(*) as row_count from told group by all
        ), most as (
            select field, value, name, arg_max(said, (row_count, said)) filter (where said is not null) as said,
                max(row_count) filter (where said is not null) as common_count,
                sum(row_count) filter (where said is not null) as filled_count, sum(row_count) as holder_count
            from counted where not (field = 'address' and name = {own_address}) group by field, value, name
        ), in_all as ({in_all})
        select {literal(contract.source_id)} as source_id, {literal(role.role)} as role, most.field, most.value,
            most.name as column_name, most.name in ({places}) as is_place,
            coalesce(filled_count, 0)::double / holder_count as filled_share,
            coalesce(common_count, 0)::double / holder_count as common_share,
            coalesce(in_all.said_count::double / in_all.all_count, 0) as source_share
        from most left join in_all on in_all.name = most.name and in_all.said = most.said
    """


def in_source(raw: str, column: str) -> str:
    """Return a select of how often the source itself states what holders have in common in one column."""
    name, said = literal(column), f"{identifier(column)}::varchar"
    return f"""
        select {name} as name, {said} as said, count(*) as said_count, (select count(*) from {raw}) as all_count
        from {raw} where {said} in (select said from most where name = {name}) group by all
    """


@stage(reads=(SHARED_VALUE, SHARED_HOLDER, COMMON_TRAIT, STATED_IDENTITY, STATED_NUMBER), writes=PLACEHOLDER)
def judge_shared_values() -> str:
    """Every shared value that nothing explains."""
    explains = f"common_share >= {IN_COMMON} and (is_place or common_share >= {TIMES_SOURCE} * source_share)"
    return f"""
        with trait as (
            select source_id, role, field, value, bool_or({explains}) as is_somebodys,
                bool_or(is_place and filled_share >= {IN_COMMON}) as is_placed
            from {COMMON_TRAIT.name} group by all
        ), born as (
            select h.source_id, h.role, field, value, avg((id_birth_date::varchar = value)::int) as agreeing_share
            from {SHARED_HOLDER.name} as h join {STATED_IDENTITY.name} using (record_id)
            join {STATED_NUMBER.name} using (national_id_raw)
            where field = 'birth_date' and id_birth_date is not null group by all
        )
        select source_id, role, field, value,
            case when is_listed then 'listed' when field = 'national_id' then 'many_names'
                when field = 'birth_date' then 'too_often' else 'spread' end as reason,
            record_count, name_count, bound_count
        from {SHARED_VALUE.name} left join trait using (source_id, role, field, value)
        left join born using (source_id, role, field, value)
        where is_listed or field = 'national_id'
            or field = 'birth_date' and coalesce(agreeing_share, 0) < {IN_COMMON}
            or field in ('phone', 'address') and not coalesce(is_somebodys, false)
                and (coalesce(is_placed, false) or name_count > {AT_LEAST_UNPLACED})
    """


@stage(reads=(PLACEHOLDER, SHARED_HOLDER), writes=PLACEHOLDER_RECORD)
def mark_records() -> str:
    """Every record that states a placeholder, and in which fields."""
    return f"""
        select record_id, bool_or(field = 'phone') as no_phone, bool_or(field = 'birth_date') as no_birth_date,
            bool_or(field = 'national_id') as no_number, bool_or(field = 'address') as no_address
        from {SHARED_HOLDER.name} semi join {PLACEHOLDER.name} using (source_id, role, field, value)
        group by record_id
    """


def suspects(contracts: Iterable[SourceContract], found: Iterable[tuple[str, str]]) -> Suspected:
    """Return contract and role of every source and role that has a shared phone or address."""
    wanted = set(found)
    return tuple((c, role) for c in contracts for role in c.roles if (c.source_id, role.role) in wanted)
