"""Every fact rules may read: what it says, how long it stays fresh, and whether it may exclude anybody.

A fact excludes only if its link passes the stricter bar, it is in date, and it covers the period the rules ask about.
That is decided here, once, for facts read from records and for facts worked out from them alike.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from matchers.eligibility.readings import readings, settlements
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import EXCLUDING_LINK, FACT
from schemas.links import PERSON_RECORD
from schemas.people import PERSON
from schemas.records import STD_RECORD
from schemas.screening import CHOSEN_FACT, DERIVED_FACT, PERSON_FACT, SOURCE_DATE


@dataclass(frozen=True)
class FactDefinition:
    """One fact. `fresh_days`: older statements only raise a question; null where age does not matter.

    `covers_period` false: the fact speaks of a shorter time than the rules ask about, so it never excludes.
    """

    name: str
    description: str
    fresh_days: int | None = None
    covers_period: bool = True


FACTS = (
    FactDefinition("age", "completed years on the day; sure where the citizen number gives the birth date"),
    FactDefinition("registered_here", "1 where the household registration stands in this county, 0 where it ended", 62),
    FactDefinition("member_registered_here", "1 where any member is registered here", 62),
    FactDefinition("deceased", "a cremation, or a registration cancelled"),
    FactDefinition("disability", "type and level of a certificate as 6-3; 1 while it is valid", 62),
    FactDefinition("student", "stage of study; 1 where school aid is received, 0 where the school says it is not", 186),
    FactDefinition("employee_insured", "in the medical insurance of employees", 62),
    # The base of this month's contribution is not twelve months of pay.
    FactDefinition("wage", "monthly base of an employer's contribution paid in the last three months", 62, False),
    FactDefinition(
        "pension",
        "pension less the exempt basic pension, by the month over the twelve months, of which some may lie before it began",
        62,
    ),
    FactDefinition("unemployment_benefit", "monthly benefit while registered as unemployed", 62, False),
    FactDefinition("land_subsidy", "land subsidy of the year, by the month", 730),
    # The anti-relapse file does not say which year its incomes are of, so they may be of one before the last twelve months.
    FactDefinition(
        "declared_income_head", "net income per head of the whole household, by the month, as declared", 366, False
    ),
    FactDefinition("declared_wages", "wages of the household in a year, as declared", 366),
    FactDefinition("declared_business", "business income of the household in a year less its cost, as declared", 366),
    FactDefinition("declared_property", "income of the household from property in a year, as declared", 366),
    FactDefinition("declared_transfers", "pensions, support and the like of the household in a year, as declared", 366),
    FactDefinition("unemployed", "registered as unemployed", 62),
    FactDefinition("monitored", "anti-relapse class; 1 while the risk is not removed", 366),
    FactDefinition("house_grade", "grade of the house and the year it was assessed", 1100),
    FactDefinition("house_repair", "the house stands in a plan of repair, or is repaired", 1100),
    FactDefinition("house_state", "worst grade of the household's house; 1 where its repair is planned", 1100),
    FactDefinition("public_rental", "tenant of public housing", 62),
    FactDefinition("worker_in_difficulty", "on the union's file of workers in difficulty", 366),
    FactDefinition(
        "detained", "in custody, prison or compulsory drug treatment, for a term of six months or longer", 62
    ),
    FactDefinition("disaster", "loss in a disaster of the last twelve months", 366),
    FactDefinition("recognised_tier", "tier in which civil affairs has recognised the family", 366),
    FactDefinition("own_medical", "own medical spending of twelve months, reversals netted, after all insurance"),
    FactDefinition("medical_aid", "medical aid of the same months, which only the recognised get"),
    FactDefinition(
        "severe_illness",
        "settlements for an illness on the area's list, reversals netted; a single one may be a suspicion",
    ),
    FactDefinition("contribution_gap", "months since the last contribution of an employer, up to twelve", 62),
    FactDefinition("divorced", "a divorce of the last twelve months", 366),
    FactDefinition("left_roll", "months since a roll of the last twelve months ended", 62),
    FactDefinition("insured_identity", "identity the premium of the medical insurance is paid for", 62),
    FactDefinition("parents_state", "state of each parent, as able+dead; worst known"),
    FactDefinition(
        "supporters_state", "able where a spouse, grown child or minor's parent is known to be able to support"
    ),
    FactDefinition(
        "income_head_floor", "known income per head that may exclude, over the widest household: at least this much"
    ),
    FactDefinition(
        "known_income_head",
        "known income per head of the household, weak links included: at least this much",
        None,
        False,
    ),
    FactDefinition(
        "declared_income_household", "declared net income per head of the monitored household, by the month", 366
    ),
    FactDefinition(
        "declared_income_least",
        "the same after all own medical spending, any of which might be deducted",
        366,
    ),
    FactDefinition("assistance_identity", "highest identity held, own or the family's, by which other help goes", 62),
    FactDefinition(
        "own_medical_class", "own medical spending of twelve months, with the class of medical aid", None, False
    ),
    FactDefinition("strain", "something known of the household that often goes with need", None, False),
    FactDefinition("rigid_spending", "known own medical spending of the household in twelve months", None, False),
    FactDefinition("rigid_share", "known rigid spending over declared income, at least", 366, False),
    FactDefinition("emergency", "what befell the household last, and when", 366),
    FactDefinition("household_disaster", "last disaster that struck the household", 366),
    FactDefinition("household_tier", "tier in which civil affairs has recognised a member's family", 366),
    FactDefinition("extreme_difficulty_share", "share of the household's members on the roll of extreme difficulty"),
    FactDefinition("receives_subsistence_allowance", "the person's family receives subsistence allowance", 62),
    FactDefinition("receives_single_person_allowance", "the person receives single-person allowance", 62),
    FactDefinition("receives_extreme_difficulty", "the person is on the roll of extreme difficulty", 62),
    FactDefinition("receives_disability_living_subsidy", "the person receives the living subsidy", 62),
    FactDefinition("receives_disability_nursing_subsidy", "the person receives the nursing subsidy", 62),
    FactDefinition("receives_unattended_child", "the child is paid as de-facto unattended", 62),
    FactDefinition("receives_verge_family", "the person's family is recognised as verge", 62),
    FactDefinition("receives_rigid_expenditure_family", "the family is recognised for rigid expenditure", 62),
    FactDefinition("receives_education_aid", "the school has the student down as aided", 186),
    FactDefinition("receives_housing_aid", "tenant of public housing", 62),
    FactDefinition("receives_orphan_allowance", "the child is paid as an orphan", 62),
    FactDefinition("receives_old_age_allowance", "the person receives the old-age allowance", 62),
)
FACT_NAMES = frozenset(definition.name for definition in FACTS)


def may_exclude(day: datetime.date, name: str, as_of: str, certain: str) -> str:
    """Return the one condition under which a fact may exclude: link, date and period. All else is a question.

    `name`, `as_of` and `certain` are SQL over a row that has a link_probability.
    """
    lasting = [fact for fact in FACTS if fact.covers_period]
    cases = " ".join(f"when {literal(fact.name)} then {in_date(fact, day, as_of)}" for fact in lasting)
    return f"((link_probability >= {EXCLUDING_LINK} or {certain}) and case {name} {cases} else false end)"


def in_date(fact: FactDefinition, day: datetime.date, as_of: str) -> str:
    """Return the condition under which a statement of this fact is fresh enough."""
    if fact.fresh_days is None:
        return "true"
    return f"{as_of} >= {literal(day - datetime.timedelta(days=fact.fresh_days))}"


@stage(reads=(STD_RECORD,), writes=SOURCE_DATE)
def date_sources(day: datetime.date) -> str:
    """One source and the newest day it speaks of, never after the day rules are read on."""
    return f"select source_id, least(max(as_of_date), {literal(day)}) as as_of_date from std_record group by source_id"


@stage(reads=(PERSON_RECORD, SOURCE_DATE, PERSON), writes=PERSON_FACT)
def read_person_facts(day: datetime.date, severe_codes: tuple[str, ...]) -> str:
    """One thing one record says about one person, with what it may decide; of repeated statements the surest."""
    selects = [reading.select() for reading in readings(day)] + [settlements(day, severe_codes)]
    said = " union all ".join(f"({select})" for select in selects)
    key = "unit_id, fact_name, source_id, detail"
    # A hash of the key finds what may be repeated; whatever shares one is looked at by its whole key.
    best = "link_probability desc, date_value desc nulls last, number_value desc nulls last, record_id, text_value"
    return f"""
        with said as materialized (select *, hash({key}) as keyed from ({said})),
        repeated as (select keyed from said group by keyed having count(*) > 1),
        told as (
            select * from said anti join repeated using (keyed)
            union all
            select * from said semi join repeated using (keyed)
            qualify row_number() over (partition by {key} order by {best}) = 1
        )
        select t.unit_id, t.fact_name, t.number_value, t.text_value, t.date_value, t.source_id, t.detail, s.as_of_date,
            t.link_probability, {may_exclude(day, "t.fact_name", "s.as_of_date", "t.is_certain")} as can_exclude, t.record_id
        from told t join source_date s using (source_id)
        union all
        {ages(day)}
    """


def ages(day: datetime.date) -> str:
    """Return the age of everybody whose birth date is known; sure where the citizen number gives it."""
    turned = f"(month(birth_date) * 100 + day(birth_date) <= {day.month * 100 + day.day})"
    return f"""
        select unit_id, 'age', age::double, null, birth_date, 'derived', '', {literal(day)}, link_probability,
            {may_exclude(day, literal("age"), literal(day), "false")}, unit_id
        from (
            select person_id as unit_id, birth_date, case when national_id is not null then 1.0 else link_probability end as link_probability,
                {day.year} - year(birth_date) - case when {turned} then 0 else 1 end as age
            from person where birth_date is not null
        )
    """


@stage(reads=(PERSON_FACT, DERIVED_FACT), writes=FACT)
def state_facts() -> str:
    """One thing a source says about one person or household, with its date and how sure the link is, fact by fact.

    A fact is a number while they are sorted: names that begin alike take longest to tell apart.
    """
    number = f"list_position([{literals(fact.name for fact in FACTS)}], fact_name)::utinyint"
    return f"""
        select * from (
        select 'person' as unit, unit_id, fact_name, number_value, text_value, date_value, source_id, detail, as_of_date,
            link_probability, can_exclude, case when source_id <> 'derived' then record_id end as record_id
        from person_fact
        union all
        select unit, unit_id, fact_name, number_value, text_value, date_value, source_id, detail, as_of_date,
            link_probability, can_exclude, record_id
        from derived_fact
        )
        order by {number}, unit_id, unit, source_id, detail
    """


@stage(reads=(FACT,), writes=CHOSEN_FACT)
def choose_facts(names: tuple[str, ...]) -> str:
    """One unit and fact some rule reads: the statement that may decide most, then the surest, the newest, the largest."""
    best = """
        can_exclude desc, case when fact_name = 'disability' then number_value end desc nulls last, link_probability desc,
        as_of_date desc, number_value desc nulls last, text_value, source_id, detail
    """
    return f"""
        with named as (select * from fact where fact_name in ({literals(names)})),
        -- What one source says of one kind of unit, without detail, it says once: most facts need not be looked through.
        various as (
            select fact_name from named group by fact_name
            having min(unit) <> max(unit) or min(source_id) <> max(source_id) or min(detail) <> max(detail)
        ),
        repeated as (
            select unit_id, fact_name from named where fact_name in (from various)
            group by unit_id, fact_name having count(*) > 1
        )
        select unit, unit_id, fact_name, number_value, text_value, date_value, source_id, detail, as_of_date,
            link_probability, can_exclude, record_id
        from (
            select * from named anti join repeated using (unit_id, fact_name)
            union all
            select * from named semi join repeated using (unit_id, fact_name)
            qualify row_number() over (partition by unit_id, fact_name order by {best}) = 1
        )
    """
