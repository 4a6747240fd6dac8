from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from flows.gate import GateResult, hold, refuse_broken
from matchers.errors import GateError
from schemas.contract import Table, share, text
from schemas.expectations import WARNING, Expectation, from_contract, none_of, not_empty

THING = Table(
    "thing",
    row="one thing",
    key=("thing_id",),
    columns=(text("thing_id", "id", required=True), share("part", "a share", required=True)),
)


def thing(db: DuckEngine, values: str) -> None:
    db.create("thing", f"select * from (values {values}) as t(thing_id, part)")


def broken(results: list[GateResult]) -> dict[tuple[str, str], int]:
    return {(result.meaning, result.subject): result.breach_count for result in results if not result.is_met}


def test_a_table_that_keeps_its_contract_meets_every_expectation(db: DuckEngine) -> None:
    thing(db, "('a', 0.5), ('b', 1.0)")
    results = hold(db, "release", (not_empty("thing"), *from_contract(THING)))
    assert len(results) == 5
    assert broken(results) == {}


def test_every_kind_of_breach_is_counted(db: DuckEngine) -> None:
    thing(db, "('a', 0.5), ('a', 1.5), ('b', null)")
    results = hold(db, "release", from_contract(THING))
    assert broken(results) == {
        ("key_unique", "thing_id"): 2,
        ("column_complete", "part"): 1,
        ("share_in_range", "part"): 1,
    }


def test_a_sum_of_counts_is_broken_by_its_sum(db: DuckEngine) -> None:
    db.create("checked", "select 3 as served_listed_count union all select 4")
    results = hold(db, "release", (none_of("checked", "served_listed_count", "critical", "ask_analyst"),))
    assert broken(results) == {("served_listed_count", "served_listed_count"): 7}


def test_an_expectation_that_cannot_be_held_is_not_met(db: DuckEngine) -> None:
    thing(db, "('a', 0.5)")
    asked = Expectation("thing", "expect_column_values_to_not_be_null", {"column": "gone"}, meaning="column_complete")
    assert broken(hold(db, "release", (asked,))) == {("column_complete", "gone"): 1}


def test_no_result_quotes_a_value(db: DuckEngine) -> None:
    thing(db, "('230123194001011234', 7.25), ('230123194001011234', 7.25)")
    assert "230123194001011234" not in repr(hold(db, "release", from_contract(THING)))
    assert "7.25" not in repr(hold(db, "release", from_contract(THING)))


def test_a_broken_critical_expectation_says_what_where_how_many_and_what_next(db: DuckEngine) -> None:
    thing(db, "('a', 0.5), ('a', 0.5)")
    results = hold(db, "release", from_contract(THING))
    with pytest.raises(GateError) as raised:
        refuse_broken(results, {"thing_id": "population_register"})
    said = str(raised.value)
    assert "1 critical expectations failed; nothing was published" in said
    assert "at release: thing.thing_id (population_register): expect_column_values_to_be_unique is broken by 2" in said
    assert "Report it to whoever maintains zhaoren" in said
    assert raised.value.exit_code == 17


def test_a_warning_stops_nothing(db: DuckEngine) -> None:
    db.create("checked", "select 1 as is_missing")
    results = hold(db, "arrival", (none_of("checked", "is_missing", WARNING, "ask_department"),))
    assert not results[0].is_met
    refuse_broken(results, {})


def test_the_session_can_be_used_after_the_door(db: DuckEngine) -> None:
    thing(db, "('a', 0.5)")
    hold(db, "release", from_contract(THING))
    db.create("later", "select 1 as number")
    assert db.rows("select number from later") == [(1,)]
