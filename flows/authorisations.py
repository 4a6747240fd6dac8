"""Who may be looked up, for what and until when; and every look-up, kept for good.

Both live in the ledger. Rows are only ever added: the database itself refuses to change or delete one.
"""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.ledger import opened
from flows.rules import REFERENCE, read_shape
from matchers.eligibility.check_items import READINGS
from matchers.errors import AuthorisationError, LedgerConflictError, RuleFileError
from schemas.economic_check import Authorisation, CheckReference
from schemas.region_exchange import OTHER_REGION

CREATE = """
create table if not exists authorisation (
    authorisation_id text not null primary key,
    content text not null,
    recorded_by text not null,
    recorded_at text not null
);
create table if not exists check_read (
    read_id integer primary key autoincrement,
    authorisation_id text not null,
    event text not null check (event in ('refused', 'opened', 'read')),
    read_by text not null,
    read_at text not null,
    purpose text not null,
    source_id text not null,
    file_sha256 text not null,
    person_count integer not null,
    row_count integer not null,
    reason text not null
);
create trigger if not exists authorisation_stays before update on authorisation
    begin select raise(abort, 'an authorisation is never changed'); end;
create trigger if not exists authorisation_is_kept before delete on authorisation
    begin select raise(abort, 'an authorisation is never deleted'); end;
create trigger if not exists check_read_stays before update on check_read
    begin select raise(abort, 'a look-up is never changed'); end;
create trigger if not exists check_read_is_kept before delete on check_read
    begin select raise(abort, 'a look-up is never deleted'); end;
"""


@dataclass(frozen=True)
class Reader:
    """Who looks somebody up, and when."""

    name: str
    at: datetime.datetime


@dataclass(frozen=True)
class Look:
    """One look-up as the ledger keeps it: counts, never a person."""

    event: str
    purpose: str = ""
    source_id: str = ""
    file_sha256: str = ""
    person_count: int = 0
    row_count: int = 0
    reason: str = ""


@contextmanager
def opened_for_checks(home: Path) -> Iterator[sqlite3.Connection]:
    """Open the ledger with the tables of the check."""
    with opened(home) as ledger:
        for statement in statements():
            ledger.execute(statement)
        yield ledger


def statements(script: str = CREATE) -> list[str]:
    """Return the statements that make the tables, each by itself; a trigger has a semicolon inside."""
    found, held = [], ""
    for line in script.splitlines():
        held += line + "\n"
        if sqlite3.complete_statement(held):
            found.append(held)
            held = ""
    return found


def read_reference() -> CheckReference:
    """Return purposes, exemptions and states; raises where the file is not there or is not one."""
    return read_shape(REFERENCE / "economic_check" / "reference.yaml", CheckReference)


def authorise(home: Path, file: Path, reader: Reader) -> Authorisation:
    """Record one signed authorisation from its YAML file.

    Raises RuleFileError where it is not one, and LedgerConflictError where its id is taken: a change is a new one.
    """
    made = read_shape(file, Authorisation)
    unknown = sorted(set(made.sources) - set(READINGS) - {OTHER_REGION})
    if unknown:
        raise RuleFileError(f"{file.name}: the check reads no source called {', '.join(unknown)}")
    reference = read_reference()
    if made.purpose not in reference.purposes:
        raise RuleFileError(f"{file.name}: the purpose is none of {'、'.join(reference.purposes)}")
    row = (made.authorisation_id, made.model_dump_json(), reader.name, reader.at.isoformat(timespec="seconds"))
    with opened_for_checks(home) as ledger:
        known = ledger.execute("select 1 from authorisation where authorisation_id = ?", row[:1]).fetchone()
        if known:
            raise LedgerConflictError(
                f"{made.authorisation_id} is recorded already. Give a new authorisation a new id."
            )
        ledger.execute("insert into authorisation values (?, ?, ?, ?)", row)
    return made


def find_authorisation(home: Path, authorisation_id: str) -> Authorisation:
    """Return a recorded authorisation; raises AuthorisationError where there is none."""
    with opened_for_checks(home) as ledger:
        query = "select content from authorisation where authorisation_id = ?"
        found = ledger.execute(query, (authorisation_id,)).fetchone()
    if not found:
        raise AuthorisationError(
            f"there is no authorisation {authorisation_id}. Record it first: zhaoren authorise FILE --by NAME."
        )
    return Authorisation.model_validate(json.loads(found[0]))


def log_look(home: Path, authorisation_id: str, reader: Reader, look: Look) -> None:
    """Add one look-up to the ledger."""
    row = (
        authorisation_id, look.event, reader.name, reader.at.isoformat(timespec="seconds"), look.purpose,
        look.source_id, look.file_sha256, look.person_count, look.row_count, look.reason,
    )  # fmt: skip
    names = (
        "authorisation_id, event, read_by, read_at, purpose, source_id, file_sha256, person_count, row_count, reason"
    )
    with opened_for_checks(home) as ledger:
        ledger.execute(f"insert into check_read ({names}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def looks(home: Path, authorisation_id: str) -> list[Look]:
    """Return every look-up under an authorisation, the oldest first."""
    with opened_for_checks(home) as ledger:
        found = ledger.execute(
            "select event, purpose, source_id, file_sha256, person_count, row_count, reason from check_read "
            "where authorisation_id = ? order by read_id",
            (authorisation_id,),
        ).fetchall()
    return [Look(*row) for row in found]
