"""Corrections and increments: rows take the place of rows with the same key; nothing else is lost."""

from __future__ import annotations

from dataclasses import replace

from matchers.sql import columns, identifier
from matchers.stage import Stage, stage
from schemas.raw import raw_table
from schemas.source import SourceContract


def loaded_name(source_id: str) -> str:
    """Return the name of the rows of this month's delivery before they are merged."""
    return f"loaded_{source_id}"


def former_name(source_id: str) -> str:
    """Return the name of the last complete state: columns of raw_<source>, empty where there is none."""
    return f"former_{source_id}"


def merged_name(source_id: str) -> str:
    """Return the name of the rows that hold after this month."""
    return f"merged_{source_id}"


def merge_rows(contract: SourceContract) -> Stage[[int]]:
    """Return the stage that makes merged_<source>, the rows of raw_<source>, of this month's rows and of those of the last state that still hold."""

    @stage(reads=(), writes=replace(raw_table(contract), name=merged_name(contract.source_id)))
    def merge_with_former_state(first_correction: int) -> str:
        """Every row that holds after this month; `first_correction` is the place from which rows correct others.

        Rows carried over stand before the delivered ones, so their places are nought and below.
        """
        names = columns(raw_table(contract).column_names)
        return f"""
            with delivered as (select *, {key_text(contract)} as merge_key from {loaded_name(contract.source_id)}),
            correction as (
                select merge_key, max(row_number) as newest from delivered
                where merge_key is not null and row_number >= {first_correction} group by merge_key
            ),
            former as (
                select * replace (row_number() over (order by row_number) - count(*) over () as row_number),
                    {key_text(contract)} as merge_key
                from {former_name(contract.source_id)}
            )
            select {names} from delivered left join correction using (merge_key)
            where newest is null or row_number >= newest
            union all
            select {names} from former anti join delivered using (merge_key)
        """

    return merge_with_former_state


def key_text(contract: SourceContract) -> str:
    """Return SQL for the key of a row, however its letters and blanks were typed; null where no part of it is stated."""
    parts = [f"upper(replace({identifier(name)}::varchar, ' ', ''))" for name in contract.key]
    said = f"concat_ws(chr(31), {', '.join(f'coalesce({part}, chr(30))' for part in parts)})"
    return f"case when coalesce({', '.join(parts)}) is not null then {said} end"


def counts_query(source_id: str) -> str:
    """Return a query for how many rows were carried over, and how many were replaced by a correction."""
    carried = "count(*) filter (where row_number <= 0)"
    return (
        f"select {carried}, (select count(*) from {loaded_name(source_id)}) - (count(*) - {carried}) "
        f"from {merged_name(source_id)}"
    )
