"""Rows of check-stage sources about the persons an authorisation names; whoever it does not name is left out first."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import identifier, literals
from matchers.stage import stage
from schemas.economic_check import CHECK_ITEM, NAMED_PERSON
from schemas.raw import raw_name
from schemas.records import STD_RECORD
from schemas.source import SourceContract


@dataclass(frozen=True)
class ItemReading:
    """What a check-stage source is read for: SQL over its raw row `r`."""

    kind: str
    content: str
    state: str = "null"
    thing: str = "null"
    amount: str = "null"


READINGS = {
    "bank_balance": ItemReading("money", "r.balance_band", "r.institution"),
    "vehicle": ItemReading("vehicle", "concat_ws(' ', r.vehicle_type, r.use_kind)", "r.state", "r.plate"),
    "real_estate": ItemReading("house", "r.house_use", "r.qszt", "r.bdcdyh", "r.area_m2"),
    "business_registration": ItemReading(
        "business", "concat_ws(' ', r.business_name, r.business_type)", "r.state", "r.credit_code", "r.capital_yuan"
    ),
    "housing_fund": ItemReading(
        "housing_fund", "r.base_month_yuan::varchar", "r.state", "r.account_no", "r.balance_yuan"
    ),
    "income_tax": ItemReading("income", "r.income_kind", "r.period_month", "r.period_month", "r.income_yuan"),
}


def about_nobody_else(contract: SourceContract, numbers: tuple[str, ...], names: tuple[str, ...]) -> str:
    """Return a query for the loaded rows that could be about a named person; all others are forgotten at once."""
    fields = contract.roles[0].fields
    number = f"regexp_replace(upper({identifier(fields['national_id'])}), '[^0-9X]', '', 'g')"
    name = f"regexp_replace({identifier(fields['full_name'])}, '\\s', '', 'g')"
    written = [*numbers, *(short_form(number) for number in numbers)]
    return (
        f"select * from {raw_name(contract.source_id)} "
        f"where {number} in ({literals(written)}) or {name} in ({literals(names)})"
    )


def short_form(number: str) -> str:
    """Return the 15 digits an 18-character number had before 1999."""
    return number[:6] + number[8:17]


@stage(reads=(NAMED_PERSON, STD_RECORD), writes=CHECK_ITEM)
def list_items(source_ids: tuple[str, ...]) -> str:
    """One thing one source says about one named person.

    A row with the person's own valid number and name is certain. A row with the number and another name, or with the name
    and no usable number, may be somebody else: it is a question. A row with another valid number is somebody else.
    """
    return " union all ".join(items_of(source_id, READINGS[source_id]) for source_id in source_ids)


def items_of(source_id: str, reading: ItemReading) -> str:
    """Return a select of one source's items."""
    return f"""
        select n.place, '{source_id}' as source_id, r.row_number, '{reading.kind}' as kind,
            case when s.national_id is null then 'name_only'
                when coalesce(s.full_name = n.full_name, false) then 'certain' else 'number_only' end as link,
            ({reading.content})::varchar as content, ({reading.state})::varchar as state,
            ({reading.thing})::varchar as thing, ({reading.amount})::decimal(14,2) as amount_yuan, s.as_of_date
        from {raw_name(source_id)} r join std_record s on s.record_id = r.record_id
        join named_person n on s.national_id = n.national_id
            or (s.national_id is null and s.full_name = n.full_name
                and coalesce(not contains(s.id_digits, '*') or n.national_id like replace(s.id_digits, '*', '_'), true))
    """
