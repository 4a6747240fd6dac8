"""Ingest: what departments delivered → raw_<source>, std_record, quarantine and delivery; nothing is lost on the way."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.retention import oldest_kept
from flows.settings import RunSettings
from flows.sources.arrival import Arrival
from flows.sources.carrying import Former
from flows.sources.contracts import check_stage_ids, discovery_contracts
from flows.sources.deliveries import open_deliveries
from flows.sources.merging import first_correction
from flows.sources.receiving import Month, Received, receive
from flows.sources.reference import area_names, area_periods, read_lexicon
from matchers.errors import DeliveryError
from matchers.stage import keep
from matchers.standardise.addresses import area_forms, cut_addresses, learn_place_names, locate_addresses
from matchers.standardise.asking import Followed, follow_requests
from matchers.standardise.contradictions import (
    check_numbers,
    count_documents,
    differing_days_query,
    doubt_identities,
)
from matchers.standardise.id_numbers import judge_numbers
from matchers.standardise.lunar import judge_pairs
from matchers.standardise.merging import merged_name
from matchers.standardise.names import standard_names
from matchers.standardise.placeholders import (
    compare_holders,
    find_holders,
    find_shared_values,
    judge_shared_values,
    mark_records,
    suspects,
)
from matchers.standardise.profile import profile_deliveries
from matchers.standardise.quarantine import gather_quarantine
from matchers.standardise.records import standardise_records, state_identities
from schemas.contract import Table
from schemas.doubts import (
    AREA_PERIOD,
    ASKED_ROW,
    COMMON_TRAIT,
    DOCUMENT_COUNT,
    IDENTITY_DOUBT,
    LUNAR_PAIR,
    NUMBER_CHECK,
    PLACEHOLDER,
    PLACEHOLDER_RECORD,
    SHARED_HOLDER,
    SHARED_VALUE,
)  # fmt: skip
from schemas.raw import raw_table, read_name
from schemas.records import (
    AREA_NAME,
    DELIVERY,
    DELIVERY_PROFILE,
    LEARNT_PLACE,
    LOCATED_ADDRESS,
    QUARANTINE,
    STATED_ADDRESS,
    STATED_IDENTITY,
    STATED_NAME,
    STATED_NUMBER,
    STD_RECORD,
)
from schemas.source import SourceContract

Contracts = tuple[SourceContract, ...]
# Made on the way to std_record and of no use after it.
WORKING_TABLES = (
    STATED_IDENTITY, STATED_NUMBER, STATED_NAME, STATED_ADDRESS, AREA_NAME, LEARNT_PLACE, LOCATED_ADDRESS, SHARED_VALUE,
    SHARED_HOLDER, COMMON_TRAIT, PLACEHOLDER_RECORD, LUNAR_PAIR, AREA_PERIOD,
)  # fmt: skip
VALUES_AT_A_TIME = 100_000
ARROW_TYPE = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DATE": pa.date32()}


def ingest(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, object]:
    """Load the month's deliveries; return counts per source.

    Raises DeliveryError with everything wrong with every delivery, before anything is kept.
    """
    contracts = discovery_contracts()
    month = Month(lake, run.incoming, lake.staging / "scratch", former_deliveries(run, lake, db), read_lexicon())
    try:
        arrivals = open_deliveries(month.folder, contracts, check_stage_ids(), month.scratch)
        received = receive_sources(lake, db, arrivals, month)
    finally:
        shutil.rmtree(month.scratch, ignore_errors=True)
    standardise(run, db, contracts, {source_id: source.as_of for source_id, source in received.items()})
    write_records(run, lake, db)
    gather_quarantine(db, tuple(source_id for source_id, source in received.items() if source.loaded.refused))
    follow_up(run, lake, db, received)
    keep(db, DELIVERY, arrow(DELIVERY, delivery_rows(db, received)))
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
            continue
        write_raw(lake, db, contract)
    if faults:
        raise DeliveryError("\n".join(faults))
    return received


def write_raw(lake: Lake, db: DuckEngine, contract: SourceContract) -> None:
    """Write raw_<source> and let its name stand for what was written, so that the session keeps one copy only."""
    table = raw_table(contract)
    lake.write_through(db, table, f"select * from {table.name}")
    db.drop(read_name(contract.source_id), merged_name(contract.source_id))


def standardise(run: RunSettings, db: DuckEngine, contracts: Contracts, days: dict[str, datetime.date | None]) -> None:
    """Make everything std_record is made of from the loaded rows; `days` are what each source speaks of at the latest."""
    state_identities(db, contracts, {source_id: day or run.day for source_id, day in days.items()})
    judge_numbers(db, run.day)
    names = read_lexicon().names
    keep(db, STATED_NAME, piecewise(STATED_NAME, distinct(db, "full_name_raw"), lambda raw: standard_names(raw, names)))
    keep(db, STATED_ADDRESS, piecewise(STATED_ADDRESS, distinct(db, "address_raw"), cut_addresses))
    keep(db, AREA_NAME, arrow(AREA_NAME, area_forms(area_names())))
    learn_place_names(db)
    locate_addresses(db)
    find_placeholders(db, contracts)


def find_placeholders(db: DuckEngine, contracts: Contracts) -> None:
    """Make placeholder and placeholder_record; delivered rows are looked at again only where a value is shared too often."""
    find_shared_values(db, read_lexicon())
    find_holders(db)
    shared = db.rows(
        f"select distinct source_id, role from {SHARED_VALUE.name} where field in ('phone', 'address') and not is_listed "
        "order by all"
    )
    compare_holders(db, suspects(contracts, shared))
    judge_shared_values(db)
    mark_records(db)


def find_contradictions(db: DuckEngine) -> None:
    """Make identity_doubt and number_check: what the numbers say beside what is stated next to them."""
    keep(db, LUNAR_PAIR, arrow(LUNAR_PAIR, judge_pairs(db.rows(differing_days_query()))))
    doubt_identities(db)
    periods = area_periods()
    years = {
        "first_year": [first for first, _ in periods.values()],
        "last_year": [last for _, last in periods.values()],
    }
    keep(db, AREA_PERIOD, arrow(AREA_PERIOD, {"area_code": list(periods), **years}))
    check_numbers(db)


def write_records(run: RunSettings, lake: Lake, db: DuckEngine) -> None:
    """Write std_record with what contradicts itself in it, and forget what it was made of."""
    lake.write_through(db, STD_RECORD, standardise_records.contracted(db, run.day))
    count_documents(db)
    find_contradictions(db)
    db.drop(*(table.name for table in WORKING_TABLES))


def distinct(db: DuckEngine, column: str) -> list[str]:
    """Return every distinct value of a column of the stated identities."""
    query = f"select distinct {column} from {STATED_IDENTITY.name} where {column} is not null"
    return [value for (value,) in db.rows(query)]


def piecewise(
    table: Table, raw: Sequence[str], work: Callable[[Sequence[str]], Mapping[str, Sequence[object]]]
) -> dict[str, pa.ChunkedArray]:
    """Return the columns that `work` makes of distinct values, some at a time: as Python values they take much memory."""
    begins = range(0, max(len(raw), 1), VALUES_AT_A_TIME)
    pieces = [arrow(table, work(raw[begin : begin + VALUES_AT_A_TIME])) for begin in begins]
    return {name: pa.chunked_array([piece[name] for piece in pieces]) for name in table.column_names}


def arrow(table: Table, values: Mapping[str, Sequence[object]]) -> dict[str, pa.Array]:
    """Return columns as the contract types them, which an empty or all-null column would not say by itself."""
    return {column.name: pa.array(values[column.name], ARROW_TYPE[column.type]) for column in table.columns}


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
