"""What is written as it comes lies in the order of its key, whatever the session did with the rows on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from matchers.errors import BrokenContractError
from schemas.contract import Table, whole
from schemas.economic_check import NAMED_PERSON

PLACED = Table("placed", row="one place", key=("place",), columns=(whole("place", "place", required=True),))


@pytest.mark.parametrize("order", ["place", "place desc", "hash(place)"])
def test_rows_that_come_out_of_order_are_written_sorted(db: DuckEngine, tmp_path: Path, order: str) -> None:
    lake = Lake(tmp_path, tmp_path / "staging", "2026-10")
    rows = f"select place from range(300000) as drawn(place) order by {order}"
    assert lake.write_in_order(db, PLACED, rows) == 300_000
    behind = "select count(*) from (select place < lag(place) over () as is_behind from placed) where is_behind"
    assert db.rows(behind) == [(0,)]


def test_ordered_rows_are_the_same_bytes_as_sorted_ones(db: DuckEngine, tmp_path: Path) -> None:
    written = []
    for name, order in (("as_they_come", "place"), ("sorted", "hash(place)")):
        lake = Lake(tmp_path, tmp_path / name, "2026-10")
        lake.write_in_order(db, PLACED, f"select place from range(300000) as drawn(place) order by {order}")
        written.append((tmp_path / name / "placed" / "month=2026-10" / "part-0.parquet").read_bytes())
    assert written[0] == written[1]


def test_what_is_set_aside_is_read_as_one_table_and_never_enters_the_lake(db: DuckEngine, tmp_path: Path) -> None:
    lake = Lake(tmp_path, tmp_path / "staging", "2026-10")
    parts = {"few": "select 7::bigint as place", "many": "select place from range(1000, 3000) as drawn(place)"}
    assert lake.set_aside(db, PLACED, parts) == 2001
    assert db.rows("select count(*), min(place) from placed") == [(2001, 7)]
    assert db.rows(f"select count(*) from {lake.aside(PLACED, ['many'])}") == [(2000,)]
    # The engine takes the first file for as long as all the others.
    assert lake.aside(PLACED, parts).index("many") < lake.aside(PLACED, parts).index("few")
    lake.commit()
    assert not lake.has("placed")


def test_what_was_set_aside_can_be_forgotten_and_the_check_stage_is_never_set_aside(
    db: DuckEngine, tmp_path: Path
) -> None:
    lake = Lake(tmp_path, tmp_path / "staging", "2026-10")
    lake.set_aside(db, PLACED, {"all": "select 1::bigint as place"})
    lake.forget(db, PLACED)
    assert not db.column_types("placed")
    assert not list((tmp_path / "staging").rglob("*.parquet"))
    with pytest.raises(BrokenContractError, match="check stage"):
        lake.set_aside(db, NAMED_PERSON, {"all": "select 1"})


def test_more_than_ten_parts_are_read_in_the_order_they_were_given(db: DuckEngine, tmp_path: Path) -> None:
    lake = Lake(tmp_path, tmp_path / "staging", "2026-10")
    lake.write_parts(db, PLACED, [f"select {n}::bigint as place" for n in range(12)], at_once=False)
    assert db.rows("select place from placed") == [(n,) for n in range(12)]  # an aggregate would meet them in any order
