"""Files as nobody would write them: every reader either takes every row or refuses in words, and quotes nobody."""

from __future__ import annotations

import datetime
import io
import logging
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.applicants import read_applicants
from flows.engines.duckdb import DuckEngine
from flows.region_protocol import key_id, opened, sealed
from flows.rules import read_shape
from flows.sources.contracts import read_contracts
from flows.sources.deliveries import open_one
from flows.sources.headers import find_headings, match_headers
from flows.sources.loading import load_source
from flows.sources.reference import read_lexicon
from matchers.errors import DeliveryError, MatchError
from schemas.economic_check import Authorisation
from schemas.region_exchange import AskFile
from tests.flows.test_broken_deliveries import GOOD, HEADER, PEOPLE, packed, parquet, xlsx

CONTRACT = read_contracts()["old_age_roll"]
FANG = ["11010519491231002X", "王芳", "100", "2020-05-01", "发放", "13912345670"]
WHOLE = {
    "csv": GOOD.encode() * 2,
    "txt": GOOD.encode("gb18030"),
    "tsv": GOOD.replace(",", "\t").encode("utf-16"),
    "xlsx": xlsx(a=[[*HEADER], *[[*FANG]] * 3]),
    "parquet": parquet(FANG, FANG),
    "zip": packed(GOOD),
}
# (how far into the file, what is written there, how much of the file is taken out)
Cut = tuple[float, bytes, int]
CUTS = st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 9)), min_size=1, max_size=4)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def spoilt(content: bytes, cuts: list[Cut]) -> bytes:
    """Return a file with pieces of it replaced."""
    for share, piece, length in cuts:
        at = int(share * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


def take(db: DuckEngine, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Hold that a file is taken whole or refused in words."""
    said = ""
    try:
        came = load_source(db, CONTRACT, open_one(CONTRACT, file, file.parent / "scratch"), read_lexicon())
        assert came.delivered == came.loaded + came.refused
    except DeliveryError as refused:
        said = str(refused)
    assert said == "" or said.endswith(".")
    assert not [value for value in PEOPLE if value in said + caplog.text]


@settings(deadline=None, max_examples=200, suppress_health_check=QUIET)
@drawn(spoilt_file=st.tuples(st.sampled_from(sorted(WHOLE)), CUTS))
def test_a_spoilt_file_is_taken_whole_or_refused_in_words(
    db: DuckEngine,
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
    spoilt_file: tuple[str, list[Cut]],
) -> None:
    ending, cuts = spoilt_file
    file = tmp_path_factory.mktemp("spoilt") / f"old_age_roll.{ending}"
    file.write_bytes(spoilt(WHOLE[ending], cuts))
    caplog.set_level(logging.DEBUG)
    take(db, file, caplog)


@settings(deadline=None, max_examples=60, suppress_health_check=QUIET)
@drawn(
    content=st.one_of(
        st.binary(min_size=1, max_size=400),
        st.text(min_size=1, max_size=200).map(lambda s: GOOD.encode() + s.encode("utf-8", "replace")),
    )
)
def test_anything_at_all_below_or_instead_of_the_headers_is_no_crash(
    db: DuckEngine, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "old_age_roll.csv"
    file.write_bytes(content)
    take(db, file, caplog)


@settings(deadline=None, max_examples=30, suppress_health_check=QUIET)
@drawn(
    cells=st.lists(
        st.lists(
            st.one_of(st.text(max_size=9), st.floats(allow_nan=False, allow_infinity=False), st.booleans()),
            min_size=6,
            max_size=6,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_stands_in_cells_no_row_is_lost(
    db: DuckEngine, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture, cells: list[list[object]]
) -> None:  # fmt: skip
    file = tmp_path_factory.mktemp("cells") / "old_age_roll.xlsx"
    file.write_bytes(xlsx(a=[[*HEADER], *cells, [*FANG]]))
    take(db, file, caplog)


def test_a_workbook_with_a_broken_sheet_is_refused_in_words(
    db: DuckEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row r='x'><c")
    (tmp_path / "old_age_roll.xlsx").write_bytes(held.getvalue())
    take(db, tmp_path / "old_age_roll.xlsx", caplog)


APPLICANTS = "申请编号,姓名,身份证号,人员类别,城乡\n1,王芳,11010519491231002X,申请人,农村\n".encode()
AUTHORISED = """
authorisation_id: A-1
signed_by: 李
signed_on: 2026-08-01
purpose: 最低生活保障
valid_from: 2026-08-01
valid_to: 2026-09-30
sources: [bank_balance]
persons: [{full_name: 王芳, national_id: 11010519491231002X, role: applicant, consented_on: 2026-08-01}]
""".encode()
KEY, NOW = bytes(32), datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
ASKED = sealed(KEY, {"header": {"key_id": key_id(KEY), "kind": "ask"}, "questions": ["王芳"]})
OFFICE_FILES = {"asked.csv": APPLICANTS, "authorisation.yaml": AUTHORISED, "ask.json": ASKED}


def read_office_file(file: Path) -> None:
    """Read a file an office made by hand, or another region sent."""
    if file.suffix == ".csv":
        assert read_applicants(file)
    elif file.suffix == ".yaml":
        read_shape(file, Authorisation)
    else:
        opened(KEY, file.read_bytes(), AskFile, NOW)


@settings(deadline=None, max_examples=150, suppress_health_check=QUIET)
@drawn(name=st.sampled_from(sorted(OFFICE_FILES)), cuts=CUTS)
def test_a_spoilt_file_of_the_office_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture, name: str, cuts: list[Cut]
) -> None:
    file = tmp_path_factory.mktemp("office") / name
    file.write_bytes(spoilt(OFFICE_FILES[name], cuts))
    said = ""
    try:
        read_office_file(file)
    except MatchError as refused:
        said = str(refused)
    assert not [value for value in PEOPLE if value in said + caplog.text]


@settings(deadline=None, max_examples=100, suppress_health_check=QUIET)
@drawn(
    rows=st.lists(
        st.lists(st.sampled_from([s for c in CONTRACT.columns for s in c.spellings]) | st.text(max_size=9), max_size=9),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_stands_in_the_first_rows_headings_are_found_among_them_or_refused(rows: list[list[str]]) -> None:
    below, headings = find_headings(CONTRACT, rows)
    assert 1 <= below <= len(rows)
    with suppress(DeliveryError):
        assert all(0 <= place < len(headings) for place in match_headers(CONTRACT, headings).values())
