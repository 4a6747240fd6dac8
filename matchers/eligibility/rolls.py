"""Who receives what now, as the rolls say, and what that means for each member of a household."""

from __future__ import annotations

import datetime

from matchers.eligibility.readings import on_roll
from matchers.sql import literal
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
)
# The roll each receipt stands on.
ROLL_OF = {
    "subsistence_allowance": "subsistence_roll",
    "single_person_allowance": "subsistence_roll",
    "extreme_difficulty": "extreme_difficulty_roll",
    "disability_living_subsidy": "disability_subsidy_roll",
    "disability_nursing_subsidy": "disability_subsidy_roll",
    "unattended_child": "child_roll",
    "orphan": "child_roll",
    "old_age_allowance": "old_age_roll",
}
HOUSEHOLD_PROGRAMMES = ("subsistence_allowance",)
# Recognitions that are no programme of their own: they pay nothing, or are not screened for.
NOT_SCREENED = ("verge_family", "orphan")


@stage(reads=(PERSON_RECORD, SOURCE_DATE), writes=ROLL_LINE)
def read_rolls(day: datetime.date) -> str:
    """One person on one roll today; of several lines the surest."""
    lines = " union all ".join(roll_lines(source, programme, day) for source, programme in ROLLS)
    columns = "programme_id, person_id, source_id, as_of_date, link_probability, link_rule, record_id, roll_household_no, member_count"
    return f"""
        select programme_id, person_id, source_id, as_of_date, link_probability, link_rule = 'certain_id' as is_certain,
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
    # The old-age roll has no end date: it ends with its holder.
    lasting = on_roll(day) if source != "old_age_roll" else "r.status = 'receiving'"
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
    households = ", ".join(literal(p) for p in HOUSEHOLD_PROGRAMMES)
    others = ", ".join(literal(p) for p in (*HOUSEHOLD_PROGRAMMES, *NOT_SCREENED))
    return f"""
        select programme_id, 'household' as unit, household_id as unit_id, source_id, as_of_date,
            link_probability, record_id
        from roll_line join household_member using (person_id)
        where programme_id in ({households})
        qualify row_number() over (partition by programme_id, household_id order by link_probability desc, record_id, person_id) = 1
        union all
        select programme_id, 'person', person_id, source_id, as_of_date, link_probability, record_id
        from roll_line
        where programme_id not in ({others})
    """
