"""Early warning as it is read: counts for the report, and the lines a township visits by."""

from __future__ import annotations

from matchers.quality.candidate_list import masked
from matchers.sql import literals
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.indicator import GRADES
from schemas.people import PERSON
from schemas.quality import LIST_ROW, PLACE_NAME
from schemas.signal_lists import SIGNAL_COUNT, SIGNAL_ROW
from schemas.signals import SIGNAL


@stage(reads=(SIGNAL,), writes=SIGNAL_COUNT)
def count_signals() -> str:
    """One indicator at one grade for one kind of people in one township."""
    return """
        select indicator_id, coalesce(township_code, '') as township_code, population, grade, disposition, department,
            min(visit_due_date) as visit_due_date, count(*) as signal_count, count(*) filter (where is_new) as new_count,
            count(*) filter (where not is_confirmed) as unconfirmed_count
        from signal group by all
    """


@stage(reads=(SIGNAL, PERSON, PLACE_NAME, LIST_ROW, CANDIDATE), writes=SIGNAL_ROW)
def write_signal_rows() -> str:
    """One early warning as a caseworker reads it, the most urgent first; the list's lines of the same home beside it."""
    return f"""
        with home as (
            select c.household_id, min(l.line_number) as list_line
            from list_row l join candidate c using (candidate_id) where c.household_id is not null group by c.household_id
        )
        select s.signal_id, s.township_code,
            row_number() over (
                partition by s.township_code
                order by list_position([{literals(GRADES)}], s.grade), s.visit_due_date, s.village_code, s.household_id, s.signal_id
            ) as line_number,
            p.full_name, {masked("p.national_id")} as masked_id, coalesce(v.township_name, t.township_name) as township_name,
            coalesce(v.village_name, s.village_code) as village_name, p.address, p.phone, s.indicator_id, s.programme_id, s.grade,
            s.disposition, s.visit_due_date, home.list_line
        from signal s left join person p using (person_id) left join home on home.household_id = s.household_id
        left join place_name v on v.place_code = s.village_code left join place_name t on t.place_code = s.township_code
    """
