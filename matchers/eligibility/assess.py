"""Holds every unit against every criterion of its programmes: true, false, or what the data cannot say.

Here, and only here, an adverse answer is kept from excluding anybody unless its fact may exclude.
"""

from __future__ import annotations

import datetime
from itertools import groupby

from matchers.eligibility.criteria import Test
from matchers.eligibility.rules import Rule
from matchers.sql import literal
from matchers.stage import stage
from schemas.findings import FINDING
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.screening import ASSESSED_UNIT, ASSESSMENT, CHOSEN_FACT


@stage(reads=(HOUSEHOLD, HOUSEHOLD_MEMBER, CHOSEN_FACT), writes=ASSESSED_UNIT)
def list_units(rules: tuple[Rule, ...], day: datetime.date) -> str:
    """One person or household that one programme looks at: everybody its universe does not rule out for certain."""
    programmes = groupby(rules, key=lambda rule: (rule.programme_id, rule.unit, rule.area))
    selects = (units_of(key, tuple(group), day) for key, group in programmes)
    return " union all ".join(selects)


def units_of(key: tuple[str, str, str], rules: tuple[Rule, ...], day: datetime.date) -> str:
    """Return the units of one programme in one area."""
    programme_id, unit, area = key
    members = "household_member m join household h using (household_id)" if unit == "person" else "household h"
    unit_id = "m.person_id" if unit == "person" else "h.household_id"
    universe = [rule for rule in rules if rule.is_universe]
    joins = " ".join(joined_facts(rule, place, "u") for place, rule in enumerate(universe))
    tests = " and ".join(
        ["true", *(f"{verdict(rule, place, day)} is not false" for place, rule in enumerate(universe))]
    )
    return f"""
        select {literal(programme_id)} as programme_id, {literal(unit)} as unit, u.unit_id, u.household_id, u.area_code, u.is_rural
        from (
            select {unit_id} as unit_id, h.household_id, h.area_code, h.is_rural from {members}
            where h.area_code = {literal(area)}
        ) u {joins}
        where {tests}
    """


@stage(reads=(ASSESSED_UNIT, CHOSEN_FACT), writes=ASSESSMENT)
def assess(rules: tuple[Rule, ...], day: datetime.date) -> str:
    """One finding with the chance that the criterion speaks for the unit."""
    return " union all ".join(findings_of(rule, day) for rule in rules)


def findings_of(rule: Rule, day: datetime.date) -> str:
    """Return the findings of one rule."""
    tests = rule.criterion.tests
    answers = [answer(rule, test, f"f0_{n}", day) for n, test in enumerate(tests)]
    seen = "coalesce(" + ", ".join(filled(test.observed, f"f0_{n}", rule, day) for n, test in enumerate(tests)) + ")"
    doubt = doubtful(rule, day)
    return f"""
        select programme_id, unit, unit_id, criterion, effect, is_met, observed, limit_applied, authority, source_id,
            as_of_date, link_probability, record_id, is_confirmed,
            case when is_met = ({literal(rule.effect)} = 'requires') then coalesce(link_probability, 1)
                when is_met is not null then 0 when doubted is not null then 1 - doubted.link_probability
            end as favour_probability,
            case when doubted is not null then doubted.record_id
                when is_met is not null and link_probability < 0.999 then record_id end as doubted_record_id,
            case when doubted is not null then doubted.link_probability
                when is_met is not null and link_probability < 0.999 then link_probability end as doubted_probability
        from (
            select u.programme_id, u.unit, u.unit_id, {literal(rule.criterion.name)} as criterion,
                {literal(rule.effect)} as effect, {verdict(rule, 0, day)} as is_met, {seen} as observed,
                {literal(rule.limit_text or None)}::varchar as limit_applied, {literal(rule.authority)} as authority,
                {decided(answers, "source_id")} as source_id, {decided(answers, "as_of_date")} as as_of_date,
                {decided(answers, "link_probability")} as link_probability, {decided(answers, "record_id")} as record_id,
                {literal(rule.is_confirmed)} as is_confirmed, {doubt} as doubted
            from assessed_unit u {joined_facts(rule, 0, "u")}
            where u.programme_id = {literal(rule.programme_id)} and u.area_code = {literal(rule.area)}
        )
    """


def decided(answers: list[str], column: str) -> str:
    """Return a column of the fact whose test answered first; null where none did."""
    cases = " ".join(f"when {said} is not null then f0_{n}.{column}" for n, said in enumerate(answers))
    return f"case {cases} end"


def joined_facts(rule: Rule, place: int, unit: str) -> str:
    """Return the joins that bring the facts a rule's tests read."""
    return " ".join(
        f"""left join chosen_fact f{place}_{n} on f{place}_{n}.fact_name = {literal(test.fact)} and f{place}_{n}.unit_id =
            {unit}.{"household_id" if test.about == "household" else "unit_id"}"""
        for n, test in enumerate(rule.criterion.tests)
    )


def filled(expression: str, fact: str, rule: Rule, day: datetime.date) -> str:
    """Return a criterion's SQL with fact, limit and day in their places."""
    return expression.format(f=fact, limit=rule.limit, day=literal(day))


def answer(rule: Rule, test: Test, fact: str, day: datetime.date) -> str:
    """Return what one test says; an adverse answer stands only where its fact may exclude."""
    met = filled(test.met, fact, rule, day)
    adverse = "false" if rule.effect == "requires" else "true"
    return f"case when {fact}.unit_id is not null and (({met}) is distinct from {adverse} or {fact}.can_exclude) then ({met}) end"


def verdict(rule: Rule, place: int, day: datetime.date) -> str:
    """Return what the first test that answers says, or what silence of all means."""
    facts = [f"f{place}_{n}" for n in range(len(rule.criterion.tests))]
    answers = [answer(rule, test, fact, day) for test, fact in zip(rule.criterion.tests, facts, strict=True)]
    silence = " and ".join(f"{fact}.unit_id is null" for fact in facts)
    return f"coalesce({', '.join(answers)}, case when {silence} then {literal(rule.criterion.absent)}::boolean end)"


def doubtful(rule: Rule, day: datetime.date) -> str:
    """Return the fact that would speak against the unit if its link, date or period were good enough."""
    adverse = "false" if rule.effect == "requires" else "true"
    cases = " ".join(
        f"when ({filled(test.met, f'f0_{n}', rule, day)}) = {adverse} and not f0_{n}.can_exclude then "
        f"{{'link_probability': f0_{n}.link_probability, 'record_id': f0_{n}.record_id}}"
        for n, test in enumerate(rule.criterion.tests)
    )
    return f"case {cases} end"


@stage(reads=(ASSESSMENT,), writes=FINDING)
def state_findings() -> str:
    """One person or household against one criterion of one programme."""
    return """
        select programme_id, unit, unit_id, criterion, effect, is_met, observed, limit_applied, authority, source_id,
            as_of_date, link_probability, record_id, is_confirmed
        from assessment
    """
