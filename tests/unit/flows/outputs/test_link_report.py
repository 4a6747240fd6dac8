from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from flows.link_files import LinkJob, link_files
from flows.outputs.words import sentences
from matchers.errors import LinkInputError
from matchers.linkage.fields import FIELDS, LEVELS
from tests.unit.flows.test_link_files import ROWS, SPEC, Rows, write_csv


def report(folder: Path, rows: Rows, lang: str = "zh", truth: Path | None = None) -> str:
    spec = folder / "spec.yaml"
    spec.write_text(SPEC, encoding="utf-8")
    files = (write_csv(folder / "people.csv", rows),)
    link_files(LinkJob(spec=spec, files=files, out=folder / "out", lang=lang, truth=truth))
    return (folder / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "said"), [("zh", "典型记录对"), ("en", "Typical pairs")])
def test_the_report_shows_weights_and_pairs_and_nobodys_values(tmp_path: Path, lang: str, said: str) -> None:
    page = report(tmp_path, ROWS, lang)
    assert said in page
    assert not [value for row in ROWS for value in row[:1] + row[3:5] if value in page]
    assert "http" not in re.sub(r"http-equiv", "", page)


def test_a_file_with_nothing_to_compare_still_gets_a_report(tmp_path: Path) -> None:
    assert "各为一人" in report(tmp_path, [])


def test_truth_adds_calibration(tmp_path: Path) -> None:
    truth = tmp_path / "truth.parquet"
    records = ", ".join(f"('{row[0]}', '{row[0][1:]}')" for row in ROWS)
    duckdb.execute(f"copy (from (values {records}) t(record_id, entity_id)) to '{truth}' (format parquet)")
    assert "100.00%" in report(tmp_path, ROWS, "en", truth)
    with pytest.raises(LinkInputError, match="not Parquet"):
        report(tmp_path, ROWS, "en", tmp_path / "people.csv")


def test_every_field_and_level_has_words_in_both_languages() -> None:
    levels = {level for kind in LEVELS.values() for level in kind}
    for topic, wanted in (("link_fields", {field.name for field in FIELDS}), ("link_levels", levels)):
        said = sentences()[topic]
        assert {key for key in wanted if set(said.get(key, {})) != {"zh", "en"}} == set()
