"""Who receives what now, as the rolls say, and what that means for each member of a household."""

from __future__ import annotations

import datetime

from matchers.eligibility.facts import may_exclude
from matchers.eligibility.readings import on_roll
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import SERVED
from schemas.households import HOUSEHOLD_MEMBER
from schemas.links import PERSON_RECORD
from schemas.screening import ROLL_LINE, SOURCE_DATE

# Where each programme's receipt stands: the roll and the column that names the programme, or its one programme.
ROLLS = (
    ("subsistence_roll", "tier"),
    ("extreme_difficulty_roll", "'extreme_difficulty'"),
    ("disability_subsidy_roll", "subsidy_kind"),
    ("child_roll", "child_kind"),
    ("old_age_roll", "'old_age_allowance'"),
    ("student", "'education_aid'"),
    ("public_rental", "'housing_aid'"),
)
# The roll each receipt stands on.
ROLL_OF = {
    "subsistence_allowance": "subsistence_roll",
    "single_person_allowance": "subsistence_roll",
    "extreme_difficulty": "extreme_difficulty_roll",
    "disability_living_subsidy": "disability_subsidy_roll",
    "disability_nursing_subsidy": "disability_subsidy_roll",
    "unattended_child": "child_roll",
    "orphan_allowance": "child_roll",
    "old_age_allowance": "old_age_roll",
    "verge_family": "subsistence_roll",
    "rigid_expenditure_family": "subsistence_roll",
    "education_aid": "student",
    "housing_aid": "public_rental",
}
HOUSEHOLD_PROGRAMMES = ("subsistence_allowance", "verge_family", "rigid_expenditure_family", "housing_aid")
# Single-person allowance is paid within a family recognised as verge, so its family is recognised already.
RECOGNISED_WITH = (("single_person_allowance", "verge_family"),)
# Rolls that end otherwise than by an end date: the old-age roll with its holder, schools with the term's flag.
IN_PAYMENT = {"old_age_roll": "r.status = 'receiving'", "student": "r.is_aided", "public_rental": "r.status = 'active'"}


@stage(reads=(PERSON_RECORD, SOURCE_DATE), writes=ROLL_LINE)
def read_rolls(day: datetime.date) -> str:
    """One person on one roll today; of several lines the surest."""
    lines = " union all ".join(roll_lines(source, programme, day) for source, programme in ROLLS)
    columns = "programme_id, person_id, source_id, as_of_date, link_probability, link_rule, record_id, roll_household_no, member_count"
    is_sure = may_exclude(day, "('receives_' || programme_id)", "as_of_date", "link_rule = 'certain_id'")
    return f"""
        select programme_id, person_id, source_id, as_of_date, link_probability, {is_sure} as can_exclude,
            record_id, roll_household_no, member_count
        from ({lines}) as line ({columns})
        qualify row_number() over (
            partition by programme_id, person_id order by link_probability desc, record_id, roll_household_no, member_count
        ) = 1
    """


def roll_lines(source: str, programme: str, day: datetime.date) -> str:
    """Return the lines of one roll that are in payment."""
    is_family = source == "subsistence_roll"
    household = "r.household_no, r.member_count" if is_family else "null::varchar, null::bigint"
    lasting = IN_PAYMENT.get(source) or on_roll(day)
    return f"""
        select ({programme})::varchar as programme_id, l.person_id, {literal(source)} as source_id, s.as_of_date,
            l.link_probability, l.link_rule, l.record_id, {household}
        from raw_{source} r join person_record l on l.record_id = r.record_id
        join source_date s on s.source_id = {literal(source)}
        where {lasting}
    """


@stage(reads=(ROLL_LINE, HOUSEHOLD_MEMBER), writes=SERVED)
def list_served() -> str:
    """One person or household that receives one programme now."""
    households = literals(HOUSEHOLD_PROGRAMMES)
    implied = ", ".join(f"({literal(tier)}, {literal(family)})" for tier, family in RECOGNISED_WITH)
    return f"""
        with recognised as (
            select * from roll_line where programme_id in ({households})
            union all
            select r.* replace (i.family as programme_id)
            from roll_line r join (values {implied}) i(tier, family) on i.tier = r.programme_id
        )
        select programme_id, 'household' as unit, household_id as unit_id, source_id, as_of_date,
            link_probability, can_exclude, record_id
        from recognised join household_member using (person_id)
        qualify row_number() over (
            partition by programme_id, household_id order by can_exclude desc, link_probability desc, record_id, person_id
        ) = 1
        union all
        select programme_id, 'person', person_id, source_id, as_of_date, link_probability, can_exclude, record_id
        from roll_line
        where programme_id not in ({households})
    """
