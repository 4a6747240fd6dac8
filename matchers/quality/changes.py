"""Each delivery beside the month before: rows, how full its columns are, its mix of codes, and numbers that are gone."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import literal
from matchers.stage import stage
from schemas.quality import SOURCE_CHANGE
from schemas.records import DELIVERY, DELIVERY_PROFILE, STD_RECORD


@dataclass(frozen=True)
class ChangeLimits:
    """What a month explains. None of these is published anywhere; they are this project's own.

    Shares are in points of 0 to 1; deliveries shorter than `least_rows` in both months are not marked.
    """

    rows: float = 0.2
    completeness: float = 0.02
    code: float = 0.1
    ids_lost: float = 0.2
    least_rows: int = 50


@stage(reads=(DELIVERY, DELIVERY_PROFILE, STD_RECORD), writes=SOURCE_CHANGE)
def compare_deliveries(limits: ChangeLimits) -> str:
    """One figure of one delivery of this month beside the month before; deliveries that were not read are not compared.

    Reads `delivery_before`, `delivery_profile_before` and `std_record_before`, empty where there was no month before.
    """
    return f"""
        with sized as (
            select now.source_id, now.loaded_count as now_rows, before.loaded_count as before_rows,
                now.loaded_count >= {limits.least_rows} or before.loaded_count >= {limits.least_rows} as is_large
            from delivery as now join delivery_before as before using (source_id)
            where now.file_name is not null and before.file_name is not null
        )
        {row_changes(limits)} union all {column_changes(limits)} union all {lost_numbers(limits)}
    """


def row_changes(limits: ChangeLimits) -> str:
    """Return a select of the rows loaded from each source."""
    return f"""
        select source_id, 'rows' as kind, '' as column_name, '' as code, before_rows::double as before_value,
            now_rows::double as now_value,
            is_large and abs(now_rows - before_rows) > {literal(limits.rows)} * before_rows as is_marked
        from sized
    """


def column_changes(limits: ChangeLimits) -> str:
    """Return a select of how full each column is, and of the share of each code among its filled values."""
    moved = "round(coalesce(now_count, 0) / now_whole - coalesce(before_count, 0) / before_whole, 6)"
    return f"""
        select source_id, case when code = '' then 'completeness' else 'code' end, column_name, code,
            round(coalesce(before_count, 0) / before_whole, 6), round(coalesce(now_count, 0) / now_whole, 6),
            is_large and case when code = '' then {moved} < -{literal(limits.completeness)}
                else abs({moved}) > {literal(limits.code)} end
        from (
            select p.source_id, p.column_name, p.code, p.before_count, p.now_count, s.is_large,
                case when p.code = '' then s.before_rows else max(p.before_count) filter (where p.code = '') over filled end
                    as before_whole,
                case when p.code = '' then s.now_rows else max(p.now_count) filter (where p.code = '') over filled end as now_whole
            from (
                select source_id, column_name, code, b.row_count as before_count, n.row_count as now_count
                from delivery_profile as n full join delivery_profile_before as b using (source_id, column_name, code)
            ) as p join sized as s using (source_id)
            window filled as (partition by p.source_id, p.column_name)
        )
        where before_whole > 0 and now_whole > 0
    """


def lost_numbers(limits: ChangeLimits) -> str:
    """Return a select of how many valid citizen numbers of each source's last delivery are not in this one."""
    return f"""
        select source_id, 'ids_lost', '', '', 0.0, round(count(*) filter (where n.national_id is null) / count(*), 6),
            any_value(is_large) and count(*) filter (where n.national_id is null) > {literal(limits.ids_lost)} * count(*)
        from (select distinct source_id, national_id from std_record_before where national_id is not null) as b
        left join (select distinct source_id, national_id from std_record where national_id is not null) as n
            using (source_id, national_id)
        join sized using (source_id)
        group by source_id
    """
