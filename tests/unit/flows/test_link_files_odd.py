"""Tables no department should deliver and some will: a clear message or a correct result, never a hang."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from flows.link_files import LinkJob, link_files
from matchers.errors import LinkInputError, RuleFileError
from tests.unit.flows.test_link_files import HEADER, ROWS, SPEC, Rows, job, persons, write_csv

PLACEHOLDER = ("UNKNOWN", "UNKNOWN", "1900-01-01", "00000000000", "")


def linked(folder: Path, rows: Rows, spec: str = SPEC) -> dict[str, Any]:
    return link_files(job(folder, write_csv(folder / "people.csv", rows), spec=spec))


def with_column(place: int, value: str) -> Rows:
    return [(*row[:place], value, *row[place + 1 :]) for row in ROWS]


@pytest.mark.parametrize(("place", "role"), [(1, "given_name"), (3, "birth_date"), (4, "phone")])
def test_a_role_without_data_is_left_out_and_the_rest_links(tmp_path: Path, place: int, role: str) -> None:
    summary = linked(tmp_path, with_column(place, ""))
    assert role not in summary["fields"]
    assert summary["records"] == len(ROWS)


def test_a_constant_column_proves_nothing(tmp_path: Path) -> None:
    assert linked(tmp_path, with_column(2, "lee"))["persons"] == 16


def test_a_placeholder_everyone_shares_makes_nobody_one_person(tmp_path: Path) -> None:
    crowd: Rows = [(f"c{n:05}", *PLACEHOLDER) for n in range(3_000)]
    summary = linked(tmp_path, crowd)
    assert summary["persons"] == 3_000
    assert summary["pairs_compared"] == 0


def test_nobody_real_is_drawn_into_a_crowd_of_placeholders(tmp_path: Path) -> None:
    crowd: Rows = [(f"c{n:05}", *PLACEHOLDER) for n in range(2_500)]
    linked(tmp_path, [*ROWS, *crowd])
    found = persons(tmp_path)
    assert len({found[row[0]] for row in crowd}) == 2_500
    assert {found[row[0]] for row in crowd}.isdisjoint(found[row[0]] for row in ROWS)


def test_a_crowd_of_placeholders_does_not_hide_the_few_who_are_real(tmp_path: Path) -> None:
    crowd: Rows = [(f"c{n:05}", *PLACEHOLDER) for n in range(2_500)]
    linked(tmp_path, [*ROWS, *crowd])
    found = persons(tmp_path)
    assert all(found[row[0]] == f"a{row[0][1:]}" for row in ROWS)


@pytest.mark.parametrize("born", ["1980-02-30", "0000-00-00", "99999999", "yesterday", "1e9", "TRUE"])
def test_a_date_that_is_none_is_missing_not_an_error(tmp_path: Path, born: str) -> None:
    assert linked(tmp_path, with_column(3, born))["records"] == len(ROWS)


def test_a_value_of_megabytes_is_compared_by_its_beginning(tmp_path: Path) -> None:
    long = "ab" * 400_000
    rows: Rows = [(*ROWS[0][:5], long), *ROWS[1:], ("z1", long, *ROWS[0][2:]), ("z2", long, *ROWS[0][2:])]
    linked(tmp_path, rows)
    found = persons(tmp_path)
    assert found["z1"] == found["z2"]


def test_titles_above_the_header_of_a_workbook_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([("List of people",), ("", "", "as of 2026"), HEADER, *ROWS]):
            sheet.write_row(at, 0, row)
    assert link_files(job(tmp_path, file))["persons"] == 16


@pytest.mark.parametrize("rows", [[], ROWS[:1]], ids=["no row", "one row"])
def test_a_table_with_nobody_to_link_gives_whole_results(tmp_path: Path, rows: Rows) -> None:
    assert linked(tmp_path, rows)["persons"] == len(rows)
    assert (tmp_path / "out" / "report.html").stat().st_size > 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_table_in_any_usual_encoding_is_linked_alike(tmp_path: Path, encoding: str) -> None:
    assert link_files(job(tmp_path, write_csv(tmp_path / "people.csv", ROWS, encoding)))["persons"] == 16


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("task: [dedupe", "cannot be read as YAML"),
        ("", "not a link spec"),
        ("- dedupe", "not a link spec"),
        (SPEC.replace("dedupe", "join"), "task"),
        (SPEC.replace("given_name", "forename"), "columns.first"),
    ],
)
def test_a_spec_that_is_none_says_where(tmp_path: Path, spec: str, said: str) -> None:
    with pytest.raises(RuleFileError, match=said):
        linked(tmp_path, ROWS, spec)


@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_a_threshold_nothing_or_everything_reaches_is_refused(tmp_path: Path, threshold: float) -> None:
    with pytest.raises(LinkInputError, match="between 0 and 1"):
        link_files(job(tmp_path, write_csv(tmp_path / "people.csv", ROWS), threshold=threshold))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("blocking: {rules: [[sex]]}", "no column has the roles sex"),
        ("blocking: {rules: []}", "blocking.rules"),
        ("blocking: {rules: [[phone, phone]]}", "different roles"),
        ("comparisons: {surname: {kind: colour}}", "comparisons.surname.kind"),
        ("comparisons: {surname: {bounds: [0.9, 0.8, 0.95]}}", "rise"),
        ("comparisons: {surname: {bounds: [0.8, 0.9]}}", "three bounds"),
        ("comparisons: {birth_date: {kind: exact}}", "one way only"),
        ("training: {rounds: 3}", "training.rounds"),
    ],
)
def test_an_override_that_cannot_be_says_why(tmp_path: Path, extra: str, said: str) -> None:
    with pytest.raises(RuleFileError, match=said):
        linked(tmp_path, ROWS, SPEC + extra + "\n")


def test_overrides_change_what_is_blocked_by_and_compared(tmp_path: Path) -> None:
    extra = "blocking: {rules: [[phone]], only_these: true}\ncomparisons: {given_name: {bounds: [0.5, 0.6, 0.7]}, surname: {is_compared: false}}\n"
    summary = linked(tmp_path, ROWS, SPEC + extra)
    assert summary["pairs_compared"] == 16
    assert "surname" not in json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))["model"]["fields"]


def test_a_model_learnt_before_is_used_and_finds_the_same(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "people.csv", ROWS)
    link_files(job(tmp_path, file))
    first, model = persons(tmp_path), tmp_path / "frozen.json"
    model.write_bytes((tmp_path / "out" / "model.json").read_bytes())
    link_files(LinkJob(spec=tmp_path / "spec.yaml", files=(file,), out=tmp_path / "out", model=model))
    assert persons(tmp_path) == first
    kept, used = (json.loads(path.read_text(encoding="utf-8")) for path in (model, tmp_path / "out" / "model.json"))
    assert kept["model"]["fields"] == used["model"]["fields"]
    model.write_text("{}", encoding="utf-8")
    with pytest.raises(RuleFileError, match="no model of format"):
        link_files(LinkJob(spec=tmp_path / "spec.yaml", files=(file,), out=tmp_path / "out", model=model))
