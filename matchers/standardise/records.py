"""Loaded rows of every source → stated identities → standardised records."""

from __future__ import annotations

import datetime

from matchers.sql import identifier, literal
from matchers.stage import stage
from matchers.standardise.rows import DIGEST
from schemas.doubts import PLACEHOLDER_RECORD
from schemas.raw import as_delivered, raw_name
from schemas.records import LOCATED_ADDRESS, STATED_IDENTITY, STATED_NAME, STATED_NUMBER, STD_RECORD
from schemas.source import MONTH_END, SourceContract, SourceRole, StatedField

# Field of a role → column of stated_identity, in the order of the table.
STATED: dict[StatedField, str] = {
    "full_name": "full_name_raw",
    "national_id": "national_id_raw",
    "other_id": "other_id",
    "birth_date": "birth_date",
    "sex": "sex_code",
    "ethnicity": "ethnicity_code",
    "phone": "phone",
    "address": "address_raw",
    "village_code": "village_code",
    "household_no": "household_no",
    "relation": "relation_code",
    "disability_type": "disability_type",
    "disability_level": "disability_level",
}


@stage(reads=(), writes=STATED_IDENTITY, is_exact=True)
def state_identities(contracts: tuple[SourceContract, ...], days: dict[str, datetime.date]) -> str:
    """Every identity any source states this month; where several rows state it, the newest speaks.

    `days` says of each source what day it speaks of at the latest: the month's last, or that of an older delivery.
    """
    return " union all ".join(
        identities_of(contract, role, days[contract.source_id]) for contract in contracts for role in contract.roles
    )


def identities_of(contract: SourceContract, role: SourceRole, day: datetime.date) -> str:
    """Return a select of the identities one source states in one role."""
    raw, record = raw_name(contract.source_id), identifier(contract.record_id_column(role))
    as_of = literal(day)
    if contract.as_of != MONTH_END:
        as_of = f"least(coalesce({identifier(contract.as_of)}, {literal(day)}), {literal(day)})"
    fields = ", ".join(f"{stated_field(role, field)} as {column}" for field, column in STATED.items())
    fields += f", {birth_as_delivered(role)} as birth_date_raw"
    # What tells the records of one role apart is a number, which is quicker to group by than the text.
    place = f"('0x' || right({record}, {DIGEST}))::ubigint"
    # The newest day, and on one day the last row: both in one number, which is quicker to compare than a pair. Rows
    # carried over from an earlier state have negative places.
    newest = (
        f"max(({as_of} - date '0001-01-01')::bigint * 4294967296 + row_number + 2147483648) % 4294967296 - 2147483648"
    )
    return f"""
        select delivered.{record} as record_id, {literal(contract.source_id)} as source_id, {literal(role.role)} as role, {fields},
            newest.as_of_date, newest.row_count
        from {raw} as delivered join (
            select {place} as place, max({as_of}) as as_of_date, count(*) as row_count, {newest} as row_number
            from {raw} where {record} is not null group by place
        ) as newest using (row_number)
    """


def stated_field(role: SourceRole, field: StatedField) -> str:
    """Return SQL for what a role states in a field; null where it states nothing."""
    if field in role.constants:
        return literal(role.constants[field])
    if field in role.fields:
        return f"delivered.{identifier(role.fields[field])}"
    return "null::date" if field == "birth_date" else "null::varchar"


def birth_as_delivered(role: SourceRole) -> str:
    """Return SQL for a role's date of birth as it was delivered; null where it was written as usual."""
    return (
        f"delivered.{identifier(as_delivered(role.fields['birth_date']))}"
        if "birth_date" in role.fields
        else "null::varchar"
    )


@stage(reads=(STATED_IDENTITY, STATED_NAME, STATED_NUMBER, LOCATED_ADDRESS, PLACEHOLDER_RECORD), writes=STD_RECORD)
def standardise_records(day: datetime.date, stated: str = STATED_IDENTITY.name) -> str:
    """One identity as one source states it, in standard form beside what was delivered; a placeholder counts as missing.

    `stated` is SQL for those stated identities whose records are wanted.
    """
    unborn = f"no_birth_date or birth_date > {literal(day)}"
    return f"""
        with odd as (
            select * from {STATED_NUMBER.name} where id_state <> 'valid' or national_id <> national_id_raw
        ), judged as (
            select i.*, {number_fields()}, coalesce(no_number, false) as no_number,
                coalesce(no_birth_date, false) as no_birth_date, coalesce(no_phone, false) as no_phone,
                coalesce(no_address, false) as no_address,
                {believed_certificate()} and not coalesce(no_number, false) as is_believed
            from {stated} as i left join odd as d using (national_id_raw)
            left join {PLACEHOLDER_RECORD.name} using (record_id)
        )
        select record_id, source_id, role, full_name_raw, full_name, name_pinyin, national_id_raw,
            case when is_believed then national_id end as national_id,
            case when is_believed then coalesce(id_state, 'missing') else 'invalid' end as id_state,
            case when no_number then null when is_believed then id_digits else national_id end as id_digits,
            coalesce(other_id, case when not no_number then document_no end) as other_id,
            case when not ({unborn}) then birth_date end as birth_date,
            case when {unborn} then coalesce(birth_date_raw, birth_date::varchar) else birth_date_raw end as birth_date_raw,
            case when is_believed then id_birth_date end as id_birth_date, sex_code,
            case when is_believed then id_sex_code end as id_sex_code, ethnicity_code,
            case when not no_phone then phone end as phone,
            coalesce(left(i.village_code, 6), a.area_code) as area_code,
            coalesce(left(i.village_code, 9), a.township_code) as township_code,
            coalesce(i.village_code, a.village_code) as village_code,
            case when not no_address then a.address end as address,
            household_no, relation_code, as_of_date, row_count
        from judged as i
        left join {STATED_NAME.name} using (full_name_raw)
        left join {LOCATED_ADDRESS.name} as a using (address_raw)
    """


def number_fields() -> str:
    """Return SQL for what a number is worth: as it was judged where it is odd; else it is valid as it stands.

    Nearly every number is, and a join with a million of them would take memory for what the number itself says.
    """
    raw, is_plain = "i.national_id_raw", "d.national_id_raw is null and i.national_id_raw is not null"
    born = f"substr({raw}, 7, 4) || '-' || substr({raw}, 11, 2) || '-' || substr({raw}, 13, 2)"
    fields = {
        "id_state": "'valid'",
        "national_id": raw,
        "id_birth_date": f"try_cast({born} as date)",
        "id_sex_code": f"if(try_cast(substr({raw}, 17, 1) as integer) % 2 = 1, '1', '2')",
    }
    judged = ("id_digits", "document_no", "certificate_type", "certificate_level", "is_short_certificate")
    plain = [f"case when {is_plain} then {value} else d.{name} end as {name}" for name, value in fields.items()]
    return ", ".join([*plain, *(f"d.{name}" for name in judged)])


def believed_certificate() -> str:
    """Return the condition that a number is no certificate number, or one that fits the type and level beside it.

    A new assessment changes one of the two and leaves the number; both differ where the number is another person's.
    A number without a check character must agree in both.
    """
    return """case
        when certificate_type is null then true
        when is_short_certificate
            then coalesce(certificate_type = disability_type and certificate_level = disability_level, false)
        else coalesce(certificate_type = disability_type or certificate_level = disability_level, true)
        end"""
