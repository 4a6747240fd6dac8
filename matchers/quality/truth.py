"""Who the records, persons and households of a run truly are, by the truth of a simulated county."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.households import HOUSEHOLD_MEMBER
from schemas.links import PERSON_RECORD
from schemas.records import STD_RECORD
from schemas.truth import (
    GROUPS,
    OVERLAP,
    TRUE_GROUP,
    TRUE_HOUSEHOLD,
    TRUE_PERSON,
    TRUE_RECORD,
    TRUTH_PERSON,
    TRUTH_ROW_PERSON,
)

GROUP_LIST = ", ".join(GROUPS)
HAN = "01"


@dataclass(frozen=True)
class StatedRole:
    """One role of one loaded table and the column that says which record states it."""

    source_id: str
    role: str
    record_column: str


@stage(reads=(TRUTH_ROW_PERSON, PERSON_RECORD), writes=TRUE_RECORD)
def name_records(roles: tuple[StatedRole, ...]) -> str:
    """One record and the true person most of its rows are about; among equals the smallest number."""
    stated = " union all ".join(stated_by(role) for role in roles)
    return f"""
        with stated as ({stated}),
        counted as (
            select record_id, person_no, count(*) as row_count
            from stated semi join person_record using (record_id) group by all
        )
        select record_id, arg_max(person_no, (row_count, -person_no))::bigint as person_no from counted group by record_id
    """


def stated_by(role: StatedRole) -> str:
    """Return a select of record and true person over the rows of one role."""
    return f"""
        select raw.{identifier(role.record_column)} as record_id, truth.person_no
        from {identifier("raw_" + role.source_id)} as raw
        join truth_row_person as truth on truth.row_number = raw.row_number
        where truth.source_id = {literal(role.source_id)} and truth.role = {literal(role.role)}
            and raw.{identifier(role.record_column)} is not null
    """


@stage(reads=(TRUE_RECORD, PERSON_RECORD), writes=TRUE_PERSON)
def name_persons() -> str:
    """One person of the run and the true person most of its records are about."""
    return """
        with counted as (
            select person_id, person_no, count(*) as record_count
            from person_record join true_record using (record_id) group by all
        ),
        named as (
            select person_id, arg_max(person_no, (record_count, -person_no)) as person_no, max(record_count) as record_count
            from counted group by person_id
        )
        select person_id, person_no,
            row_number() over (partition by person_no order by record_count desc, person_id) = 1 as is_main
        from named
    """


@stage(reads=(TRUE_PERSON, TRUE_GROUP, HOUSEHOLD_MEMBER), writes=TRUE_HOUSEHOLD)
def name_households() -> str:
    """One household of the run and the true household most of its living people live in."""
    return """
        with counted as (
            select household_id, household_no, count(*) as person_count
            from household_member
            join true_person using (person_id) join true_group using (person_no)
            group by all
        )
        select household_id, arg_max(household_no, (person_count, -household_no)) as household_no
        from counted group by household_id
    """


@stage(reads=(TRUTH_PERSON,), writes=TRUE_GROUP)
def group_people(day: datetime.date) -> str:
    """One true person in the words accuracy is told apart by."""
    return f"""
        with aged as (select *, date_diff('year', birth_date, {literal(day)})
            - ((month(birth_date), day(birth_date)) > ({day.month}, {day.day}))::int as years from truth_person)
        select person_no::bigint as person_no, household_no::bigint as household_no, is_alive, township_code as township,
            case sex when 1 then 'male' else 'female' end as sex,
            case when years < 16 then '0-15' when years < 60 then '16-59' when years < 80 then '60-79' else '80+' end as age,
            case when ethnicity_code = '{HAN}' then 'han' else 'minority' end as ethnicity,
            case when is_migrant_out then 'moved_out' when is_migrant_in then 'moved_in' else 'settled' end as migrant,
            case when is_rural then 'rural' else 'urban' end as place
        from aged
    """


@stage(reads=(PERSON_RECORD, STD_RECORD, TRUE_RECORD, TRUE_PERSON, TRUE_GROUP, HOUSEHOLD_MEMBER), writes=OVERLAP)
def overlay_truth() -> str:
    """How much of one unit of the run is one true unit.

    Records of persons; and of households the living people whom some source knows, each where its main person lives.
    """
    return f"""
        select 'person' as what, person_id as predicted_id, person_no as true_no, source_id,
            id_state = 'valid' as has_valid_id, {GROUP_LIST}, count(*) as unit_count
        from person_record join std_record using (record_id)
        join true_record using (record_id) join true_group using (person_no)
        group by all
        union all
        select 'household', household_id, household_no, '', true, {GROUP_LIST}, count(*)
        from household_member join true_person using (person_id) join true_group using (person_no)
        where is_main and is_alive
        group by all
    """
