from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows.outputs.guide import breadth, lines_needed
from flows.outputs.words import Words
from flows.outputs.workbook import Line, ListFile, height, write_list
from schemas.candidates import LIST_COLUMNS, OUTCOMES_ZH

TITLE = "依兰县江湾镇 2026年10月 社会救助主动发现入户走访名单"
DAY, VISIT_BY = datetime.date(2026, 10, 31), datetime.date(2026, 11, 30)


def line(place: int, **cells: str) -> Line:
    known = {"name": "王秀英", "address": "3组12号", "phone": "13800000000", "reason": "年满80周岁", **cells}
    return Line(
        place,
        place,
        (
            str(place), f"old_age:{place}", known["name"], "230123********001X", "红旗村", known["address"],
            known["phone"], "高龄津贴", known["reason"], "1. 是否健在？\n2. 户籍是否在本县？", "2026-11-30", "", "", "", "",
        ),
    )  # fmt: skip


def written(folder: Path, *lines: Line, lang: str = "zh") -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    file = ListFile(folder / "list.xlsx", "江湾镇 2026-10", TITLE, Words(lang), DAY, VISIT_BY)
    write_list(file, lines)
    return openpyxl.load_workbook(file.path)


def test_a_list_has_a_title_headings_and_a_line_per_candidate(tmp_path: Path) -> None:
    book = written(tmp_path, line(1), line(2))
    sheet = book["走访名单"]
    assert (sheet["A1"].value, sheet["D1"].value) == ("江湾镇 2026-10", TITLE)
    assert [cell.value for cell in sheet[3]] == [zh for zh, _, _ in LIST_COLUMNS]
    assert sheet["C4"].value == "王秀英"
    assert sheet["D4"].value == "230123********001X"
    assert sheet["J5"].value == "1. 是否健在？\n2. 户籍是否在本县？"
    assert sheet["K4"].value == datetime.datetime(2026, 11, 30)
    assert [sheet.cell(4, column).value for column in range(12, 16)] == [None] * 4
    assert sheet.max_row == 5


def test_english_headings_are_available(tmp_path: Path) -> None:
    sheet = written(tmp_path, line(1), lang="en")["Visits"]
    assert [cell.value for cell in sheet[3]] == [en for _, en, _ in LIST_COLUMNS]


def test_outcomes_are_chosen_from_the_list_and_the_sheet_is_not_locked(tmp_path: Path) -> None:
    sheet = written(tmp_path, line(1), line(2))["走访名单"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["N4:N5"].formula1 == '"' + ",".join(OUTCOMES_ZH) + '"'
    assert rules["L4:L5"].type == "date"
    assert not sheet.protection.sheet


def test_the_page_is_set_up_for_a4_landscape_with_repeated_headings(tmp_path: Path) -> None:
    sheet = written(tmp_path, line(1))["走访名单"]
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "D4"


@pytest.mark.parametrize(
    "bad",
    [
        "=1+1",
        "+8613800000000",
        "-2",
        "@sum(a1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u3000+1",
        "\ufeff=1",
        "＝1+1",
        "＠a",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://a","b")',
    ],
)
def test_nothing_that_looks_like_a_formula_becomes_one(tmp_path: Path, bad: str) -> None:
    sheet = written(tmp_path, line(1, name=bad, phone=bad, address=bad, reason=bad))["走访名单"]
    for place in ("C4", "F4", "G4", "I4"):
        assert sheet[place].data_type == "s"
        assert sheet[place].quotePrefix


def test_a_link_in_a_cell_is_text(tmp_path: Path) -> None:
    sheet = written(tmp_path, line(1, address="http://example.org/"))["走访名单"]
    assert sheet["F4"].hyperlink is None


def test_the_instructions_explain_every_outcome(tmp_path: Path) -> None:
    guide = written(tmp_path, line(1))["填写说明"]
    said = {cell.value for row in guide.iter_rows() for cell in row if cell.value}
    assert set(OUTCOMES_ZH) <= said
    assert any("不作为" in text or "不得作为" in text for text in said)


def test_the_same_lines_are_the_same_bytes(tmp_path: Path) -> None:
    written(tmp_path / "a", line(1), line(2))
    written(tmp_path / "b", line(1), line(2))
    assert (tmp_path / "a/list.xlsx").read_bytes() == (tmp_path / "b/list.xlsx").read_bytes()


def test_rows_grow_with_what_they_hold() -> None:
    assert breadth("张a") == 3
    assert lines_needed("长" * 60, 42) == 3
    short, long = line(1).cells, line(1, reason="数据显示" * 40).cells
    assert height(long) > height(short)
