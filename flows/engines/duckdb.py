"""Runs stages on one machine, in one DuckDB session."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from matchers.errors import StorageError
from matchers.sql import identifier, literal

# No extension is fetched from the network, and no setting can be changed by SQL that came from data.
LOCKED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


class DuckEngine:
    """One DuckDB session with its own scratch folder; use as a context manager so that the folder is freed.

    Tables are kept in memory, where making one costs half of what it costs in a file; beyond `memory` they spill to
    `scratch`.
    """

    def __init__(self, *, threads: int = 2, memory: str = "2500MB", scratch: Path | None = None) -> None:
        config: dict[str, Any] = {**LOCKED, "threads": threads, "memory_limit": memory}
        if scratch is not None:
            config["temp_directory"] = str(scratch)
        self.connection = duckdb.connect(":memory:", config=config)
        # A division by zero is a mistake to be seen, not an infinity to be compared.
        self.connection.execute("set error_on_division_by_zero=true")

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the session."""
        self.close()

    def close(self) -> None:
        """Close the session; a session left open prints noise when the process ends."""
        self.connection.close()

    def run(self, statement: str) -> None:
        """Run a statement. Engine errors quote people's values, so only their kind is passed on."""
        try:
            self.connection.execute(statement)
        except duckdb.IOException as error:
            raise storage_error(error) from None
        except duckdb.OutOfMemoryException as error:
            raise storage_error(error) from None

    def create(self, table: str, select: str) -> None:
        """Make (or replace) a table from one SELECT."""
        self.run(f"create or replace table {identifier(table)} as {select}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return a small result as Python rows."""
        return self.connection.execute(query).fetchall()

    def arrays(self, query: str) -> dict[str, Any]:
        """Return a result as one numpy array per column; columns with nulls come as masked arrays."""
        return self.connection.execute(query).fetchnumpy()

    def columns(self, query: str) -> dict[str, Any]:
        """Return a result as one Arrow array per column, in chunks, for what numpy would make an object of."""
        found = self.connection.sql(query).to_arrow_table()
        return {name: found.column(name) for name in found.column_names}

    def store(self, table: str, values: Mapping[str, Any]) -> None:
        """Make (or replace) a table from one array or list per column."""
        # An Arrow column is taken as it is; made anew it would go through Python value by value.
        delivered = pa.table(
            {name: c if isinstance(c, pa.Array | pa.ChunkedArray) else pa.array(c) for name, c in values.items()}
        )
        self.connection.register("delivered_values", delivered)
        try:
            self.run(f"create or replace table {identifier(table)} as select * from delivered_values")
        finally:
            self.connection.unregister("delivered_values")

    def column_types(self, table: str) -> dict[str, str]:
        """Return column → DuckDB type of a table or view; empty where there is none."""
        found = self.rows(
            "select column_name, data_type from duckdb_columns() "
            f"where table_name = {literal(table)} order by column_index"
        )
        return {name: kind for name, kind in found}

    def view(self, name: str, pattern: str) -> None:
        """Let `name` stand for the Parquet files that fit `pattern`."""
        files = f"read_parquet({literal(pattern)}, hive_partitioning=false)"
        self.run(f"create or replace view {identifier(name)} as select * from {files}")

    def drop(self, *tables: str) -> None:
        """Forget tables that nothing reads any more."""
        for table in tables:
            self.run(f"drop table if exists {identifier(table)}")


def storage_error(error: Exception) -> StorageError:
    """Return a storage error that says what to do and quotes nothing."""
    said = str(error)
    if "No space left" in said or "max_temp_directory_size" in said:
        return StorageError(
            "the disk is full. Nothing of this phase was kept; free space in the home folder and run again."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return StorageError("the memory limit was reached. Raise --memory or run on a larger machine, then run again.")
    return StorageError("a file in the home folder could not be read or written. Check its permissions and run again.")
