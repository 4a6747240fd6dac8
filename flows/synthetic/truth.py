"""The truth files of a simulated county: who each delivered row is, who lives together, who is entitled to what.

Four files a month, streamed chunk by chunk so that memory grows with the chunk: `row_person-<month>.parquet`,
`person-<month>.parquet`, `identity-<month>.parquet`, `entitlement-<month>.parquet`. Programmes the simulator does not live
through are left out.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from flows.synthetic.entitlement import ORPHAN, PROGRAMMES
from flows.synthetic.snapshot import Snapshot

ROW_PERSON = pa.schema(
    [("source_id", pa.string()), ("role", pa.string()), ("row_number", pa.int64()), ("person_no", pa.int64())]
)
PERSON = pa.schema(
    [
        ("person_no", pa.int64()),
        ("household_no", pa.int64()),
        ("sex", pa.int8()),
        ("birth_date", pa.date32()),
        ("ethnicity_code", pa.string()),
        ("township_code", pa.string()),
        ("village_code", pa.string()),
        ("is_rural", pa.bool_()),
        ("is_migrant_out", pa.bool_()),
        ("is_migrant_in", pa.bool_()),
        ("is_alive", pa.bool_()),
        ("is_counted", pa.bool_()),
    ]
)
# What departments would write of a person if nobody ever made a mistake, and what was right before.
IDENTITY = pa.schema(
    [
        ("person_no", pa.int64()),
        ("full_name", pa.string()),
        ("former_name", pa.string()),
        ("birth_date", pa.date32()),
        ("national_id", pa.string()),
        ("old_national_id", pa.string()),
        ("id15", pa.string()),
    ]
)
ENTITLEMENT = pa.schema(
    [
        ("programme_id", pa.string()),
        ("unit", pa.string()),
        ("person_no", pa.int64()),
        ("household_no", pa.int64()),
        ("is_entitled", pa.bool_()),
        ("is_receiving", pa.bool_()),
        ("amount_month", pa.float64()),
    ]
)
TABLES = {"row_person": ROW_PERSON, "person": PERSON, "identity": IDENTITY, "entitlement": ENTITLEMENT}


class TruthWriter:
    """Writes the truth of every month into one folder; use as a context manager or call `close`."""

    def __init__(self, folder: Path, months: tuple[str, ...]) -> None:
        """Open every file at once, so that a month without rows still has its file and columns."""
        folder.mkdir(parents=True, exist_ok=True)
        self._writers = {
            (table, month): pq.ParquetWriter(folder / f"{table}-{month}.parquet", schema, compression="zstd")
            for table, schema in TABLES.items()
            for month in months
        }

    def add_persons(self, snapshot: Snapshot) -> None:
        """One row per person of the chunk, the dead included: who they are, and how that is written."""
        self._write("person", snapshot.month, snapshot.persons)
        self._write("identity", snapshot.month, snapshot.persons)

    def add_entitlement(self, snapshot: Snapshot) -> None:
        """One row per programme and entitled or receiving unit, for the programmes the product screens."""
        rows = snapshot.entitlement
        self._write("entitlement", snapshot.month, rows[rows["programme_id"].isin((*PROGRAMMES, ORPHAN))])

    def add_rows(  # noqa: PLR0913 - a row of the table it writes has these five columns
        self,
        month: str,
        source_id: str,
        role: str,
        row_numbers: npt.NDArray[np.int64],
        person_nos: npt.NDArray[np.int64],
    ) -> None:
        """One row per delivered row and role: `row_numbers[i]` of the month's file names `person_nos[i]`."""
        count = len(row_numbers)
        columns = [pa.array([value]).take(pa.array(np.zeros(count, dtype=np.int32))) for value in (source_id, role)]
        table = pa.table([*columns, pa.array(row_numbers), pa.array(person_nos)], schema=ROW_PERSON)
        self._writers["row_person", month].write_table(table)

    def close(self) -> None:
        """Finish every file; without it they cannot be read."""
        for writer in self._writers.values():
            writer.close()

    def __enter__(self) -> TruthWriter:
        """Nothing to do: the files are open already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files, whatever happened."""
        self.close()

    def _write(self, table: str, month: str, rows: pd.DataFrame) -> None:
        schema = TABLES[table]
        chunk = pa.Table.from_pandas(rows[schema.names], schema=schema, preserve_index=False)
        self._writers[table, month].write_table(chunk.replace_schema_metadata(None))
