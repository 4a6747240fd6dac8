"""A table or view of a department's PostgreSQL database as a delivery, read in one snapshot.

`<source>.database.yaml` in the month's folder says which table; who may read it stands in the environment only.
Databases that speak PostgreSQL's protocol, such as KingbaseES and openGauss in that mode, are read alike.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import yaml
from pydantic import BaseModel, ConfigDict, Field

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, Reader
from flows.sources.delimited import open_delimited
from flows.sources.typed import ZONE
from matchers.errors import DeliveryError
from matchers.sql import identifier
from schemas.source import SourceContract

SECONDS_TO_CONNECT = 30
SECONDS_TO_READ = 3600
# However the server is set: days as 2020-05-01, and an instant falls on the day it is in China.
AS_WRITTEN = {"timezone": ZONE, "datestyle": "ISO"}


class DatabaseTable(BaseModel):
    """Which table or view is the delivery; `taken` is free text that an officer changes to have it read again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str = Field(pattern=r"^\w{1,63}(\.\w{1,63})?$")
    taken: str = ""


@dataclass(frozen=True)
class SnapshotReader:
    """Reads the copy of a table; `row_count` is what the server says it sent."""

    reader: Reader
    row_count: int

    def load(self, db: DuckEngine) -> int:
        """Make arrived_<source>; return the rows the server sent."""
        count = self.reader.load(db)
        if count != self.row_count:
            raise DeliveryError(f"sent {self.row_count:,} rows of which {count:,} arrived. Run again.")
        return count


def open_database(contract: SourceContract, file: Path, scratch: Path) -> Arrival:
    """Return a table of a database as it stands now; raises DeliveryError where it cannot be read."""
    wanted = read_request(file)
    address = address_of(contract.source_id)
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / f"{file.name}.csv"
    try:
        count = asyncio.run(copy_table(address, wanted.table, copy))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError, TimeoutError) as error:
        # What a server says may quote a row or an account, so only the kind of trouble is passed on.
        raise DeliveryError(
            f"could not be read from the database ({type(error).__name__}). Check the table's name, the right to read "
            "it and the address in the environment, then run again."
        ) from None
    arrival = open_delimited(contract, copy, scratch)
    said = "read from a database in one snapshot"
    return replace(arrival, file=file, encoding="database", reader=SnapshotReader(arrival.reader, count), note=said)


def read_request(file: Path) -> DatabaseTable:
    """Return what the month's file asks for; raises DeliveryError where it asks for nothing that can be read."""
    try:
        return DatabaseTable.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValueError, RecursionError):
        raise DeliveryError(
            "does not say which table to read. Write one line, table: schema.name, and nothing that opens the database."
        ) from None


def address_of(source_id: str) -> str:
    """Return the address of the database from the environment; raises DeliveryError where nobody set it."""
    names = (f"ZHAOREN_DATABASE_{source_id.upper()}", "ZHAOREN_DATABASE")
    said = next((os.environ[name] for name in names if os.environ.get(name)), None)
    if said is None:
        raise DeliveryError(
            f"names a table, but {' or '.join(names)} is not set. Set it to postgresql://user:password@host/database."
        )
    return said


async def copy_table(address: str, table: str, target: Path) -> int:
    """Write a table as CSV in one read-only snapshot, always in the same order; return its rows."""
    connection = await asyncpg.connect(address, timeout=SECONDS_TO_CONNECT, server_settings=AS_WRITTEN)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            name = ".".join(identifier(part) for part in table.split("."))
            count = await connection.fetchval(f"select count(*) from {name}", timeout=SECONDS_TO_READ)
            await connection.copy_from_query(
                f'select delivered.* from {name} as delivered order by delivered::text collate "C"',
                output=target,
                format="csv",
                header=True,
                encoding="utf-8",
                timeout=SECONDS_TO_READ,
            )
            return int(count)
    finally:
        await connection.close(timeout=SECONDS_TO_CONNECT)
