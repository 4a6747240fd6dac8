"""Who is in a watched state now and who was a month before: one pass over the facts of each month.

`fact_before`, `household_member_before` and `person_event` are the month before and what became of its person ids.
"""

from __future__ import annotations

from matchers.indicators.rules import Bound
from matchers.indicators.states import BURDEN, State
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.indicator import STANDINGS
from schemas.signals import EARNER, OBSERVED, OBSERVED_BEFORE, STANDING

Reading = tuple[tuple[State, Bound], ...]
# Below this, a line on a roll is more likely another's than the person's own.
LIKELY = 0.5
# What somebody is known to live on; the rest is not known.
INCOMES = ("wage", "pension", "unemployment_benefit")
ENDINGS = ("deceased", "unemployed")
OWN_STANDING = (
    ("receives_extreme_difficulty", "extreme_difficulty"),
    ("receives_subsistence_allowance", "subsistence_allowance"),
    ("receives_single_person_allowance", "single_person_allowance"),
    ("left_roll", "left"),
    ("monitored", "monitored"),
)


@stage(reads=(FACT, HOUSEHOLD_MEMBER), writes=STANDING)
def find_standings() -> str:
    """One person who is helped, was until lately, or is monitored; of several standings the first in order."""
    places: dict[str, int] = {standing: place for place, standing in enumerate(STANDINGS, start=1)}
    own = " ".join(f"when {literal(fact)} then {places[standing]}" for fact, standing in OWN_STANDING)
    return f"""
        with stood as (
            select unit_id as person_id, case fact_name {own} end as place
            from fact
            where unit = 'person' and fact_name in ({literals(fact for fact, _ in OWN_STANDING)})
                and link_probability >= {LIKELY} and (fact_name <> 'monitored' or number_value = 1)
            union all
            select m.person_id, case f.text_value when 'subsistence_allowance' then {places["subsistence_allowance"]}
                when 'rigid_expenditure_family' then {places["rigid_expenditure_family"]} else {places["verge_family"]} end
            from fact f join household_member m on m.household_id = f.unit_id
            where f.fact_name = 'household_tier' and f.link_probability >= {LIKELY}
        )
        select person_id, [{literals(STANDINGS)}][min(place)] as standing from stood group by person_id
    """


@stage(reads=(FACT, HOUSEHOLD, HOUSEHOLD_MEMBER), writes=OBSERVED)
def observe(reading: Reading) -> str:
    """One person or household in a state some indicator watches, as the surest source says."""
    best = "can_exclude desc, link_probability desc, as_of_date desc, number_value desc nulls last, text_value, source_id, detail"
    return f"""
        with seen as ({seen(reading, "")})
        select unit_id, fact_name, number_value, text_value, date_value, source_id, as_of_date, link_probability, record_id
        from seen qualify row_number() over (partition by unit_id, fact_name order by {best}) = 1
    """


@stage(reads=(FACT, HOUSEHOLD, HOUSEHOLD_MEMBER), writes=OBSERVED_BEFORE)
def observe_before(reading: Reading) -> str:
    """The same a month before, under the ids of this month; where two persons became one, the larger value."""
    return f"""
        with seen as ({seen(reading, "_before")}),
        became as (
            select person_id as before, other_person_id as now from person_event where event = 'merged'
            union all select other_person_id, person_id from person_event where event = 'split'
        ),
        named as (
            select * from seen
            union all
            select s.* replace (b.now as unit_id) from seen s join became b on b.before = s.unit_id
        )
        select unit_id, fact_name, number_value, text_value, date_value from named
        qualify row_number() over (
            partition by unit_id, fact_name order by number_value desc nulls last, text_value, source_id, detail
        ) = 1
    """


def seen(reading: Reading, month: str) -> str:
    """Return the facts of a month by which somebody is in any watched state, under any area's limit."""
    tests: dict[str, dict[str, None]] = {}
    for state, bound in reading:
        for limit in limits(bound):
            tests.setdefault(state.fact, {})[state.holds.format(f="f", limit=limit)] = None
    cases = " ".join(f"when {literal(fact)} then {' or '.join(held)}" for fact, held in tests.items() if fact != BURDEN)
    columns = (
        "unit_id, fact_name, number_value, text_value, date_value, source_id, detail, as_of_date, link_probability, "
        "can_exclude, record_id"
    )
    burdens = " or ".join(tests.get(BURDEN) or ["false"])
    return f"""
        select {columns} from fact{month} f where case fact_name when '' then false {cases} else false end
        union all
        select {columns} from ({medical_burdens(month)}) f where {burdens}
    """


def limits(bound: Bound) -> tuple[str, ...]:
    """Return a limit as SQL: one figure, one per kind of place, a list, or none."""
    if bound.codes is not None:
        return (f"[{literals(bound.codes)}]",)
    return tuple(dict.fromkeys((literal(bound.rural), literal(bound.urban))))


def medical_burdens(month: str) -> str:
    """Own medical spending of a household over its income of the same year, where all of its income was declared."""
    return f"""
        select m.household_id as unit_id, {literal(BURDEN)} as fact_name,
            round((sum(s.number_value::decimal(14,2)) / max(i.income))::double, 4) as number_value, null::varchar as text_value,
            null::date as date_value, 'medical_settlement' as source_id, '' as detail, min(s.as_of_date) as as_of_date,
            least(min(s.link_probability), min(i.link_probability)) as link_probability, false as can_exclude,
            min(i.record_id) as record_id
        from (
            select unit_id as household_id, (max(number_value)::decimal(14,2) * 12 * count_of) as income,
                min(link_probability) as link_probability, min(record_id) as record_id
            from fact{month} f join (select household_id, count(*) as count_of from household_member{month} group by all) c
                on c.household_id = f.unit_id
            where f.fact_name = 'declared_income_household' and f.number_value > 0 group by unit_id, count_of
        ) i
        join household_member{month} m using (household_id)
        join fact{month} s on s.unit_id = m.person_id and s.fact_name = 'own_medical'
        group by m.household_id
    """


@stage(reads=(OBSERVED,), writes=EARNER)
def weigh_earners() -> str:
    """One person whose work or life ended, with their part in what their household was known to live on."""
    return f"""
        with ended as (
            select distinct o.unit_id as person_id, m.household_id
            from observed o join household_member_before m on m.person_id = o.unit_id
            where o.fact_name in ({literals(ENDINGS)})
        ),
        income as (
            select m.household_id, m.person_id, sum(f.number_value::decimal(14,2)) as income
            from fact_before f join household_member_before m on m.person_id = f.unit_id
            where f.fact_name in ({literals(INCOMES)}) and m.household_id in (select household_id from ended)
            group by all
        )
        select e.person_id, e.household_id,
            round((coalesce(sum(i.income) filter (where i.person_id = e.person_id), 0) / nullif(sum(i.income), 0))::double, 6) as income_share
        from ended e left join income i using (household_id)
        group by e.person_id, e.household_id
    """
