"""Households and persons in a few coarse words, so that those served can be told apart from the others.

No sex, no ethnicity, and nothing that receiving help itself changes: spending is taken before medical aid, and school
or insurance marks that follow from being on a roll are left out. Unknown is a word of its own, never a zero.
"""

from __future__ import annotations

import datetime

from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.screening import PERSON_TRAIT, RELATIVE, TRAIT

INCOME_BANDS = (1, 150, 300, 500, 700, 900, 1200, 1600, 2200, 3000)
BURDEN_BANDS = (1000, 3000, 8000, 15000, 30000, 60000)
AGE_BANDS = (16, 18, 60, 65, 70, 80)
# The facts a household is described by, and what is counted of each member.
TELLING = (
    "age", "wage", "employee_insured", "pension", "land_subsidy", "disability", "severe_illness", "own_medical", "medical_aid",
    "monitored", "house_grade", "student", "unemployed", "worker_in_difficulty", "disaster", "public_rental",
)  # fmt: skip
COUNTED = (
    "formal", "farming", "is_worker", "is_child", "is_elder", "is_grown", "disability", "illness", "monitored", "house",
    "student", "jobless", "difficult", "rents",
)  # fmt: skip
INCOMES = "('wage', 'pension', 'unemployment_benefit', 'land_subsidy')"


def band(value: str, edges: tuple[int, ...]) -> str:
    """Return how many edges a value has reached; -1 where it is not known."""
    reached = " + ".join(f"({value} >= {edge})::bigint" for edge in edges)
    return f"coalesce({reached}, -1)"


@stage(reads=(FACT, HOUSEHOLD, HOUSEHOLD_MEMBER, PERSON), writes=TRAIT)
def describe_households(day: datetime.date) -> str:
    """One household in the few words by which those served are told apart."""
    year_ago = literal(day - datetime.timedelta(days=366))
    return f"""
        with said as ({member_facts()}),
        own as (
            select unit_id as household_id,
                max(number_value) filter (where fact_name = 'known_income_head') as known,
                max(number_value) filter (where fact_name = 'declared_income_household') as declared
            from fact where fact_name in ('known_income_head', 'declared_income_household') group by all
        ),
        counted as (
            select household_id,
                least(sum(formal), 2) as formal, max(farming) as farming, least(sum(is_worker), 3) as workers,
                least(sum(is_child), 2) as children, least(sum(is_elder), 2) as elderly,
                case when sum((disability = 2)::bigint) >= 2 then 3 else max(disability) end as disability,
                max(illness) as illness, sum(spent) as spent, max(monitored) as monitored, max(house) as house,
                max(student) as students, max(jobless) as jobless, max(difficult) as difficult,
                max((struck >= {year_ago})::bigint) as struck, max(rents) as rents, sum(is_grown) as grown
            from said group by household_id
        )
        select h.household_id, least(h.person_count, 6) as size, {band("o.known", INCOME_BANDS)} as income,
            {band("o.declared", INCOME_BANDS)} as declared, c.formal::bigint as formal, c.farming, c.workers::bigint as workers,
            c.children::bigint as children, c.elderly::bigint as elderly, c.disability::bigint as disability, c.illness,
            {band("coalesce(c.spent, 0)", BURDEN_BANDS)} as burden, c.monitored::bigint as monitored, c.house::bigint as house, c.students, c.jobless, c.difficult,
            coalesce(c.struck, 0) as struck, c.rents, coalesce(h.is_rural::bigint, -1) as rural,
            (c.grown = 1 and c.children > 0)::bigint as lone_parent
        from household h join counted c using (household_id) left join own o using (household_id)
    """


def member_facts() -> str:
    """Each member's facts side by side; somebody nothing is known about still counts as a member, with no income at all."""
    return f"""
        with seen as (
            select unit_id as person_id,
                max((fact_name in ('wage', 'employee_insured') or (fact_name = 'pension' and text_value = 'employee'))::bigint) as formal,
                max((fact_name = 'land_subsidy')::bigint) as farming,
                max((fact_name = 'age' and number_value >= 18 and number_value < 60)::bigint) as is_worker,
                max((fact_name = 'age' and number_value < 16)::bigint) as is_child,
                max((fact_name = 'age' and number_value >= 60)::bigint) as is_elder,
                max((fact_name = 'age' and number_value >= 18)::bigint) as is_grown,
                max(case when fact_name = 'disability' and number_value = 1 then
                    case when text_value[3] in ('1', '2') or text_value in ('5-3', '6-3') then 2 else 1 end else 0 end) as disability,
                max((fact_name = 'severe_illness' and number_value >= 2)::bigint) as illness,
                sum(number_value::decimal(14,2)) filter (where fact_name in ('own_medical', 'medical_aid')) as spent,
                max(case when fact_name <> 'monitored' then 0 when number_value = 0 then 1
                    when text_value = 'unstable' then 2 when text_value = 'verge' then 3 else 4 end) as monitored,
                max(case when fact_name = 'house_grade' then
                    case text_value when 'D' then 3 when 'C' then 2 else 1 end else 0 end) as house,
                max((fact_name = 'student' and text_value in ('senior', 'vocational', 'university'))::bigint) as student,
                max((fact_name = 'unemployed')::bigint) as jobless,
                max((fact_name = 'worker_in_difficulty')::bigint) as difficult,
                max(date_value) filter (where fact_name = 'disaster') as struck,
                max((fact_name = 'public_rental')::bigint) as rents
            from fact where unit = 'person' and fact_name in ({literals(TELLING)}) group by unit_id
        )
        select m.household_id, m.person_id, {", ".join(f"coalesce({word}, 0) as {word}" for word in COUNTED)}, spent, struck
        from household_member m left join seen using (person_id)
    """


@stage(reads=(FACT, HOUSEHOLD_MEMBER, RELATIVE), writes=PERSON_TRAIT)
def describe_persons() -> str:
    """One person in the few words by which those served are told apart, beside the household's."""
    return f"""
        with own as (
            select unit_id as person_id,
                max(number_value) filter (where fact_name = 'age') as age,
                max(case when text_value[3] = '1' then 4 when text_value[3] = '2' then 3 when text_value in ('5-3', '6-3') then 2
                    else 1 end) filter (where fact_name = 'disability' and number_value = 1) as disability,
                max((fact_name = 'severe_illness' and number_value >= 2)::bigint) as illness,
                sum(number_value::decimal(14,2)) filter (where fact_name in {INCOMES}) as income
            from fact where fact_name in ('age', 'disability', 'severe_illness', 'wage', 'pension', 'unemployment_benefit', 'land_subsidy')
            group by unit_id
        ),
        kin as ({kin_states()})
        select m.person_id, m.household_id, {band("o.age", AGE_BANDS)} as age_band, coalesce(o.disability, 0) as own_disability,
            coalesce(o.illness, 0) as own_illness, {band("o.income", INCOME_BANDS)} as own_income,
            coalesce(k.spouse_able, 0) as spouse_able, coalesce(k.child_able, 0) as child_able,
            least(coalesce(k.parents_known, 0), 2) as parents_known, least(coalesce(k.parents_dead, 0), 2) as parents_dead,
            least(coalesce(k.parents_listed, 0), 2) as parents_listed, least(coalesce(k.parents_active, 0), 2) as parents_active,
            coalesce(k.with_parent, 0) as with_parent
        from household_member m left join own o using (person_id) left join kin k using (person_id)
    """


def kin_states() -> str:
    """What is known about spouse, grown children and parents, and whether a parent is in the same household."""
    return """
        select r.person_id,
            max(case when r.relation = 'spouse' and r.state <> 'dead' then case r.state when 'active' then 2 else 1 end else 0 end) as spouse_able,
            max(case when r.relation = 'child' and r.state <> 'dead' then case r.state when 'active' then 2 else 1 end else 0 end) as child_able,
            count(*) filter (where r.relation in ('father', 'mother')) as parents_known,
            count(*) filter (where r.relation in ('father', 'mother') and r.state = 'dead') as parents_dead,
            count(*) filter (where r.relation in ('father', 'mother') and r.state = 'listed') as parents_listed,
            count(*) filter (where r.relation in ('father', 'mother') and r.state = 'active') as parents_active,
            max((r.relation in ('father', 'mother') and h.household_id = m.household_id)::bigint) as with_parent
        from relative r join household_member m using (person_id)
        left join household_member h on h.person_id = r.relative_id
        group by r.person_id
    """
