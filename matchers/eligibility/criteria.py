"""Every test a programme may name: the question it answers, the fact it reads, and when it is met.

A test says true, false, or null where its fact does not decide. A missing fact is null unless `absent` says what a
complete register means by silence; whether an adverse answer may stand is decided in `assess`, for all tests alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

About = Literal["unit", "household"]


@dataclass(frozen=True)
class Test:
    """One reading of one fact: SQL over the fact `f` and the limit, both in braces."""

    fact: str
    met: str
    observed: str
    about: About = "unit"


@dataclass(frozen=True)
class Criterion:
    """One named test; the first of `tests` that answers decides. `absent`: what it means that no fact is there."""

    name: str
    question: str
    tests: tuple[Test, ...]
    absent: bool | None = None
    limit: Literal["number", "list"] | None = None


NUMBER = "printf('%.2f', {f}.number_value)"
TEXT = "{f}.text_value"
YEARS = "{f}.number_value::int::varchar"
DATE = "{f}.date_value::varchar"


def below(fact: str, about: About, *, is_whole: bool) -> Test:
    """Return a test of an income against a line; a lower bound can only fail it."""
    whole = "{f}.number_value < {limit}" if is_whole else "case when {f}.number_value >= {limit} then false end"
    return Test(fact, whole, NUMBER, about)


def at_least(fact: str, about: About, *, is_whole: bool) -> Test:
    """Return a test that an income reaches a line; a lower bound can only pass it."""
    whole = "{f}.number_value >= {limit}" if is_whole else "case when {f}.number_value >= {limit} then true end"
    return Test(fact, whole, NUMBER, about)


def lately(fact: str) -> Test:
    """Return a test that somebody was seen in the last half year; not having been proves nothing."""
    return Test(fact, "case when {f}.date_value >= {day} - interval 6 month then true end", DATE)


def tier(met: str) -> Test:
    """Return a test of the tier civil affairs recognised the family in."""
    return Test("household_tier", met, TEXT, "household")


RECEIPTS = (
    "subsistence_allowance", "single_person_allowance", "extreme_difficulty", "disability_living_subsidy",
    "disability_nursing_subsidy", "unattended_child", "orphan", "old_age_allowance",
)  # fmt: skip

CRITERIA = (
    Criterion("age_at_least", "Has the person reached the age?", (Test("age", "{f}.number_value >= {limit}", YEARS),), None, "number"),
    Criterion("age_below", "Is the person younger than the age?", (Test("age", "{f}.number_value < {limit}", YEARS),), None, "number"),
    Criterion("registered_here", "Is the person registered in this county?", (Test("registered_here", "{f}.number_value = 1", TEXT),)),
    Criterion(
        "member_registered_here", "Is any member of the household registered in this county?",
        (Test("member_registered_here", "{f}.number_value = 1", NUMBER),),
    ),
    Criterion("deceased", "Has the person died?", (Test("deceased", "{f}.number_value = 1", DATE),), False),
    Criterion("seen_alive", "Has the person been seen lately?", (lately("own_medical"), lately("pension"))),
    Criterion("certificate_valid", "Does the person hold a valid disability certificate?", (Test("disability", "{f}.number_value = 1", TEXT),), False),
    Criterion("disability_listed", "Is type and level of the disability on the list?", (Test("disability", "{f}.text_value in ({limit})", TEXT),), False, "list"),
    Criterion(
        "severe_disability_or_illness", "Is the person severely disabled or severely ill?",
        (
            Test("disability", "case when {f}.number_value = 1 and {f}.text_value in ({limit}) then true end", TEXT),
            Test("severe_illness", "case when {f}.number_value >= 2 then true end", DATE),
        ), False, "list",
    ),
    Criterion(
        "no_labour_capacity", "Is the person without labour capacity by age or disability?",
        (
            Test("disability", "case when {f}.number_value = 1 and {f}.text_value in ({limit}) then true end", TEXT),
            Test("age", "{f}.number_value >= 60 or {f}.number_value < 16", YEARS),
        ), None, "list",
    ),
    Criterion(
        "no_capable_supporter", "Is there nobody bound and able to support the person?",
        (Test("supporters_state", "case when {f}.text_value = 'active' then false end", TEXT),),
    ),
    Criterion(
        "each_parent_dead_or_unable", "Is each parent dead or in a state the rule lists?",
        (Test("parents_state", "case when contains({f}.text_value, 'active') then false when not contains({f}.text_value, 'unknown') then true end", TEXT),),
    ),
    Criterion(
        "both_parents_dead", "Are both parents dead?",
        (Test("parents_state", "case when {f}.text_value = 'dead+dead' then true when contains({f}.text_value, 'active') or contains({f}.text_value, 'listed') then false end", TEXT),),
    ),
    Criterion(
        "income_below_standard", "Is income per head below the subsistence standard?",
        (
            tier(
                "case {f}.text_value when 'subsistence_allowance' then true "
                "when 'verge_family' then false when 'single_person_allowance' then false end"
            ),
            below("income_head_floor", "household", is_whole=False),
            below("declared_income_household", "household", is_whole=True),
        ), None, "number",
    ),
    Criterion(
        "income_below_verge_line", "Is income per head below the verge line?",
        (
            tier("case when {f}.text_value in ('verge_family', 'single_person_allowance') then true end"),
            below("income_head_floor", "household", is_whole=False),
            below("declared_income_household", "household", is_whole=True),
        ), None, "number",
    ),
    Criterion(
        "income_at_least_standard", "Does income per head reach the subsistence standard?",
        (
            tier("case when {f}.text_value in ('verge_family', 'single_person_allowance') then true end"),
            at_least("income_head_floor", "household", is_whole=False),
            at_least("declared_income_household", "household", is_whole=True),
        ), None, "number",
    ),
    Criterion(
        "property_conforms", "Does the family's property conform?",
        (tier("case when {f}.text_value in ('verge_family', 'single_person_allowance', 'subsistence_allowance') then true end"),),
    ),
    Criterion(
        "all_in_extreme_difficulty", "Is everybody in the household on the roll of extreme difficulty?",
        (Test("extreme_difficulty_share", "{f}.number_value >= 1", NUMBER),), False,
    ),
    Criterion(
        "family_receives", "Does the family receive subsistence allowance, or the person single-person allowance?",
        (
            Test("receives_subsistence_allowance", "true", TEXT),
            Test("receives_single_person_allowance", "true", TEXT),
        ), False,
    ),
    *(
        Criterion(f"receives_{name}", f"Does the person receive {name.replace('_', ' ')}?", (Test(f"receives_{name}", "true", TEXT),), False)
        for name in RECEIPTS
    ),
)  # fmt: skip
BY_NAME = {criterion.name: criterion for criterion in CRITERIA}
