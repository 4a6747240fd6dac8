"""What became of the rows departments were asked to correct: answered by a right row of the same key, or still open."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.doubts import ASKED_COUNT, ASKED_ROW
from schemas.raw import raw_name
from schemas.records import QUARANTINE
from schemas.source import SourceContract


@dataclass(frozen=True)
class Followed:
    """One source whose refused rows are followed.

    `first_correction` is the place of the first delivered row that corrects others; rows that were asked for before
    `oldest_month` are past their retention and are followed no more.
    """

    contract: SourceContract
    first_correction: int
    oldest_month: str


def whole_key(contract: SourceContract) -> str:
    """Return SQL for a hash of a row's key, however its letters and blanks were typed; null where a part is not stated."""
    parts = [f"upper(replace({identifier(name)}::varchar, ' ', ''))" for name in contract.key]
    said = " and ".join(f"{part} is not null" for part in parts)
    return f"case when {said} then md5(concat_ws(chr(31), {', '.join(parts)})) end"


@stage(reads=(QUARANTINE,), writes=ASKED_ROW)
def follow_requests(followed: tuple[Followed, ...], month: str) -> str:
    """Every row refused this month or before and not answered until now; reads `asked_before`.

    A row refused again is not asked for a second time. A row is answered by a loaded row of its key: of any later month, or
    of a correction of the same month. Where another row of the same key was loaded beside it, nobody could tell an answer.
    """
    old = " or ".join(
        f"(source_id = {literal(f.contract.source_id)} and asked_month >= {literal(f.oldest_month)})" for f in followed
    )
    return f"""
        with was_open as (
            select source_id, asked_month, row_number, row_key from asked_before where state = 'open' and ({old or "false"})
        ), refused as (select source_id, row_number, row_key from {QUARANTINE.name}),
        fresh as (
            select source_id, {literal(month)} as asked_month, row_number, row_key from refused
            where row_key is null or (source_id, row_key) not in (select (source_id, row_key) from was_open)
            qualify row_key is null or row_number() over (partition by source_id, row_key order by row_number) = 1
        ), asked as (select * from was_open union all select * from fresh),
        loaded as ({" union all ".join([nothing_loaded(), *map(loaded_keys, followed)])})
        select source_id, asked_month, row_number, row_key,
            case when row_key is null or (asked_month = {literal(month)} and has_other) then 'untraceable'
                when is_corrected or (asked_month < {literal(month)} and has_other and again is null) then 'answered'
                else 'open' end as state,
            case when state = 'answered' then {literal(month)} end as answered_month
        from asked left join loaded using (source_id, row_key)
        left join (select distinct source_id, row_key, true as again from refused where row_key is not null)
            using (source_id, row_key)
    """


def nothing_loaded() -> str:
    """Return a select of no loaded keys."""
    return "select null::varchar as source_id, null::varchar as row_key, false as has_other, false as is_corrected where false"


def loaded_keys(followed: Followed) -> str:
    """Return a select of the keys asked for that stand in this month's loaded rows; carried ones have places below one."""
    source = literal(followed.contract.source_id)
    return f"""
        select {source}, row_key, bool_or(row_number < {followed.first_correction}),
            bool_or(row_number >= {followed.first_correction})
        from (select row_number, {whole_key(followed.contract)} as row_key from {raw_name(followed.contract.source_id)})
        where row_number > 0 and row_key in (select row_key from asked where source_id = {source})
        group by row_key
    """


@stage(reads=(ASKED_ROW,), writes=ASKED_COUNT)
def count_requests(month: str) -> str:
    """One source: rows asked for this month, answered, still open, and those whose answer nobody could tell."""
    return f"""
        select source_id, count(*) filter (where asked_month = {literal(month)}) as asked_count,
            count(*) filter (where state = 'answered') as answered_count,
            count(*) filter (where state = 'open') as open_count,
            count(*) filter (where state = 'untraceable') as untraceable_count,
            min(asked_month) filter (where state = 'open') as oldest_month
        from asked_row group by source_id
    """
