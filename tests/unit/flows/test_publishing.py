from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from flows.engines.duckdb import DuckEngine
from flows.indicators import why_stopped
from flows.outputs.words import Words
from flows.publishing import publish
from flows.synthetic.offers import write_offers
from matchers.indicators.rules import Unwatched
from schemas.quality import GATE_RESULT

Session = Callable[[], DuckEngine]
VOID = {"meta", "rect", "line", "br", "link"}


@pytest.fixture
def published(county: Any, session: Session, tmp_path: Path) -> Callable[..., Path]:
    """Publish the hand-made month into a new folder; the gate's results are drawn, as the gate has tests of its own."""

    def write(name: str = "out", **settings: Any) -> Path:
        county.write()
        db = session()
        lake = county.lake()
        gate = "'release', 'person', '{}', 'person_id', 'critical', '{}', 'ask_engineer', true, 60, 0"
        rows = ", ".join(f"({gate.format(kind, kind)})" for kind in ("key_unique", "column_complete"))
        db.create("gate_result", f"select * from (values {rows}) as t({', '.join(GATE_RESULT.column_names)})")
        lake.write(db, GATE_RESULT)
        lake.commit()
        db.run("drop table gate_result")
        target = tmp_path / name
        publish(dataclasses.replace(county.run, **settings), county.lake(), db, target)
        return target

    return write


class Tags(HTMLParser):
    """Checks that every tag that opens closes, and gathers what a page could fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(value) for name, value in attrs if name in {"src", "href", "xlink:href"}]
        self.fetched += [tag] if tag in {"script", "link", "iframe", "img", "object"} else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_there_is_a_workbook_per_township_and_one_for_those_nobody_can_place(published: Callable[..., Path]) -> None:
    folder = published() / "lists"
    assert sorted(file.name for file in folder.iterdir()) == [
        "230123101.xlsx",
        "230123102.xlsx",
        "230123203.xlsx",
        "candidates.parquet",
        "unplaced.xlsx",
    ]
    sheet = openpyxl.load_workbook(folder / "230123101.xlsx").worksheets[0]
    assert sheet["D1"].value == "依兰县江湾镇 2026年10月 社会救助主动发现入户走访名单"
    assert sheet["E4"].value == "红旗村"


def test_lists_hold_this_months_share_and_the_parquet_holds_everybody_without_names(
    published: Callable[..., Path], county: Any, db: DuckEngine
) -> None:
    folder = published() / "lists"
    sheets = [openpyxl.load_workbook(file).worksheets[0] for file in sorted(folder.glob("*.xlsx"))]
    assert sum(sheet.max_row - 3 for sheet in sheets) == 27
    file = str(folder / "candidates.parquet")
    assert db.rows(f"select count(*) from '{file}'") == [(36,)]
    held = repr(db.rows(f"from '{file}'"))
    assert not any(str(person["full_name"]) in held for person in county.tables["person"])


def test_the_report_is_one_whole_page_that_fetches_nothing(published: Callable[..., Path]) -> None:
    page = (published() / "report.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert all(fetched.startswith("#") for fetched in tags.fetched)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", page)


def test_no_persons_value_is_in_the_report(published: Callable[..., Path], county: Any) -> None:
    page = (published() / "report.html").read_text(encoding="utf-8")
    for person in county.tables["person"]:
        for name in ("full_name", "national_id", "phone", "address", "person_id"):
            assert person[name] is None or str(person[name]) not in page, name
    assert not re.search(r"\d{15}", page)


def test_the_report_says_what_needs_attention(published: Callable[..., Path]) -> None:
    page = (published() / "report.html").read_text(encoding="utf-8")
    assert "殡葬火化信息本月未送达" in page
    assert "有 12 条线索依据的标准尚未与公布文件核对" in page
    assert "有 1 条线索没有任何来源能确定所在乡镇" in page
    assert "没有上月数据，无法比较" in page


def test_a_month_before_is_compared(published: Callable[..., Path], county: Any) -> None:
    county.write(county.run.previous_month)
    county.tables["candidate"].pop()
    page = (published() / "report.html").read_text(encoding="utf-8")
    assert "没有上月数据" not in page
    assert "-8.3%" in page


def test_english_is_available(published: Callable[..., Path]) -> None:
    target = published(lang="en")
    page = (target / "report.html").read_text(encoding="utf-8")
    assert "What needs attention" in page
    sheet = openpyxl.load_workbook(target / "lists" / "230123101.xlsx").worksheets[0]
    assert sheet["C3"].value == "Name"


def test_the_same_month_is_the_same_bytes(published: Callable[..., Path]) -> None:
    hashes = []
    for name in ("first", "second"):
        files = sorted(file for file in published(name).rglob("*") if file.is_file())
        hashes.append([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
    assert hashes[0] == hashes[1]


def test_placeholders_are_counted_on_the_page_and_never_quoted(published: Callable[..., Path]) -> None:
    page = (published() / "report.html").read_text(encoding="utf-8")
    assert "使用者过多且无共同点" in page
    assert "其中疑为农历" in page
    assert "本月已更正" in page
    assert "外国人永久居留身份证" in page
    assert "1391234567" not in page


def test_early_warning_stands_in_the_report_with_what_nobody_watches(published: Callable[..., Path]) -> None:
    page = (published() / "report.html").read_text(encoding="utf-8")
    section = page[page.index('id="signals"') : page.index('id="criteria"')]
    for said in ("医疗自付支出较高", "分类转办", "重新核实", "1 条，2026-11-06 前走访", "江湾镇", "乡镇不明"):
        assert said in section
    assert "没有部门共享此类数据" in section
    assert "有 1 条红色预警，须在 2026-11-06 前走访" in page


def test_a_township_gets_its_warnings_with_the_four_ways_of_closing_and_nothing_chosen(
    published: Callable[..., Path],
) -> None:
    folder = published() / "lists"
    sheet = openpyxl.load_workbook(folder / "230123102.xlsx")["预警走访"]
    heads = [cell.value for cell in sheet[3]]
    line = dict(zip(heads, [cell.value for cell in sheet[4]], strict=True))
    assert (line["紧急程度"], line["走访时限"].date().isoformat()) == ("红色", "2026-11-06")  # type: ignore[union-attr]
    assert line["走访日期"] is line["走访人（两人）"] is line["处置方式"] is line["备注"] is None
    (rule,) = sheet.data_validations.dataValidation
    assert rule.formula1 == '"落实政策,分类转办,一事一议,重新核实"'
    assert [cell.value for cell in sheet[5]][heads.index("预警事项")] == "遭受灾害"
    assert "预警走访" in openpyxl.load_workbook(folder / "unplaced.xlsx").sheetnames
    assert "预警走访" not in openpyxl.load_workbook(folder / "230123203.xlsx").sheetnames


def test_an_indicator_without_its_figure_says_so_in_words(published: Callable[..., Path]) -> None:
    stop = Unwatched("own_medical_high", "230123", "…", "signal.own_medical.none")
    assert (
        why_stopped(stop, Words("zh"))
        == "依兰县未设定所需标准（signal.own_medical.none），本月未监测；补充标准后自动恢复。"
    )
    assert "no version" in why_stopped(Unwatched("x", "230123", "…"), Words("en"))


def test_needs_stand_beside_what_is_offered_and_without_a_catalogue_the_report_says_how_to_bring_one(
    published: Callable[..., Path], county: Any
) -> None:
    assert "在数据目录下放置 offers.yaml" in (published() / "report.html").read_text(encoding="utf-8")
    write_offers(county.run.home / "offers.yaml", "2026-10")
    page = (published("again") / "report.html").read_text(encoding="utf-8")
    section = page[page.index('id="supply"') : page.index('id="criteria"')]
    for said in ("预计缺口", "江湾镇敬老院集中供养", "大病慈善援助", "未申报"):
        assert said in section
    assert (published("third") / "supply.parquet").is_file()
