"""Broken deliveries and wrong moments: one clear message, an exit code, and the state before left as it was."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.ledger import release
from flows.monthly import MonthResult, run_month
from flows.phases import held
from matchers.errors import BusyError, DeliveryError, LedgerConflictError, MatchError
from tests.flows.conftest import MONTHS, published, settings


def delivery(home: Path, source: str) -> Path:
    (file,) = (home / "incoming" / MONTHS[-1]).glob(f"{source}.*")
    return file


def missing(home: Path) -> None:
    delivery(home, "population_register").unlink()


def empty(home: Path) -> None:
    delivery(home, "medical_insured").write_bytes(b"")


def truncated(home: Path) -> None:
    file = delivery(home, "medical_settlement")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def truncated_workbook(home: Path) -> None:
    file = delivery(home, "subsistence_roll")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def wrongly_named(home: Path) -> None:
    file = delivery(home, "medical_insured")
    file.rename(file.with_name("medical_insurde.csv"))


def column_missing(home: Path) -> None:
    file = delivery(home, "medical_insured")
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0].replace("certno", "certificate"), *lines[1:]]), encoding="utf-8")


def wrong_encoding(home: Path) -> None:
    file = delivery(home, "population_register")
    file.write_bytes(file.read_bytes().decode("gb18030").encode("utf-32"))


def header_only(home: Path) -> None:
    file = delivery(home, "medical_insured")
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "source"),
    [
        (missing, "population_register"),
        (empty, "medical_insured"),
        (header_only, "medical_insured"),
        (truncated, "medical_settlement"),
        (truncated_workbook, "subsistence_roll"),
        (wrongly_named, "medical_insurde"),
        (column_missing, "medical_insured"),
        (wrong_encoding, "population_register"),
    ],
)
def test_a_broken_delivery_stops_the_run_before_anything_is_written(
    fresh_home: Path, damage: object, source: str
) -> None:
    damage(fresh_home)  # type: ignore[operator]
    with pytest.raises(DeliveryError, match=source):
        run_month(settings(fresh_home))
    assert not list((fresh_home / "lake").glob("std_record/*"))
    assert not list((fresh_home / "runs").glob("*"))


def test_all_broken_deliveries_are_named_at_once(fresh_home: Path) -> None:
    for damage in (missing, column_missing, truncated):
        damage(fresh_home)
    with pytest.raises(DeliveryError) as stopped:
        run_month(settings(fresh_home))
    for source in ("population_register", "medical_insured", "medical_settlement"):
        assert source in str(stopped.value)


def test_a_month_nobody_delivered_says_where_files_are_expected(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="incoming"):
        run_month(settings(tmp_path / "home", "2027-01"))


def test_a_broken_redelivery_leaves_the_finished_month_as_it_was(second_home: Path, ran: MonthResult) -> None:
    kept = delivery(second_home, "medical_insured").read_bytes()
    column_missing(second_home)
    with pytest.raises(DeliveryError):
        run_month(settings(second_home))
    delivery(second_home, "medical_insured").write_bytes(kept)
    again = run_month(settings(second_home))
    assert published(again) == published(ran)
    assert [phase.name for phase in again.phases if phase.was_repeated] == []


def test_a_corrected_delivery_is_another_run_and_the_first_one_stays(second_home: Path, ran: MonthResult) -> None:
    file = delivery(second_home, "unemployment")
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    corrected = run_month(settings(second_home))
    assert corrected.run_id != ran.run_id
    assert (second_home / "runs" / ran.run_id / "report.html").exists()


def test_an_optional_source_may_be_absent_and_the_run_says_so(fresh_home: Path) -> None:
    delivery(fresh_home, "disaster_loss").unlink()
    result = run_month(settings(fresh_home))
    report = (result.folder / "report.html").read_text(encoding="utf-8")
    assert "disaster_loss" in str(result.phases[0].summary) or "disaster_loss" in report


def test_an_area_code_nobody_knows_is_quarantined_and_the_rest_goes_on(fresh_home: Path) -> None:
    file = delivery(fresh_home, "population_register")
    lines = file.read_bytes().decode("gb18030").splitlines()
    place = lines[0].split(",").index("村居代码")
    cells = lines[1].split(",")
    cells[place] = "999999" + cells[place].strip('"')[6:]
    file.write_bytes("\n".join([lines[0], ",".join(cells), *lines[2:]]).encode("gb18030"))
    result = run_month(settings(fresh_home))
    assert "population_register" in str(result.phases[0].summary)


def test_a_released_month_is_closed(second_home: Path, ran: MonthResult) -> None:
    release(second_home, ran.run_id, "王芳")
    with pytest.raises(LedgerConflictError, match="王芳"):
        run_month(settings(second_home))


def test_a_second_run_at_the_same_time_is_refused(fresh_home: Path) -> None:
    with held(fresh_home), pytest.raises(BusyError):
        run_month(settings(fresh_home))


def test_a_full_disk_is_one_message_and_nothing_half_written(fresh_home: Path) -> None:
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); from flows.cli import main; main()"
    )
    words = ["run", "--month", MONTHS[-1], "--home", str(fresh_home)]
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True)
    assert done.returncode == 19, done.stderr
    assert "Traceback" not in done.stderr
    assert not list((fresh_home / "runs").glob("*"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["run", "--month", "2026-13"], 16),
        (["run"], 2),
        (["run", "--month", "2026-10", "--capacity", "5"], 2),
        (["nonsense"], 2),
        (["release", "2026-10-none", "--by", "王芳"], 15),
        (["link", "no.parquet", "--spec", "no.yaml", "--out", "out"], 13),
    ],
)
def test_every_mistake_has_its_exit_code_and_no_traceback(tmp_path: Path, words: list[str], code: int) -> None:
    command = [sys.executable, "-m", "flows.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_no_error_message_quotes_a_person(fresh_home: Path) -> None:
    person = delivery(fresh_home, "population_register").read_bytes().decode("gb18030").splitlines()[1].split(",")
    shutil.copy(delivery(fresh_home, "population_register"), fresh_home / "incoming" / MONTHS[-1] / "marriage.csv")
    with pytest.raises(MatchError) as stopped:
        run_month(settings(fresh_home))
    assert not [cell for cell in person if len(cell.strip('"')) > 1 and cell.strip('"') in str(stopped.value)]
