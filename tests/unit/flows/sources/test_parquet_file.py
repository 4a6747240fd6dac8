"""Parquet deliveries: typed columns arrive as text in the order of the file."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from flows.sources.loading import load_source
from flows.sources.parquet_file import ParquetReader, open_parquet
from flows.sources.reference import read_lexicon
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


def test_a_file_that_says_it_has_other_rows_than_it_has_is_refused(db: DuckEngine, tmp_path: Path) -> None:
    pq.write_table(registered(20), tmp_path / "marriage.parquet")
    arrival = open_parquet(CONTRACT, tmp_path / "marriage.parquet")
    assert isinstance(arrival.reader, ParquetReader)
    promising = replace(arrival, reader=replace(arrival.reader, row_count=21))
    with pytest.raises(DeliveryError, match="says it has 21 rows"):
        load_source(db, CONTRACT, promising, read_lexicon())


def test_a_heading_of_bytes_no_character_has_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "marriage.parquet"
    pq.write_table(registered(20).append_column("备注", pa.nulls(20, pa.string())), file, store_schema=False)
    file.write_bytes(file.read_bytes().replace("备".encode(), b"\xff\xff\xff"))
    with pytest.raises(DeliveryError, match="cannot be opened"):
        open_parquet(CONTRACT, file)


def test_wherever_a_file_is_damaged_it_is_taken_whole_or_the_file_is_blamed(db: DuckEngine, tmp_path: Path) -> None:
    file, outcomes = tmp_path / "marriage.parquet", set[str]()
    pq.write_table(registered(20), file, compression="none")
    whole = file.read_bytes()
    for place in range(4, 400, 3):
        file.write_bytes(whole[:place] + b"\xff\xff" + whole[place + 2 :])
        try:
            came = load_source(db, CONTRACT, open_parquet(CONTRACT, file), read_lexicon())
            assert came.delivered == came.loaded + came.refused
            outcomes.add("")
        except DeliveryError as error:
            outcomes.add(str(error))
            db.run("drop view if exists arrived_marriage")
    assert "" in outcomes
    assert any("is damaged" in said for said in outcomes)
    assert all("is damaged" in said or "cannot be used" in said for said in outcomes - {""})
