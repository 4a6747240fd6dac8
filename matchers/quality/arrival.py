"""What came: every source accounted for row by row, and held against the month before."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.quality import ID_STATE_COUNT, QUARANTINE_REASON, SOURCE_CHECK
from schemas.records import DELIVERY, QUARANTINE, STD_RECORD


@dataclass(frozen=True)
class RawTable:
    """One loaded table of a source and the columns that say which records its rows state."""

    source_id: str
    record_columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return f"raw_{self.source_id}"


@dataclass(frozen=True)
class ArrivalLimits:
    """What a month can stand on. None of these is published anywhere; they are this project's own."""

    quarantine_limit: float = 0.20
    quarantine_notice: float = 0.02
    id_share_collapse: float = 0.20
    id_share_fall: float = 0.03
    row_change: float = 2.0


@stage(reads=(DELIVERY, QUARANTINE, STD_RECORD), writes=SOURCE_CHECK)
def check_sources(raw: tuple[RawTable, ...], limits: ArrivalLimits) -> str:
    """One source: rows delivered, loaded and refused, counted again from the tables themselves.

    Reads `std_record_before` and `delivery_before`, the month before, empty where there was none.
    """
    return f"""
        with raw_count as ({raw_counts(raw)}),
        refused as (select source_id, count(*) as row_count from quarantine group by source_id),
        stated as ({id_shares("std_record")}),
        stated_before as ({id_shares("std_record_before")}),
        joined as (
            select delivery.*,
                coalesce(raw_count.row_count, 0) as raw_row_count, coalesce(raw_count.incomplete_count, 0) as incomplete_key_count,
                coalesce(refused.row_count, 0) as quarantine_row_count, coalesce(stated.stated_count, 0) as id_stated_count,
                stated.valid_share as id_valid_share, stated_before.valid_share as id_valid_share_before,
                before.delivered_count as delivered_count_before
            from delivery
            left join raw_count using (source_id) left join refused using (source_id)
            left join stated using (source_id) left join stated_before using (source_id)
            left join delivery_before as before on before.source_id = delivery.source_id and before.delivered_count > 0
        )
        select source_id, delivered_count, loaded_count, quarantined_count, record_count, id_stated_count,
            abs(delivered_count - loaded_count - quarantined_count) as unaccounted_count,
            abs(raw_row_count - loaded_count - coalesce(carried_count, 0) + coalesce(replaced_count, 0)) as raw_mismatch_count,
            abs(quarantine_row_count - quarantined_count) as quarantine_mismatch_count,
            incomplete_key_count::bigint as incomplete_key_count,
            {share_of("quarantined_count", "delivered_count")} as quarantine_share,
            id_valid_share, id_valid_share_before, delivered_count_before, {flags(limits)}
        from joined
    """


def raw_counts(raw: tuple[RawTable, ...]) -> str:
    """Return a select of rows and incomplete rows per loaded table."""
    nothing = "select null::varchar as source_id, 0::bigint as row_count, 0::bigint as incomplete_count where false"
    counts = (
        f"select {literal(table.source_id)}, count(*), count(*) filter (where {incomplete(table)}) "
        f"from {identifier(table.name)}"
        for table in raw
    )
    return " union all ".join([nothing, *counts])


def incomplete(table: RawTable) -> str:
    """Return the condition that a loaded row has no number or states nobody."""
    nobody = " and ".join(f"{identifier(column)} is null" for column in table.record_columns)
    return f"row_number is null or ({nobody})" if nobody else "row_number is null"


def id_shares(table: str) -> str:
    """Return a select of the share of valid citizen numbers among the stated ones, per source."""
    stated = "count(*) filter (where id_state in ('valid', 'invalid', 'masked'))"
    valid = "count(*) filter (where id_state = 'valid')"
    return f"""
        select source_id, {stated} as stated_count, {share_of(valid, stated, "null")} as valid_share
        from {identifier(table)} group by source_id
    """


def share_of(part: str, whole: str, otherwise: str = "0::double") -> str:
    """Return a share that is `otherwise` where there is no whole."""
    return f"case when ({whole}) > 0 then round(({part})::double / ({whole}), 6) else {otherwise} end"


def flags(limits: ArrivalLimits) -> str:
    """Return the 0/1 columns that say which limits a source crosses."""
    refused = share_of("quarantined_count", "delivered_count")
    fell = "coalesce(id_valid_share_before - id_valid_share, 0)"
    conditions = {
        "is_quarantine_over_limit": f"{refused} > {literal(limits.quarantine_limit)}",
        "is_quarantine_over_notice": f"{refused} > {literal(limits.quarantine_notice)}",
        "is_id_share_collapsed": f"{fell} > {literal(limits.id_share_collapse)}",
        "is_id_share_falling": f"{fell} > {literal(limits.id_share_fall)}",
        "is_row_count_odd": row_count_is_odd(limits.row_change),
        "is_missing": "file_name is null",
        "is_carried_forward": "state = 'carried_forward'",
        "is_repeated": "state = 'repeated'",
        "is_partial": "state = 'partial'",
    }
    return ", ".join(f"coalesce({test}, false)::bigint as {name}" for name, test in conditions.items())


def row_count_is_odd(factor: float) -> str:
    """Return the condition that a delivered file shrank or grew by more than a factor."""
    times = literal(factor)
    halved = f"delivered_count * {times} < delivered_count_before"
    doubled = f"delivered_count > delivered_count_before * {times}"
    return f"file_name is not null and ({halved} or {doubled})"


@stage(reads=(QUARANTINE,), writes=QUARANTINE_REASON)
def count_quarantine_reasons() -> str:
    """One reason for which rows of one source were refused."""
    return "select source_id, reason, count(*) as row_count from quarantine group by source_id, reason"


@stage(reads=(STD_RECORD,), writes=ID_STATE_COUNT)
def count_id_states() -> str:
    """One state of citizen numbers in one source."""
    return "select source_id, id_state, count(*) as record_count from std_record group by source_id, id_state"
