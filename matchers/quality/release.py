"""What must be zero before a list can leave, counted in one row."""

from __future__ import annotations

from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.findings import SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.quality import LIST_ROW, RELEASE_CHECK

# Fifteen or more digits in a row are a citizen number, an account or a certificate: none belongs in a sentence.
NUMBER_IN_TEXT = "[0-9]{15,}"
TEXTS = "concat_ws(' ', reasons_zh, reasons_en, questions_zh, questions_en)"
MASKED = "^[0-9]{6}[*]{8}[0-9X]{4}$"

COUNTS = {
    # A line of a roll that is only probably this person keeps nobody off a list; it becomes a question.
    "served_listed_count": """
        select count(*) from candidate
        semi join (select * from served where can_exclude) using (programme_id, unit, unit_id)
    """,
    "deceased_listed_count": """
        select count(*) from candidate join person on person.person_id = candidate.person_id
        where person.is_deceased
    """,
    "unmasked_list_count": f"""
        select count(*) from list_row
        where masked_id is not null and not regexp_matches(masked_id, '{MASKED}')
    """,
    "number_in_text_count": f"select count(*) from candidate where regexp_matches({TEXTS}, '{NUMBER_IN_TEXT}')",
    "unknown_unit_count": """
        select count(*) from candidate
        left join person on unit = 'person' and person.person_id = unit_id
        left join household on unit = 'household' and household.household_id = unit_id
        where person.person_id is null and household.household_id is null
    """,
    "person_without_household_count": """
        select count(*) from person anti join household_member using (person_id)
        where person.is_deceased is not true
    """,
    "candidate_outside_household_count": """
        select count(*) from candidate anti join household_member using (person_id, household_id)
        where household_id is not null
    """,
    "duplicate_listed_count": "select count(*) - count(distinct (programme_id, unit_id)) from candidate",
    "unplaced_candidate_count": "select count(*) from candidate where township_code is null",
}


@stage(reads=(CANDIDATE, SERVED, PERSON, HOUSEHOLD, HOUSEHOLD_MEMBER, LIST_ROW), writes=RELEASE_CHECK)
def check_release() -> str:
    """The one row of counts that must be zero before a list can leave."""
    return "select " + ", ".join(f"({select})::bigint as {name}" for name, select in COUNTS.items())
