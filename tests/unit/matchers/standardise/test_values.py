"""Typed values: what a text states, what it reads as, what is believed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.reference import read_lexicon
from matchers.sql import literal
from matchers.standardise.values import LAYERS
from schemas.source import ColumnType, SourceColumn


def typed(db: DuckEngine, kind: ColumnType, written: str, codes: dict[str, str] | None = None) -> object:
    """Return the typed value of a delivered text."""
    column = SourceColumn(name="v", type=kind, codes=codes or {})
    query = f"select {literal(written)}::varchar as v"
    for layer in LAYERS:
        query = f"select {layer(column, read_lexicon())} as v from ({query})"
    return db.rows(query)[0][0]


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("1234.5", "1234.50"), ("1,234.50", "1234.50"), ("¥1,234.5", "1234.50"), ("￥ 12元", "12.00"), ("-12.34", "-12.34"),
        ("(12.34)", "-12.34"), ("１２．５", "12.50"), ("0", "0.00"), ("1，234", "1234.00"), ("1e3", "1000.00"),
    ],
)  # fmt: skip
def test_money_is_exact_whatever_stands_around_it(db: DuckEngine, written: str, yuan: str) -> None:
    assert typed(db, "money", written) == Decimal(yuan)


@pytest.mark.parametrize("written", ["--", "", " ", "无", "12万", "1.2.3", "九元", "1e99", "NULL"])
def test_what_is_no_amount_is_null_and_not_nought(db: DuckEngine, written: str) -> None:
    assert typed(db, "money", written) is None


@pytest.mark.parametrize(
    ("written", "number"), [("3", 3), ("3.0", 3), ("3人", 3), ("1,000", 1000), ("3.5", None), ("x", None)]
)
def test_whole_numbers_lose_their_unit_but_never_a_fraction(db: DuckEngine, written: str, number: int | None) -> None:
    assert typed(db, "whole", written) == number


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("13912345670", "13912345670"), ("+86 139-1234-5670", "13912345670"), ("13912345670/13712345671", "13912345670"),
        ("0451-57221234", "045157221234"), ("57221234", "57221234"), ("11111111111", None), ("13800000000", None),
        ("139123456701", None), ("１３９１２３４５６７０", "13912345670"), ("不详", None),
    ],
)  # fmt: skip
def test_phones_are_digits_of_a_number_somebody_may_have(db: DuckEngine, written: str, digits: str | None) -> None:
    assert typed(db, "phone", written) == digits


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("sex", "男", "1"), ("sex", "2", "2"), ("sex", "9", None), ("ethnicity", "汉族", "01"), ("ethnicity", "维吾尔", "05"),
        ("ethnicity", "56", "56"), ("ethnicity", "火星族", None), ("relation", "户主", "02"), ("relation", "长子", "22"),
        ("relation", "之妻", "12"), ("relation", "邻居", None), ("village_code", "230123102201", "230123102201"),
        ("village_code", "２３０１２３１０２２０１", "230123102201"), ("village_code", "230123102", None),
        ("village_code", "000000000000", None),
    ],
)  # fmt: skip
def test_words_become_the_codes_of_the_standard(
    db: DuckEngine, kind: ColumnType, written: str, code: str | None
) -> None:
    assert typed(db, kind, written) == code


@pytest.mark.parametrize(
    ("written", "flag"), [("是", True), ("否", False), ("1", True), ("无", False), ("", None), ("不详", None)]
)
def test_a_flag_nobody_filled_in_is_unknown(db: DuckEngine, written: str, flag: bool | None) -> None:
    assert typed(db, "flag", written) is flag


def test_a_code_nobody_knows_is_null(db: DuckEngine) -> None:
    assert typed(db, "code", "在保", {"在保": "receiving"}) == "receiving"
    assert typed(db, "code", "在宝", {"在保": "receiving"}) is None


@pytest.mark.parametrize("written", ["\u3000王芳\u00a0", "\ufeff王芳", "王芳\t\r\n", "\u200b王芳"])
def test_blanks_of_every_kind_are_taken_off(db: DuckEngine, written: str) -> None:
    assert typed(db, "name", written) == "王芳"


@pytest.mark.parametrize(
    ("kind", "written"),
    [("name", "无名氏"), ("national_id", "111111111111111111"), ("birth_date", "1900-01-01"), ("text", "N/A")],
)
def test_placeholders_state_nothing(db: DuckEngine, kind: ColumnType, written: str) -> None:
    assert typed(db, kind, written) is None
