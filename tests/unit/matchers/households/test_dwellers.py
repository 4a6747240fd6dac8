"""Ages on a day, and one key for one door."""

from __future__ import annotations

import datetime

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.households.dwellers import age_on, place_key
from matchers.sql import literal


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1946-10-31", "2026-10-31", 80),
        ("1946-11-01", "2026-10-31", 79),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
    ],
)
def test_a_year_is_complete_on_the_birthday_and_a_leap_day_child_waits_for_march(
    db: DuckEngine, born: str, day: str, age: int
) -> None:
    on = age_on(datetime.date.fromisoformat(day), f"date {literal(born)}")
    assert db.rows(f"select {on}") == [(age,)]


@pytest.mark.parametrize("address", ["5组53号", "五组53号", "第5组53号", "5村民组53号", "5组53"])
def test_every_spelling_of_one_door_is_one_key(db: DuckEngine, address: str) -> None:
    assert db.rows(f"select {place_key(literal('v'), literal(address))}") == [("v 5-53",)]


def test_tens_in_numerals_are_numbers(db: DuckEngine) -> None:
    keys = [
        db.rows(f"select {place_key(literal('v'), literal(a))}")[0][0] for a in ("十二组7号", "二十三组7号", "二十组7")
    ]
    assert keys == ["v 12-7", "v 23-7", "v 20-7"]


def test_two_streets_are_two_keys(db: DuckEngine) -> None:
    one, other = (place_key(literal("v"), literal(a)) for a in ("文化路7号楼4单元502室", "建设街7号楼4单元502室"))
    assert db.rows(f"select {one} = {other}") == [(False,)]
