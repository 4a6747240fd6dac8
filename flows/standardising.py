"""Loaded rows of every source → std_record, and what is doubtful about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake, in_order_of_its_key
from flows.settings import RunSettings
from flows.sources.contracts import discovery_contracts
from flows.sources.reference import area_names, area_periods, read_lexicon
from matchers.stage import keep
from matchers.standardise.addresses import area_forms, cut_addresses, learn_place_names, locate_addresses
from matchers.standardise.contradictions import (
    check_numbers,
    count_documents,
    differing_days_query,
    doubt_identities,
)
from matchers.standardise.id_numbers import judge_numbers
from matchers.standardise.lunar import judge_pairs
from matchers.standardise.names import standard_names
from matchers.standardise.placeholders import (
    compare_holders,
    find_frequent_values,
    find_holders,
    find_shared_values,
    judge_shared_values,
    mark_records,
    suspects,
)
from matchers.standardise.records import standardise_records, state_identities
from schemas.contract import Table
from schemas.doubts import (
    AREA_PERIOD,
    COMMON_TRAIT,
    FREQUENT_VALUE,
    LUNAR_PAIR,
    PLACEHOLDER_RECORD,
    SHARED_HOLDER,
    SHARED_VALUE,
)
from schemas.records import (
    AREA_NAME,
    LEARNT_PLACE,
    LOCATED_ADDRESS,
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
    STATED_NUMBER, STATED_NAME, STATED_ADDRESS, AREA_NAME, LEARNT_PLACE, LOCATED_ADDRESS, FREQUENT_VALUE,
    SHARED_VALUE, SHARED_HOLDER, COMMON_TRAIT, PLACEHOLDER_RECORD, LUNAR_PAIR, AREA_PERIOD,
)  # fmt: skip
VALUES_AT_A_TIME = 100_000
# More than there are different names and addresses, so that it is these that a part is looked up in, never the other way.
RECORDS_AT_A_TIME = 2_000_000
ARROW_TYPE = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "DATE": pa.date32()}


def state_aside(lake: Lake, db: DuckEngine, contracts: Contracts, days: dict[str, datetime.date]) -> None:
    """Make stated_identity from the loaded rows without holding it in memory: a million people state five million.

    `days` are what each source speaks of at the latest.
    """
    stated = {contract.source_id: state_identities.contracted(db, (contract,), days) for contract in contracts}
    lake.set_aside(db, STATED_IDENTITY, stated)


def standardise(run: RunSettings, db: DuckEngine, contracts: Contracts) -> None:
    """Make everything std_record is made of from the stated identities."""
    names, raw_names, raw_addresses = read_lexicon().names, distinct(db, "full_name_raw"), distinct(db, "address_raw")
    # Python works on values while the session works on tables: the one has a core, the other what is left.
    with ThreadPoolExecutor(1) as beside:
        spelt = beside.submit(piecewise, STATED_NAME, raw_names, lambda raw: standard_names(raw, names))
        cut = beside.submit(piecewise, STATED_ADDRESS, raw_addresses, cut_addresses)
        judge_numbers(db, run.day)
        find_frequent_values(db)
        keep(db, STATED_NAME, spelt.result())
        keep(db, STATED_ADDRESS, cut.result())
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
    # What is not needed any more would be taken to the disk and back while the records are sorted.
    db.drop(
        *(table.name for table in (STATED_ADDRESS, LEARNT_PLACE, AREA_NAME, SHARED_VALUE, SHARED_HOLDER, COMMON_TRAIT))
    )
    stated = [lake.aside(STATED_IDENTITY, sources) for sources in sources_together(db)]
    selects = [standardise_records.contracted(db, run.day, part) for part in stated]
    in_order = [in_order_of_its_key(STD_RECORD, f"({select})") for select in selects]
    lake.write_parts(db, STD_RECORD, in_order, at_once=False)
    count_documents(db)
    find_contradictions(db)
    lake.forget(db, STATED_IDENTITY)
    db.drop(*(table.name for table in WORKING_TABLES))


def sources_together(db: DuckEngine) -> list[tuple[str, ...]]:
    """Return the sources in the order of their records, neighbours together as long as they can be sorted in memory."""
    counts = dict(db.rows(f"select source_id, count(*) from {STATED_IDENTITY.name} group by source_id"))
    groups: list[tuple[str, ...]] = [()]
    room = RECORDS_AT_A_TIME
    for contract in sorted(discovery_contracts(), key=lambda contract: f"{contract.source_id}:"):
        count = counts.get(contract.source_id, 0)
        if count > room:
            groups.append(())
            room = RECORDS_AT_A_TIME
        groups[-1] += (contract.source_id,)
        room -= count
    return groups


def distinct(db: DuckEngine, column: str) -> pa.ChunkedArray:
    """Return every distinct value of a column of the stated identities."""
    query = f"select distinct {column} from {STATED_IDENTITY.name} where {column} is not null"
    return db.columns(query)[column]


def piecewise(
    table: Table, raw: pa.ChunkedArray, work: Callable[[Sequence[str]], Mapping[str, Sequence[object]]]
) -> dict[str, pa.ChunkedArray]:
    """Return the columns that `work` makes of distinct values, some at a time: as Python values they take much memory."""
    begins = range(0, max(len(raw), 1), VALUES_AT_A_TIME)
    pieces = [arrow(table, work(raw.slice(begin, VALUES_AT_A_TIME).to_pylist())) for begin in begins]
    return {name: pa.chunked_array([piece[name] for piece in pieces]) for name in table.column_names}


def arrow(table: Table, values: Mapping[str, Sequence[object]]) -> dict[str, pa.Array]:
    """Return columns as the contract types them, which an empty or all-null column would not say by itself."""
    return {column.name: pa.array(values[column.name], ARROW_TYPE[column.type]) for column in table.columns}
