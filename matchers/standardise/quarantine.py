"""Refused rows as they were delivered, with their reasons, over every source."""

from __future__ import annotations

from matchers.sql import identifier, literal
from matchers.stage import stage
from matchers.standardise.asking import whole_key
from matchers.standardise.rows import arrived_name
from schemas.raw import read_name
from schemas.records import QUARANTINE
from schemas.source import SourceContract


def refused_name(source_id: str) -> str:
    """Return the name of the table of one source's refused rows."""
    return f"refused_{source_id}"


def refused_rows(contract: SourceContract) -> str:
    """Return a query for one source's refused rows in the columns of quarantine."""
    delivered = ", ".join(
        f"{literal(column.spellings[-1])}: {identifier(column.name)}::varchar" for column in contract.columns
    )
    return f"""
        select {literal(contract.source_id)} as source_id, row_number, reason,
            coalesce(row_fields, to_json({{{delivered}}})::varchar) as delivered, row_key
        from {arrived_name(contract.source_id)}
        join (select row_number, reason, {whole_key(contract)} as row_key from {read_name(contract.source_id)} where reason is not null) using (row_number)
    """


@stage(reads=(), writes=QUARANTINE)
def gather_quarantine(source_ids: tuple[str, ...]) -> str:
    """Every refused row of the month, of every source that had any."""
    nothing = "select null::varchar as source_id, 0::bigint as row_number, null::varchar as reason, null::varchar as delivered"
    nothing += ", null::varchar as row_key where false"
    return " union all ".join([nothing, *(f"select * from {refused_name(source_id)}" for source_id in source_ids)])
