"""Refused rows are kept as long as their source's contract says, and then deleted; the ledger keeps how many.

The rule: when a month is run, refused rows of a source from more than `retention_months` months before it go, with the
workbooks that hold them. The ledger's line is written before anything is deleted, so that a deletion that breaks off is
on record and is done again by the next run.
"""

from __future__ import annotations

import datetime
import logging
from dataclasses import dataclass
from pathlib import Path

from flows.engines.duckdb import DuckEngine
from flows.lake import PARQUET, Lake
from flows.ledger import opened
from flows.settings import RunSettings
from flows.source_states import months_apart
from flows.sources.contracts import read_contracts
from matchers.sql import columns, identifier, literal, literals
from schemas.doubts import ASKED_ROW
from schemas.records import QUARANTINE

log = logging.getLogger(__name__)
CREATE = """
create table if not exists quarantine_expiry (
    source_id text not null,
    month text not null,
    row_count integer not null,
    file_count integer not null,
    retention_months integer not null,
    expired_in text not null,
    expired_at text not null,
    primary key (source_id, month)
)
"""


@dataclass(frozen=True)
class Expired:
    """What is deleted of one source and month: refused rows, and workbooks with rows to correct."""

    source_id: str
    month: str
    row_count: int
    file_count: int
    retention_months: int


def expire_quarantine(run: RunSettings) -> list[Expired]:
    """Delete refused rows whose retention is over in the month that is run; return what went, nobody's values."""
    lake = Lake(run.home, run.home / "work" / "retention", run.month)
    gone: list[Expired] = []
    with DuckEngine(memory="1GB", threads=run.threads) as db:
        for month in lake.months(QUARANTINE.name):
            due = past_retention(month, run.month)
            found = [held for held in held_rows(db, lake, month, due) if held.row_count or held.file_count]
            if found:
                note(run, found)
                delete(db, lake, month, found)
                gone += found
    for each in gone:
        log.info(
            "%s of %s: %s refused rows past their retention were deleted", each.source_id, each.month, each.row_count
        )
    return gone  # fmt: skip


def past_retention(month: str, now: str) -> dict[str, int]:
    """Return the sources whose refused rows of a month are kept no longer, with the months they were kept."""
    contracts = read_contracts().values()
    return {c.source_id: c.retention_months for c in contracts if months_apart(month, now) > c.retention_months}


def oldest_kept(now: str, retention_months: int) -> str:
    """Return the oldest month whose refused rows are still kept when a month is run."""
    place = int(now[:4]) * 12 + int(now[5:]) - 1 - retention_months
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def held_rows(db: DuckEngine, lake: Lake, month: str, due: dict[str, int]) -> list[Expired]:
    """Return what is still held of sources whose time is over."""
    lake.read(db, QUARANTINE.name, month, "held_quarantine")
    counts = dict(db.rows("select source_id, count(*) from held_quarantine group by source_id"))
    return [
        Expired(source, month, counts.get(source, 0), len(workbooks(lake, month, source)), kept)
        for source, kept in sorted(due.items())
    ]


def workbooks(lake: Lake, month: str, source_id: str) -> list[Path]:
    """Return the workbooks of rows to correct that a month's runs wrote for a source."""
    return sorted((lake.home / "runs").glob(f"{month}-*/quality/{source_id}.xlsx"))


def note(run: RunSettings, found: list[Expired]) -> None:
    """Write what is about to go into the ledger; what is there from a deletion that broke off stays."""
    at = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    rows = [
        (e.source_id, e.month, e.row_count, e.file_count, e.retention_months, run.month, at) for e in found
    ]  # fmt: skip
    with opened(run.home) as ledger:
        ledger.execute(CREATE)
        ledger.executemany("insert or ignore into quarantine_expiry values (?, ?, ?, ?, ?, ?, ?)", rows)


def delete(db: DuckEngine, lake: Lake, month: str, found: list[Expired]) -> None:
    """Rewrite the month's tables without the rows whose time is over, and remove the workbooks that hold them."""
    sources = literals(each.source_id for each in found)
    for table in (ASKED_ROW, QUARANTINE):
        if not lake.has(table.name, month):
            continue
        file = lake.folder(table.name, month) / "part-0.parquet"
        partial = file.with_name("part-0.partial")
        lake.read(db, table.name, month, "held")
        there = [name for name in table.column_names if name in db.column_types("held")]
        kept = f"select {columns(there)} from held where source_id not in ({sources}) order by {columns(table.key)}"
        db.run(f"copy ({kept}) to {literal(str(partial))} ({PARQUET})")
        db.run(f"drop view {identifier('held')}")
        partial.rename(file)
    for each in found:
        for workbook in workbooks(lake, month, each.source_id):
            workbook.unlink()


def expired(home: Path) -> list[Expired]:
    """Return everything that was ever deleted after its retention, the oldest month first."""
    with opened(home) as ledger:
        ledger.execute(CREATE)
        query = "select source_id, month, row_count, file_count, retention_months from quarantine_expiry order by month, source_id"
        return [Expired(*row) for row in ledger.execute(query)]
