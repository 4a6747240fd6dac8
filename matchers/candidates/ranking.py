"""Who is visited first: a township's capacity filled by chance, with a part kept for what turns on income and a part drawn.

A visit is to a household, so capacity counts households. Whoever earns the household its visit is asked about, and so
is every further programme likely enough to be worth the question; the rest of the list waits for next month.
"""

from __future__ import annotations

from dataclasses import dataclass

from matchers.candidates.benefits import INCOME_SEEN, Benefit, LocalSum, benefit_sql, distance_sql
from matchers.sql import literal, literals
from matchers.stage import Engine, stage
from schemas.findings import FACT
from schemas.households import HOUSEHOLD
from schemas.screening import DOOR, PLACE_IN_LINE, PROSPECT, VALUED_PROSPECT


@dataclass(frozen=True)
class Capacity:
    """How many households a township visits a month, and how the places are given."""

    share: float
    random_share: float
    income_tested_share: float
    along_floor: float
    income_tested: tuple[str, ...]
    only_along: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Stakes:
    """The areas' figures that say what is at stake: benefits, and the lines income is held against."""

    benefits: tuple[Benefit, ...]
    lines: tuple[LocalSum, ...] = ()


def rank(db: Engine, capacity: Capacity, stakes: Stakes) -> int:
    """Make PLACE_IN_LINE: what each prospect is worth, whose doors are visited, in which order."""
    value_prospects(db, capacity, stakes)
    choose_doors(db, capacity)
    return rank_prospects(db, capacity.along_floor)


@stage(reads=(PROSPECT, HOUSEHOLD, FACT), writes=VALUED_PROSPECT)
def value_prospects(capacity: Capacity, stakes: Stakes) -> str:
    """One listed prospect with its township, its worth, and its household's number in the draw."""
    tested = literals(capacity.income_tested) or "''"
    along = literals(capacity.only_along) or "''"
    return f"""
        select p.programme_id, p.unit_id, p.household_id, coalesce(h.township_code, '') as township, p.probability,
            ({benefit_sql(stakes.benefits)})::decimal(14,2) as benefit_month_yuan,
            ({distance_sql(stakes.lines)})::decimal(14,2) as line_distance_yuan, p.programme_id in ({tested}) as is_income_tested,
            p.programme_id in ({along}) as is_only_along,
            md5({literal(str(capacity.seed))} || '|' || p.household_id) as draw
        from prospect p join household h using (household_id)
        left join (
            select unit_id, max(number_value) as age from fact where fact_name = 'age' group by unit_id
        ) a on a.unit_id = p.unit_id
        left join (
            select unit_id, list(distinct fact_name order by fact_name) as receives
            from fact where starts_with(fact_name, 'receives_') group by unit_id
        ) g on g.unit_id = p.unit_id
        left join ({INCOME_SEEN}) i on i.unit_id = p.household_id
        where p.is_listed
    """


@stage(reads=(VALUED_PROSPECT, HOUSEHOLD), writes=DOOR)
def choose_doors(capacity: Capacity) -> str:
    """One household with a listed prospect, and whether it is visited: kept for income, earned by chance, or drawn."""
    return f"""
        with door as (
            select township, household_id, max(probability) as best,
                max(probability) filter (where is_income_tested) as best_tested,
                max(benefit_month_yuan) as benefit, min(draw) as draw
            from valued_prospect where not is_only_along group by township, household_id
        ),
        tested as (
            select d.*, r.places, r.drawn, least(r.kept, t.tested) as kept, d.best_tested is not null and row_number() over (
                partition by d.township
                order by d.best_tested desc nulls last, d.best desc, d.benefit desc nulls last, d.household_id
            ) <= r.kept as is_kept
            from door d join ({rooms(capacity)}) r using (township)
            join (select township, count(best_tested) as tested from door group by township) t using (township)
        ),
        earned as (
            select *, is_kept or row_number() over (
                partition by township, is_kept order by best desc, benefit desc nulls last, household_id
            ) <= places - drawn - kept as is_earned
            from tested
        )
        select household_id, township, case when is_kept then best_tested else best end as earning_probability, is_earned,
            not is_earned and row_number() over (partition by township, is_earned order by draw, household_id) <= drawn as is_drawn
        from earned
    """


@stage(reads=(VALUED_PROSPECT, DOOR), writes=PLACE_IN_LINE)
def rank_prospects(along_floor: float) -> str:
    """One listed unit and programme with its place in the township's line; the visited come first, the drawn after them."""
    return f"""
        with asked as (
            select v.*, coalesce(d.is_drawn, false) as is_drawn, coalesce((d.is_earned or d.is_drawn)
                and (v.probability >= {along_floor} or (v.probability = d.earning_probability and not v.is_only_along)), false)
                as is_within_capacity
            from valued_prospect v left join door d using (household_id)
        )
        select programme_id, unit_id, benefit_month_yuan, line_distance_yuan,
            row_number() over (
                partition by township
                order by is_within_capacity desc, is_drawn, is_only_along, probability desc, benefit_month_yuan desc nulls last,
                    programme_id, unit_id
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
