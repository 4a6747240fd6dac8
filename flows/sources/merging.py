"""What a delivery that is not a whole new state becomes: merged with the last complete state in the lake."""

from __future__ import annotations

from dataclasses import replace

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.sources.arrival import Arrival
from flows.sources.loading import Loaded
from flows.sources.parts import PartsReader
from matchers.errors import DeliveryError
from matchers.sql import identifier
from matchers.standardise.merging import counts_query, former_name, loaded_name, merge_rows, merged_name
from matchers.standardise.rows import loaded_rows
from schemas.raw import raw_name, raw_table
from schemas.source import SourceContract

NEVER = 1 << 40


def merge(lake: Lake, db: DuckEngine, contract: SourceContract, came: tuple[Arrival | None, Loaded]) -> Loaded:
    """Make raw_<source> complete where this month's rows alone are not, and say how many rows that moved."""
    arrival, loaded = came
    kinds = kinds_of(contract, arrival)
    if kinds == ("full",):
        return loaded
    source_id = contract.source_id
    former = None if "full" in kinds else former_month(lake, contract)
    show_former(lake, db, contract, former)
    db.run(f"create or replace view {loaded_name(source_id)} as {loaded_rows(contract)}")
    merge_rows(contract)(db, first_correction(arrival))
    carried, replaced = map(int, db.rows(counts_query(source_id))[0])
    db.run(f"create or replace view {raw_name(source_id)} as select * from {merged_name(source_id)}")
    for view in (loaded_name(source_id), former_name(source_id)):
        db.run(f"drop view {view}")
    return replace(loaded, carried=carried, replaced=replaced, merging=in_words(carried, replaced, former))


def in_words(carried: int, replaced: int, former: str | None) -> str:
    """Return what an analyst should know of a merged delivery."""
    said = [f"{carried:,} rows of the state of {former} still hold"] if former else []
    if replaced:
        said.append(f"{replaced:,} rows were replaced by a correction")
    return "; ".join(said) or "changes only, and no complete state before them: what did not change is unknown"


def kinds_of(contract: SourceContract, arrival: Arrival | None) -> tuple[str, ...]:
    """Return what the files of a delivery are, each kind once, in the order they are read."""
    if arrival is None:
        return (contract.delivers,)
    if not isinstance(arrival.reader, PartsReader):
        return ("full",)
    return tuple(dict.fromkeys(part.kind for part in arrival.reader.parts))


def first_correction(arrival: Arrival | None) -> int:
    """Return the place of the first row that corrects others; beyond every row where none does."""
    place = 1
    if arrival is not None and isinstance(arrival.reader, PartsReader):
        for part, count in zip(arrival.reader.parts, arrival.reader.row_counts, strict=True):
            if part.kind == "correction":
                return place
            place += count
    return NEVER


def former_month(lake: Lake, contract: SourceContract) -> str | None:
    """Return the month of the last complete state; None where this is the first.

    Raises DeliveryError where a month between was never run, as its changes would be lost.
    """
    before = [month for month in lake.months(raw_name(contract.source_id)) if month < lake.month]
    if not before:
        return None
    unread = sorted(
        folder.name
        for folder in (lake.home / "incoming").glob("????-??")
        if before[-1] < folder.name < lake.month and any(folder.glob(f"{contract.source_id}.*"))
    )
    if unread:
        raise DeliveryError(
            f"holds changes only, and those of {', '.join(unread)} were never read. Run {unread[0]} first."
        )
    return before[-1]


def show_former(lake: Lake, db: DuckEngine, contract: SourceContract, month: str | None) -> None:
    """Let former_<source> stand for the last complete state, in the columns the contract has now."""
    name, there = former_name(contract.source_id), set[str]()
    if month:
        lake.read(db, raw_name(contract.source_id), month, f"{name}_file")
        there = set(db.column_types(f"{name}_file"))
    fields = ", ".join(
        f"{identifier(column.name) if column.name in there else 'null'}::{column.type} as {identifier(column.name)}"
        for column in raw_table(contract).columns
    )
    db.run(f"create or replace view {name} as select {fields} {f'from {name}_file' if month else 'where false'}")
