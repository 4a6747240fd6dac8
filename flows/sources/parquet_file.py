"""Parquet files, read where they lie."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, refuse_without_rows, show_as_arrived
from flows.sources.headers import match_headers
from flows.sources.typed import told_columns
from matchers.errors import DeliveryError
from matchers.sql import literal
from schemas.source import SourceContract


@dataclass(frozen=True)
class ParquetReader:
    """Reads one Parquet file; `row_count` is what its footer says."""

    contract: SourceContract
    file: Path
    headers: tuple[str, ...]
    row_count: int

    def load(self, db: DuckEngine) -> int:
        """Make arrived_<source>; return the rows the file's footer promises."""
        places = match_headers(self.contract, self.headers)
        columns = {name: self.headers[place] for name, place in places.items()}
        # Many programs write text without saying that it is text.
        table = f"read_parquet({literal(str(self.file))}, file_row_number=true, binary_as_string=true)"
        kinds = {name: kind for name, kind, *_ in db.rows(f"describe select * from {table}")}
        fields = told_columns(self.contract, columns, kinds)
        rows = (
            "select file_row_number + 1 as row_number, null::varchar as row_fault, null::varchar as row_fields, "
            f"{fields} from {table}"
        )
        show_as_arrived(db, self.contract, columns, rows)
        return self.row_count


def open_parquet(contract: SourceContract, file: Path) -> Arrival:
    """Return a delivered Parquet file; raises DeliveryError where it is cut off or breaks its contract."""
    try:
        with pq.ParquetFile(file) as opened:
            headers, row_count = tuple(opened.schema_arrow.names), int(opened.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError):
        raise DeliveryError(
            "cannot be opened as Parquet: it is cut off or something else. Ask the department to send it again."
        ) from None
    match_headers(contract, headers)
    refuse_without_rows(contract, row_count > 0)
    with file.open("rb") as read:
        digest = hashlib.file_digest(read, "sha256").hexdigest()
    return Arrival(contract, file, digest, "parquet", ParquetReader(contract, file, headers, row_count))


def can_be_read(file: Path) -> bool:
    """Return whether every row of a Parquet file can be read; asked only after a reading failed."""
    try:
        with pq.ParquetFile(file) as opened:
            return bool(sum(batch.num_rows for batch in opened.iter_batches()) == opened.metadata.num_rows)
    except (pa.ArrowException, OSError, ValueError):
        return False
