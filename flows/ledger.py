"""What outlives a run and is decided by people: which month was let out, by whom and when.

SQLite keeps it: one file, transactions that survive a power cut, readable by any auditor's tool. Tables that a run
works out itself (person ids) are Parquet beside it, one immutable snapshot a month.
"""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from matchers.errors import LedgerConflictError

CREATE = """
create table if not exists release (
    month text not null primary key,
    run_id text not null,
    released_by text not null,
    released_at text not null
)
"""


@dataclass(frozen=True)
class Release:
    """One month let out: which run's lists, by whom, when (local time with offset)."""

    month: str
    run_id: str
    released_by: str
    released_at: str


@contextmanager
def opened(home: Path) -> Iterator[sqlite3.Connection]:
    """Open the ledger; what is done inside is kept whole or not at all."""
    (home / "ledger").mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(home / "ledger" / "ledger.sqlite", timeout=30)
    try:
        connection.execute("pragma synchronous = full")
        connection.execute(CREATE)
        with connection:
            yield connection
    finally:
        connection.close()


def releases(home: Path) -> list[Release]:
    """Return every release, oldest month first."""
    if not (home / "ledger" / "ledger.sqlite").exists():
        return []
    with opened(home) as ledger:
        found = ledger.execute("select month, run_id, released_by, released_at from release order by month")
        return [Release(*row) for row in found]


def release(home: Path, run_id: str, released_by: str) -> Release:
    """Let a run's lists out; raises LedgerConflictError where the run is not there or the month is out already."""
    if not (home / "runs" / run_id / "manifest.json").exists():
        there = sorted(path.name for path in (home / "runs").glob("20*")) if (home / "runs").exists() else []
        raise LedgerConflictError(f"there is no finished run {run_id}. Finished runs: {', '.join(there) or 'none'}.")
    month = run_id[:7]
    refuse_released(home, month)
    made = Release(month, run_id, released_by, datetime.datetime.now().astimezone().isoformat(timespec="seconds"))
    with opened(home) as ledger:
        row = (made.month, made.run_id, made.released_by, made.released_at)
        ledger.execute("insert into release (month, run_id, released_by, released_at) values (?, ?, ?, ?)", row)
    return made


def refuse_released(home: Path, month: str) -> None:
    """Raise LedgerConflictError where this month, or a later one that was built on it, is already out."""
    for known in releases(home):
        if known.month >= month:
            raise LedgerConflictError(
                f"{known.month} was released as run {known.run_id} by {known.released_by} at {known.released_at}. "
                f"Lists that are out are never rewritten, and {month} would change what they rest on. "
                "Deliver corrections with the next month."
            )
