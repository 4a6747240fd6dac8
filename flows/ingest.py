"""Ingest: what departments delivered → raw_<source>, std_record, quarantine and delivery; nothing is lost on the way."""

from __future__ import annotations

import shutil

from flows.engines.duckdb import DuckEngine
from flows.gate import load_beside
from flows.lake import Lake
from flows.retention import oldest_kept
from flows.settings import RunSettings
from flows.sources.arrival import Arrival
from flows.sources.carrying import Former
from flows.sources.contracts import check_stage_ids, discovery_contracts
from flows.sources.deliveries import open_deliveries
from flows.sources.loading import Loaded
from flows.sources.merging import first_correction
from flows.sources.receiving import Month, Received, receive
from flows.sources.reference import read_lexicon
from flows.standardising import arrow, standardise, state_aside, write_records
from matchers.errors import DeliveryError, StorageError
from matchers.stage import keep
from matchers.standardise.asking import Followed, follow_requests
from matchers.standardise.merging import merged_name
from matchers.standardise.profile import profile_deliveries
from matchers.standardise.quarantine import gather_quarantine
from schemas.doubts import ASKED_ROW, DOCUMENT_COUNT, IDENTITY_DOUBT, NUMBER_CHECK, PLACEHOLDER, UNREAD_VALUE
from schemas.raw import raw_table, read_name
from schemas.records import DELIVERY, DELIVERY_PROFILE, QUARANTINE, STD_RECORD
from schemas.source import SourceContract


def ingest(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, object]:
    """Load the month's deliveries; return counts per source.

    Raises DeliveryError with everything wrong with every delivery, before anything is kept.
    """
    load_beside()  # for the door these deliveries come to next
    contracts = discovery_contracts()
    month = Month(lake, run.incoming, lake.staging / "scratch", former_deliveries(run, lake, db), read_lexicon())
    try:
        arrivals = open_deliveries(month.folder, contracts, check_stage_ids(), month.scratch)
        received = receive_sources(lake, db, arrivals, month)
    finally:
        shutil.rmtree(month.scratch, ignore_errors=True)
    state_aside(lake, db, contracts, {source_id: source.as_of or run.day for source_id, source in received.items()})
    standardise(run, db, contracts)
    write_records(run, lake, db)
    gather_quarantine(db, tuple(source_id for source_id, source in received.items() if source.loaded.refused))
    follow_up(run, lake, db, received)
    keep(db, DELIVERY, arrow(DELIVERY, delivery_rows(db, received)))
    keep(db, UNREAD_VALUE, arrow(UNREAD_VALUE, unread_values(received)))
    profile_deliveries(db, contracts)
    for table in (
        QUARANTINE,
        DELIVERY,
        DELIVERY_PROFILE,
        PLACEHOLDER,
        IDENTITY_DOUBT,
        NUMBER_CHECK,
        DOCUMENT_COUNT,
        ASKED_ROW,
        UNREAD_VALUE,
    ):
        lake.write(db, table)
    return summary(db, received)


def follow_up(run: RunSettings, lake: Lake, db: DuckEngine, received: dict[str, Received]) -> None:
    """Make asked_row: the rows departments were asked to correct, and which of them came back right."""
    before = [month for month in lake.months(ASKED_ROW.name) if month < run.month]
    if before:
        lake.read(db, ASKED_ROW.name, before[-1], "asked_before")
    else:
        nothing = ", ".join(f"null::{column.type} as {column.name}" for column in ASKED_ROW.columns)
        db.run(f"create or replace view asked_before as select {nothing} where false")
    concerned = {
        source
        for (source,) in db.rows(
            f"select source_id from asked_before where state = 'open' union select source_id from {QUARANTINE.name}"
        )
    }
    followed = tuple(
        Followed(contract, first_correction(received[contract.source_id].arrival), oldest_kept(run.month, contract.retention_months))
        for contract in discovery_contracts()
        if contract.source_id in concerned
    )  # fmt: skip
    follow_requests(db, followed, run.month)


def former_deliveries(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, Former]:
    """Return how each source came the month before; nothing where that month was not run, or by an older version."""
    if not lake.has(DELIVERY.name, run.previous_month):
        return {}
    lake.read(db, DELIVERY.name, run.previous_month, "delivery_before")
    if set(db.column_types("delivery_before")) != set(DELIVERY.column_names):
        return {}
    columns = "source_id, state, file_month, as_of_date, sha256, content, usual_count"
    found = db.rows(f"select {columns} from delivery_before order by source_id")
    return {source_id: Former(*how) for source_id, *how in found}


def receive_sources(lake: Lake, db: DuckEngine, arrivals: dict[str, Arrival], month: Month) -> dict[str, Received]:
    """Receive every source in turn; each leaves raw_<source> in the lake, and stays readable in the session."""
    received: dict[str, Received] = {}
    faults: list[str] = []
    for contract in discovery_contracts():
        arrival = arrivals.get(contract.source_id)
        try:
            received[contract.source_id] = receive(db, contract, arrival, month)
        except DeliveryError as error:
            faults.append(f"{arrival.file.name if arrival else contract.source_id} {error}")
            if db.is_alive():
                continue
            break
        write_raw(lake, db, contract, received[contract.source_id].loaded)
    if faults:
        raise DeliveryError("\n".join(faults))
    return received


def write_raw(lake: Lake, db: DuckEngine, contract: SourceContract, loaded: Loaded) -> None:
    """Write raw_<source> and let its name stand for what was written, so that the session keeps one copy only.

    The rows were held to the contract as they were read; what is left to see is that all of them were written.
    """
    table, expected = raw_table(contract), loaded.loaded + loaded.carried - loaded.replaced
    written = lake.write_in_order(db, table, f"select * from {table.name}")
    if written != expected:
        raise StorageError(
            f"{contract.source_id}: {expected:,} rows were to be written and {written:,} were. Nothing was kept; "
            "look after the disk, then run again."
        )
    db.drop(read_name(contract.source_id), merged_name(contract.source_id))


def delivery_rows(db: DuckEngine, received: dict[str, Received]) -> dict[str, list[object]]:
    """Return the columns of delivery: every expected source, delivered or not."""
    records = dict(db.rows(f"select source_id, count(*) from {STD_RECORD.name} group by source_id"))
    rows = [delivery_row(source_id, source, records.get(source_id, 0)) for source_id, source in received.items()]
    return {name: [row[name] for row in rows] for name in DELIVERY.column_names}


def delivery_row(source_id: str, source: Received, records: int) -> dict[str, object]:
    """Return one source's line of delivery."""
    arrival, loaded = source.arrival, source.loaded
    return {
        "source_id": source_id,
        "state": source.state,
        "file_month": arrival.month if arrival else None,
        "as_of_date": source.as_of,
        "file_name": arrival.file.name if arrival else None,
        "sha256": arrival.sha256 if arrival else None,
        "encoding": arrival.encoding if arrival else None,
        "delivered_count": loaded.delivered,
        "loaded_count": loaded.loaded,
        "quarantined_count": loaded.refused,
        "carried_count": loaded.carried,
        "replaced_count": loaded.replaced,
        "record_count": records,
        "usual_count": source.usual,
        "set_aside_count": source.set_aside,
        "content": source.content,
        "note": source.note,
    }


def unread_values(received: dict[str, Received]) -> dict[str, list[object]]:
    """Return the columns of unread_value: what loaded rows state and nobody could read, and where it stands."""
    rows = [
        (source_id, column, count, ", ".join(map(str, source.loaded.unread_rows.get(column, ()))))
        for source_id, source in received.items()
        for column, count in source.loaded.unusable.items()
    ]
    return {name: [row[place] for row in rows] for place, name in enumerate(UNREAD_VALUE.column_names)}


def summary(db: DuckEngine, received: dict[str, Received]) -> dict[str, object]:
    """Return the counts of the phase, as JSON can hold them."""
    states = db.rows(f"select id_state, count(*) from {STD_RECORD.name} group by id_state order by id_state")
    sources = {
        source_id: {
            "state": source.state,
            "delivered": source.loaded.delivered,
            "loaded": source.loaded.loaded,
            "quarantined": source.loaded.refused,
            "carried": source.loaded.carried,
            "replaced": source.loaded.replaced,
            "reasons": source.loaded.reasons,
            "unusable": source.loaded.unusable,
            "encoding": source.arrival.encoding if source.arrival else None,
        }
        for source_id, source in received.items()
    }
    loads = [source.loaded for source in received.values()]
    return {
        "sources": sources,
        "delivered": sum(load.delivered for load in loads),
        "loaded": sum(load.loaded for load in loads),
        "quarantined": sum(load.refused for load in loads),
        "records": sum(count for _, count in states),
        "id_states": dict(states),
    }
