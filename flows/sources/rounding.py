"""Citizen numbers that went through a spreadsheet and were saved as text again: 230123198001015432 → 230123198001015000."""

from __future__ import annotations

from flows.engines.duckdb import DuckEngine
from matchers.sql import identifier
from matchers.standardise.rows import arrived_name
from schemas.source import SourceContract

# One real number in a thousand ends like that; where many do, the last three digits are not theirs.
ROUNDED = r"'^\d{15}000$'"
FEWEST, SHARE = 3, 0.02


def is_rounded(number: str) -> str:
    """Return the condition that a number may have been rounded; its end says no a hundred times as fast as its form."""
    return f"({number} like '%000' and regexp_matches({number}, {ROUNDED}))"


def mask_rounded(db: DuckEngine, contract: SourceContract) -> int:
    """Mask the digits a spreadsheet made up in every column of numbers that it rounded; return how many there were.

    One number in eleven would pass its check digit by chance and be believed to be somebody else's.
    """
    view = arrived_name(contract.source_id)
    kinds = db.column_types(view)
    columns = [
        identifier(column.name)
        for column in contract.columns
        if column.type == "national_id" and kinds[column.name] == "VARCHAR"
    ]
    if not columns:
        return 0
    counted = ", ".join(f"count(*) filter (where {is_rounded(name)}), count({name})" for name in columns)
    found = db.rows(f"select {counted} from {view}")[0]
    pairs = zip(columns, found[::2], found[1::2], strict=True)
    rounded = {name: count for name, count, stated in pairs if count >= FEWEST and count > SHARE * stated}
    if rounded:
        masked = ", ".join(
            f"case when {is_rounded(name)} then left({name}, 15) || '***' else {name} end as {name}" for name in rounded
        )
        db.run(f"create or replace table rounded_{contract.source_id} as select * replace ({masked}) from {view}")
        db.run(f"create or replace view {view} as select * from rounded_{contract.source_id}")
    return sum(rounded.values())
