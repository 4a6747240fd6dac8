"""What a data officer sees of the month's deliveries before and after the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.outputs.dictionary import write_dictionary
from flows.source_states import newest_month, source_states
from flows.sources.contracts import read_contracts
from matchers.errors import DeliveryError
from schemas.records import DELIVERY
from tests.conftest import Given


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with deliveries of two months."""
    for name in ("2026-09/pension.csv", "2026-09/worker_in_difficulty.xlsx", "2026-10/student.csv",
                 "2026-10/student.correction.csv", "2026-10/bank_balance.csv"):  # fmt: skip
        file = tmp_path / "incoming" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")
    return tmp_path


def states(home: Path) -> dict[str, str]:
    """Return source → state in the newest month."""
    return {each.source_id: each.state for each in source_states(home, newest_month(home), "zh")}


def test_every_source_has_a_state(home: Path) -> None:
    found = states(home)
    assert set(found) == set(read_contracts())
    said = {"student": "came", "pension": "late", "worker_in_difficulty": "not_due", "cremation": "never_came",
            "population_register": "missing", "bank_balance": "check_stage", "custody": "not_agreed"}  # fmt: skip
    assert {source_id: found[source_id] for source_id in said} == said


def test_a_check_stage_file_is_not_even_named(home: Path) -> None:
    (bank,) = [each for each in source_states(home, "2026-10", "zh") if each.source_id == "bank_balance"]
    assert bank.files == ()


def test_after_the_run_rows_stand_beside_the_files(home: Path, db: DuckEngine, given: Given) -> None:
    given(DELIVERY, """
        source_id | file_name   | delivered_count | loaded_count | quarantined_count | record_count
        student   | student.csv | 10              | 9            | 1                 | 9
    """)  # fmt: skip
    lake = Lake(home, home / "staging", "2026-10")
    lake.write(db, DELIVERY)
    lake.commit()
    (found,) = [each for each in source_states(home, "2026-10", "en") if each.source_id == "student"]
    assert (found.state, found.delivered, found.loaded, found.quarantined) == ("loaded", 10, 9, 1)
    assert found.files == ("student.correction.csv", "student.csv")


def test_without_any_month_it_says_where_deliveries_go(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="incoming"):
        newest_month(tmp_path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_dictionary_describes_every_column_of_every_source_and_fetches_nothing(tmp_path: Path, lang: str) -> None:
    assert write_dictionary(tmp_path / "a.html", lang) == len(read_contracts())
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    for contract in read_contracts().values():
        assert contract.source_id in page
        assert all(column.name in page for column in contract.columns)
    assert "http" not in page
    assert "src=" not in page
    write_dictionary(tmp_path / "b.html", lang)
    assert (tmp_path / "b.html").read_bytes() == (tmp_path / "a.html").read_bytes()
