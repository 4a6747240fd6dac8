"""Rule files that are not what they claim to be stop at the door, naming file, place and fault."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.link_files import read_spec
from flows.rules import REFERENCE, read_rule_files, read_shape
from flows.sources.contracts import read_contract
from matchers.errors import ReferenceMissingError, RuleFileError
from schemas.economic_check import Authorisation
from schemas.parameter import AreaParameters
from schemas.programme import Programme

FIRST = min((REFERENCE / "programmes").glob("*.yaml"))


def test_the_shipped_files_are_what_they_claim() -> None:
    files = read_rule_files()
    assert len(files.programmes) == 19
    assert [area.area for area in files.areas] == ["110100", "230123"]


@pytest.mark.parametrize(
    ("change", "message"),
    [({"misspelt": 1}, "misspelt"), ({"versions": []}, "versions"), ({"universe": ["no_such"]}, "universe")],
)
def test_a_programme_file_with_a_fault_says_where(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    content = yaml.safe_load(FIRST.read_text(encoding="utf-8"))
    file = tmp_path / "spoilt.yaml"
    file.write_text(yaml.safe_dump({**content, **change}), encoding="utf-8")
    with pytest.raises(RuleFileError, match=message):
        read_shape(file, Programme)


def test_figures_out_of_order_are_refused(tmp_path: Path) -> None:
    figure = {"value": 1, "source": "drawn", "confirmed": True}
    figures = [{"starts": datetime.date(year, 7, 1), **figure} for year in (2026, 2025)]
    parameters = {"x": {"about": "x", "unit": "yuan", "figures": figures}}
    file = tmp_path / "area.yaml"
    file.write_text(
        yaml.safe_dump({"area": "230123", "name_zh": "县", "name_en": "county", "parameters": parameters}),
        encoding="utf-8",
    )
    with pytest.raises(RuleFileError, match="oldest first"):
        read_shape(file, AreaParameters)


def test_a_figure_by_place_names_both_places(tmp_path: Path) -> None:
    figures = [{"starts": datetime.date(2026, 7, 1), "value": {"rural": 632}, "source": "drawn", "confirmed": True}]
    file = tmp_path / "area.yaml"
    content = {
        "area": "230123",
        "name_zh": "县",
        "name_en": "county",
        "parameters": {"x": {"about": "x", "unit": "y", "figures": figures}},
    }
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(RuleFileError, match="rural and urban"):
        read_shape(file, AreaParameters)


def test_what_is_no_yaml_is_a_fault_and_what_is_not_there_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a: [1", encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"x\.yaml is not YAML"):
        read_shape(file, Programme)
    with pytest.raises(ReferenceMissingError):
        read_shape(tmp_path / "gone.yaml", Programme)
    with pytest.raises(ReferenceMissingError):
        read_rule_files(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"signed_on: 2026-02-30\n", "a day in it does not exist"),
        ("about: 低保\n".encode("gb18030"), "it is not in UTF-8"),
        (b"[" * 5000, "it is nested too deep"),
        (b"a: \x00", "it cannot be read"),
        (b"about: *A11010519491231002X", r"found undefined alias .* near line 1"),
        (b"about: !11010519491231002X 1", r"could not determine a constructor .* near line 1"),
    ],
)
def test_whatever_a_file_holds_the_fault_is_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    with pytest.raises(RuleFileError, match=rf"x\.yaml is not YAML: {said}") as refused:
        read_shape(tmp_path / "x.yaml", Programme)
    assert "11010519491231002X" not in str(refused.value)
    for other in (read_contract, read_spec):
        with pytest.raises(RuleFileError, match=r"x\.yaml (is not YAML|cannot be read as YAML)"):
            other(tmp_path / "x.yaml")


@pytest.mark.parametrize("content", ["national_id:11010519491231002X\n", "王芳: 1\n", "a11010519491231002X: {b: 1}\n"])
def test_a_key_that_may_be_a_value_is_not_quoted(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.yaml").write_text(content + "signed_by: 李\nmisspelt: 1\n", encoding="utf-8")
    with pytest.raises(RuleFileError) as refused:
        read_shape(tmp_path / "x.yaml", Authorisation)
    assert "11010519491231002X" not in str(refused.value)
    assert "王芳" not in str(refused.value)
