"""Every step of a cross-region exchange, kept for good on both sides: counts, never a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from flows.authorisations import Reader, statements
from flows.ledger import opened

CREATE = """
create table if not exists region_exchange (
    exchange_id integer primary key autoincrement,
    event text not null check (event in ('refused', 'asked', 'answered', 'read')),
    batch_id text not null,
    asking_region text not null,
    answering_region text not null,
    purpose text not null,
    authorisation_id text not null,
    key_id text not null,
    person_count integer not null,
    held_count integer not null,
    file_sha256 text not null,
    reason text not null,
    done_by text not null,
    done_at text not null
);
create unique index if not exists region_answered_once on region_exchange (batch_id) where event = 'answered';
create trigger if not exists region_exchange_stays before update on region_exchange
    begin select raise(abort, 'a step of an exchange is never changed'); end;
create trigger if not exists region_exchange_is_kept before delete on region_exchange
    begin select raise(abort, 'a step of an exchange is never deleted'); end;
"""


@dataclass(frozen=True)
class Exchange:
    """One step: what happened to which batch between whom, and how many persons it asked about or held."""

    event: str
    batch_id: str
    asking_region: str
    answering_region: str
    purpose: str = ""
    authorisation_id: str = ""
    key_id: str = ""
    person_count: int = 0
    held_count: int = 0
    file_sha256: str = ""
    reason: str = ""


COLUMNS = ", ".join(field.name for field in fields(Exchange))


@contextmanager
def opened_for_exchange(home: Path) -> Iterator[sqlite3.Connection]:
    """Open the ledger with the table of the exchange."""
    with opened(home) as ledger:
        for statement in statements(CREATE):
            ledger.execute(statement)
        yield ledger


def log_exchange(home: Path, reader: Reader, step: Exchange) -> None:
    """Add one step to the ledger."""
    row = (*astuple(step), reader.name, reader.at.isoformat(timespec="seconds"))
    with opened_for_exchange(home) as ledger:
        ledger.execute(
            f"insert into region_exchange ({COLUMNS}, done_by, done_at) values ({', '.join('?' * len(row))})", row
        )


def exchanges(home: Path, batch_id: str) -> list[Exchange]:
    """Return every step of a batch, the oldest first."""
    with opened_for_exchange(home) as ledger:
        query = f"select {COLUMNS} from region_exchange where batch_id = ? order by exchange_id"
        return [Exchange(*row) for row in ledger.execute(query, (batch_id,)).fetchall()]
