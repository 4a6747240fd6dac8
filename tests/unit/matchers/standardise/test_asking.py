"""Rows to correct: answered only by a right row of their key, open until then, never counted twice."""

from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from matchers.standardise.asking import Followed, count_requests, follow_requests, whole_key
from schemas.doubts import ASKED_ROW
from schemas.raw import raw_table
from schemas.records import QUARANTINE
from tests.conftest import Given

CONTRACT = read_contracts()["old_age_roll"]
NEVER = 1 << 40
NOTHING = "source_id | row_number"


def key_of(db: DuckEngine, number: str, day: str = "2020-05-01") -> str:
    """Return the key of a row of old-age allowances."""
    row = f"select '{number}' as national_id, date '{day}' as start_date"
    return str(db.rows(f"select {whole_key(CONTRACT)} from ({row})")[0][0])


def followed_up(db: DuckEngine, month: str = "2026-10", first_correction: int = NEVER) -> list[tuple[object, ...]]:
    """Return what became of every row to correct."""
    follow_requests(db, (Followed(CONTRACT, first_correction, "2022-01"),), month)
    return db.rows("select asked_month, row_number, state, answered_month from asked_row order by all")


@pytest.fixture
def drawn(db: DuckEngine, given: Given) -> Given:
    """Draw the three tables; what is not drawn is empty."""
    given(QUARANTINE, NOTHING)
    given(raw_table(CONTRACT), "row_number")
    given(ASKED_ROW, NOTHING)
    db.run("create or replace view asked_before as select * from asked_row where false")
    return given


def asked_before(db: DuckEngine, key: str, month: str = "2026-09") -> None:
    db.run("drop view asked_before")
    db.create("asked_before", f"select 'old_age_roll' as source_id, '{month}' as asked_month, 3::bigint as row_number, '{key}' as row_key, 'open' as state, null::varchar as answered_month")  # fmt: skip


def refuse(given: Given, *keys: str) -> None:
    rows = "\n".join(f"old_age_roll | {place} | {key} | wrong | {{}}" for place, key in enumerate(keys, start=1))
    given(QUARANTINE, f"source_id | row_number | row_key | reason | delivered\n{rows}")


def load(given: Given, *places: int) -> None:
    rows = "\n".join(f"{place} | 110105 19491231002x | 2020-05-01" for place in places)
    given(raw_table(CONTRACT), f"row_number | national_id | start_date\n{rows}")


def test_a_refused_row_is_open_and_one_without_a_whole_key_cannot_be_followed(db: DuckEngine, drawn: Given) -> None:
    refuse(drawn, key_of(db, "11010519491231002X"), "")
    assert followed_up(db) == [("2026-10", 1, "open", None), ("2026-10", 2, "untraceable", None)]


def test_a_correction_of_the_same_month_answers_it_and_a_row_beside_it_does_not(db: DuckEngine, drawn: Given) -> None:
    refuse(drawn, key_of(db, "11010519491231002X"))
    load(drawn, 7)
    assert followed_up(db, first_correction=7) == [("2026-10", 1, "answered", "2026-10")]
    assert followed_up(db) == [("2026-10", 1, "untraceable", None)]


def test_a_right_row_of_a_later_month_answers_it_however_its_key_is_typed(db: DuckEngine, drawn: Given) -> None:
    asked_before(db, key_of(db, "11010519491231002X"))
    load(drawn, 1)
    assert followed_up(db) == [("2026-09", 3, "answered", "2026-10")]
    count_requests(db, "2026-10")
    assert db.rows("select * from asked_count") == [("old_age_roll", 0, 1, 0, 0, None)]


def test_a_row_carried_over_from_an_earlier_state_is_no_answer(db: DuckEngine, drawn: Given) -> None:
    asked_before(db, key_of(db, "11010519491231002X"))
    load(drawn, -4)
    assert followed_up(db) == [("2026-09", 3, "open", None)]


def test_a_row_refused_again_stays_open_and_is_not_asked_for_twice(db: DuckEngine, drawn: Given) -> None:
    key = key_of(db, "11010519491231002X")
    asked_before(db, key)
    refuse(drawn, key)
    assert followed_up(db) == [("2026-09", 3, "open", None)]
    count_requests(db, "2026-10")
    assert db.rows("select * from asked_count") == [("old_age_roll", 0, 0, 1, 0, "2026-09")]


def test_what_is_past_its_retention_is_followed_no_more(db: DuckEngine, drawn: Given) -> None:
    asked_before(db, key_of(db, "11010519491231002X"), "2021-12")
    assert followed_up(db) == []
