from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from flows.engines.duckdb import DuckEngine
from flows.validation import validate
from matchers.errors import GateError

Session = Callable[[], DuckEngine]


def refusal(county: Any, session: Session) -> str:
    county.write()
    with pytest.raises(GateError) as raised:
        validate(county.run, county.lake(), session())
    return str(raised.value)


def test_a_sound_month_passes_both_doors_with_its_warnings_and_keeps_every_result(
    county: Any, session: Session
) -> None:
    county.write()
    lake = county.lake()
    db = session()
    summary = validate(county.run, lake, db)
    lake.commit()
    assert summary["critical_failed"] == 0
    assert {result["door"] for result in summary["results"]} == {"arrival", "release"}
    unmet = {result["meaning"] for result in summary["results"] if not result["is_met"]}
    assert unmet == {"is_missing", "unplaced_candidate_count", "is_quarantine_over_notice"}
    lake.read(db, "gate_result", name="kept")
    assert db.rows("select count(*) from kept") == [(summary["expectations"],)]


def test_a_row_neither_loaded_nor_refused_stops_the_month_and_names_the_source(county: Any, session: Session) -> None:
    county.tables["delivery"][0]["delivered_count"] = 70
    said = refusal(county, session)
    assert "at arrival: source_check.unaccounted_count (population_register)" in said
    assert "is broken by 7. Ask the department for a corrected delivery" in said


def test_a_person_twice_and_a_probability_above_one_are_told_together(county: Any, session: Session) -> None:
    county.tables["person"].append(dict(county.tables["person"][0]))
    county.tables["candidate"][3]["probability"] = 1.2
    said = refusal(county, session)
    assert "person.person_id: expect_column_values_to_be_unique is broken by 2" in said
    assert "candidate.probability: expect_column_values_to_be_between is broken by 1" in said


def test_a_citizen_number_in_a_reason_stops_the_month_and_is_not_quoted(county: Any, session: Session) -> None:
    number = county.tables["person"][0]["national_id"]
    county.tables["candidate"][0]["reasons_zh"] = f"配偶 {number} 已领取"
    said = refusal(county, session)
    assert "release_check.number_in_text_count: expect_column_sum_to_be_between is broken by 1" in said
    assert number not in said
