"""A delivery in several files, sheets or archive members: their rows one below the other, corrections last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Literal

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, Reader, refuse_without_rows, show_as_arrived
from matchers.sql import identifier
from matchers.standardise.rows import arrived_name
from schemas.source import SourceContract

Kind = Literal["full", "increment", "correction"]


@dataclass(frozen=True)
class Part:
    """One table of a delivery: what an officer calls it, its reader, and whether it corrects the parts before it."""

    label: str
    reader: Reader
    sha256: str
    kind: Kind


@dataclass(frozen=True)
class PartsReader:
    """Reads the parts of one delivery; `row_counts` is filled as they are read."""

    contract: SourceContract
    parts: tuple[Part, ...]
    row_counts: list[int] = field(default_factory=list)

    def load(self, db: DuckEngine) -> int:
        """Make arrived_<source> of all parts; return the rows they hold together."""
        source_id, together = self.contract.source_id, f"together_{self.contract.source_id}"
        self.row_counts.clear()
        names = ("row_number", "row_fault", "row_fields", *self.contract.column_names)
        for part in self.parts:
            before = sum(self.row_counts)
            self.row_counts.append(part.reader.load(db))
            said = ", ".join(f"{identifier(name)}::varchar as {identifier(name)}" for name in names[1:])
            rows = f"select row_number + {before} as row_number, {said} from {arrived_name(source_id)}"
            verb = (
                f"insert into {together}"
                if before or len(self.row_counts) > 1
                else f"create or replace table {together} as"
            )
            db.run(f"{verb} {rows} order by row_number")
            db.run(f"drop view {arrived_name(source_id)}")
            db.drop(f"delivered_{source_id}")
        db.run(f"alter table {together} rename to delivered_{source_id}")
        own = {name: name for name in self.contract.column_names}
        show_as_arrived(db, self.contract, own, f"select * from delivered_{source_id}")
        return sum(self.row_counts)


def parts_of(arrival: Arrival, kind: Kind) -> tuple[Part, ...]:
    """Return the tables one opened file is made of."""
    if isinstance(arrival.reader, PartsReader):
        return tuple(replace(part, kind=kind) for part in arrival.reader.parts)
    return (Part(arrival.file.name, arrival.reader, arrival.sha256, kind),)


def joined(contract: SourceContract, arrivals: list[tuple[Arrival, Kind]]) -> Arrival:
    """Return several opened files of one source as one arrival; a single whole one stays as it is."""
    (first, kind), *rest = arrivals
    if not rest and kind == "full":
        return first
    parts = tuple(part for arrival, kind in arrivals for part in parts_of(arrival, kind))
    notes = [arrival.note for arrival, _ in arrivals if arrival.note]
    digest = hashlib.sha256("".join(arrival.sha256 for arrival, _ in arrivals).encode()).hexdigest()
    refuse_without_rows(contract, bool(parts))
    return replace(
        first,
        sha256=first.sha256 if not rest else digest,
        reader=PartsReader(contract, parts),
        note="; ".join(notes) or None,
    )
