"""What stands inside a citizen number beside what is stated next to it: differences are told and counted, never mended."""

from __future__ import annotations

from matchers.stage import stage
from schemas.doubts import AREA_PERIOD, DOCUMENT_COUNT, IDENTITY_DOUBT, LUNAR_PAIR, NUMBER_CHECK
from schemas.records import STATED_IDENTITY, STATED_NUMBER, STD_RECORD

DIFFERING = "birth_date <> id_birth_date"


def differing_days_query() -> str:
    """Return a query for the different pairs of stated day and day of the number that lie near each other."""
    return f"""
        select distinct birth_date, id_birth_date from {STD_RECORD.name}
        where {DIFFERING} and abs(birth_date - id_birth_date) between 18 and 52 order by all
    """


@stage(reads=(STD_RECORD, LUNAR_PAIR), writes=IDENTITY_DOUBT)
def doubt_identities() -> str:
    """Every record whose number contradicts the birth date or sex beside it."""
    swapped = "month(birth_date) = day(id_birth_date) and day(birth_date) = month(id_birth_date)"
    same_day = "month(birth_date) = month(id_birth_date) and day(birth_date) = day(id_birth_date)"
    return f"""
        select record_id, source_id,
            case when birth_date is null or birth_date = id_birth_date or id_birth_date is null then null
                when is_lunar then 'lunar'
                when year(birth_date) = year(id_birth_date) and {swapped} then 'day_and_month_swapped'
                when {same_day} then 'other_year' else 'other' end as birth_difference,
            coalesce(sex_code <> id_sex_code, false) as sex_differs
        from (
            select record_id, source_id, birth_date, id_birth_date, sex_code, id_sex_code from {STD_RECORD.name}
            where {DIFFERING} or sex_code <> id_sex_code
        ) left join (select birth_date, other_date as id_birth_date, true as is_lunar from {LUNAR_PAIR.name})
            using (birth_date, id_birth_date)
    """


@stage(reads=(STD_RECORD, IDENTITY_DOUBT, AREA_PERIOD), writes=NUMBER_CHECK)
def check_numbers() -> str:
    """One source and how its numbers go with the rest of its rows."""
    return f"""
        with lunar as (
            select source_id, count(*) as lunar_count from {IDENTITY_DOUBT.name}
            where birth_difference = 'lunar' group by source_id
        )
        select source_id, count(national_id) as number_count,
            count(*) filter (where id_birth_date is not null and birth_date is not null) as birth_count,
            count(*) filter (where {DIFFERING}) as birth_differs_count, coalesce(any_value(lunar_count), 0) as lunar_count,
            count(*) filter (where id_sex_code is not null and sex_code is not null) as sex_count,
            count(*) filter (where sex_code <> id_sex_code) as sex_differs_count,
            count(*) filter (where national_id is not null and r.area_code is not null) as area_count,
            count(*) filter (where left(national_id, 6) <> r.area_code) as elsewhere_count,
            count(*) filter (where national_id is not null and n.area_code is null and {of_the_mainland("national_id")})
                as unknown_area_count,
            count(*) filter (where a.last_year is not null) as abolished_area_count
        from {STD_RECORD.name} as r left join {AREA_PERIOD.name} as n on n.area_code = left(national_id, 6)
        left join {AREA_PERIOD.name} as a on a.area_code = r.area_code
        left join lunar using (source_id)
        group by source_id
    """


def of_the_mainland(number: str) -> str:
    """Return the condition that a number is no permit of a resident of Hong Kong, Macau or Taiwan."""
    return f"left({number}, 2) not in ('81', '82', '83')"


@stage(reads=(STATED_IDENTITY, STATED_NUMBER), writes=DOCUMENT_COUNT)
def count_documents() -> str:
    """One kind of document in one source; plain citizen numbers and what cannot be read are not counted here."""
    return f"""
        select source_id, document_kind, count(*) as record_count
        from {STATED_IDENTITY.name}
        join (
            select national_id_raw, document_kind from {STATED_NUMBER.name}
            where document_kind is not null and document_kind <> 'citizen'
        ) using (national_id_raw)
        group by source_id, document_kind
    """
