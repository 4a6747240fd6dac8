"""A delivery that was opened and found readable, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flows.engines.duckdb import DuckEngine
from matchers.errors import DeliveryError
from matchers.sql import identifier
from matchers.standardise.rows import arrived_name
from schemas.source import SourceContract

WITHOUT_IT = {
    "stop": "though the run cannot do without it",
    "carry_forward": "then an earlier month's stands in where there is one",
    "go_without": "then the run goes on and what it would say is unknown",
}


class Reader(Protocol):
    """Puts the rows of one opened file into the session."""

    def load(self, db: DuckEngine) -> int:
        """Make arrived_<source> and return how many rows the file holds by a count of the reader's own."""


@dataclass(frozen=True)
class Arrival:
    """One delivered file: where it is, its hash, how it is encoded, how to read it, and what an analyst should know."""

    contract: SourceContract
    file: Path
    sha256: str
    encoding: str
    reader: Reader
    note: str | None = None

    @property
    def month(self) -> str:
        """The month whose folder the file lies in."""
        return self.file.parent.name


def refuse_without_rows(contract: SourceContract, has_rows: bool) -> None:
    """Raise DeliveryError where a delivery has no row though its contract says there always is one."""
    if not has_rows and not contract.may_be_empty:
        raise DeliveryError(
            f"is empty: there is no row below its header. Ask the department to send it again, or take the file away: "
            f"{WITHOUT_IT[contract.when_missing]}."
        )


def show_as_arrived(db: DuckEngine, contract: SourceContract, columns: dict[str, str], rows: str) -> None:
    """Let arrived_<source> stand for `rows`, a query with row_number, row_fault and row_fields.

    `columns` says under which name the query has each canonical column; one that was not delivered is null. Values keep
    the type they came with.
    """
    given = ", ".join(
        f"{identifier(columns[name])} as {identifier(name)}" if name in columns else f"null as {identifier(name)}"
        for name in contract.column_names
    )
    view = arrived_name(contract.source_id)
    db.run(f"create or replace view {view} as select row_number, row_fault, row_fields, {given} from ({rows})")
