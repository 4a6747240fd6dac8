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

# What a finding keeps of the fact it rests on, and what decides whether it may.
TRACED = ("source_id", "as_of_date", "link_probability", "record_id")
CARRIED = ("unit_id", "can_exclude", *TRACED)
# What a rule without tests finds: that nobody knows.
NOTHING = """
    is_met := null::boolean, observed := null::varchar, source_id := null::varchar, as_of_date := null::date,
    link_probability := null::double, record_id := null::varchar, is_doubted := false, doubted_record := null::varchar,
    doubted_link := null::double
"""
Numbered = tuple[int, Rule]
# A fact and the column of the unit by which it is found.
Read = tuple[str, str]


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
    universe = tuple((number, rule) for number, rule in enumerate(rules) if rule.is_universe or rule.is_prompt)
    needed = (
        f"({met(number, rule, facts_of(universe))}) is {'true' if rule.is_prompt else 'not false'}"
        for number, rule in universe
    )
    return f"""
        select {literal(programme_id)} as programme_id, {literal(unit)} as unit, unit_id, household_id, area_code, is_rural
        from ({answered(f"(select * from {unit}_unit where area_code = {literal(area)})", universe, day)})
        where {" and ".join(["true", *needed])}
    """


@stage(reads=(ASSESSED_UNIT, CHOSEN_FACT), writes=FINDING)
def assess(rules: tuple[Rule, ...], day: datetime.date) -> str:
    """One person or household against one criterion of one programme, in the order of the key.

    A unit's facts are brought together once per programme, and every criterion is answered from that row. A rule is a number
    until its findings are written: its words are much longer than all that is found.
    """
    numbered = sorted(rules, key=lambda rule: (rule.programme_id, rule.criterion.name, rule.area))
    programmes = groupby(enumerate(numbered, start=1), key=lambda each: each[1].programme_id)
    found = " union all ".join(findings_of(tuple(group), day) for _, group in programmes)
    return f"""
        select {of_rule(rule.programme_id for rule in numbered)} as programme_id, {of_rule(rule.unit for rule in numbered)} as unit,
            unit_id, {of_rule(rule.criterion.name for rule in numbered)} as criterion,
            {of_rule(rule.effect for rule in numbered)} as effect, is_met, observed,
            {of_rule(rule.limit_text or None for rule in numbered)}::varchar as limit_applied,
            {of_rule(rule.authority for rule in numbered)} as authority, source_id, as_of_date, link_probability, record_id,
            {of_rule(rule.is_confirmed for rule in numbered)} as is_confirmed,
            case when is_met = {of_rule(rule.effect == "requires" for rule in numbered)} then coalesce(link_probability, 1)
                when is_met is not null then 0 when is_doubted then 1 - doubted_link end::double as favour_probability,
            case when is_doubted then doubted_record when link_probability < {EXCLUDING_LINK} then record_id end as doubted_record_id,
            case when is_doubted then doubted_link when link_probability < {EXCLUDING_LINK} then link_probability end
                as doubted_probability
        from (select unit_id, unnest(found, recursive := true) from ({found}))
    """


def of_rule(words: Iterable[str | bool | None]) -> str:
    """Return SQL for what the rules say, by the rule's number."""
    return f"[{literals(words)}][rule]"


def findings_of(numbered: tuple[Numbered, ...], day: datetime.date) -> str:
    """Return each unit of one programme with the list of what its rules found, in the order of the units."""
    areas = sorted({rule.area for _, rule in numbered})
    selects = (findings_in(tuple(each for each in numbered if each[1].area == area), day) for area in areas)
    return f"(from ({' union all '.join(selects)}) order by unit_id)"


def findings_in(numbered: tuple[Numbered, ...], day: datetime.date) -> str:
    """Return each unit of one programme in one area with the list of what its rules found."""
    rule = numbered[0][1]
    units = (
        f"(from assessed_unit where programme_id = {literal(rule.programme_id)} and area_code = {literal(rule.area)})"
    )
    found = ", ".join(found_by(number, rule, facts_of(numbered)) for number, rule in numbered)
    return f"select unit_id, [{found}] as found from ({answered(units, numbered, day)})"


def found_by(number: int, rule: Rule, facts: dict[Read, str]) -> str:
    """Return what one rule found: the test that answers decides, an adverse one that may not be said leaves a doubt."""
    if not rule.criterion.tests:
        return f"struct_pack(rule := {number}::smallint, {NOTHING})"
    names = [(f"r{number}_{place}", facts[read_by(rule, test)]) for place, test in enumerate(rule.criterion.tests)]
    decides, doubts = "{0}_says is not null", f"{{0}}_raw <> {favourable(rule)} and {{0}}_says is null"
    traced = ", ".join(f"{column} := {of_first(names, decides, column)}" for column in TRACED)
    seen = ", ".join(f"{name}_seen" for name, _ in names)
    return f"""struct_pack(
        rule := {number}::smallint, is_met := {met(number, rule, facts)},
        observed := coalesce(case {" ".join(f"when {decides.format(name)} then {name}_seen" for name, _ in names)} end, {seen}),
        {traced}, is_doubted := coalesce({" or ".join(f"({doubts.format(name)})" for name, _ in names)}, false),
        doubted_record := {of_first(names, doubts, "record_id")}, doubted_link := {of_first(names, doubts, "link_probability")}
    )"""


def of_first(names: list[tuple[str, str]], condition: str, column: str) -> str:
    """Return a column of the fact of the first test for which a condition holds; null where it holds for none."""
    return f"case {' '.join(f'when {condition.format(test)} then {fact}_{column}' for test, fact in names)} end"


def answered(units: str, numbered: tuple[Numbered, ...], day: datetime.date) -> str:
    """Return units with their facts, and for each test what it says as it stands (`_raw`) and what of it may be said (`_says`).

    An adverse answer may be said only where its fact may exclude and every other test of the rule could have spoken for
    the unit.
    """
    facts = facts_of(numbered)
    tests = [
        (f"r{number}_{place}", facts[read_by(rule, test)], test, rule)
        for number, rule in numbered for place, test in enumerate(rule.criterion.tests)
    ]  # fmt: skip
    carried = [f"{fact}.{column} as {fact}_{column}" for fact in facts.values() for column in CARRIED]
    raw = [
        f"case when {fact}.unit_id is not null then ({filled(test.met, fact, rule, day)}) end as {name}_raw, "
        f"{filled(test.observed, fact, rule, day)} as {name}_seen"
        for name, fact, test, rule in tests
    ]
    says = [
        f"case when {name}_raw = {favourable(rule)} or ({fact}_can_exclude and {literal(was_answered(rule, test))}) "
        f"then {name}_raw end as {name}_says"
        for name, fact, test, rule in tests
    ]
    return f"""
        select {", ".join(["*", *says])}
        from (select {", ".join(["u.*", *carried, *raw])} from {units} u {joined(facts)})
    """


def met(number: int, rule: Rule, facts: dict[Read, str]) -> str:
    """Return a rule's answer: that of the first test which may say one; where no fact is there at all, silence answers."""
    silence = " and ".join(f"{facts[read_by(rule, test)]}_unit_id is null" for test in rule.criterion.tests)
    said = ", ".join(f"r{number}_{place}_says" for place in range(len(rule.criterion.tests)))
    return f"coalesce({said}, case when {silence} then {literal(rule.criterion.absent)}::boolean end)"


def favourable(rule: Rule) -> str:
    """Return the answer that speaks for a unit."""
    return literal(rule.effect == "requires")


def was_answered(rule: Rule, test: Test) -> bool:
    """Return whether everything but the test itself that might have spoken for a unit was heard."""
    return not rule.unheard & {other.fact for other in rule.criterion.tests if other is not test}


def facts_of(numbered: tuple[Numbered, ...]) -> dict[Read, str]:
    """Return the name of every fact some rule reads, each once however many rules read it."""
    read = dict.fromkeys(read_by(rule, test) for _, rule in numbered for test in rule.criterion.tests)
    return {fact: f"f{place}" for place, fact in enumerate(read)}


def read_by(rule: Rule, test: Test) -> Read:
    """Return the fact a test reads, and whose."""
    return test.fact, "household_id" if test.about == "household" or rule.unit == "household" else "unit_id"


def joined(facts: dict[Read, str]) -> str:
    """Return the joins that bring the facts of a unit."""
    return " ".join(
        f"left join chosen_fact {name} on {name}.fact_name = {literal(fact)} and {name}.unit_id = u.{key}"
        for (fact, key), name in facts.items()
    )


def filled(expression: str, fact: str, rule: Rule, day: datetime.date) -> str:
    """Return a criterion's SQL with fact, limit and day in their places."""
    return expression.format(f=fact, limit=rule.limit.format(f=fact), day=literal(day))
