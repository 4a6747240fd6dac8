"""Parquet deliveries: typed columns arrive as text in the order of the file."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from flows.sources.parquet_file import open_parquet
from matchers.errors import DeliveryError

CONTRACT = read_contracts()["marriage"]


def registered(count: int) -> pa.Table:
    """Return a marriage register of this many weddings."""
    names = {
        "name_man": "王强",
        "cert_num_man": None,
        "name_woman": "李梅",
        "cert_num_woman": None,
        "birth_woman": None,
    }
    texts = {name: pa.array([value] * count, pa.string()) for name, value in names.items()}
    days = pa.array([datetime.datetime(2001, 1, 1)] * count, pa.timestamp("us"))
    number = pa.array(range(count), pa.int64())
    return pa.table({**texts, "cert_no": number, "op_type": ["IA"] * count, "op_date": days, "birth_man": days})


def test_columns_keep_their_type_and_rows_the_order_of_the_file(db: DuckEngine, tmp_path: Path) -> None:
    pq.write_table(registered(3000), tmp_path / "marriage.parquet", row_group_size=500)
    assert open_parquet(CONTRACT, tmp_path / "marriage.parquet").reader.load(db) == 3000
    assert db.rows(
        "select count(*), count(*) filter (where cert_no = (row_number - 1)::varchar) from arrived_marriage"
    ) == [(3000, 3000)]
    assert db.rows("select op_date::date::varchar, dept_code from arrived_marriage limit 1") == [("2001-01-01", None)]


def test_a_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "marriage.parquet"
    pq.write_table(registered(100), file)
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(DeliveryError, match="cut off"):
        open_parquet(CONTRACT, file)


def test_a_register_that_must_have_rows_is_refused_without(tmp_path: Path) -> None:
    pq.write_table(registered(0), tmp_path / "marriage.parquet")
    with pytest.raises(DeliveryError, match="no row"):
        open_parquet(CONTRACT, tmp_path / "marriage.parquet")
