"""Rows of the check's sources about the persons an authorisation names; whoever it does not name is left out first.

Besides the check-stage sources these are the shared lists that state income: an authorisation may name them too.
"""

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
    """What a source is read for: SQL over its raw row `r` and its record `s`; rows that do not `holds` are left out.

    `exempt` is a part of the amount that a rule may leave out of income.
    """

    kind: str
    content: str
    state: str = "null"
    thing: str = "null"
    amount: str = "null"
    exempt: str = "null"
    holds: str = "true"


SPOKEN_MONTH = "strftime(s.as_of_date, '%Y-%m')"
PAID_MONTH = f"coalesce(r.paid_month, {SPOKEN_MONTH})"
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
    "securities": ItemReading("money", "r.asset_band", "r.institution"),
    "insurance_policy": ItemReading(
        "money", "r.value_band", "concat_ws(' ', r.institution, r.policy_kind)", "r.policy_no"
    ),
    "pension": ItemReading(
        "income", "'基本养老金'", PAID_MONTH, PAID_MONTH, "r.pension_month_yuan",
        # An employee's pension has no exempt part; of any other whose basic part nobody states, all may be exempt.
        "case when r.pension_kind = 'employee' then r.basic_pension_month_yuan else coalesce(r.basic_pension_month_yuan, r.pension_month_yuan) end",
        "r.status is distinct from 'stopped'",
    ),
    "unemployment": ItemReading(
        "income", "'失业保险金'", SPOKEN_MONTH, SPOKEN_MONTH, "r.benefit_month_yuan",
        holds="coalesce(r.is_valid, true) and r.cancel_date is null",
    ),
    "land_subsidy": ItemReading("income", "'耕地地力保护补贴'", "r.year::varchar", "r.year::varchar", "r.amount_year_yuan"),
    "social_insurance": ItemReading(
        "wage_base", "'养老保险缴费基数'", "r.last_paid_month", "r.last_paid_month", "r.base_month_yuan",
        holds="r.insurance_kind = 'employee' and r.status is distinct from 'interrupted'",
    ),
}  # fmt: skip


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
            ({reading.thing})::varchar as thing, ({reading.amount})::decimal(14,2) as amount_yuan,
            ({reading.exempt})::decimal(14,2) as exempt_yuan, s.as_of_date
        from {raw_name(source_id)} r join std_record s on s.record_id = r.record_id
        join named_person n on s.national_id = n.national_id
            or (s.national_id is null and s.full_name = n.full_name
                and coalesce(not contains(s.id_digits, '*') or n.national_id like replace(s.id_digits, '*', '_'), true))
        where {reading.holds}
    """
