"""Workbooks: typed cells become the text a department would have written, and invented digits are never believed."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from flows.sources.headers import find_headings
from flows.sources.workbook import cell_text, open_workbook
from matchers.errors import DeliveryError

CONTRACT = read_contracts()["worker_in_difficulty"]
HEADER: list[object] = ["姓名", "身份证号", "困难级别", "致困原因", "建档日期", "单位名称", "联系电话"]
ROW: list[object] = ["王芳", "11010519491231002X", "深度", "因病", "2020-05-01", "依兰县第一厂", "13912345670"]


def workbook(file: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """Write a workbook with these sheets."""
    with xlsxwriter.Workbook(str(file), {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return file


def loaded(db: DuckEngine, file: Path) -> list[tuple[object, ...]]:
    """Return what arrives of a workbook."""
    open_workbook(CONTRACT, file).reader.load(db)
    return db.rows("select row_number, full_name, national_id, filed_date from arrived_worker_in_difficulty order by 1")


def test_the_sheet_with_the_headers_is_read_whatever_stands_before_and_above(db: DuckEngine, tmp_path: Path) -> None:
    rows: list[list[object]] = [["困难职工名册"], [], HEADER, ROW, [], ROW]
    file = workbook(tmp_path / "a.xlsx", {"说明": [["填表说明"]], "名册": rows})
    assert loaded(db, file) == [(n, "王芳", "11010519491231002X", "2020-05-01") for n in (1, 2)]


def test_days_and_numbers_in_cells_become_text(db: DuckEngine, tmp_path: Path) -> None:
    row = [*ROW[:4], datetime.date(2020, 5, 1), *ROW[5:]]
    file = workbook(tmp_path / "a.xlsx", {"名册": [HEADER, row, [*ROW[:4], 43952, *ROW[5:]]]})
    assert [str(found[3])[:10] for found in loaded(db, file)] == ["2020-05-01", "43952"]


def test_a_number_the_spreadsheet_rounded_is_masked_and_noted(db: DuckEngine, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"名册": [HEADER, ["王芳", 440524188001010014, *ROW[2:]]]})
    arrival = open_workbook(CONTRACT, file)
    assert arrival.note == "1 numbers of more than 15 digits were rounded by a spreadsheet"
    assert loaded(db, file)[0][2] == "440524188001010***"


@pytest.mark.parametrize(
    ("cell", "text"),
    [("", None), ("a", "a"), (3.0, "3"), (632.5, "632.5"), (True, "true"), (datetime.date(2020, 5, 1), "2020-05-01"),
     (230123800101001, "230123800101001")],
)  # fmt: skip
def test_a_cell_is_written_as_a_department_would(cell: object, text: str | None) -> None:
    assert cell_text(cell) == text


def test_a_workbook_that_is_cut_off_or_something_else_is_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"名册": [HEADER, ROW]})
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(DeliveryError, match="cut off"):
        open_workbook(CONTRACT, file)


def test_a_workbook_without_its_columns_names_them_all(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"名册": [["姓名", "身份证"], ["王芳", "11010519491231002X"]]})
    with pytest.raises(
        DeliveryError, match=r"national_id \(身份证号\) is missing; the nearest header is that of column 2"
    ) as refused:
        open_workbook(CONTRACT, file)
    assert "filed_date" in str(refused.value)
    assert "王芳" not in str(refused.value)


def test_every_sheet_with_the_headers_is_read_and_the_rest_is_said(db: DuckEngine, tmp_path: Path) -> None:
    other = [*ROW]
    other[0] = "李明"
    sheets: dict[str, list[list[object]]] = {
        "红旗村": [HEADER, ROW],
        "说明": [["填表说明"]],
        "东风村": [["名册"], [*HEADER[::-1]], [*other[::-1]]],
    }
    file = workbook(tmp_path / "a.xlsx", sheets)
    arrival = open_workbook(CONTRACT, file)
    assert arrival.note == (
        "2 sheets were read one below the other; 1 sheets without the columns of this source were not read"
    )
    assert [row[:3] for row in loaded(db, file)] == [(1, "王芳", ROW[1]), (2, "李明", ROW[1])]


def test_headings_in_two_rows_with_merged_cells_are_read_as_one(db: DuckEngine, tmp_path: Path) -> None:
    upper: list[object] = ["基本信息", "", "困难级别", "致困原因", "建档日期", "单位名称", "联系电话"]
    file = workbook(tmp_path / "a.xlsx", {"名册": [["困难职工名册"], upper, [*HEADER[:2], "", "", "", "", ""], ROW]})
    assert loaded(db, file) == [(1, "王芳", ROW[1], "2020-05-01")]


def test_a_group_above_and_a_word_below_are_one_heading() -> None:
    contract = read_contracts()["child_roll"]
    upper = ["姓名", "身份证号", "监护人", "", "类别", "月金额", "起始日期", "终止日期", "状态"]
    lower = ["", "", "姓名", "身份证号", "", "", "", "", ""]
    below, headings = find_headings(contract, [["孤儿名册"], upper, lower])
    assert (below, headings[:5]) == (3, ["姓名", "身份证号", "监护人姓名", "监护人身份证号", "类别"])
