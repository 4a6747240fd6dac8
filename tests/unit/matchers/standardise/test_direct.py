"""The quick reading: where it answers, it says what the patient reading says."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from flows.sources.reference import read_lexicon
from matchers.sql import literal
from matchers.standardise.direct import DIRECT, certain_value, direct_value
from matchers.standardise.rows import layered
from matchers.standardise.values import LAYERS
from schemas.source import SourceColumn

# What dates, amounts, numbers and codes are made of, and what casts take for numbers though nobody writes it.
WRITTEN = st.text("0123456789-/.:eE+, _年月日Xx１２元", max_size=12) | st.sampled_from(
    [
        "1962-05-14",
        "19620514",
        "1962-05-14 08:00:00",
        "1900-01-01",
        "202610",
        "13912345670",
        "230123102201",
        "1e3",
        "3.6",
        "0",
    ]
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(written=st.lists(WRITTEN, min_size=1, max_size=40))
@pytest.mark.parametrize("kind", sorted(DIRECT))
def test_the_quick_reading_never_says_otherwise_than_the_patient_one(
    db: DuckEngine, kind: str, written: list[str]
) -> None:
    column = SourceColumn.model_validate({"name": "v", "type": kind})
    words = read_lexicon()
    rows = " union all ".join(f"select {literal(text)}::varchar as v" for text in written)
    query = f"select v, v as w from ({rows})"
    for layer in LAYERS:
        query = f"select {layer(column, words)} as v, w from ({query})"
    quick = direct_value(column, "w", words, "VARCHAR")
    assert db.rows(f"select count(*) from ({query}) where {quick} is not null and {quick} is distinct from v") == [(0,)]


def test_what_came_typed_is_read_without_becoming_text(db: DuckEngine) -> None:
    columns = [SourceColumn(name="paid", type="money"), SourceColumn(name="day", type="date"), SourceColumn(name="no")]
    rows = "select 1 as row_number, null as row_fault, 12.5::decimal(14,2) as paid, timestamp '2026-03-04 05:06:07' as day, 7 as no"
    kinds = {"paid": "DECIMAL(14,2)", "day": "TIMESTAMP", "no": "INTEGER"}
    typed = layered(columns, rows, read_lexicon(), kinds)
    assert db.rows(f"select paid::varchar, day::varchar, no from ({typed})") == [("12.50", "2026-03-04", "7")]


def test_a_value_that_says_something_nobody_can_read_is_known_to_be_unread(db: DuckEngine) -> None:
    columns = [SourceColumn(name="day", type="date")]
    said = "select unnest(['2026-03-04', '2026-13-45', '不详', null, ' 2026.3.4 ']) as day"
    rows = f"select 1 as row_number, null as row_fault, day from ({said})"
    typed = layered(columns, rows, read_lexicon(), {})
    found = db.rows(f'select day::varchar, "day is stated" and day is null from ({typed})')
    assert found == [("2026-03-04", False), (None, True), (None, False), (None, False), ("2026-03-04", False)]


def test_a_column_that_was_not_delivered_is_null_in_its_type_and_nothing_of_it_is_unread(db: DuckEngine) -> None:
    columns = [
        SourceColumn(name="born", type="birth_date"),
        SourceColumn(name="paid", type="money"),
        SourceColumn(name="no"),
    ]
    db.run("create view bare as select 1 as row_number, null as row_fault, null as born, null as paid, null as no")
    typed = layered(columns, "select * from bare", read_lexicon(), db.column_types("bare"))
    db.create("read_bare", f"select * from ({typed})")
    kinds = db.column_types("read_bare")
    assert (kinds["born"], kinds["paid"], kinds["no"]) == ("DATE", "DECIMAL(14,2)", "VARCHAR")
    assert db.rows('select born_raw, "paid is stated", paid, no from read_bare') == [(None, False, None, None)]


@pytest.mark.parametrize(
    ("kind", "is_certain"),
    [
        ("DECIMAL(14,2)", True),
        ("DECIMAL(9,0)", True),
        ("DECIMAL(18,2)", False),
        ("DECIMAL(14,4)", False),
        ("DOUBLE", False),
    ],
)
def test_an_amount_is_taken_as_it_came_only_where_it_fits(kind: str, is_certain: bool) -> None:
    assert (certain_value(SourceColumn(name="paid", type="money"), kind) is not None) == is_certain
