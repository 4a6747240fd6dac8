"""Who is visited first: a township's capacity filled by chance, with a part kept for what turns on income and a part drawn.

A visit is to a household, so capacity counts households. Whoever earns the household its visit is asked about, and so
is every further programme likely enough to be worth the question; the rest of the list waits for next month.
"""

from __future__ import annotations

from dataclasses import dataclass

from matchers.candidates.benefits import Benefit, benefit_sql
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import FACT
from schemas.households import HOUSEHOLD
from schemas.screening import PLACE_IN_LINE, PROSPECT


@dataclass(frozen=True)
class Capacity:
    """How many households a township visits a month, and how the places are given."""

    share: float
    random_share: float
    income_tested_share: float
    along_floor: float
    income_tested: tuple[str, ...]
    seed: int


@stage(reads=(PROSPECT, HOUSEHOLD, FACT), writes=PLACE_IN_LINE)
def rank_prospects(capacity: Capacity, benefits: tuple[Benefit, ...]) -> str:
    """One listed unit and programme with its place in the township's line."""
    return f"""
        with room as ({rooms(capacity)}),
        valued as ({valued_prospects(capacity, benefits)}),
        door as (
            select township, household_id, max(probability) as best,
                max(probability) filter (where is_income_tested) as best_income_tested,
                max(benefit_month_yuan) as benefit, min(draw) as draw
            from valued group by township, household_id
        ),
        tested as (
            select *, row_number() over (
                partition by township order by best_income_tested desc nulls last, best desc, benefit desc nulls last, household_id
            ) as tested_place from door
        ),
        ranked as (
            select t.*, r.places, r.kept, r.drawn, t.tested_place <= r.kept and t.best_income_tested is not null as is_kept,
                row_number() over (
                    partition by t.township, t.tested_place <= r.kept and t.best_income_tested is not null
                    order by t.best desc, t.benefit desc nulls last, t.household_id
                ) as open_place,
                count(*) filter (where t.tested_place <= r.kept and t.best_income_tested is not null) over (partition by t.township) as kept_count
            from tested t join room r using (township)
        ),
        chosen as (
            select *, is_kept or open_place <= places - drawn - kept_count as is_earned from ranked
        ),
        visited as (
            select *, not is_earned and row_number() over (partition by township, is_earned order by draw, household_id) <= drawn as is_drawn
            from chosen
        ),
        asked as (
            select v.programme_id, v.unit_id, v.township, v.benefit_month_yuan, v.probability, d.is_drawn,
                (d.is_earned or d.is_drawn) and (v.probability >= {capacity.along_floor}
                    or v.probability = case when d.is_kept then d.best_income_tested else d.best end) as is_within_capacity
            from valued v join visited d using (township, household_id)
        )
        select programme_id, unit_id, benefit_month_yuan,
            row_number() over (
                partition by township
                order by is_within_capacity desc, is_drawn, probability desc, benefit_month_yuan desc nulls last, programme_id, unit_id
            ) as rank,
            is_within_capacity, is_within_capacity and is_drawn as is_random_share
        from asked
    """


def rooms(capacity: Capacity) -> str:
    """Each township's places: all, those kept for income-tested programmes, and those drawn by lot.

    Few places make a fraction of a drawn one; a lot of the township decides about it, so that the share holds in all.
    """
    lot = f"(('0x' || left(md5({literal(str(capacity.seed))} || '|' || township), 7))::bigint / 268435456.0)"
    return f"""
        select township, places, round(places * {capacity.income_tested_share})::bigint as kept,
            floor(places * {capacity.random_share} + {lot})::bigint as drawn
        from (
            select coalesce(township_code, '') as township, ceil(count(*) * {capacity.share})::bigint as places
            from household group by all
        )
    """


def valued_prospects(capacity: Capacity, benefits: tuple[Benefit, ...]) -> str:
    """Each listed prospect with its township, its worth, and its number in the draw."""
    tested = literals(capacity.income_tested) or "''"
    return f"""
        select p.programme_id, p.unit_id, p.household_id, coalesce(h.township_code, '') as township, p.probability,
            ({benefit_sql(benefits)})::decimal(14,2) as benefit_month_yuan, p.programme_id in ({tested}) as is_income_tested,
            md5({literal(str(capacity.seed))} || '|' || p.household_id) as draw
        from prospect p join household h using (household_id)
        left join (select unit_id, max(number_value) as age from fact where fact_name = 'age' group by all) a on a.unit_id = p.unit_id
        left join (
            select unit_id, list(distinct fact_name order by fact_name) as receives
            from fact where starts_with(fact_name, 'receives_') group by all
        ) g on g.unit_id = p.unit_id
        where p.is_listed
    """
