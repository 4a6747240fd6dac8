"""Archives: every table in them is read, a key opens what is locked, and a bomb is refused before it fills anything."""

from __future__ import annotations

import base64
import struct
import zipfile
from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.archive import unpack
from flows.sources.contracts import check_stage_ids, read_contracts
from flows.sources.deliveries import open_deliveries
from flows.sources.spread import refuse_spread
from matchers.errors import DeliveryError

CONTRACT = read_contracts()["old_age_roll"]
HEADER = "身份证号,姓名,月津贴,起始日期,状态,联系电话\n"
ROW = "11010519491231002X,王芳,100,2020-05-01,发放,\n"
KEY = "钥匙1"
# One member a.csv, sealed by another program: 40 rows deflated under AES-256, and half a row stored under AES-128.
SEALED_256 = (
    "UEsDBBQAAQBjAM6hd10AAAAAnQAAAOcHAAAFAAsAYS5jc3YBmQcAAgBBRQMIAD/fLwJqYtVDizRTwd2XVPRxsPpfwKx0cfk9ZZ4hTEDS0fRHzugdMLpuS1qC8TukyHvEnwmI"
    "c99JQcrHYblDfiM1N8ciR5tmyjvcwNzA/YKT2arN3kAKRpsSv75XC2bGHoz7O5pOJDGG0DXYnGrgSwVXKSD36TkyprO0NKQKilNr0HAHCzpyZaljAU/5Fjrb2lcwN2llhPv9"
    "cdKgDQpQSwECFAMUAAEAYwDOoXddAAAAAJ0AAADnBwAABQALAAAAAAAAAAAAgAEAAAAAYS5jc3YBmQcAAgBBRQMIAFBLBQYAAAAAAQABAD4AAADLAAAAAAA="
)
SEALED_128 = (
    "UEsDBBQAAQBjAM6hd10AAAAAkgAAAH4AAAAFAAsAYS5jc3YBmQcAAgBBRQEAAIekZNGpWvsku0Vl/gzn9i4ATa1/pgqQEMnFQx9h28COQP3O5ug9/LuJjwVAlIgXdFeL23f8"
    "ZzWH+EEJnQiwQiDNlQSsCXvLLZZ5ndXNgwwGFnRbB4vmI8JL2MbCrzU15TUCky09u9jMLSzd++06ZW8BdmGq2b6R6p44kuljz+MmtRLZ4Tbm/XkuGYVt6llGA6caUEsBAhQD"
    "FAABAGMAzqF3XQAAAACSAAAAfgAAAAUACwAAAAAAAAAAAIABAAAAAGEuY3N2AZkHAAIAQUUBAABQSwUGAAAAAAEAAQA+AAAAwAAAAAAA"
)


def archive(folder: Path, **members: str | bytes) -> Path:
    """Write old_age_roll.zip with these members; __ in a name stands for the point."""
    with zipfile.ZipFile(folder / "old_age_roll.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
    return folder / "old_age_roll.zip"


def rows(db: DuckEngine, folder: Path) -> list[tuple[object, ...]]:
    """Return what arrives of the month's folder."""
    arrival = open_deliveries(folder, (CONTRACT,), check_stage_ids(), folder / ".scratch")["old_age_roll"]
    assert arrival.reader.load(db) == db.rows("select count(*) from arrived_old_age_roll")[0][0]
    return db.rows("select row_number, full_name, start_date from arrived_old_age_roll order by 1")


def test_the_tables_of_an_archive_are_read_one_below_the_other(db: DuckEngine, tmp_path: Path) -> None:
    archive(tmp_path, b__tsv=(HEADER + ROW).replace(",", "\t"), a__csv=HEADER + ROW + ROW.replace("王芳", "李明"))
    assert [row[:2] for row in rows(db, tmp_path)] == [(1, "王芳"), (2, "李明"), (3, "王芳")]


def test_a_fault_says_which_table_of_the_archive_it_is_in(db: DuckEngine, tmp_path: Path) -> None:
    archive(tmp_path, a__csv=HEADER + ROW, b__csv=HEADER.replace("状态", "情况") + ROW)
    with pytest.raises(DeliveryError, match=r"old_age_roll.zip \(table 2 in it\) column status .* is missing"):
        rows(db, tmp_path)


@pytest.mark.parametrize("sealed", [SEALED_256, SEALED_128])
def test_an_archive_sealed_with_aes_opens_with_the_key_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sealed: str
) -> None:
    file = tmp_path / "old_age_roll.zip"
    file.write_bytes(base64.b64decode(sealed))
    with pytest.raises(DeliveryError, match="locked with a password"):
        unpack(file, (".csv",), tmp_path / "a")
    monkeypatch.setenv("ZHAOREN_KEY_OLD_AGE_ROLL", "钥匙2")
    with pytest.raises(DeliveryError, match="does not open with the key") as refused:
        unpack(file, (".csv",), tmp_path / "b")
    assert "钥匙" not in str(refused.value)
    monkeypatch.setenv("ZHAOREN_KEY_OLD_AGE_ROLL", KEY)
    (table,) = unpack(file, (".csv",), tmp_path / "c")
    assert table.read_text(encoding="utf-8").startswith(HEADER + ROW[:10])


@pytest.mark.parametrize("place", [110, 150, 190])
def test_a_sealed_archive_that_was_changed_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    held = bytearray(base64.b64decode(SEALED_256))
    held[place] ^= 1
    (tmp_path / "old_age_roll.zip").write_bytes(held)
    monkeypatch.setenv("ZHAOREN_KEY", KEY)
    with pytest.raises(DeliveryError, match=r"changed after it was locked|cannot be unpacked"):
        unpack(tmp_path / "old_age_roll.zip", (".csv",), tmp_path / "a")


@pytest.mark.parametrize("lies", [False, True])
def test_a_zip_bomb_is_refused_even_where_it_lies_about_its_size(tmp_path: Path, lies: bool) -> None:
    file = archive(tmp_path, a__csv=HEADER.encode() + b"0" * (80 << 20))
    if lies:
        held = bytearray(file.read_bytes())
        at = held.rfind(b"PK\x01\x02")
        held[at + 24 : at + 28] = struct.pack("<I", 1000)
        file.write_bytes(held)
    with pytest.raises(DeliveryError, match=r"zip bomb|cannot be unpacked"):
        unpack(file, (".csv",), tmp_path / "a")
    assert sum(path.stat().st_size for path in (tmp_path / "a").glob("*")) < 70 << 20


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"a__docx": "x"}, "1 of its 1 files are no tables"),
        ({"a__csv": "x", "b__zip": "x"}, "1 of its 2 files are no tables"),
        ({"__MACOSX/a__csv": "x"}, "it holds 0"),
    ],
)
def test_an_archive_of_something_else_is_refused(tmp_path: Path, members: dict[str, str], said: str) -> None:
    with pytest.raises(DeliveryError, match=said):
        unpack(archive(tmp_path, **members), (".csv",), tmp_path / "a")


def test_a_member_cannot_be_written_outside_the_scratch_folder(tmp_path: Path) -> None:
    (table,) = unpack(archive(tmp_path, **{"../../../evil__csv": "x"}), (".csv",), tmp_path / "a")
    assert table.parent == tmp_path / "a"


@pytest.mark.parametrize("damage", [b"PK", b"not a zip at all", b""])
def test_what_is_no_archive_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "old_age_roll.zip").write_bytes(damage)
    with pytest.raises(DeliveryError, match="cannot be unpacked"):
        unpack(tmp_path / "old_age_roll.zip", (".csv",), tmp_path / "a")


@pytest.mark.parametrize(
    "cells",
    ['<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
     '<row r="1"><c r="XFD1"><v>1</v></c></row>', '<row r="1"><c r="DA1" t="s"><v>1</v></c></row>'],
)  # fmt: skip
def test_one_cell_far_outside_the_table_does_not_fill_the_memory(tmp_path: Path, cells: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{cells}</sheetData></worksheet>")
    with pytest.raises(DeliveryError, match="far outside the table"):
        refuse_spread(tmp_path / "a.xlsx")


def test_an_archive_whose_directory_does_not_fit_its_bytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHAOREN_KEY", KEY)
    plain = archive(tmp_path, **{"a.csv": "x"}).read_bytes()
    entry = plain.index(b"PK\x01\x02")
    nameless = plain[: entry + 28] + struct.pack("<HHH", 0, 0, len("a.csv")) + plain[entry + 34 :]
    sealed = base64.b64decode(SEALED_128)
    entry = sealed.index(b"PK\x01\x02")
    elsewhere = sealed[: entry + 42] + struct.pack("<L", len(sealed) - 9) + sealed[entry + 46 :]
    for content in (nameless, elsewhere):
        file = tmp_path / "old_age_roll.zip"
        file.write_bytes(content)
        with pytest.raises(DeliveryError, match="cannot be unpacked"):
            unpack(file, (".csv",), tmp_path / "scratch")
