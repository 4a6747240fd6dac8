"""Refused rows go when their retention is over, not a month before, and the ledger keeps how many."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.retention import Expired, expire_quarantine, expired, oldest_kept
from flows.settings import RunSettings
from flows.sources.contracts import read_contracts
from schemas.records import QUARANTINE
from tests.conftest import Given

# Kept 36 and 60 months by their contracts.
DRAWN = """
source_id         | row_number | reason | delivered
pension           | 1          | wrong  | {"姓名": "王芳"}
pension           | 2          | wrong  | {"姓名": "李明"}
old_age_roll      | 1          | wrong  | {"姓名": "张强"}
"""


@pytest.fixture
def home(tmp_path: Path, db: DuckEngine, given: Given) -> Path:
    """A home folder with the refused rows of 2023-10, and the workbook that went to a department."""
    given(QUARANTINE, DRAWN)
    lake = Lake(tmp_path, tmp_path / "staging", "2023-10")
    lake.write(db, QUARANTINE)
    lake.commit()
    workbook = tmp_path / "runs" / "2023-10-abcdef12" / "quality" / "pension.xlsx"
    workbook.parent.mkdir(parents=True)
    workbook.write_bytes(b"rows")
    return tmp_path


def kept(home: Path) -> list[tuple[str, int]]:
    """Return the refused rows that are still there."""
    with DuckEngine(memory="512MB") as db:
        Lake(home, home / "staging", "2023-10").read(db, "quarantine")
        return db.rows("select source_id, row_number from quarantine order by all")


def test_they_stay_to_the_last_month_of_their_retention(home: Path) -> None:
    assert read_contracts()["pension"].retention_months == 36
    assert expire_quarantine(RunSettings(home, "2026-10")) == []
    assert len(kept(home)) == 3
    assert oldest_kept("2026-10", 36) == "2023-10"


def test_a_month_later_they_go_with_their_workbook_and_the_count_stays(home: Path) -> None:
    gone = [Expired("pension", "2023-10", 2, 1, 36)]
    assert expire_quarantine(RunSettings(home, "2026-11")) == gone
    assert kept(home) == [("old_age_roll", 1)]
    assert not list(home.rglob("pension.xlsx"))
    assert expired(home) == gone


def test_a_second_run_deletes_and_notes_nothing_more(home: Path) -> None:
    expire_quarantine(RunSettings(home, "2026-11"))
    assert expire_quarantine(RunSettings(home, "2026-12")) == []
    assert [each.row_count for each in expired(home)] == [2]


def test_an_earlier_month_run_again_deletes_nothing(home: Path) -> None:
    assert expire_quarantine(RunSettings(home, "2023-11")) == []
    assert len(kept(home)) == 3
