"""Runs stages on one machine, in one DuckDB session."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self, TypeVar

import duckdb
import pyarrow as pa

from matchers.errors import StorageError
from matchers.sql import identifier, literal

T = TypeVar("T")

log = logging.getLogger(__name__)

# What the machine keeps for everything that is not the engine.
SHARE_OF_THE_MACHINE = 0.7
MEGABYTE = 1_000_000

# A division by zero is a mistake to be seen, not an infinity to be compared.
STRICT = "set error_on_division_by_zero=true"
# No extension is fetched from the network, and no setting can be changed by SQL that came from data.
LOCKED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    # A table that is not there is an error, never a variable of ours that happens to have its name.
    "python_enable_replacements": "false",
}


class DuckEngine:
    """One DuckDB session with its own scratch folder; use as a context manager so that the folder is freed.

    Tables are kept in memory, where making one costs half of what it costs in a file; beyond `memory` they spill to
    `scratch`. A statement that cannot do with `memory`, because not everything can spill, is run again with twice as
    much, as long as the machine has it.
    """

    def __init__(self, *, threads: int = 2, memory: str = "2500MB", scratch: Path | None = None) -> None:
        config: dict[str, Any] = {**LOCKED, "threads": threads, "memory_limit": memory}
        if scratch is not None:
            config["temp_directory"] = str(scratch)
        self.connection = duckdb.connect(":memory:", config=config)
        [(said,)] = self.connection.execute("select parse_formatted_bytes(current_setting('memory_limit'))").fetchall()
        self.memory = int(said)
        self.most = int(machine_memory() * SHARE_OF_THE_MACHINE)
        self.threads = threads
        self.growing = Lock()
        self.connection.execute(STRICT)

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
        self.answered(lambda: self.connection.execute(statement))

    def run_together(self, statements: Sequence[str]) -> None:
        """Run statements that do not read one another's results, as many at a time as the engine has threads.

        One statement alone often keeps a single thread busy, as where its rows are written in order.
        """
        with ThreadPoolExecutor(self.threads) as pool:
            for _ in pool.map(self.run_beside, statements):
                pass

    def run_beside(self, statement: str) -> None:
        """Run a statement on a connection of its own to the same session."""
        with self.connection.cursor() as beside:
            beside.execute(STRICT)
            self.answered(lambda: beside.execute(statement))

    def answered(self, ask: Callable[[], T]) -> T:
        """Return what the engine answers; it is asked again with more memory where it needs more."""
        while True:
            try:
                return ask()
            except duckdb.OutOfMemoryException as error:
                if disk_is_full(error) or not self.take_more_memory():
                    raise storage_error(error) from None
            except duckdb.IOException as error:
                raise storage_error(error) from None

    def take_more_memory(self) -> bool:
        """Double the memory limit, within the machine's share; return False where it already has that."""
        with self.growing:
            wanted = min(2 * self.memory, self.most)
            if wanted <= self.memory:
                return False
            self.memory = wanted
            log.warning("the engine needs more memory and takes up to %s MB", f"{wanted // MEGABYTE:,}")
            self.connection.cursor().execute(f"set memory_limit = '{wanted // MEGABYTE}MB'")
            return True

    def is_alive(self) -> bool:
        """Return whether the session still answers; a fault within the engine ends it."""
        try:
            return bool(self.connection.execute("select 1").fetchall())
        except duckdb.Error:
            return False

    def create(self, table: str, select: str) -> None:
        """Make (or replace) a table from one SELECT."""
        self.run(f"create or replace table {identifier(table)} as {select}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return a small result as Python rows."""
        return self.answered(lambda: self.connection.execute(query).fetchall())

    def arrays(self, query: str) -> dict[str, Any]:
        """Return a result as one numpy array per column; columns with nulls come as masked arrays."""
        return self.answered(lambda: self.connection.execute(query).fetchnumpy())

    def columns(self, query: str) -> dict[str, Any]:
        """Return a result as one Arrow array per column, in chunks, for what numpy would make an object of."""
        found = self.answered(lambda: self.connection.sql(query).to_arrow_table())
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
        try:
            return {name: kind for name, kind, *_ in self.rows(f"describe {identifier(table)}")}
        except duckdb.CatalogException:
            return {}

    def view(self, name: str, pattern: str) -> None:
        """Let `name` stand for the Parquet files that fit `pattern`."""
        files = f"read_parquet({literal(pattern)}, hive_partitioning=false)"
        self.run(f"create or replace view {identifier(name)} as select * from {files}")

    def drop(self, *tables: str) -> None:
        """Forget tables that nothing reads any more."""
        for table in tables:
            self.run(f"drop table if exists {identifier(table)}")


def machine_memory() -> int:
    """Return the bytes of memory this process may use: the machine's, or less where a container says so."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # "max" where the container sets no limit
        return min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return whole


def disk_is_full(error: Exception) -> bool:
    """Return whether the disk, and not the memory, is what a statement ran out of."""
    return any(sign in str(error) for sign in ("No space left", "max_temp_directory_size"))


def storage_error(error: Exception) -> StorageError:
    """Return a storage error that says what to do and quotes nothing."""
    if disk_is_full(error):
        return StorageError(
            "the disk is full. Nothing of this phase was kept; free space in the home folder and run again."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return StorageError(
            "the machine's memory is used up. Close other programs or run on a larger machine, then run again."
        )
    return StorageError("a file in the home folder could not be read or written. Check its permissions and run again.")
