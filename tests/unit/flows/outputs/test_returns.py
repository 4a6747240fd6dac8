"""What goes back to a department: every row it must correct, what it may see of it, and nothing a program would run."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import openpyxl
import pytest

from flows.engines.duckdb import DuckEngine
from flows.outputs.returns import shown, write_returns
from flows.settings import RunSettings
from flows.sources.contracts import read_contracts
from schemas.doubts import ASKED_COUNT, BROKEN_RULE, PLACEHOLDER_COUNT
from schemas.raw import raw_table
from schemas.records import DELIVERY, QUARANTINE, STD_RECORD
from tests.conftest import Given

CONTRACT = read_contracts()["old_age_roll"]
ROW = {
    "身份证号": "11010519491231002X",
    "姓名": "王芳芳",
    "月津贴": "--",
    "起始日期": "昨天",
    "状态": "=1+1",
    "联系电话": "13912345670",
}


@pytest.fixture
def month(given: Given, db: DuckEngine) -> DuckEngine:
    """A month in which one row of old-age allowances was refused and one was loaded with a wrong number."""
    given(DELIVERY, """
        source_id    | file_name        | delivered_count | loaded_count | quarantined_count | record_count
        old_age_roll | old_age_roll.csv | 4               | 2            | 2                 | 2
        pension      | pension.csv      | 5               | 5            | 0                 | 5
    """)  # fmt: skip
    given(QUARANTINE, """
        source_id    | row_number | reason                           | delivered
        old_age_roll | 3          | status is missing or not a code  | DRAWN
        old_age_roll | 4          | 9 fields, the header has 6       | []
    """)  # fmt: skip
    db.run(f"update quarantine set delivered = '{json.dumps(ROW, ensure_ascii=False)}' where row_number = 3")
    given(STD_RECORD, """
        record_id | source_id    | role | id_state | row_count
        a:1       | old_age_roll | self | invalid  | 1
        a:2       | old_age_roll | self | valid    | 1
    """)  # fmt: skip
    given(raw_table(CONTRACT), """
        row_number | record_id | national_id        | full_name | status    | phone
        1          | a:1       | 11010519491231002Y | @李明      | receiving | 13912345670
        2          | a:2       | 11010519491231002X | 张强      | receiving |
    """)  # fmt: skip
    given(PLACEHOLDER_COUNT, """
        source_id | field | reason | value_count | record_count | most_count
        pension   | phone | spread | 1           | 2500         | 2500
    """)  # fmt: skip
    given(ASKED_COUNT, """
        source_id    | asked_count | answered_count | open_count | untraceable_count | oldest_month
        old_age_roll | 2           | 3              | 4          | 0                 | 2026-06
        pension      | 0           | 0              | 0          | 0                 |
    """)  # fmt: skip
    given(BROKEN_RULE, """
        source_id    | rule         | column_name             | row_count | first_rows
        old_age_roll | unread       | amount_month_yuan       | 2         | 1, 2
        old_age_roll | repeated_key | national_id, start_date | 1         | 2
    """)  # fmt: skip
    return db


def sheets(file: Path) -> dict[str, list[list[object]]]:
    """Return the cells of every sheet."""
    book = openpyxl.load_workbook(file)
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def test_a_department_gets_its_rows_by_reason_and_sees_its_key_and_what_is_wrong(
    month: DuckEngine, tmp_path: Path
) -> None:
    assert write_returns(RunSettings(tmp_path, "2026-08"), month, tmp_path / "quality") == {
        "old_age_roll.xlsx": 3,
        "pension.xlsx": 0,
    }
    found = sheets(tmp_path / "quality" / "old_age_roll.xlsx")
    assert list(found) == ["核校函", "退回数据", "证件号码有误"]
    assert found["退回数据"][0][:4] == ["数据行号", "退回原因", "姓名", "身份证号"]
    broken, wrong = found["退回数据"][1:]
    assert broken[:2] == [4, "列数与表头不符（9 列，应为 6 列）"]
    assert wrong == [3, "状态缺失或无法识别", "王**", "11010519491231002X", "--", "昨天", "=1+1", "139****5670"]
    assert found["证件号码有误"][1][2:4] == ["@**", "11010519491231002Y"]
    assert found["证件号码有误"][1][6] == "发放"


def test_the_letter_says_how_many_why_by_when_and_how_to_send_again(month: DuckEngine, tmp_path: Path) -> None:
    write_returns(RunSettings(tmp_path, "2026-08"), month, tmp_path)
    said = "\n".join(str(cell) for row in sheets(tmp_path / "old_age_roll.xlsx")["核校函"] for cell in row if cell)
    for words in ("关于核校2026年8月高龄津贴名册的函", "民政", "共 4 行", "退回 2 行", "10个工作日内", "第二十六条",
                  "old_age_roll.correction.xlsx", "状态缺失或无法识别", "已载入，但身份证号有误", "60 个月",
                  "已载入，但“月津贴”无法识别，按未填写处理（最前的行号：1, 2）", "“身份证号、起始日期”与前面的行重复"):  # fmt: skip
        assert words in said
    assert "王" not in said


def test_no_cell_is_a_formula_for_any_program(month: DuckEngine, tmp_path: Path) -> None:
    write_returns(RunSettings(tmp_path, "2026-08"), month, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "old_age_roll.xlsx")
    cells = [
        cell for sheet in book for row in sheet for cell in row if str(cell.value).startswith(("=", "+", "-", "@"))
    ]
    assert len(cells) == 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_the_same_month_is_the_same_bytes(month: DuckEngine, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_returns(RunSettings(tmp_path, "2026-08"), month, tmp_path / name)
    assert (tmp_path / "a" / "old_age_roll.xlsx").read_bytes() == (tmp_path / "b" / "old_age_roll.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("column", "value", "seen"),
    [("full_name", "王", "王"), ("full_name", "欧阳锋", "欧**"), ("phone", "13912345670", "139****5670"), ("phone", "110", "***"),
     ("national_id", "11010519491231002X", "110***********002X"), ("amount_month_yuan", "100", "100"), ("start_date", None, "")],
)  # fmt: skip
def test_what_is_neither_key_nor_wrong_is_masked(column: str, value: str | None, seen: str) -> None:
    assert shown(CONTRACT.column(column), value, set()) == seen
    assert shown(CONTRACT.column(column), value, {column}) == (value or "")
    assert isinstance(RunSettings(Path(), "2026-08").day, datetime.date)


def test_a_placeholder_is_told_in_the_letter_though_every_row_was_loaded(month: DuckEngine, tmp_path: Path) -> None:
    write_returns(RunSettings(tmp_path, "2026-08"), month, tmp_path / "quality")
    found = sheets(tmp_path / "quality" / "pension.xlsx")
    assert list(found) == ["核校函"]
    said = "已载入，但“电话”疑为占位内容（使用者过多且无共同点），视同未填写，请补充真实内容"
    assert [said, 2500] in found["核校函"]


def test_the_letter_says_what_was_answered_and_what_is_still_open(month: DuckEngine, tmp_path: Path) -> None:
    write_returns(RunSettings(tmp_path, "2026-08"), month, tmp_path / "quality")
    said = "本月收到更正 3 行，尚有 4 行未更正（最早退回于 2026-06）"
    assert said in str(sheets(tmp_path / "quality" / "old_age_roll.xlsx")["核校函"])
    assert "尚有" not in str(sheets(tmp_path / "quality" / "pension.xlsx")["核校函"])
