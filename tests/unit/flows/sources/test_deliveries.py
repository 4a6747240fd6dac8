"""The month's folder: which file is which, and everything wrong with it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.sources.contracts import check_stage_ids, read_contracts
from flows.sources.deliveries import open_deliveries
from matchers.errors import DeliveryError

CONTRACTS = tuple(read_contracts()[source_id] for source_id in ("land_subsidy", "old_age_roll", "pension"))
OLD_AGE = "身份证号,姓名,月津贴,起始日期,状态,联系电话\n11010519491231002X,王芳,100,2020-05-01,发放,\n"


def faults(folder: Path) -> str:
    """Return what is said about a folder that cannot be used."""
    with pytest.raises(DeliveryError) as refused:
        open_deliveries(folder, CONTRACTS, check_stage_ids(), folder / ".scratch")
    return str(refused.value)


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    """A folder with the one delivery that is required."""
    (tmp_path / "old_age_roll.csv").write_text(OLD_AGE, encoding="utf-8")
    return tmp_path


def test_what_came_is_opened_and_what_is_optional_may_be_missing(incoming: Path) -> None:
    assert list(open_deliveries(incoming, CONTRACTS, check_stage_ids(), incoming / ".scratch")) == ["old_age_roll"]


def test_a_missing_required_source_names_department_and_file(tmp_path: Path) -> None:
    assert "old_age_roll (高龄津贴名册, 民政) is missing" in faults(tmp_path)


def test_a_wrong_name_is_told_with_the_nearest_and_all_expected(incoming: Path) -> None:
    (incoming / "pensions.csv").write_text("a", encoding="utf-8")
    said = faults(incoming)
    assert "pensions.csv is not the name of a delivery. The nearest name is pension.csv" in said
    assert "land_subsidy, old_age_roll, pension" in said


def test_a_name_with_another_ending_is_wrong_too(incoming: Path) -> None:
    (incoming / "pension.xls").write_text("a", encoding="utf-8")
    assert "pension.xls is not the name of a delivery" in faults(incoming)


def test_two_files_of_one_source_are_not_chosen_between(incoming: Path) -> None:
    (incoming / "old_age_roll.xlsx").write_text("a", encoding="utf-8")
    assert "old_age_roll.xlsx and old_age_roll.csv are both" in faults(incoming)


def test_everything_wrong_is_told_at_once(incoming: Path) -> None:
    (incoming / "old_age_roll.csv").write_bytes(b"")
    (incoming / "pension.parquet").write_bytes(b"PAR1 nothing")
    (incoming / "lnad_subsidy.csv").write_text("a", encoding="utf-8")
    said = faults(incoming)
    assert said.startswith("3 of the deliveries")
    assert "old_age_roll.csv is empty" in said
    assert "pension.parquet cannot be opened as Parquet" in said
    assert "The nearest name is land_subsidy.csv" in said


def test_check_stage_files_and_leftovers_are_never_opened(incoming: Path) -> None:
    for name in ("bank_balance.csv", "vehicle.csv", ".DS_Store", "~$pension.xlsx", "Thumbs.db"):
        (incoming / name).write_bytes(b"\xff\xff")
        (incoming / name).chmod(0)
    assert list(open_deliveries(incoming, CONTRACTS, check_stage_ids(), incoming / ".scratch")) == ["old_age_roll"]


def test_a_month_without_a_folder_says_where_files_belong(tmp_path: Path) -> None:
    assert "there is no folder" in faults(tmp_path / "2026-10")


def test_a_source_nobody_agreed_to_share_is_not_opened(incoming: Path) -> None:
    (incoming / "custody.csv").write_text("x", encoding="utf-8")
    (incoming / "custody.csv").chmod(0)
    assert "custody.csv was not opened: its contract says no agreement" in faults(incoming)
