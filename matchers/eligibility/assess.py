"""Holds every unit against every criterion of its programmes: true, false, or what the data cannot say.

Here, and only here, an adverse answer is kept from excluding anybody unless its fact may exclude.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import groupby

from matchers.eligibility.criteria import Test
from matchers.eligibility.rules import Rule
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import EXCLUDING_LINK, FINDING
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.screening import ASSESSED_UNIT, CHOSEN_FACT

# What a finding keeps of the fact it rests on.
TRACED = ("source_id", "as_of_date", "link_probability", "record_id")


@stage(reads=(HOUSEHOLD, HOUSEHOLD_MEMBER, CHOSEN_FACT), writes=ASSESSED_UNIT)
def list_units(rules: tuple[Rule, ...], day: datetime.date) -> str:
    """One person or household that one programme looks at: everybody its universe does not rule out for certain."""
    programmes = groupby(rules, key=lambda rule: (rule.programme_id, rule.unit, rule.area))
    selects = (units_of(key, tuple(group), day) for key, group in programmes)
    return f"""
        with household_unit as materialized (
            select household_id as unit_id, household_id, area_code, is_rural from household
        ), person_unit as materialized (
            select m.person_id as unit_id, h.* exclude (unit_id) from household_member m join household_unit h using (household_id)
        )
        {" union all ".join(selects)}
    """


def units_of(key: tuple[str, str, str], rules: tuple[Rule, ...], day: datetime.date) -> str:
    """Return the units of one programme in one area."""
    programme_id, unit, area = key
    universe = [rule for rule in rules if rule.is_universe or rule.is_prompt]
    joins = " ".join(joined_facts(rule, f"f{place}") for place, rule in enumerate(universe))
    answers = "".join(f", {answers_of(rule, f'f{place}', day)}" for place, rule in enumerate(universe))
    needed = ("" if rule.is_prompt else "not false" for rule in universe)
    tests = " and ".join(["true", *(f"f{place}_met is {need or 'true'}" for place, need in enumerate(needed))])
    return f"""
        select {literal(programme_id)} as programme_id, {literal(unit)} as unit, unit_id, household_id, area_code, is_rural
        from (
            select u.unit_id, u.household_id, u.area_code, u.is_rural {answers}
            from (select * from {unit}_unit where area_code = {literal(area)}) u {joins}
        )
        where {tests}
    """


@stage(reads=(ASSESSED_UNIT, CHOSEN_FACT), writes=FINDING)
def assess(rules: tuple[Rule, ...], day: datetime.date) -> str:
    """One person or household against one criterion of one programme, in the order of the key.

    A rule is a number until the findings are sorted: its words are much longer than all that is found.
    """
    numbered = sorted(rules, key=lambda rule: (rule.programme_id, rule.criterion.name, rule.area))
    programmes = sorted({rule.programme_id for rule in rules})
    found = (
        f"select {programmes.index(rule.programme_id)}::smallint as programme, {number}::smallint as rule, * "
        f"from ({findings_of(rule, day)})"
        for number, rule in enumerate(numbered, start=1)
    )
    return f"""
        select {of_rule(rule.programme_id for rule in numbered)} as programme_id, {of_rule(rule.unit for rule in numbered)} as unit,
            unit_id, {of_rule(rule.criterion.name for rule in numbered)} as criterion,
            {of_rule(rule.effect for rule in numbered)} as effect, is_met, observed,
            {of_rule(rule.limit_text or None for rule in numbered)}::varchar as limit_applied,
            {of_rule(rule.authority for rule in numbered)} as authority, source_id, as_of_date, link_probability, record_id,
            {of_rule(rule.is_confirmed for rule in numbered)} as is_confirmed, favour_probability, doubted_record_id,
            doubted_probability
        from ({" union all ".join(found)} order by programme, unit_id, rule)
    """


def of_rule(words: Iterable[str | bool | None]) -> str:
    """Return SQL for what the rules say, by the rule's number."""
    return f"[{literals(words)}][rule]"


def findings_of(rule: Rule, day: datetime.date) -> str:
    """Return the findings of one rule: the test that answers decides, an adverse one that may not be said leaves a doubt."""
    if not rule.criterion.tests:
        return questions_of(rule)
    facts = [f"f_{n}" for n in range(len(rule.criterion.tests))]
    seen = ", ".join(
        f"{filled(test.observed, fact, rule, day)} as {fact}_seen"
        for test, fact in zip(rule.criterion.tests, facts, strict=True)
    )
    favourable = literal(rule.effect == "requires")
    decides, doubts = "{0}_says is not null", f"{{0}}_raw <> {favourable} and {{0}}_says is null"
    link, doubtful = of_first(facts, decides, "link_probability"), of_first(facts, doubts, "link_probability")
    return f"""
        select unit_id, f_met as is_met,
            coalesce({of_first(facts, decides, "seen")}, {", ".join(f"{fact}_seen" for fact in facts)}) as observed,
            {of_first(facts, decides, "source_id")} as source_id,
            {of_first(facts, decides, "as_of_date")} as as_of_date, link_probability,
            {of_first(facts, decides, "record_id")} as record_id,
            case when f_met = {favourable} then coalesce(link_probability, 1) when f_met is not null then 0
                when is_doubted then 1 - doubted_link end::double as favour_probability,
            case when is_doubted then {of_first(facts, doubts, "record_id")}
                when link_probability < {EXCLUDING_LINK} then {of_first(facts, decides, "record_id")} end as doubted_record_id,
            case when is_doubted then doubted_link when link_probability < {EXCLUDING_LINK} then link_probability end
                as doubted_probability
        from (
            select *, {link} as link_probability, {doubtful} as doubted_link,
                coalesce({" or ".join(f"({doubts.format(fact)})" for fact in facts)}, false) as is_doubted
            from (
                select u.unit_id, {seen}, {answers_of(rule, "f", day)},
                    {", ".join(f"{fact}.{name} as {fact}_{name}" for fact in facts for name in TRACED)}
                from assessed_unit u {joined_facts(rule, "f")}
                where u.programme_id = {literal(rule.programme_id)} and u.area_code = {literal(rule.area)}
            )
        )
    """


def questions_of(rule: Rule) -> str:
    """Return the findings of a rule no fact can answer: unknown for everybody."""
    return f"""
        select unit_id, null::boolean as is_met, null::varchar as observed, null::varchar as source_id, null::date as as_of_date,
            null::double as link_probability, null::varchar as record_id, null::double as favour_probability,
            null::varchar as doubted_record_id, null::double as doubted_probability
        from assessed_unit
        where programme_id = {literal(rule.programme_id)} and area_code = {literal(rule.area)}
    """


def of_first(facts: list[str], condition: str, column: str) -> str:
    """Return a column of the first fact for which a condition over its name holds; null where none does."""
    return f"case {' '.join(f'when {condition.format(fact)} then {fact}_{column}' for fact in facts)} end"


def answers_of(rule: Rule, name: str, day: datetime.date) -> str:
    """Return what each test says as it stands (`_raw`), what of it may be said (`_says`), and the answer (`_met`).

    An adverse answer may be said only where its fact may exclude and every other test of the rule could have spoken for
    the unit; where no fact is there at all, silence answers.
    """
    facts = [f"{name}_{n}" for n in range(len(rule.criterion.tests))]
    favourable = literal(rule.effect == "requires")
    raw = [
        f"case when {fact}.unit_id is not null then ({filled(test.met, fact, rule, day)}) end as {fact}_raw"
        for test, fact in zip(rule.criterion.tests, facts, strict=True)
    ]
    says = [
        f"case when {fact}_raw = {favourable} or ({fact}.can_exclude and {literal(was_answered(rule, test))}) "
        f"then {fact}_raw end as {fact}_says"
        for test, fact in zip(rule.criterion.tests, facts, strict=True)
    ]
    silence = " and ".join(f"{fact}.unit_id is null" for fact in facts)
    silent = f"case when {silence} then {literal(rule.criterion.absent)}::boolean end"
    said = ", ".join(f"{fact}_says" for fact in facts)
    return ", ".join([*raw, *says, f"coalesce({said}, {silent}) as {name}_met"])


def was_answered(rule: Rule, test: Test) -> bool:
    """Return whether everything but the test itself that might have spoken for a unit was heard."""
    return not rule.unheard & {other.fact for other in rule.criterion.tests if other is not test}


def joined_facts(rule: Rule, name: str) -> str:
    """Return the joins that bring the facts a rule's tests read."""
    return " ".join(
        f"""left join chosen_fact {name}_{n} on {name}_{n}.fact_name = {literal(test.fact)} and {name}_{n}.unit_id =
            u.{"household_id" if test.about == "household" else "unit_id"}"""
        for n, test in enumerate(rule.criterion.tests)
    )


def filled(expression: str, fact: str, rule: Rule, day: datetime.date) -> str:
    """Return a criterion's SQL with fact, limit and day in their places."""
    return expression.format(f=fact, limit=rule.limit.format(f=fact), day=literal(day))
