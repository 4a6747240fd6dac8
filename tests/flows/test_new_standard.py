"""An official's change is one line of YAML: from its day on it shows where its figure is used, before that day nowhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

import flows.screening
from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.monthly import MonthResult
from flows.rules import REFERENCE, read_rule_files
from tests.flows.conftest import MONTHS, settings

RAISED = '      - {starts: 2026-10-01, value: {rural: 660, urban: 860}, source: "drawn", confirmed: false}\n'
Screened = dict[str, set[tuple[object, ...]]]
# The programmes whose rules name the standard, and by which criteria.
BY_STANDARD = {
    ("subsistence_allowance", "income_below_standard"), ("extreme_difficulty", "income_below_standard"),
    ("single_person_allowance", "income_at_least_standard"), ("single_person_allowance", "income_below_verge_line"),
    ("verge_family", "income_at_least_standard"), ("verge_family", "income_below_verge_line"),
}  # fmt: skip


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference data with one line more: a new standard from the first day of the second month."""
    folder = tmp_path_factory.mktemp("edited") / "reference"
    shutil.copytree(REFERENCE, folder)
    file = folder / "parameters" / "230123.yaml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    last = next(place for place, line in enumerate(lines) if "rural: 632" in line)
    file.write_text("".join([*lines[: last + 1], RAISED, *lines[last + 1 :]]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def screened(ran: MonthResult, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Screened]:
    """Answers what screening a month with some reference data leaves."""
    home = ran.folder.parents[1]

    @cache
    def answer(reference: Path, month: str) -> Screened:
        lake = Lake(home, tmp_path_factory.mktemp("staging"), month)
        with pytest.MonkeyPatch.context() as patch, DuckEngine(memory="1GB") as db:
            patch.setattr(flows.screening, "read_rule_files", partial(read_rule_files, reference))
            flows.screening.screen(settings(home, month), lake, db)
            return {
                table: set(db.rows(f"select * from {table}")) for table in ("fact", "served", "finding", "candidate")
            }

    return answer


def test_before_its_day_a_new_standard_changes_nothing(screened: Callable[[Path, str], Screened], edited: Path) -> None:
    assert screened(edited, MONTHS[0]) == screened(REFERENCE, MONTHS[0])


def test_from_its_day_on_it_changes_what_uses_it_and_nothing_else(
    screened: Callable[[Path, str], Screened], edited: Path
) -> None:
    old, new = screened(REFERENCE, MONTHS[1]), screened(edited, MONTHS[1])
    assert (old["fact"], old["served"]) == (new["fact"], new["served"])
    changed = old["finding"] ^ new["finding"]
    assert {(row[0], row[3]) for row in changed} == BY_STANDARD
    programmes = {programme for programme, _ in BY_STANDARD}
    untouched = [{row[:4] + row[8:10] for row in made["candidate"] if row[1] not in programmes} for made in (old, new)]
    assert untouched[0] == untouched[1]


def test_a_raised_standard_shuts_out_nobody_who_was_below_the_old_one(
    screened: Callable[[Path, str], Screened], edited: Path
) -> None:
    old, new = screened(REFERENCE, MONTHS[1]), screened(edited, MONTHS[1])
    out = [
        {
            row[2]
            for row in made["finding"]
            if row[0] == "subsistence_allowance" and row[3] == "income_below_standard" and row[5] is False
        }
        for made in (old, new)
    ]
    assert out[1] < out[0]
