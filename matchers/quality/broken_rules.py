"""Rules of the contracts that loaded rows break: nothing is refused for it, and the department is told which rows they are."""

from __future__ import annotations

import datetime

from matchers.sql import columns, identifier, literal
from matchers.stage import stage
from schemas.doubts import BROKEN_RULE, UNREAD_VALUE
from schemas.raw import raw_name
from schemas.source import MONTH_END, SourceContract

ROWS_NAMED = 20


@stage(reads=(UNREAD_VALUE,), writes=BROKEN_RULE)
def count_broken_rules(contracts: tuple[SourceContract, ...], day: datetime.date) -> str:
    """One rule of one contract that rows of this month's delivery break; `day` is the last the month can speak of.

    Reads `raw_<source>`; rows carried on from an earlier state have places below one and were told of then.
    """
    unread = f"select source_id, 'unread' as rule, column_name, row_count, first_rows from {UNREAD_VALUE.name}"
    broken = [select for contract in contracts for select in broken_by(contract, day)]
    return " union all ".join([unread, *(f"select * from ({select}) where row_count > 0" for select in broken)])


def broken_by(contract: SourceContract, day: datetime.date) -> list[str]:
    """Return selects of the rules of one contract, with the rows that break them, none among them."""
    selects = [told(contract, "repeated_key", ", ".join(contract.key), repeated(contract))]
    if contract.as_of != MONTH_END:
        late = f"select row_number from {raw_name(contract.source_id)} where row_number > 0 and {identifier(contract.as_of)} > {literal(day)}"
        selects.append(told(contract, "later", contract.as_of, late))
    return selects


def told(contract: SourceContract, rule: str, column: str, rows: str) -> str:
    """Return a select of one rule with how many rows break it and the places of the first."""
    return f"""
        select {literal(contract.source_id)} as source_id, {literal(rule)} as rule, {literal(column)} as column_name,
            count(*) as row_count, coalesce(array_to_string(min(row_number, {ROWS_NAMED}), ', '), '') as first_rows
        from ({rows})
    """


def repeated(contract: SourceContract) -> str:
    """Return a select of the rows whose whole key stands in a row before them; keys are compared by their hash."""
    keys = columns(contract.key)
    whole = " and ".join(f"{identifier(name)} is not null" for name in contract.key)
    return f"""
        select row_number from (
            select row_number, key_hash, min(row_number) over (partition by key_hash) as first_row
            from (select row_number, hash({keys}) as key_hash from {raw_name(contract.source_id)} where row_number > 0 and {whole})
            where key_hash in (
                select hash({keys}) from {raw_name(contract.source_id)} where row_number > 0 and {whole} group by all having count(*) > 1
            )
        ) where row_number > first_row
    """
