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
    """One named test; the first of `tests` that answers decides. `absent`: what it means that no fact is there.

    Without tests it is a question only a visit or the department can answer, and stays unknown.
    """

    name: str
    question: str
    tests: tuple[Test, ...]
    absent: bool | None = None
    limit: Literal["number", "list", "class"] | None = None


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


def declared_below(times: int = 1) -> tuple[Test, Test]:
    """Return tests of declared income: below the line as it stands is met; not met only after every deduction."""
    month = "{f}.number_value" if times == 1 else f"{{f}}.number_value * {times}"
    return (
        Test("declared_income_household", f"case when {month} < {{limit}} then true end", NUMBER, "household"),
        Test("declared_income_least", f"case when {month} >= {{limit}} then false end", NUMBER, "household"),
    )


RECEIPTS = (
    "subsistence_allowance", "single_person_allowance", "extreme_difficulty", "disability_living_subsidy",
    "disability_nursing_subsidy", "unattended_child", "orphan_allowance", "old_age_allowance",
)  # fmt: skip
# Tiers a family is recognised in, by its roll.
TIERS = ("subsistence_allowance", "single_person_allowance", "verge_family", "rigid_expenditure_family")
# What no list of a department says; asked at the door or answered by the department.
ASKED = (
    ("living_in_difficulty", "Is the household's basic living in serious difficulty?"),
    ("not_helped_already", "Has this help not been given yet?"),
    ("cannot_work", "Can the person not work?"),
    ("own_means_conform", "Do the person's own income and property conform?"),
    ("in_need_of_rehabilitation", "Does the child need rehabilitation?"),
)

# Criteria that hold income a head against a line: for how many months that line is.
MONTHS_OF_LINE = {"income_below_standard": 1, "income_below_verge_line": 1, "income_below_disposable": 12}

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
            # A recognition above the standard speaks of the year before it, not of the last twelve months: it proves nothing.
            tier("case {f}.text_value when 'subsistence_allowance' then true end"),
            below("income_head_floor", "household", is_whole=False),
            *declared_below(),
        ), None, "number",
    ),
    Criterion(
        "income_below_verge_line", "Is income per head below the verge line?",
        (
            tier("case when {f}.text_value in ('verge_family', 'single_person_allowance') then true end"),
            below("income_head_floor", "household", is_whole=False),
            *declared_below(),
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
        "income_below_disposable", "Is yearly income per head below last year's disposable income of the place?",
        (
            Test("income_head_floor", "case when {f}.number_value * 12 >= {limit} then false end", NUMBER, "household"),
            *declared_below(12),
        ), None, "number",
    ),
    Criterion(
        "rigid_share_reached", "Does rigid spending pass the share of income the place sets?",
        (Test("rigid_share", "case when {f}.number_value > {limit} then true end", "printf('%.3f', {f}.number_value)", "household"),), None, "number",
    ),
    Criterion(
        "rigid_spending_seen", "Did the household spend much on treatment itself in the last twelve months?",
        (at_least("rigid_spending", "household", is_whole=False),), None, "number",
    ),
    Criterion("strain_seen", "Is anything known of the household that often goes with need?", (Test("strain", "true", TEXT, "household"),)),
    Criterion(
        "emergency_lately", "Did a disaster or a sudden hardship strike the household lately?",
        (Test("emergency", "case when {f}.date_value > {day} - {limit}::bigint * interval 1 day then true end", TEXT, "household"),), None, "number",
    ),
    Criterion(
        "disaster_lately", "Did a disaster strike the household lately?",
        (Test("household_disaster", "case when {f}.date_value > {day} - {limit}::bigint * interval 1 day then true end", DATE, "household"),), None, "number",
    ),
    Criterion(
        "holds_identity", "Is the person, or their family, recognised in a tier other help goes by?",
        (Test("assistance_identity", "{f}.text_value in ({limit})", TEXT),), None, "list",
    ),
    Criterion(
        "family_holds_identity", "Is a member recognised in a tier other help goes by?",
        (Test("assistance_identity", "{f}.text_value in ({limit})", TEXT, "household"),), None, "list",
    ),
    Criterion(
        "own_medical_reaches", "Does own medical spending reach what medical aid begins at for the person's class?",
        (at_least("own_medical_class", "unit", is_whole=True),), None, "class",
    ),
    Criterion(
        "own_medical_passes", "Does own medical spending pass the line for patients made poor by illness?",
        (Test("own_medical", "case when {f}.number_value > {limit} then true end", NUMBER),), None, "number",
    ),
    Criterion("medical_aid_paid", "Was medical aid paid for the same months?", (Test("medical_aid", "{f}.number_value > 0", DATE),), False),
    # The school's row says that somebody studies; its number is whether they are aided there already.
    Criterion("in_study", "Is the person in school or at university?", (Test("student", "{f}.text_value is not null", TEXT),)),
    Criterion(
        "student_in_difficulty", "Is the student of a recognised family, or disabled?",
        (
            Test("assistance_identity", "case when {f}.text_value in ({limit}) then true end", TEXT),
            Test("disability", "case when {f}.number_value = 1 then true end", TEXT),
        ), None, "list",
    ),
    Criterion(
        "jobless", "Is the person registered as unemployed and not at work?",
        (Test("wage", "case when {f}.number_value > 0 then false end", NUMBER), Test("unemployed", "{f}.number_value = 1", DATE)),
    ),
    Criterion(
        "without_work", "Is the person without work?",
        (Test("wage", "case when {f}.number_value > 0 then false end", NUMBER), Test("unemployed", "case when {f}.number_value = 1 then true end", DATE)),
    ),
    Criterion(
        "house_dangerous", "Is the house graded C or D?",
        (Test("house_state", "{f}.text_value in ('C', 'D')", TEXT, "household"),),
    ),
    Criterion(
        "house_repair_planned", "Is the house in a plan of repair already?",
        (Test("house_state", "{f}.number_value = 1", TEXT, "household"),), False,
    ),
    Criterion(
        "a_parent_dead", "Is a parent known to be dead?",
        (Test("parents_state", "case when contains({f}.text_value, 'dead') then true end", TEXT),),
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
    *(
        Criterion(f"household_receives_{name}", f"Is the family on the roll of {name.replace('_', ' ')}?", (tier(f"{{f}}.text_value = '{name}'"),), False)
        for name in TIERS
    ),
    *(Criterion(name, question, ()) for name, question in ASKED),
)  # fmt: skip
BY_NAME = {criterion.name: criterion for criterion in CRITERIA}
