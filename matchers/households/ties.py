"""Every piece of evidence that two people belong together, with who says so and how much it is worth."""

from __future__ import annotations

from matchers.households.register_ties import register_ties
from matchers.sql import literal
from matchers.stage import stage
from schemas.households import TIE
from schemas.links import PERSON_RECORD
from schemas.living import BOOK_MEMBER, DWELLER, TIE_EVIDENCE
from schemas.records import STD_RECORD

# How often a tie of each kind holds when its source is right about the two persons. A registered marriage may have
# ended abroad or in court; a phone is lent to neighbours; an address below the village may be a whole building.
MARRIAGE = 0.97
STATED_PARENT = 0.97
STATED_GUARDIAN = 0.9
ROLL_HOUSEHOLD = 0.97
MONITORED_HOUSEHOLD = 0.9
SAME_ADDRESS = 0.6
SAME_PHONE = 0.3
# More people than this at one address or on one phone say nothing about any two of them.
MOST_AT_ONE_ADDRESS = 8
MOST_ON_ONE_PHONE = 4


@stage(reads=(DWELLER, BOOK_MEMBER, PERSON_RECORD, STD_RECORD), writes=TIE_EVIDENCE)
def gather_evidence() -> str:
    """One statement that ties two persons, the dead included."""
    said = (
        register_ties(), marriages(), guardians("guardian1"), guardians("guardian2"), wards(),
        rolls("subsistence_roll", ROLL_HOUSEHOLD), rolls("anti_relapse", MONITORED_HOUSEHOLD),
        same_place(), same_phone(),
    )  # fmt: skip
    return " union all ".join(f"({select})" for select in said)


@stage(reads=(TIE_EVIDENCE,), writes=TIE)
def gather_ties() -> str:
    """One piece of evidence that two persons belong together; of repeated statements the strongest.

    A table of its own, as the test that the two differ, pushed down into the joins above, makes them cross products.
    """
    return """
        select person_id_l, person_id_r, tie_type, source_id, max(as_of_date) as as_of_date,
            round(max(strength), 6) as strength
        from tie_evidence
        where person_id_l <> person_id_r
        group by all
    """


def marriages() -> str:
    """Marriages that no later divorce ends; of several by one person the newest."""
    return f"""
        select least(person_id_l, person_id_r) as person_id_l, greatest(person_id_l, person_id_r) as person_id_r,
            'spouse' as tie_type, 'marriage' as source_id, op_date as as_of_date, {MARRIAGE} * link as strength
        from (
            select h.person_id as person_id_l, w.person_id as person_id_r,
                h.link_probability * w.link_probability as link, m.op_date, m.op_type
            from raw_marriage m
            join person_record h on h.record_id = m.record_id
            join person_record w on w.record_id = m.record_id_wife
            qualify row_number() over (
                partition by h.person_id, w.person_id order by m.op_date desc nulls last, m.row_number desc
            ) = 1
        )
        where op_type = 'marriage' and op_date is not null
    """


def guardians(role: str) -> str:
    """Parents and other guardians a school names."""
    relation = f"s.{role}_relation"
    return f"""
        select g.person_id as person_id_l, c.person_id as person_id_r,
            case when {relation} in ('51', '52') then 'parent_child' else 'guardian' end as tie_type,
            'student' as source_id, d.as_of_date,
            c.link_probability * g.link_probability
                * case when {relation} in ('51', '52') then {STATED_PARENT} else {STATED_GUARDIAN} end as strength
        from raw_student s
        join person_record c on c.record_id = s.record_id
        join person_record g on g.record_id = s.record_id_{role}
        join std_record d on d.record_id = s.record_id
    """


def wards() -> str:
    """Guardians of children on the civil-affairs roll."""
    return f"""
        select g.person_id as person_id_l, c.person_id as person_id_r, 'guardian' as tie_type,
            'child_roll' as source_id, d.as_of_date, {STATED_GUARDIAN} * c.link_probability * g.link_probability as strength
        from raw_child_roll s
        join person_record c on c.record_id = s.record_id
        join person_record g on g.record_id = s.record_id_guardian
        join std_record d on d.record_id = s.record_id
    """


def rolls(source_id: str, worth: float) -> str:
    """People a roll counts as one household, each tied to the smallest person of it."""
    return f"""
        select least(first, person_id) as person_id_l, greatest(first, person_id) as person_id_r,
            'roll_household' as tie_type, {literal(source_id)} as source_id, as_of_date,
            {worth} * link_probability * first_probability as strength
        from (
            select r.person_id, r.link_probability, s.as_of_date,
                first_value(r.person_id) over household as first,
                first_value(r.link_probability) over household as first_probability
            from std_record s join person_record r using (record_id) join dweller d on d.person_id = r.person_id
            where s.source_id = {literal(source_id)} and s.role = 'self' and s.household_no is not null
            window household as (partition by s.household_no order by r.person_id, r.record_id)
        )
        where first <> person_id
    """


def same_place() -> str:
    """People the newest sources put at one address, where few enough live there to mean something."""
    return f"""
        with placed as (
            select person_id, place, count(*) over (partition by place) as here
            from dweller where place is not null
        )
        select l.person_id as person_id_l, r.person_id as person_id_r, 'same_address' as tie_type,
            'derived' as source_id, (select max(as_of_date) from std_record) as as_of_date, {SAME_ADDRESS} as strength
        from placed l join placed r on l.place = r.place and l.person_id < r.person_id
        where l.here <= {MOST_AT_ONE_ADDRESS}
    """


def same_phone() -> str:
    """People reached by one phone number, where few share it."""
    return f"""
        with reached as (
            select distinct r.person_id, s.phone
            from std_record s join person_record r using (record_id) join dweller d on d.person_id = r.person_id
            where s.phone is not null
        ),
        shared as (select person_id, phone, count(*) over (partition by phone) as here from reached)
        select distinct l.person_id as person_id_l, r.person_id as person_id_r, 'same_phone' as tie_type,
            'derived' as source_id, (select max(as_of_date) from std_record) as as_of_date, {SAME_PHONE} as strength
        from shared l join shared r on l.phone = r.phone and l.person_id < r.person_id
        where l.here <= {MOST_ON_ONE_PHONE}
    """
