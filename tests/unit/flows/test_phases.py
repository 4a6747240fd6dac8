from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.phases import Phase, held, run_phase
from flows.settings import RunSettings
from matchers.errors import BusyError, DeliveryError, MatchError, StorageError
from schemas.contract import Table, text

THING = Table("thing", row="one thing", key=("thing_id",), columns=(text("thing_id", "id", required=True),))


def made(*names: str) -> Phase:
    def work(_run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, Any]:
        db.store("thing", {"thing_id": list(names)})
        lake.write(db, THING)
        return {"things": len(names)}

    return Phase("make", work)


def broken(error: Exception) -> Phase:
    def work(_run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, Any]:
        db.store("thing", {"thing_id": ["half"]})
        lake.write(db, THING)
        raise error

    return Phase("make", work)


def run(tmp_path: Path) -> RunSettings:
    return RunSettings(home=tmp_path, month="2026-10")


def things(tmp_path: Path) -> list[str]:
    with DuckEngine() as db:
        Lake(tmp_path, tmp_path, "2026-10").read(db, "thing")
        return [name for (name,) in db.rows("select thing_id from thing order by 1")]


def test_a_phase_is_not_repeated_while_nothing_it_depends_on_changes(tmp_path: Path) -> None:
    assert run_phase(run(tmp_path), made("a"), "f1").was_repeated
    again = run_phase(run(tmp_path), made("b"), "f1")
    assert not again.was_repeated
    assert again.summary == {"things": 1}
    assert things(tmp_path) == ["a"]


def test_a_phase_is_repeated_when_its_fingerprint_changes(tmp_path: Path) -> None:
    run_phase(run(tmp_path), made("a"), "f1")
    assert run_phase(run(tmp_path), made("b", "c"), "f2").was_repeated
    assert things(tmp_path) == ["b", "c"]


def test_a_broken_phase_leaves_the_state_before_it_untouched(tmp_path: Path) -> None:
    run_phase(run(tmp_path), made("a"), "f1")
    with pytest.raises(DeliveryError):
        run_phase(run(tmp_path), broken(DeliveryError("no file")), "f2")
    assert things(tmp_path) == ["a"]
    assert not run_phase(run(tmp_path), made("z"), "f1").was_repeated


def test_a_full_disk_is_a_storage_error_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="free space"):
        run_phase(run(tmp_path), broken(OSError(errno.ENOSPC, "No space left on device")), "f1")


def test_what_the_engine_says_about_people_stays_in_a_private_file(tmp_path: Path) -> None:
    with pytest.raises(MatchError) as stopped:
        run_phase(run(tmp_path), broken(duckdb.ConversionException("Could not convert '张三' to INT")), "f1")
    assert "张三" not in str(stopped.value)
    report = tmp_path / "work" / "2026-10-make-error.txt"
    assert "张三" in report.read_text(encoding="utf-8")
    assert report.stat().st_mode & 0o077 == 0


def test_two_runs_never_hold_one_home(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(BusyError, match="another run"), held(tmp_path):
        pass
    with held(tmp_path):
        pass


def test_the_same_rows_are_the_same_bytes_in_whatever_order_they_come(tmp_path: Path) -> None:
    run_phase(run(tmp_path), made("a", "b", "c"), "f1")
    file = tmp_path / "lake" / "thing" / "month=2026-10" / "part-0.parquet"
    first = file.read_bytes()
    run_phase(run(tmp_path), made("c", "a", "b"), "f2")
    assert file.read_bytes() == first


def test_a_table_written_in_parts_is_read_as_one(tmp_path: Path) -> None:
    def work(_run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, Any]:
        parts = [f"select '{letter}' || number as thing_id from range(2) as t(number)" for letter in "ab"]
        return {"things": lake.write_parts(db, THING, parts), "kept": db.rows("select thing_id from thing order by 1")}

    result = run_phase(run(tmp_path), Phase("make", work), "f1")
    assert result.summary == {"things": 4, "kept": [("a0",), ("a1",), ("b0",), ("b1",)]}
    assert len(list((tmp_path / "lake" / "thing" / "month=2026-10").iterdir())) == 2
