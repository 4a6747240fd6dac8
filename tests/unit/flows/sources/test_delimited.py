"""Delimited files: every row arrives once, in its place, whatever its shape; a file that is not whole is refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from flows.sources.delimited import open_delimited
from matchers.errors import DeliveryError

CONTRACT = read_contracts()["old_age_roll"]
HEADER = "身份证号,姓名,月津贴,起始日期,状态,联系电话"
ROW = "11010519491231002X,王芳,100,2020-05-01,发放,13912345670"


def arrived(db: DuckEngine, folder: Path, content: bytes) -> list[tuple[object, ...]]:
    """Return what arrives of a file: place, name, start, fault."""
    file = folder / "old_age_roll.csv"
    file.write_bytes(content)
    arrival = open_delimited(CONTRACT, file, folder / "scratch")
    count = arrival.reader.load(db)
    rows = db.rows("select row_number, full_name, start_date, row_fault from arrived_old_age_roll order by 1")
    assert count == len(rows)
    return rows


def text(*lines: str, end: str = "\n") -> str:
    """Return a file of lines below the header."""
    return end.join([HEADER, *lines]) + end


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_end_reads_alike(db: DuckEngine, tmp_path: Path, encoding: str, end: str) -> None:
    assert arrived(db, tmp_path, text(ROW, ROW, end=end).encode(encoding)) == [
        (1, "王芳", "2020-05-01", None),
        (2, "王芳", "2020-05-01", None),
    ]


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters_are_recognised_by_the_headers(db: DuckEngine, tmp_path: Path, delimiter: str) -> None:
    rows = arrived(db, tmp_path, text(ROW).replace(",", delimiter).encode())
    assert rows == [(1, "王芳", "2020-05-01", None)]


def test_a_rare_character_in_gb18030_arrives(db: DuckEngine, tmp_path: Path) -> None:
    assert arrived(db, tmp_path, text(ROW.replace("王芳", "𬀩䶮")).encode("gb18030"))[0][1] == "𬀩䶮"


def test_quoted_newlines_commas_and_quotes_stay_in_their_field(db: DuckEngine, tmp_path: Path) -> None:
    row = '11010519491231002X,"王\n芳, ""大""",100,2020-05-01,发放,'
    assert arrived(db, tmp_path, text(row, ROW).encode()) == [
        (1, '王\n芳, "大"', "2020-05-01", None),
        (2, "王芳", "2020-05-01", None),
    ]


def test_rows_of_another_shape_arrive_with_their_fault_and_the_rest_keeps_its_place(
    db: DuckEngine, tmp_path: Path
) -> None:
    rows = arrived(db, tmp_path, text(ROW, "11010519491231002X,李明", ROW + ",多,余", "", ROW + ",", ROW).encode())
    assert [(place, fault) for place, _, _, fault in rows] == [
        (1, None),
        (2, "2 fields, the header has 6"),
        (3, "8 fields, the header has 6"),
        (4, None),
        (5, None),
    ]
    assert db.rows("select row_fields from arrived_old_age_roll where row_number = 2") == [
        ('["11010519491231002X", "李明"]',)
    ]


def test_a_stray_quotation_mark_loses_no_row(db: DuckEngine, tmp_path: Path) -> None:
    assert len(arrived(db, tmp_path, text(ROW, ROW.replace("王芳", '"王"芳'), ROW).encode())) == 3


def test_titles_above_the_header_are_passed_over(db: DuckEngine, tmp_path: Path) -> None:
    rows = arrived(db, tmp_path, ("高龄津贴名册\n单位：元\n" + text(ROW)).encode())
    assert rows == [(1, "王芳", "2020-05-01", None)]


def test_a_last_line_without_its_newline_is_whole_if_its_fields_are(db: DuckEngine, tmp_path: Path) -> None:
    assert len(arrived(db, tmp_path, text(ROW, ROW).rstrip("\n").encode())) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (text().encode(), "no row below its header"),
        (text(ROW, "11010519491231002X,王").rstrip("\n").encode(), "middle of its last row"),
        (text(ROW, '11010519491231002X,"王').rstrip("\n").encode(), "middle of its last row"),
        (text(ROW).encode()[:-30] + "王".encode()[:2], "middle of a character"),
        (text(ROW).encode("gb18030")[:-30] + "王".encode("gb18030")[:1], "middle of a character"),
        (text(ROW).encode("utf-32"), r"full_name \(姓名\) is missing"),
        (text(ROW, ROW).encode()[:-5] + b"\xff\xff\n", "neither UTF-8 nor GB18030"),
        (text(ROW).replace("姓名", "名字").encode(), r"full_name \(姓名\) is missing"),
        (text(ROW).replace("状态", "姓名").encode(), r"full_name \(姓名\) is there 2 times"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    db: DuckEngine, tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(DeliveryError, match=said) as refused:
        arrived(db, tmp_path, content)
    assert "11010519491231002X" not in str(refused.value)
    assert "王" not in str(refused.value)


def test_a_quotation_mark_that_is_never_closed_is_refused(db: DuckEngine, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="never closed"):
        arrived(db, tmp_path, text(ROW, ROW.replace("王芳", '"王芳'), ROW, ROW).encode())


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(rows=st.lists(st.lists(st.text("王芳1,\"' \n;x", max_size=5), min_size=6, max_size=6), min_size=1, max_size=8))
def test_whatever_a_csv_writer_writes_arrives_row_by_row(db: DuckEngine, tmp_path: Path, rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([HEADER.split(","), *rows])
    found = arrived(db, tmp_path, out.getvalue().encode())
    assert [(name or "", start or "") for _, name, start, _ in found] == [(row[1], row[3]) for row in rows]
