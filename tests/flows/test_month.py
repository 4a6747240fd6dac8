"""The whole month on a small county: what comes out, the same again, and after being killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.monthly import PHASE_NAMES, MonthResult, run_month
from schemas.findings import EXCLUDING_LINK
from tests.flows.conftest import MONTHS, published, settings


def table(home: Path, name: str, month: str = MONTHS[-1]) -> str:
    root = home / ("ledger" if name.startswith("ledger_") else "lake")
    return f"read_parquet('{root}/{name}/month={month}/*.parquet')"


def ask(question: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as db:
        return db.execute(question).fetchall()


def test_every_delivered_row_is_loaded_or_quarantined(ran: MonthResult) -> None:
    home = ran.folder.parents[1]
    rows = ask(f"select source_id, delivered_count, loaded_count, quarantined_count from {table(home, 'delivery')}")
    assert len(rows) >= 20
    assert [row for row in rows if row[1] != row[2] + row[3]] == []  # type: ignore[operator]
    counted = ask(f"select source_id, count(*) from {table(home, 'quarantine')} group by 1")
    refused = {str(source): count for source, count in counted}
    assert {str(row[0]): row[3] for row in rows if row[3]} == refused


def test_a_run_leaves_lists_a_report_and_a_manifest(ran: MonthResult) -> None:
    names = set(published(ran))
    assert {"report.html", "manifest.json", "lists/candidates.parquet"} <= names
    assert any(name.endswith(".xlsx") for name in names)
    manifest = json.loads((ran.folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["phases"]) == set(PHASE_NAMES)
    assert set(manifest["published"]) == names - {"manifest.json"}
    assert len(manifest["deliveries"]) >= 20


def test_every_workbook_opens_and_shows_no_whole_citizen_number(ran: MonthResult, county: Path) -> None:
    truth = ask(
        f"select distinct national_id from {table(ran.folder.parents[1], 'person')} where national_id is not null"
    )
    numbers = {str(number) for (number,) in truth}
    assert len(numbers) > 2_000
    workbooks = sorted((ran.folder / "lists").glob("*.xlsx"))
    assert workbooks
    for file in workbooks:
        for sheet in openpyxl.load_workbook(file):
            cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
            assert not cells & numbers
    report = (ran.folder / "report.html").read_text(encoding="utf-8")
    assert not [number for number in numbers if number in report]


def test_the_report_needs_nothing_from_outside(ran: MonthResult) -> None:
    report = (ran.folder / "report.html").read_text(encoding="utf-8")
    for outside in ('src="http', 'href="http', "@import", "url(http"):
        assert outside not in report


def test_nobody_who_is_served_is_a_candidate_for_the_same_programme(ran: MonthResult) -> None:
    home = ran.folder.parents[1]
    surely = f"(select * from {table(home, 'served')} where link_probability >= {EXCLUDING_LINK})"
    both = f"select count(*) from {table(home, 'candidate')} join {surely} using (programme_id, unit_id)"
    assert ask(both) == [(0,)]


def test_nobody_is_in_two_households_and_every_person_is_in_one(ran: MonthResult) -> None:
    home = ran.folder.parents[1]
    member, person = table(home, "household_member"), table(home, "person")
    alive = f"select person_id from {person} where not coalesce(is_deceased, false)"
    assert ask(f"select count(*) from ({alive}) where person_id not in (select person_id from {member})") == [(0,)]
    assert ask(f"select count(*) - count(distinct person_id) from {member}") == [(0,)]


def test_people_keep_their_ids_from_month_to_month(ran: MonthResult) -> None:
    home = ran.folder.parents[1]
    before, after = (table(home, "person", month) for month in MONTHS)
    kept = f"select count(*) from {before} b join {after} a using (national_id) where b.person_id = a.person_id"
    ((same,),), ((all_of_them,),) = ask(kept), ask(f"select count(*) from {before} join {after} using (national_id)")
    assert all_of_them > 2_000  # type: ignore[operator]
    assert same / all_of_them > 0.995  # type: ignore[operator]


def test_a_second_run_repeats_nothing_and_changes_nothing(second_home: Path, ran: MonthResult) -> None:
    again = run_month(settings(second_home))
    assert [phase.name for phase in again.phases if phase.was_repeated] == []
    assert published(again) == published(ran)


def test_the_same_deliveries_give_the_same_bytes_elsewhere_and_with_other_threads(
    second_home: Path, ran: MonthResult
) -> None:
    for made in ("lake", "runs", "ledger", "work"):
        shutil.rmtree(second_home / made, ignore_errors=True)
    for month in MONTHS:
        again = run_month(settings(second_home, month, threads=1))
    assert [name for name, content in published(ran).items() if published(again).get(name) != content] == []
    assert set(published(again)) == set(published(ran))


def command(home: Path) -> list[str]:
    return [sys.executable, "-m", "flows.cli", "run", "--month", MONTHS[-1], "--memory", "2GB", "--home", str(home)]


@pytest.fixture(scope="module")
def unbroken(county: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], float]:
    """What a run that nobody disturbs publishes, and how many seconds it takes."""
    home = tmp_path_factory.mktemp("unbroken")
    shutil.copytree(county / "incoming" / MONTHS[-1], home / "incoming" / MONTHS[-1])
    started = time.monotonic()
    subprocess.run(command(home), check=True, capture_output=True)
    return published(run_month(settings(home))), time.monotonic() - started


@pytest.mark.parametrize("attempt", range(3))
def test_a_killed_run_goes_on_to_the_same_bytes(
    fresh_home: Path, unbroken: tuple[dict[str, bytes], float], attempt: int
) -> None:
    expected, seconds = unbroken
    victim = subprocess.Popen(command(fresh_home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds * random.Random(attempt).uniform(0.2, 0.95))
    os.kill(victim.pid, signal.SIGKILL)
    victim.wait()
    assert published(run_month(settings(fresh_home))) == expected
