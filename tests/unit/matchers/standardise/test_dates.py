"""Dates: every form departments write, and null for days that cannot be."""

from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.sql import literal
from matchers.standardise.dates import full_day, possible_day, possible_month, read_day


def value(db: DuckEngine, found: str, kept: str, written: str) -> str | None:
    """Return what a written date reads as, where `found` and `kept` are SQL over v and d."""
    query = f"select ({kept})::varchar from (select {found} as d from (select {literal(written)}::varchar as v))"
    return None if (read := db.rows(query)[0][0]) is None else str(read)


@pytest.mark.parametrize(
    "written",
    [
        "20240105", "2024-01-05", "2024-1-5", "2024/1/5", "2024/01/05", "2024.1.5", "2024年1月5日", "45296", "45296.0",
        "2024-01-05 10:20:30", "2024-01-05T00:00:00", "20240105102030", "２０２４－０１－０５", "2024/1/5 0:00:00",
    ],
)  # fmt: skip
def test_every_form_of_a_day_is_that_day(db: DuckEngine, written: str) -> None:
    assert value(db, read_day("v"), possible_day("d"), written) == "2024-01-05"
    assert value(db, full_day("v"), possible_day("d"), written) == "2024-01-05"


@pytest.mark.parametrize(
    "written",
    ["20240230", "2024-02-30", "2024-13-01", "20240500", "2024-05-00", "0000-00-00", "1800-01-01", "abc", "infinity",
     "epoch", "2024", "99999999", "20240105x", "12345678901"],
)  # fmt: skip
def test_a_day_that_cannot_be_is_null_and_never_a_neighbour(db: DuckEngine, written: str) -> None:
    assert value(db, read_day("v"), possible_day("d"), written) is None


@pytest.mark.parametrize("written", ["2024.5", "2024-05", "2024/5", "2024年5月", "202405"])
def test_a_month_is_the_start_of_an_event_but_nobodys_birthday(db: DuckEngine, written: str) -> None:
    assert value(db, read_day("v"), possible_day("d"), written) == "2024-05-01"
    assert value(db, full_day("v"), possible_day("d"), written) is None


@pytest.mark.parametrize("written", ["202405", "2024-05", "2024.5", "2024/5", "2024年5月", "20240517", "2024-05-17"])
def test_every_form_of_a_month_is_that_month(db: DuckEngine, written: str) -> None:
    assert value(db, read_day("v"), possible_month("d"), written) == "2024-05"


def test_for_ever_is_the_last_day_there_is(db: DuckEngine) -> None:
    assert value(db, read_day("v"), possible_day("d"), "长期") == "9999-12-31"
