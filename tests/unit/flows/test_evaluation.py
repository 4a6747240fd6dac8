from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from flows.engines.duckdb import DuckEngine
from flows.evaluation import evaluate, print_evaluation
from matchers.errors import DeliveryError, MissingTableError
from schemas.truth import TRUTH_ENTITLEMENT, TRUTH_IDENTITY, TRUTH_PERSON, TRUTH_ROW_PERSON


@pytest.fixture
def truth(county: Any, tmp_path: Path) -> Path:
    """The hand-made month and its truth: the last person's two records are two people; twelve candidates are right."""
    county.write()
    folder = tmp_path / "truth"
    folder.mkdir()
    people = [
        f"({place}, {place // 4}, {2 - place % 2}, date '1950-01-01', '01', 'T{place % 2}', true, false, false, true)"
        for place in range(61)
    ]
    rows = [
        f"('{source}', 'self', {place + 1}, {60 if place == 59 and source == 'disability_certificate' else place})"
        for source in ("population_register", "disability_certificate")
        for place in range(60)
    ]
    entitled = [f"('subsistence_allowance', 'household', {home * 4}, {home}, true, false)" for home in range(14)]
    written = [f"({place}, '王芳', null, date '1950-01-01', '230123195001010000', null, null)" for place in range(61)]
    files = (
        ("person", TRUTH_PERSON, people),
        ("identity", TRUTH_IDENTITY, written),
        ("row_person", TRUTH_ROW_PERSON, rows),
        ("entitlement", TRUTH_ENTITLEMENT, entitled),
    )
    with DuckEngine(memory="1GB") as db:
        for name, table, values in files:
            chosen = f"select * from (values {', '.join(values)}) as t({', '.join(table.column_names)})"
            db.run(f"copy ({chosen}) to '{folder / name}-2026-10.parquet' (format parquet)")
    return folder


def test_links_households_candidates_and_visits_are_measured(county: Any, truth: Path) -> None:
    result = evaluate(county.run.home, truth, "2026-10")
    overall = result["linkage"][0]
    assert (overall["topic"], overall["units"]) == ("overall", 120)
    assert overall["pairs"] == {
        "right": 59,
        "found": 60,
        "true": 59,
        "precision": 0.983333,
        "recall": 1.0,
        "f1": 0.991597,
    }
    assert overall["clusters"]["right"] == 59
    groups = {(row["topic"], row["item"]) for row in result["linkage"]}
    assert {("with_valid_id", ""), ("one_valid_id", ""), ("without_valid_id", "")} <= groups
    assert {("sex", "male"), ("age", "60-79"), ("source_id", "population_register")} <= groups
    assert result["households"][0]["pairs"]["f1"] == 1.0
    everything, poverty = (
        next(row for row in result["candidates"]["by_programme"] if row["programme"] == programme)
        for programme in (None, "subsistence_allowance")
    )
    assert (poverty["candidates"], poverty["precision"], poverty["found"], poverty["recall"]) == (12, 1.0, 12, 0.8571)
    assert everything["precision"] == 1.0  # programmes the truth does not know are not judged
    lost = next(row for row in result["candidates"]["missed"] if row["programme"] == "subsistence_allowance")
    ways = {name: lost[name] for name in ("served", "excluded", "not_listed", "not_assessed", "not_found")}
    assert sum(ways.values()) == lost["entitled_and_unserved"] - poverty["found"] == 2
    assert "subsistence_allowance" not in result["candidates"]["without_truth"]
    assert result["visits"]["all_candidates"] == {"households": 12, "hit": 12, "hit_rate": 1.0}


def test_the_measures_are_json_and_print_as_tables(county: Any, truth: Path) -> None:
    result = evaluate(county.run.home, truth, "2026-10")
    assert json.loads(json.dumps(result)) == result
    console = Console(record=True, width=160)
    print_evaluation(console, result)
    said = console.export_text()
    assert "Linkage" in said
    assert "subsistence_allowance" in said
    assert "hit rate" in said


def test_truth_that_is_not_there_is_told(county: Any, tmp_path: Path) -> None:
    county.write()
    with pytest.raises(DeliveryError, match=r"row_person-2026-10\.parquet is not in"):
        evaluate(county.run.home, tmp_path / "nowhere", "2026-10")


def test_a_month_that_was_not_run_is_told(county: Any, truth: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingTableError, match="Run the month first"):
        evaluate(tmp_path / "empty", truth, "2026-10")
