"""Follows data/reference/README.md to the letter: every example goes into the file it names, and its cases must hold."""

from __future__ import annotations

import datetime
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.engines.duckdb import DuckEngine
from flows.indicators import raise_all, read_indicators, with_figures
from flows.rules import REFERENCE, read_rule_files
from matchers.indicators.rules import open_watch_book
from tests.policy.test_indicator_cases import SOURCES, Given, draw_before, draw_now, wrongly
from tests.policy.test_policy_cases import Case, assessed, verdict_of

BLOCK = re.compile(r"^```yaml\n# (?P<file>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, Any]]:
    """Return every example of the page: the file it goes into, and what it says."""
    text = (REFERENCE / "README.md").read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) == text.count("```yaml"), "an example does not begin with the file it goes into"
    return [(found["file"], yaml.safe_load(found["text"])) for found in BLOCK.finditer(text)]


def drawn(folder: str) -> list[Case]:
    """Return the cases of the examples, each with its place."""
    return [case for file, said in examples() if str(Path(file).parent) == folder for case in said]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the reference data with every example put where the page says."""
    folder = tmp_path_factory.mktemp("followed") / "reference"
    shutil.copytree(REFERENCE, folder)
    for file, said in examples():
        if file.startswith("tests/"):
            continue
        target = folder / file
        content = grown(yaml.safe_load(target.read_text(encoding="utf-8")), said) if target.exists() else said
        target.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def grown(area: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    """Return an area's file with the example's parameters added, or the new figures of one it has."""
    for name, said in parameters.items():
        known = area["parameters"].setdefault(name, {**said, "figures": []})
        values = {figure["starts"]: figure["value"] for figure in known["figures"]}
        for figure in said["figures"]:
            assert values.get(figure["starts"], figure["value"]) == figure["value"], (
                f"{name} of {figure['starts']} is another"
            )
        known["figures"] += [figure for figure in said["figures"] if figure["starts"] not in values]
    return area


def test_the_page_shows_a_standard_a_programme_and_an_indicator() -> None:
    files = [file for file, _ in examples()]
    assert [file for file in files if file.startswith(("parameters/", "programmes/"))] == [
        "parameters/230123.yaml", "programmes/heating_aid.yaml", "parameters/230123.yaml",
    ]  # fmt: skip
    assert {"indicators/disabled_unemployed.yaml", "indicators/figures/230123.yaml"} <= set(files)
    assert len(drawn("tests/policy")) == 6
    assert len(drawn("tests/policy/indicators")) == 3


@pytest.mark.parametrize("case", drawn("tests/policy"), ids=lambda case: case["name"])
def test_the_cases_of_the_page_hold_where_it_was_followed(case: Case, followed: Path) -> None:
    said = assessed(case["day"], (("C1", case),), read_rule_files(followed))
    assert verdict_of("C1", case, said) == case["expect"]


def test_before_the_page_was_followed_they_do_not() -> None:
    case = drawn("tests/policy")[1]
    assert verdict_of("C1", case, assessed(case["day"], (("C1", case),))) != case["expect"]


def by_day() -> Iterator[tuple[datetime.date, list[Case]]]:
    numbered = [{**case, "prefix": f"c{n}:"} for n, case in enumerate(drawn("tests/policy/indicators"))]
    for day in sorted({case["day"] for case in numbered}):
        yield day, [case for case in numbered if case["day"] == day]


def test_the_indicator_of_the_page_fires_as_its_cases_say(db: DuckEngine, given: Given, followed: Path) -> None:
    for day, group in by_day():
        draw_before(db, given, group)
        draw_now(given, group)
        areas = with_figures(read_rule_files(followed).areas, followed)
        book = open_watch_book(read_indicators(followed), areas, day)
        assert not [
            stop for stop in book.stopped if stop.indicator_id == "disabled_unemployed" and stop.area == "230123"
        ]
        raise_all(db, book, SOURCES)
        raised = {
            (indicator, unit): grade
            for indicator, unit, grade in db.rows("select indicator_id, unit_id, grade from signal")
        }
        assert {case["name"]: wrongly(case, raised) for case in group if wrongly(case, raised)} == {}
