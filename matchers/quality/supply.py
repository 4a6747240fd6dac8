"""Needs found beside places offered, by programme and township."""

from __future__ import annotations

from matchers.sql import literal
from matchers.stage import stage
from schemas.quality import CANDIDATE_COUNT
from schemas.supply import OFFER, SUPPLY


@stage(reads=(CANDIDATE_COUNT, OFFER), writes=SUPPLY)
def weigh_supply(area_code: str) -> str:
    """One programme in one township, and in the whole county; what is offered to all of it stands in the county's row only."""
    county = literal(area_code)
    return f"""
        with need as (
            select programme_id, township_code as place_code, listed_count, expected_count from candidate_count
            union all
            select programme_id, {county}, sum(listed_count), round(sum(expected_count::decimal(18, 3))::double, 3)
            from candidate_count group by programme_id
        ), offered as (
            select programme_id, township_code as place_code, kind, places from offer where township_code is not null
            union all
            select programme_id, {county}, kind, places from offer
        ), supplied as (
            select programme_id, place_code,
                count(*) filter (where kind = 'department') as department_offer_count,
                sum(places) filter (where kind = 'department')::bigint as department_places,
                count(*) filter (where kind = 'charity') as charity_offer_count,
                sum(places) filter (where kind = 'charity')::bigint as charity_places
            from offered group by programme_id, place_code
        )
        select programme_id, place_code, coalesce(listed_count, 0)::bigint as listed_count,
            coalesce(expected_count, 0) as expected_count,
            coalesce(department_offer_count, 0) as department_offer_count, department_places,
            coalesce(charity_offer_count, 0) as charity_offer_count, charity_places
        from need full join supplied using (programme_id, place_code)
    """
