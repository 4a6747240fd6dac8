"""The lines of the candidate lists as caseworkers read them: named, masked, in the order of a day's walk."""

from __future__ import annotations

from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.people import PERSON
from schemas.quality import LIST_ROW, PLACE_NAME

# 黑龙江省依兰县江湾镇红旗村3组12号: what stands between the county and the village is the township.
TOWNSHIP = "(?:县|市|区|旗)([^县市区旗0-9]{1,12}?(?:镇|乡|街道|苏木|农场|林场))"
ROWS_PER_VILLAGE = 60
VILLAGE = TOWNSHIP + "([^0-9]{1,15}?(?:村|社区|居委会|嘎查|委会))"


@stage(reads=(), writes=PLACE_NAME)
def name_places(raw_tables: tuple[str, ...]) -> str:
    """One township or village and the name most addresses delivered with its code use.

    Each raw table has `row_number`, `village_code` and `address`; a few rows of a village are enough to name it.
    """
    nothing = "select null::varchar as village_code, null::varchar as address where false"
    wordings = (
        f"select village_code, unnest(arg_min(address, row_number, {ROWS_PER_VILLAGE})) as address "
        f"from {identifier(table)} where length(village_code) = 12 and address is not null group by village_code"
        for table in raw_tables
    )
    return f"""
        with wording as ({" union all ".join([nothing, *wordings])}),
        named as (
            select village_code, count(*) as row_count,
                nullif(regexp_extract(address, {literal(TOWNSHIP)}, 1), '') as township_name,
                nullif(regexp_extract(address, {literal(VILLAGE)}, 2), '') as village_name
            from wording group by all
        ),
        {best_name("township", "village_code[:9]", "township_name")},
        {best_name("village", "village_code", "village_name")}
        select place_code, name as township_name, null::varchar as village_name from township
        union all
        select village.place_code, township.name, village.name
        from village left join township on township.place_code = village.place_code[:9]
    """


def best_name(cte: str, code: str, name: str) -> str:
    """Return a CTE of the name most rows give a code; among equals the one that sorts first."""
    return f"""
        {cte}_count as (
            select {code} as place_code, {name} as name, sum(row_count) as row_count
            from named where {name} is not null group by all
        ),
        {cte} as (
            select place_code, arg_max(name, (row_count, name)) as name from {cte}_count group by place_code
        )
    """


@stage(reads=(CANDIDATE, PERSON, PLACE_NAME), writes=LIST_ROW)
def write_list_rows() -> str:
    """One line of a candidate list: this month's share of each township, and everybody no source can place.

    Lines of one household stand together, so that one visit asks everything; the household ranks by its best line.
    """
    visit = "coalesce(household_id, unit_id)"
    return f"""
        with listed as (
            select candidate.*, {visit} as visit_id,
                min(rank) over (partition by township_code, {visit}) as visit_rank
            from candidate
            where is_within_capacity or is_random_share
        )
        select candidate_id, listed.township_code,
            row_number() over (walk order by visit_rank, visit_id, rank, candidate_id) as line_number,
            dense_rank() over (walk order by visit_rank, visit_id) as visit_number,
            person.full_name, {masked("person.national_id")} as masked_id,
            coalesce(of_village.township_name, of_township.township_name) as township_name,
            coalesce(of_village.village_name, listed.village_code) as village_name,
            person.address, person.phone, programme_id, reasons_zh, reasons_en, questions_zh, questions_en
        from listed
        left join person using (person_id)
        left join place_name as of_village on of_village.place_code = listed.village_code
        left join place_name as of_township on of_township.place_code = listed.township_code
        window walk as (partition by listed.township_code)
    """


def masked(number: str) -> str:
    """Return a citizen number with the birth date and the rest of the middle starred out."""
    return f"case when length({number}) = 18 then {number}[:6] || '********' || {number}[15:] end"
