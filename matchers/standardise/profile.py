"""How full the columns of each delivery are, and which codes they hold: what the next month is compared with."""

from __future__ import annotations

from matchers.sql import identifier, literal, literals
from matchers.stage import stage
from schemas.raw import raw_name
from schemas.records import DELIVERY_PROFILE
from schemas.source import SourceContract

MIXED = ("code", "sex", "ethnicity")


@stage(reads=(), writes=DELIVERY_PROFILE)
def profile_deliveries(contracts: tuple[SourceContract, ...]) -> str:
    """How many loaded rows of one source fill one column, or hold one code in it."""
    return " union all ".join(select for contract in contracts for select in (filled(contract), *codes(contract)))


def filled(contract: SourceContract) -> str:
    """Return a select of the filled rows of every column."""
    counts = ", ".join(f"count({identifier(name)})" for name in contract.column_names)
    return f"""
        select {literal(contract.source_id)} as source_id, unnest([{literals(contract.column_names)}]) as column_name,
            '' as code, unnest([{counts}]) as row_count
        from {raw_name(contract.source_id)}
    """


def codes(contract: SourceContract) -> list[str]:
    """Return one select of the rows of every code for each coded column."""
    return [
        f"""
        select {literal(contract.source_id)}, {literal(column.name)}, {identifier(column.name)}::varchar, count(*)
        from {raw_name(contract.source_id)} where {identifier(column.name)} is not null group by {identifier(column.name)}
        """
        for column in contract.columns
        if column.type in MIXED
    ]
