"""The engine takes what memory a statement needs, and says plainly when there is none."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from flows.engines.duckdb import DuckEngine
from matchers.errors import StorageError

# Lists kept by an aggregate cannot spill, so these need their memory whole.
LISTS = "select i % 100 as k, list(repeat('x', 40) || i order by hash(i)) as l from range(600_000) t(i) group by all"


def test_a_statement_that_cannot_do_with_the_memory_it_started_with_gets_more() -> None:
    with DuckEngine(memory="20MB") as db:
        started_with = db.memory
        db.create("lists", LISTS)
        assert db.rows("select count(*), sum(len(l)) from lists") == [(100, 600_000)]
        assert db.memory > started_with


def test_where_the_machine_has_no_more_memory_the_operator_hears_what_to_do() -> None:
    with DuckEngine(memory="20MB") as db:
        db.most = db.memory
        with pytest.raises(StorageError, match="memory is used up"):
            db.create("lists", LISTS)


def test_a_table_that_is_not_there_has_no_columns_even_where_a_variable_has_its_name(db: DuckEngine) -> None:
    thing = pa.table({"size": [1]})
    assert thing.num_rows == 1
    assert db.column_types("thing") == {}
    db.store("thing", {"size": [1]})
    assert db.column_types("thing") == {"size": "BIGINT"}


def test_statements_run_together_all_run_and_a_mistake_in_one_is_heard() -> None:
    with DuckEngine(memory="100MB") as db:
        db.run_together([f"create table t{n} as select {n} as n" for n in range(7)])
        assert db.rows(" union all ".join(f"select n from t{n}" for n in range(7)) + " order by n") == [
            (n,) for n in range(7)
        ]
        with pytest.raises(duckdb.Error):
            db.run_together(
                ["create table fine as select 1 as n", "create table wrong as select 1 // i as n from range(3) t(i)"]
            )


def test_a_session_that_ended_is_known_not_to_answer() -> None:
    engine = DuckEngine(memory="100MB")
    assert engine.is_alive()
    engine.close()
    assert not engine.is_alive()
