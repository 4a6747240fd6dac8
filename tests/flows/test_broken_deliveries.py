"""What departments really send: what the officer is told, what is quarantined, and that no row is lost on the way."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.sources.contracts import check_stage_ids, read_contracts
from flows.sources.deliveries import open_deliveries, open_one
from flows.sources.loading import load_source
from flows.sources.merging import merge
from flows.sources.reference import read_lexicon
from matchers.errors import DeliveryError
from matchers.standardise.quarantine import gather_quarantine

CONTRACT = read_contracts()["old_age_roll"]
WOMAN, MAN = "11010519491231002X", "440524188001010014"
HEADER = ["身份证号", "姓名", "月津贴", "起始日期", "状态", "联系电话"]
FANG, QIANG = [WOMAN, "王芳", "100", "2020-05-01", "发放", "13912345670"], [MAN, "张强", "25", "2020-05-01", "停发", ""]
PEOPLE = (WOMAN, MAN, "王芳", "张强", "13912345670")
Cells = Sequence[object]


def csv(*rows: list[str], header: list[str] = HEADER) -> str:
    """Return a file of rows below the headers."""
    return "\n".join(",".join(row) for row in [header, *rows]) + "\n"


def xlsx(**sheets: Sequence[Cells]) -> bytes:
    """Return a workbook with these sheets."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return held.getvalue()


def packed(content: str, name: str = "a.csv") -> bytes:
    """Return an archive of one member."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def parquet(*rows: list[str]) -> bytes:
    """Return a Parquet file of rows."""
    held = io.BytesIO()
    pq.write_table(
        pa.table({name: list(column) for name, column in zip(HEADER, zip(*rows, strict=True), strict=True)}), held
    )
    return held.getvalue()


GOOD = csv(FANG, QIANG)
WIDE = [*FANG, "甲", "乙"]
Files = dict[str, "str | bytes"]

REFUSED: dict[str, tuple[Files, str]] = {
    "an empty file": ({"csv": ""}, "is empty: it has not even a header"),
    "headers and no row": ({"csv": csv()}, "no row below its header"),
    "only a title": ({"csv": "高龄津贴发放名册\n"}, "column national_id .* is missing"),
    "cut off in its last row": ({"csv": GOOD.rstrip("\n")[:-14]}, "stops in the middle of its last row"),
    "cut off in a character": ({"csv": GOOD.encode()[:-35]}, "cut off in the middle of a character|stops in the middle"),
    "bytes no character has": ({"csv": GOOD.encode("gb18030") + b"\xff\xff\xff\n"}, "neither UTF-8 nor GB18030: line 4"),
    "a column missing": ({"csv": csv(FANG[:4], header=HEADER[:4])}, r"column status \(状态\) is missing"),
    "a column renamed": ({"csv": GOOD.replace("姓名", "姓 名字")}, r"full_name \(姓名\) is missing; the nearest header is that of column 2"),
    "a column twice": ({"csv": GOOD.replace("联系电话", "姓名")}, "is there 2 times"),
    "a quotation mark never closed": ({"csv": GOOD.replace("王芳", '"王芳')}, "never closed|middle of its last row"),
    "another department's table": ({"csv": "号牌号码,车辆类型\n黑A12345,轿车\n"}, "Ask the department for the file with these"),
    "a web page of an error": ({"csv": "<html><body>\n登录超时\n</body></html>\n"}, "is missing"),
    "an old workbook renamed": ({"xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600}, "cannot be opened as an XLSX"),
    "a workbook cut off": ({"xlsx": xlsx(a=[[*HEADER], [*FANG]])[:-200]}, "cannot be opened as an XLSX"),
    "a workbook of something else": ({"xlsx": xlsx(a=[["填表说明"]])}, "is missing"),
    "a workbook with no row": ({"xlsx": xlsx(a=[[*HEADER]])}, "no row below its header"),
    "a picture named csv": ({"csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9}, "neither UTF-8|is missing|cut off"),
    "a Parquet file cut off": ({"parquet": parquet(FANG)[:-20]}, "cannot be opened as Parquet"),
    "an archive cut off": ({"zip": packed(GOOD)[:-30]}, "cannot be unpacked"),
    "an archive of documents": ({"zip": packed("x", "a.docx")}, "files are no tables"),
    "a zip bomb": ({"zip": packed(GOOD + "0" * (70 << 20))}, "zip bomb"),
    "one endless line": ({"csv": GOOD + "x" * (9 << 20)}, "a line of more than 4 MB"),
    "two files of one source": ({"csv": GOOD, "xlsx": xlsx(a=[[*HEADER], [*FANG]])}, "are both the old_age_roll delivery"),
    "an old workbook's ending": ({"xls": b"x"}, "is not the name of a delivery"),
    "nearly every row unusable": ({"csv": csv(FANG, *[[*FANG[:4], "?", ""]] * 12)}, "13 rows and 12 of them cannot be used"),
    "a correction that is broken": ({"csv": GOOD, "correction.csv": "x\n1\n"}, "old_age_roll.correction.csv column"),
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """What becomes of a delivery that is taken: rows loaded, reasons of the refused, names loaded, and a note."""

    files: Files
    loaded: int
    reasons: Sequence[str] = ()
    select: str = ""
    found: Sequence[tuple[object, ...]] = ()


NOBODY, STATUS = "neither a name nor a number", "status is missing or not a code"
NAMES = "full_name from raw_old_age_roll order by row_number"
MONEY = "amount_month_yuan::varchar from raw_old_age_roll order by row_number"
NUMBERS = "national_id from raw_old_age_roll order by row_number"
BOTH = [("王芳",), ("张强",)]
TAKEN = {
    "UTF-16": Taken({"csv": GOOD.encode("utf-16")}, 2, [], NAMES, BOTH),
    "UTF-8 with a mark": Taken({"csv": GOOD.encode("utf-8-sig")}, 2, [], NAMES, BOTH),
    "GBK": Taken({"csv": GOOD.encode("gbk")}, 2, [], NAMES, BOTH),
    "tabs": Taken({"tsv": GOOD.replace(",", "\t")}, 2, [], NAMES, BOTH),
    "carriage returns alone": Taken({"txt": GOOD.replace("\n", "\r")}, 2, [], NAMES, BOTH),
    "semicolons": Taken({"csv": GOOD.replace(",", ";")}, 2, [], NAMES, BOTH),
    "titles above": Taken({"csv": "高龄津贴名册\n2026年8月,,,\n" + GOOD}, 2, [], NAMES, BOTH),
    "a stray quotation mark in the headers": Taken({"csv": GOOD.replace("联系电话", '联系电话,"备注"1')}, 0, ["6 fields, the header has 7"] * 2),
    "blank lines between": Taken({"csv": GOOD.replace("\n", "\n\n")}, 2, [], NAMES, BOTH),
    "a newline within quotes": Taken({"csv": GOOD.replace("王芳", '"王芳\n"')}, 2, [], NAMES, BOTH),
    "sums with ¥, commas and dashes": Taken({"csv": GOOD.replace(",100,", ',"¥1,100.50",').replace(",25,", ",--,")}, 2, [], MONEY, [("1100.50",), (None,)]),
    "a row too wide": Taken({"csv": csv(FANG, WIDE)}, 1, ["8 fields, the header has 6"], NAMES, BOTH[:1]),
    "a row too narrow": Taken({"csv": csv(FANG, FANG[:3], QIANG)}, 2, ["3 fields, the header has 6; status is missing or not a code"], NAMES, BOTH),
    "a row about nobody": Taken({"csv": csv(FANG, ["", "无", "1", "", "发放", ""])}, 1, [NOBODY]),
    "a total below": Taken({"csv": csv(FANG, QIANG, ["合计", "", "125", "", "", ""])}, 2, [f"{NOBODY}; {STATUS}"]),
    "the headers again in the middle": Taken({"csv": csv(FANG, HEADER, QIANG)}, 2, [f"{NOBODY}; {STATUS}"]),
    "a signature below": Taken({"csv": GOOD + "制表人：某某,,,,,\n"}, 2, [STATUS]),
    "a word no code list has": Taken({"csv": csv(FANG, [*QIANG[:4], "待定", ""])}, 1, [STATUS]),
    "a nought byte in a field": Taken({"csv": GOOD.replace("张强", "张\0强")}, 2),
    "a row delivered twice": Taken({"csv": csv(FANG, FANG, QIANG)}, 3),
    "numbers a spreadsheet rounded, as text": Taken({"csv": csv(FANG, *[[f"23012319800101{n}000", *QIANG[1:]] for n in (1, 2, 3)])}, 4, [], NUMBERS, [(WOMAN,), *[(f"23012319800101{n}***",) for n in (1, 2, 3)]]),
    "a number a spreadsheet rounded": Taken({"xlsx": xlsx(a=[[*HEADER], [int(MAN), *QIANG[1:]]])}, 1, [], NUMBERS, [("440524188001010***",)]),
    "numbers kept as text by an apostrophe": Taken({"csv": GOOD.replace(MAN, "'" + MAN)}, 2, [], NAMES, BOTH),
    "a formula instead of a name": Taken({"csv": GOOD.replace("张强", '"=HYPERLINK(""http://x"",""张强"")"')}, 2),
    "several sheets": Taken({"xlsx": xlsx(a=[[*HEADER], [*FANG]], b=[["说明"]], c=[[*HEADER], [*QIANG]])}, 2, [], NAMES, BOTH),
    "merged headings": Taken({"xlsx": xlsx(a=[["名册"], ["个人信息", "", "津贴", "", "状态", "联系电话"], [*HEADER[:4], "", ""], [*FANG]])}, 1, [], NAMES, BOTH[:1]),
    "days as serial numbers": Taken({"xlsx": xlsx(a=[[*HEADER], [*FANG[:3], 43952, *FANG[4:]]])}, 1, [], "start_date::varchar from raw_old_age_roll", [("2020-05-01",)]),
    "an archive": Taken({"zip": packed(GOOD)}, 2, [], NAMES, BOTH),
    "a Parquet file": Taken({"parquet": parquet(FANG, QIANG)}, 2, [], NAMES, BOTH),
    "a correction beside it": Taken({"csv": GOOD, "correction.xlsx": xlsx(a=[[*HEADER], [*FANG[:2], "150", *FANG[3:]]])}, 3, [], MONEY, [("25.00",), ("150.00",)]),
    "two corrections in turn": Taken({"csv": GOOD, "correction.csv": csv([*FANG[:2], "1", *FANG[3:]]), "correction-2.csv": csv([*FANG[:2], "2", *FANG[3:]])}, 4, [], MONEY, [("25.00",), ("2.00",)]),
}  # fmt: skip


@pytest.fixture
def deliver(tmp_path: Path) -> Callable[[Files], Path]:
    """Put files of old_age_roll into a month's folder."""

    def write(files: Files) -> Path:
        folder = tmp_path / "incoming" / "2026-08"
        folder.mkdir(parents=True, exist_ok=True)
        for ending, content in files.items():
            held = content if isinstance(content, bytes) else content.encode()
            (folder / f"old_age_roll.{ending}").write_bytes(held)
        return folder

    return write


def load(db: DuckEngine, folder: Path) -> tuple[int, int, int]:
    """Return rows delivered, loaded and quarantined of the month's folder."""
    arrivals = open_deliveries(folder, (CONTRACT,), check_stage_ids(), folder.parent / "scratch")
    arrival = arrivals["old_age_roll"]
    came = load_source(db, CONTRACT, arrival, read_lexicon())
    done = merge(Lake(folder.parents[1], folder / ".staging", folder.name), db, CONTRACT, (arrival, came))
    gather_quarantine(db, ("old_age_roll",) if done.refused else ())
    kept = db.rows("select count(*) from raw_old_age_roll")[0][0]
    assert kept == done.loaded - done.replaced + done.carried
    assert db.rows("select count(*) from quarantine")[0][0] == done.refused
    return done.delivered, done.loaded, done.refused


@pytest.mark.parametrize("kind", REFUSED)
def test_a_delivery_that_cannot_be_used_is_refused_in_words(
    db: DuckEngine, deliver: Callable[[Files], Path], caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    files, said = REFUSED[kind]
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DeliveryError, match=said) as refused:
        load(db, deliver(files))
    assert not [value for value in PEOPLE if value in str(refused.value) + caplog.text]


@pytest.mark.parametrize("kind", TAKEN)
def test_a_delivery_that_can_be_used_loses_no_row(
    db: DuckEngine, deliver: Callable[[Files], Path], caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    case = TAKEN[kind]
    caplog.set_level(logging.DEBUG)
    delivered, loaded, refused = load(db, deliver(case.files))
    assert (loaded, refused) == (case.loaded, len(case.reasons))
    assert delivered == loaded + refused
    assert [reason for (reason,) in db.rows("select reason from quarantine order by row_number")] == list(case.reasons)
    assert not case.select or db.rows(f"select {case.select}") == list(case.found)
    assert not [value for value in PEOPLE if value in caplog.text]


def test_rows_that_were_refused_are_loaded_after_a_corrected_redelivery(
    db: DuckEngine, deliver: Callable[[Files], Path]
) -> None:
    assert load(db, deliver({"csv": csv(FANG, [*QIANG[:4], "待定", ""])})) == (2, 1, 1)
    assert load(db, deliver({"csv": GOOD})) == (2, 2, 0)
    assert load(db, deliver({"csv": csv(FANG), "correction.csv": csv(QIANG)})) == (2, 2, 0)


@pytest.mark.parametrize("start", [b"", GOOD.encode(), GOOD.encode("utf-16"), GOOD.encode("utf-16-le")])
def test_a_line_of_two_gigabytes_is_refused_before_it_is_read_or_copied(tmp_path: Path, start: bytes) -> None:
    file = tmp_path / "old_age_roll.csv"
    with file.open("wb") as out:
        out.write(start)
        out.truncate(2 << 30)  # a hole: nothing of it lies on the disk
    with pytest.raises(DeliveryError, match="a line of more than 4 MB"):
        open_one(CONTRACT, file, tmp_path / "scratch")
    assert sum(copy.stat().st_size for copy in (tmp_path / "scratch").glob("*")) < 20 << 20
