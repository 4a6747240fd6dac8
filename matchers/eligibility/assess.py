"""Holds every unit against every criterion of its programmes: true, false, or what the data cannot say.

Here, and only here, an adverse answer is kept from excluding anybody unless its fact may exclude.
"""

from __future__ import annotations

import datetime
from itertools import groupby

from matchers.eligibility.facts import EXCLUDING_LINK
from matchers.eligibility.rules import Rule
from matchers.sql import literal
from matchers.stage import stage
from schemas.findings import FINDING
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.screening import ASSESSED_UNIT, CHOSEN_FACT


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
    joins = " ".join(joined_facts(rule, f"f{place}") for place, rule in enumerate(universe))
    answers = "".join(f", {answers_of(rule, f'f{place}', day)}" for place, rule in enumerate(universe))
    tests = " and ".join(["true", *(f"f{place}_met is not false" for place in range(len(universe)))])
    return f"""
        select {literal(programme_id)} as programme_id, {literal(unit)} as unit, unit_id, household_id, area_code, is_rural
        from (
            select u.unit_id, u.household_id, u.area_code, u.is_rural {answers}
            from (
                select {unit_id} as unit_id, h.household_id, h.area_code, h.is_rural from {members}
                where h.area_code = {literal(area)}
            ) u {joins}
        )
        where {tests}
    """


@stage(reads=(ASSESSED_UNIT, CHOSEN_FACT), writes=FINDING)
def assess(rules: tuple[Rule, ...], day: datetime.date) -> str:
    """One person or household against one criterion of one programme."""
    return " union all ".join(findings_of(rule, day) for rule in rules)


def findings_of(rule: Rule, day: datetime.date) -> str:
    """Return the findings of one rule."""
    facts = [f"f_{n}" for n in range(len(rule.criterion.tests))]
    seen = ", ".join(
        filled(test.observed, fact, rule, day) for test, fact in zip(rule.criterion.tests, facts, strict=True)
    )
    favourable = literal(rule.effect == "requires")
    return f"""
        select programme_id, unit, unit_id, {literal(rule.criterion.name)} as criterion, {literal(rule.effect)} as effect,
            f_met as is_met, observed, {literal(rule.limit_text or None)}::varchar as limit_applied,
            {literal(rule.authority)} as authority, decider.source_id as source_id, decider.as_of_date as as_of_date,
            decider.link_probability as link_probability, decider.record_id as record_id,
            {literal(rule.is_confirmed)} as is_confirmed,
            case when f_met = {favourable} then coalesce(decider.link_probability, 1) when f_met is not null then 0
                when doubter is not null then 1 - doubter.link_probability end::double as favour_probability,
            case when doubter is not null then doubter.record_id
                when decider.link_probability < {EXCLUDING_LINK} then decider.record_id end as doubted_record_id,
            case when doubter is not null then doubter.link_probability
                when decider.link_probability < {EXCLUDING_LINK} then decider.link_probability end as doubted_probability
        from (
            select u.programme_id, u.unit, u.unit_id, coalesce({seen}) as observed, {answers_of(rule, "f", day)},
                case {" ".join(f"when {fact}_says is not null then {fact}" for fact in facts)} end as decider,
                case {" ".join(f"when {fact}_raw <> {favourable} and {fact}_says is null then {fact}" for fact in facts)} end
                    as doubter
            from assessed_unit u {joined_facts(rule, "f")}
            where u.programme_id = {literal(rule.programme_id)} and u.area_code = {literal(rule.area)}
        )
    """


def answers_of(rule: Rule, name: str, day: datetime.date) -> str:
    """Return what each test says as it stands (`_raw`), what of it may be said (`_says`), and the answer (`_met`).

    An adverse answer may be said only where its fact may exclude; where no fact is there at all, silence answers.
    """
    facts = [f"{name}_{n}" for n in range(len(rule.criterion.tests))]
    favourable = literal(rule.effect == "requires")
    raw = [
        f"case when {fact}.unit_id is not null then ({filled(test.met, fact, rule, day)}) end as {fact}_raw"
        for test, fact in zip(rule.criterion.tests, facts, strict=True)
    ]
    says = [
        f"case when {fact}_raw = {favourable} or {fact}.can_exclude then {fact}_raw end as {fact}_says"
        for fact in facts
    ]
    silence = " and ".join(f"{fact}.unit_id is null" for fact in facts)
    silent = f"case when {silence} then {literal(rule.criterion.absent)}::boolean end"
    said = ", ".join(f"{fact}_says" for fact in facts)
    return ", ".join([*raw, *says, f"coalesce({said}, {silent}) as {name}_met"])


def joined_facts(rule: Rule, name: str) -> str:
    """Return the joins that bring the facts a rule's tests read."""
    return " ".join(
        f"""left join chosen_fact {name}_{n} on {name}_{n}.fact_name = {literal(test.fact)} and {name}_{n}.unit_id =
            u.{"household_id" if test.about == "household" else "unit_id"}"""
        for n, test in enumerate(rule.criterion.tests)
    )


def filled(expression: str, fact: str, rule: Rule, day: datetime.date) -> str:
    """Return a criterion's SQL with fact, limit and day in their places."""
    return expression.format(f=fact, limit=rule.limit, day=literal(day))
