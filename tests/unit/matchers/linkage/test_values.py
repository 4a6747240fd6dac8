from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.han_names import store_han_names
from matchers.linkage.values import month_first_sources, newest_year
from matchers.linkage.written import Forms, number_rows, read_person_keys, read_values, read_written
from schemas.links import LINK_INPUT
from tests.conftest import Given


def values(db: DuckEngine, role: str) -> list[str | None]:
    rows = number_rows(db, ())
    written = read_written(db, rows)
    has_han = bool(store_han_names(db, ("full_name",)))
    column = read_values(
        db, written, rows, Forms(month_first_sources(db), has_han=has_han, newest_year=newest_year(db))
    ).get(role)
    return [column.values[code] if code >= 0 else None for code in column.codes] if column else [None] * len(rows)


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("Robert", "robert"),
        ("Son of", None),
        ("Lady in the", None),
        ("Child F", None),
        ("No Name", None),
        ("Sonia", "sonia"),
        ("Girlie Ann", "girlie ann"),
    ],
)
def test_a_word_for_what_somebody_is_to_others_is_no_given_name(
    db: DuckEngine, given: Given, written: str, understood: str | None
) -> None:
    given(LINK_INPUT, f"record_id | source_id | given_name\na | s | {written}")
    assert values(db, "given_name") == [understood]


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("1980-01-02", "19800102"),
        ("19800102", "19800102"),
        ("1980年1月2日", "19800102"),
        ("1980-1-2", "19800102"),
        ("25/12/1980", "19801225"),
        ("25121980", "19801225"),
        ("1980.5", "19800500"),
        ("1980", "19800000"),
        ("1980-01-02 00:00:00", "19800102"),
        ("2 Jan 1980", "19800102"),
        ("January 2nd, 1980", "19800102"),
        ("1980-Jan-02", "19800102"),
        ("Jan 1980", "19800100"),
        ("2-JAN-80", "19800102"),
        ("25/12/80", "19801225"),
        ("80-12-25", "19801225"),
        ("00/00/00", None),
        ("00000000", None),
        ("not known", None),
    ],
)
def test_a_birth_date_is_understood_however_it_is_written(
    db: DuckEngine, given: Given, written: str, understood: str | None
) -> None:
    given(LINK_INPUT, f"record_id | source_id | birth_date\na | s | {written}")
    assert values(db, "birth_date") == [understood]


def test_month_and_day_are_told_apart_by_the_dates_that_can_only_be_read_one_way(db: DuckEngine, given: Given) -> None:
    given(
        LINK_INPUT,
        """
        record_id | source_id | birth_date
        a         | american  | 12/25/1980
        b         | american  | 03/04/1981
        c         | european  | 25/12/1980
        d         | european  | 03/04/1981
        """,
    )
    assert values(db, "birth_date") == ["19801225", "19810304", "19801225", "19810403"]


def test_words_lose_case_accents_and_punctuation_and_words_for_nothing_are_missing(
    db: DuckEngine, given: Given
) -> None:
    given(
        LINK_INPUT,
        """
        record_id | source_id | surname  | phone           | sex
        a         | s         | O'Brién  | +86 139 1234 5678 | Male
        b         | s         | unknown  | 12              | 女
        c         | s         | ---      | 0451-2345678    | x
        """,
    )
    assert values(db, "surname") == ["o brien", None, None]
    assert values(db, "phone") == ["13912345678", None, "04512345678"]
    assert values(db, "sex") == ["1", "2", None]


def test_a_person_key_becomes_a_number_and_a_citizen_number_alone_does_not(db: DuckEngine, given: Given) -> None:
    given(
        LINK_INPUT,
        """
        record_id | source_id | person_key | national_id
        a         | s         | 7          | 11010519491231002x
        b         | s         |            | 11010519491231002X
        """,
    )
    assert [key != 0 for key in read_person_keys(db, number_rows(db, ()))] == [True, False]
    assert values(db, "national_id") == ["11010519491231002x", "11010519491231002x"]


def test_rows_are_numbered_in_order_of_record_id_whatever_their_order(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, "record_id | source_id\nb | s\na | t\nc | s")
    rows = number_rows(db, ())
    assert rows.place is not None
    assert rows.place.tolist() == [1, 0, 2]
    assert rows.source.tolist() == [1, 0, 0]


def test_every_row_keeps_its_own_value_however_many_texts_there_are(db: DuckEngine) -> None:
    count, named = 5_000, 2_043  # places begin near the end of a piece of 2,048 texts, which a join gives back last
    ids = [f"{(n * 7919) % count:04}" for n in range(count)]
    nothing: dict[str, Any] = {c.name: pa.nulls(count, pa.string()) for c in LINK_INPUT.columns}
    written = [f"Nr. {n}" if int(n) < named else None for n in ids]
    places = [f"{n}-{n}" if int(n) % 2 else n for n in ids]
    given = {"record_id": ids, "source_id": ["s"] * count, "surname": written, "place": places}
    db.store("link_input", nothing | {name: pa.array(column, pa.string()) for name, column in given.items()})
    assert values(db, "surname") == [f"nr {n:04}" if n < named else None for n in range(count)]
    assert values(db, "place") == [f"{n:04} {n:04}" if n % 2 else f"{n:04}" for n in range(count)]


def test_a_year_of_two_digits_is_not_after_the_latest_that_is_written_out(db: DuckEngine, given: Given) -> None:
    given(
        LINK_INPUT,
        """
        record_id | source_id | birth_date
        a         | s         | 25/12/16
        b         | s         | 25/12/17
        c         | t         | 25/12/2016
        d         | s         | 12/25/80
        """,
    )
    assert values(db, "birth_date") == ["20161225", "19171225", "20161225", "19801225"]
