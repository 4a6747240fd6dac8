"""Ingest: what departments delivered → raw_<source>, std_record, quarantine and delivery; nothing is lost on the way."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence

import pyarrow as pa

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.settings import RunSettings
from flows.sources.arrival import Arrival
from flows.sources.contracts import check_stage_ids, discovery_contracts
from flows.sources.deliveries import open_deliveries
from flows.sources.loading import Loaded, load_source
from flows.sources.merging import merge
from flows.sources.reference import area_names, read_lexicon
from matchers.errors import DeliveryError
from matchers.stage import keep
from matchers.standardise.addresses import area_forms, cut_addresses, learn_place_names, locate_addresses
from matchers.standardise.id_numbers import judge_numbers
from matchers.standardise.merging import merged_name
from matchers.standardise.names import standard_names
from matchers.standardise.quarantine import gather_quarantine
from matchers.standardise.records import standardise_records, state_identities
from schemas.contract import Table
from schemas.raw import raw_table, read_name
from schemas.records import (
    AREA_NAME,
    DELIVERY,
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
WORKING_TABLES = (STATED_IDENTITY, STATED_NUMBER, STATED_NAME, STATED_ADDRESS, AREA_NAME, LEARNT_PLACE, LOCATED_ADDRESS)
ARROW_TYPE = {"VARCHAR": pa.string(), "BIGINT": pa.int64()}


def ingest(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, object]:
    """Load the month's deliveries; return counts per source.

    Raises DeliveryError with everything wrong with every delivery, before anything is kept.
    """
    contracts = discovery_contracts()
    scratch = lake.staging / "scratch"
    try:
        arrivals = open_deliveries(run.incoming, contracts, check_stage_ids(), scratch)
        loaded = load_sources(lake, db, contracts, arrivals)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    standardise(run, lake, db, contracts)
    gather_quarantine(db, tuple(source_id for source_id, source in loaded.items() if source.refused))
    keep(db, DELIVERY, arrow(DELIVERY, delivery_rows(db, contracts, arrivals, loaded)))
    for table in (QUARANTINE, DELIVERY):
        lake.write(db, table)
    return summary(db, arrivals, loaded)


def load_sources(lake: Lake, db: DuckEngine, contracts: Contracts, arrivals: dict[str, Arrival]) -> dict[str, Loaded]:
    """Load every source in turn; each leaves raw_<source> in the lake, and stays readable in the session."""
    loaded: dict[str, Loaded] = {}
    faults: list[str] = []
    for contract in contracts:
        arrival = arrivals.get(contract.source_id)
        try:
            came = load_source(db, contract, arrival, read_lexicon())
            loaded[contract.source_id] = merge(lake, db, contract, (arrival, came))
        except DeliveryError as error:
            faults.append(f"{arrival.file.name if arrival else contract.source_id} {error}")
            continue
        write_raw(lake, db, contract)
    if faults:
        raise DeliveryError("\n".join(faults))
    return loaded


def write_raw(lake: Lake, db: DuckEngine, contract: SourceContract) -> None:
    """Write raw_<source> and let its name stand for what was written, so that the session keeps one copy only."""
    table = raw_table(contract)
    lake.write_through(db, table, f"select * from {table.name}")
    db.drop(read_name(contract.source_id), merged_name(contract.source_id))


def standardise(run: RunSettings, lake: Lake, db: DuckEngine, contracts: Contracts) -> None:
    """Make std_record from the loaded rows of every source."""
    state_identities(db, contracts, run.day)
    judge_numbers(db, run.day)
    keep(db, STATED_NAME, arrow(STATED_NAME, standard_names(distinct(db, "full_name_raw"), read_lexicon().names)))
    keep(db, STATED_ADDRESS, arrow(STATED_ADDRESS, cut_addresses(distinct(db, "address_raw"))))
    keep(db, AREA_NAME, arrow(AREA_NAME, area_forms(area_names())))
    learn_place_names(db)
    locate_addresses(db)
    lake.write_through(db, STD_RECORD, standardise_records.contracted(db, run.day))
    db.drop(*(table.name for table in WORKING_TABLES))


def distinct(db: DuckEngine, column: str) -> list[str]:
    """Return every distinct value of a column of the stated identities, in order."""
    query = f"select distinct {column} from {STATED_IDENTITY.name} where {column} is not null order by 1"
    return [value for (value,) in db.rows(query)]


def arrow(table: Table, values: Mapping[str, Sequence[object]]) -> dict[str, pa.Array]:
    """Return columns as the contract types them, which an empty or all-null column would not say by itself."""
    return {column.name: pa.array(values[column.name], ARROW_TYPE[column.type]) for column in table.columns}


def delivery_rows(
    db: DuckEngine, contracts: Contracts, arrivals: dict[str, Arrival], loaded: dict[str, Loaded]
) -> dict[str, list[object]]:
    """Return the columns of delivery: every expected source, delivered or not."""
    records = dict(db.rows(f"select source_id, count(*) from {STD_RECORD.name} group by source_id"))
    rows = []
    for contract in contracts:
        source_id, arrival, source = contract.source_id, arrivals.get(contract.source_id), loaded[contract.source_id]
        came = (arrival.file.name, arrival.sha256, arrival.encoding) if arrival else (None, None, None)
        counts = (source.delivered, source.loaded, source.refused, source.carried, source.replaced)
        rows.append((source_id, *came, *counts, records.get(source_id, 0), note(arrival, source)))
    return {name: list(values) for name, values in zip(DELIVERY.column_names, zip(*rows, strict=True), strict=True)}


def note(arrival: Arrival | None, source: Loaded) -> str | None:
    """Return what an analyst should know about a delivery; None where there is nothing."""
    if arrival is None and not source.carried:
        return "not delivered this month; what it would say is unknown"
    rounded = f"{source.rounded:,} numbers were rounded by a spreadsheet" if source.rounded else None
    said = [text for text in (arrival.note if arrival else "nothing new came", rounded, source.merging) if text]
    return "; ".join(said) or ("delivered without a row" if not source.delivered else None)


def summary(db: DuckEngine, arrivals: dict[str, Arrival], loaded: dict[str, Loaded]) -> dict[str, object]:
    """Return the counts of the phase, as JSON can hold them."""
    states = db.rows(f"select id_state, count(*) from {STD_RECORD.name} group by id_state order by id_state")
    sources = {
        source_id: {
            "delivered": source.delivered,
            "loaded": source.loaded,
            "quarantined": source.refused,
            "carried": source.carried,
            "replaced": source.replaced,
            "reasons": source.reasons,
            "unusable": source.unusable,
            "encoding": arrivals[source_id].encoding if source_id in arrivals else None,
        }
        for source_id, source in loaded.items()
    }
    return {
        "sources": sources,
        "delivered": sum(source.delivered for source in loaded.values()),
        "loaded": sum(source.loaded for source in loaded.values()),
        "quarantined": sum(source.refused for source in loaded.values()),
        "records": sum(count for _, count in states),
        "id_states": dict(states),
    }
