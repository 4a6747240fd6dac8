"""What is written as it comes lies in the order of its key, whatever the session did with the rows on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from schemas.contract import Table, whole

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
