"""Which earlier file may stand in, and what tells a short or repeated delivery."""

from __future__ import annotations

import datetime
from pathlib import Path

from flows.sources.carrying import Former, is_repeated, is_short, month_before, spoken_of
from flows.sources.contracts import read_contracts
from flows.sources.deliveries import stand_in
from schemas.source import SourceContract

ROLL = read_contracts()["old_age_roll"]
REGISTER = read_contracts()["population_register"]
FORMER = Former("delivered", "2026-09", datetime.date(2026, 9, 30), "sha", "900:1", 1000)


def put(folder: Path, month: str, name: str = "old_age_roll.csv") -> Path:
    file = folder / month / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x", encoding="utf-8")
    return file


def standing_in(folder: Path, contract: SourceContract) -> Path | None:
    found = stand_in(folder / "2026-01", contract)
    return found[0].file if found else None


def test_the_newest_earlier_delivery_stands_in_and_none_older_than_the_contract_allows(tmp_path: Path) -> None:
    put(tmp_path, "2025-10")
    assert standing_in(tmp_path, ROLL) is None
    november = put(tmp_path, "2025-11")
    assert standing_in(tmp_path, ROLL) == november
    december = put(tmp_path, "2025-12")
    assert standing_in(tmp_path, ROLL) == december


def test_a_database_of_today_never_stands_in_for_a_month_before(tmp_path: Path) -> None:
    put(tmp_path, "2025-12", "old_age_roll.database.yaml")
    assert standing_in(tmp_path, ROLL) is None


def test_a_source_the_run_stops_without_is_never_carried_forward(tmp_path: Path) -> None:
    put(tmp_path, "2025-12", "population_register.csv")
    assert REGISTER.when_missing == "stop"
    assert standing_in(tmp_path, REGISTER) is None


def test_months_are_counted_back_over_the_turn_of_the_year() -> None:
    assert [month_before("2026-01", back) for back in (1, 13)] == ["2025-12", "2024-12"]


def test_a_delivery_is_short_below_its_share_of_the_usual_rows_and_not_at_it() -> None:
    assert is_short(ROLL, 499, FORMER)
    assert not is_short(ROLL, 500, FORMER)
    assert not is_short(ROLL, 0, None)
    assert not is_short(ROLL, 0, Former("delivered", None, None, None, None, 29))


def test_the_same_rows_are_a_repetition_only_of_long_monthly_lists() -> None:
    assert is_repeated(ROLL, "900:1", 900, FORMER)
    assert not is_repeated(ROLL, "900:2", 900, FORMER)
    assert not is_repeated(ROLL, "900:1", 199, FORMER)
    assert not is_repeated(read_contracts()["land_subsidy"], "900:1", 900, FORMER)


def test_rows_that_came_before_keep_the_day_they_came_with() -> None:
    assert spoken_of("2026-10", "900:1", FORMER) == datetime.date(2026, 9, 30)
    assert spoken_of("2026-10", "900:2", FORMER) == datetime.date(2026, 10, 31)
