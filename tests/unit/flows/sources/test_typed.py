"""Typed columns of a Parquet file: each reads as its text would, or not at all, and no type stops a run."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from flows.sources.loading import load_source
from flows.sources.parquet_file import open_parquet
from flows.sources.reference import read_lexicon
from matchers.errors import DeliveryError
from schemas.source import ColumnType, SourceContract

DAY, NOON = datetime.date(1962, 5, 13), datetime.datetime(1962, 5, 13)
MIDNIGHT = datetime.datetime(1962, 5, 13, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
# Every type a column of a contract may have: what a department means, and how it reads.
MEANT: dict[ColumnType, tuple[str, str]] = {
    "name": ("王芳", "王芳"), "national_id": ("340524800101001", "340524800101001"), "birth_date": ("19620513", "1962-05-13"),
    "sex": ("2", "2"), "phone": ("13912345671", "13912345671"), "address": ("江湾镇", "江湾镇"), "text": ("7", "7"),
    "date": ("19620513", "1962-05-13"), "month": ("202605", "2026-05"), "money": ("1234", "1234.00"), "number": ("1234", "1234.00"),
    "whole": ("12", "12"), "flag": ("1", "true"), "code": ("1", "held"), "village_code": ("230123102001", "230123102001"),
    "ethnicity": ("1", "01"), "relation": ("户主", "02"),
}  # fmt: skip
AS_DAYS = {"birth_date": "1962-05-13", "date": "1962-05-13", "month": "1962-05"}
CONTRACT = SourceContract.model_validate(
    {
        **read_contracts()["old_age_roll"].model_dump(exclude={"columns"}),
        "columns": [
            *(column.model_dump() for column in read_contracts()["old_age_roll"].columns),
            *({"name": f"a_{kind}", "type": kind, "codes": {"1": "held"} if kind == "code" else {}} for kind in MEANT),
        ],
    }
)
NUMBERS = {
    "int64": pa.int64(), "uint64": pa.uint64(), "double": pa.float64(), "decimal": pa.decimal128(20, 2), "wide": pa.decimal128(38, 0),
}  # fmt: skip


def as_they_read(
    db: DuckEngine, folder: Path, values: dict[ColumnType, pa.Array]
) -> dict[ColumnType, tuple[str | None, ...]]:
    """Return how values read in a column of each contract type; every row is loaded."""
    count = max(map(len, values.values()))
    known = {"national_id": ["11010519491231002X"] * count, "full_name": ["王芳"] * count, "status": ["发放"] * count}
    file = folder / "old_age_roll.parquet"
    given = {column.name: pa.nulls(count, pa.string()) for column in CONTRACT.columns if column.required}
    pq.write_table(pa.table({**given, **known, **{f"a_{kind}": column for kind, column in values.items()}}), file)
    came = load_source(db, CONTRACT, open_parquet(CONTRACT, file), read_lexicon())
    assert (came.delivered, came.loaded) == (count, count)
    wanted = ", ".join(f"a_{kind}::varchar" for kind in values)
    rows = db.rows(f"select {wanted} from raw_old_age_roll order by row_number")
    return dict(zip(values, zip(*rows, strict=True), strict=True))


@pytest.mark.parametrize(
    "stored", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())]
)
def test_text_reads_alike_whatever_it_is_stored_as(db: DuckEngine, tmp_path: Path, stored: pa.DataType) -> None:
    texts: dict[ColumnType, pa.Array] = {kind: pa.array([said, None]).cast(stored) for kind, (said, _) in MEANT.items()}
    assert as_they_read(db, tmp_path, texts) == {kind: (wanted, None) for kind, (_, wanted) in MEANT.items()}


@pytest.mark.parametrize("stored", NUMBERS)
def test_a_number_reads_as_its_digits_do(db: DuckEngine, tmp_path: Path, stored: str) -> None:
    digits = {kind: (said, wanted) for kind, (said, wanted) in MEANT.items() if said.isdigit()}
    as_number = {"double": float, "decimal": Decimal, "wide": Decimal}.get(stored, int)
    numbers: dict[ColumnType, pa.Array] = {
        kind: pa.array([as_number(said), None], NUMBERS[stored]) for kind, (said, _) in digits.items()
    }
    assert as_they_read(db, tmp_path, numbers) == {kind: (wanted, None) for kind, (_, wanted) in digits.items()}


@pytest.mark.parametrize(
    "case",
    [
        (True, pa.bool_(), {"flag": "true"}),
        (datetime.time(1, 2), pa.time64("us"), {}),
        (DAY, pa.date32(), AS_DAYS),
        (NOON, pa.timestamp("us"), AS_DAYS),
        (NOON, pa.timestamp("ns"), AS_DAYS),
    ],
)
def test_no_other_type_stops_a_run_or_becomes_something_else(
    db: DuckEngine, tmp_path: Path, case: tuple[object, pa.DataType, dict[ColumnType, str]]
) -> None:
    value, stored, read = case
    found = as_they_read(db, tmp_path, {kind: pa.array([value, None], stored) for kind in MEANT})
    free = ("name", "national_id", "text", "address", "other")
    assert {kind: said for kind, (said, _) in found.items() if said and kind not in free} == read


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_an_instant_falls_on_the_day_it_is_in_china(db: DuckEngine, tmp_path: Path, zone: str) -> None:
    instants = pa.array([MIDNIGHT], pa.timestamp("us", tz=zone))
    found = as_they_read(db, tmp_path, {"birth_date": instants, "text": instants})
    assert found == {"birth_date": ("1962-05-13",), "text": ("1962-05-13 00:00:00",)}


def test_a_number_that_is_none_is_missing(db: DuckEngine, tmp_path: Path) -> None:
    nothing = pa.array([float("nan"), float("inf")])
    found = as_they_read(db, tmp_path, {"money": nothing, "phone": nothing})
    assert found == {"money": (None, None), "phone": (None, None)}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pa.array([["13912345671"]]), "a_phone holds lists or structures"),
        (pa.array([{"a": "13912345671"}]), "a_phone holds lists or structures"),
        (pa.array([13912345671.0], pa.float32()), "a_phone holds numbers of single precision"),
    ],
)
def test_a_type_that_cannot_hold_the_values_is_refused(
    db: DuckEngine, tmp_path: Path, values: pa.Array, said: str
) -> None:
    with pytest.raises(DeliveryError, match=said):
        as_they_read(db, tmp_path, {"phone": values})


def test_every_type_of_the_contracts_is_tried() -> None:
    assert {column.type for contract in read_contracts().values() for column in contract.columns} <= set(MEANT)
