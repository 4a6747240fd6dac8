"""Any text at all: every standardiser answers, and never with more than stands in the text."""

from __future__ import annotations

import datetime
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from flows.sources.reference import read_lexicon
from matchers.standardise.addresses import MARKS, cut_address
from matchers.standardise.dates import EARLIEST
from matchers.standardise.id_numbers import CHECK_CHARACTERS, WEIGHTS, judge_numbers
from matchers.standardise.lunar import explained_by_lunar_calendar, lunar_date
from matchers.standardise.names import UNSEEN, NameStandardiser
from matchers.standardise.values import LAYERS
from schemas.source import ColumnType, SourceColumn

WORDS = read_lexicon()
NAMES = NameStandardiser(WORDS.names)
QUIET = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Any character, and those that values are made of, in any order.
TEXT = st.text(max_size=24) | st.text(
    "0123456789Xx年月日-/.:,¥元()（）*?EeＸ１２　 '’\0\u200b汉男女是户主省市县镇村组第", max_size=24
)
MANY = st.lists(TEXT, min_size=1, max_size=40, unique=True)
DAYS = st.dates(datetime.date(1850, 1, 1), datetime.date(2100, 12, 31))
TYPES: tuple[ColumnType, ...] = (
    "birth_date", "date", "month", "money", "number", "whole", "flag", "sex", "phone", "village_code", "relation", "ethnicity", "code", "text",
)  # fmt: skip
FORM = {
    "birth_date": r"\d{4}-\d\d-\d\d", "date": r"\d{4}-\d\d-\d\d", "month": r"\d{4}-(0[1-9]|1[0-2])", "money": r"-?\d+\.\d\d",
    "number": r"-?\d+\.\d\d", "whole": r"-?\d+", "flag": "true|false", "sex": "[12]", "phone": r"\d{7,12}", "village_code": r"[1-9]\d{11}",
    "relation": r"\d\d", "ethnicity": r"\d\d", "code": "held", "text": r"(?s).+",
}  # fmt: skip


@QUIET
@drawn(texts=MANY)
@pytest.mark.parametrize("kind", TYPES)
def test_a_value_of_any_text_has_the_form_of_its_type_or_is_none(
    db: DuckEngine, kind: ColumnType, texts: list[str]
) -> None:
    column = SourceColumn(name="v", type=kind, codes={"是": "held"} if kind == "code" else {})
    db.store("drawn", {"v": texts})
    query = "select v from drawn"
    for layer in LAYERS:
        query = f"select {layer(column, WORDS)} as v from ({query})"
    found = [value for (value,) in db.rows(f"select v::varchar from ({query})")]
    assert len(found) == len(texts)
    assert [value for value in found if value is not None and not re.fullmatch(FORM[kind], value)] == []
    if kind in ("birth_date", "date"):
        assert db.rows(f"select count(*) from ({query}) where v < {EARLIEST}") == [(0,)]


@QUIET
@drawn(texts=MANY)
def test_a_number_made_of_any_text_is_sound_and_stands_in_it(db: DuckEngine, texts: list[str]) -> None:
    db.store("stated_identity", {"national_id_raw": texts})
    judge_numbers(db, datetime.date(2026, 8, 31))
    found = db.rows("select national_id_raw, id_state, national_id, id_digits from stated_number")
    assert len(found) == len(texts)
    for raw, state, number, digits in found:
        assert (state == "valid") == (number is not None)
        assert digits is None or re.fullmatch(r"[0-9X*]+", digits)
        if number:
            written = re.sub("[^0-9X]", "", unicodedata.normalize("NFKC", raw).upper())
            assert written.startswith((number, number[:6] + number[8:17]))
            total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
            assert CHECK_CHARACTERS[total % 11] == number[17]


@QUIET
@drawn(raw=TEXT)
def test_the_parts_of_any_address_stand_in_it(raw: str) -> None:
    bare = MARKS.sub("", unicodedata.normalize("NFKC", raw))
    parts = cut_address(raw)
    assert len(parts) == 6
    assert [part for part in parts[:5] if part not in bare] == []


@QUIET
@drawn(raw=TEXT)
def test_no_name_holds_what_is_not_seen(raw: str) -> None:
    name, _ = NAMES.standardise(raw)
    assert name is None or not [c for c in name if ord(c) in UNSEEN or unicodedata.category(c) == "Cc"]
    assert name is None or NAMES.standardise(name)[0] == name


@QUIET
@drawn(day=DAYS, other=DAYS)
def test_any_day_has_a_lunar_date_and_explains_alike_both_ways(day: datetime.date, other: datetime.date) -> None:
    year, month, number = lunar_date(day)
    assert (year in (day.year - 1, day.year), 1 <= month <= 12, 1 <= number <= 30) == (True, True, True)
    assert explained_by_lunar_calendar(day, other) == explained_by_lunar_calendar(other, day)
