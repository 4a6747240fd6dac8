"""From standardised records to persons with lasting ids, and from persons to households."""

from __future__ import annotations

import json
import logging
from itertools import accumulate
from typing import Any

import pyarrow.parquet as pq

from flows.engines.duckdb import DuckEngine
from flows.fingerprint import combined
from flows.lake import Lake
from flows.link_models import ModelVersion, accepted_model
from flows.settings import RunSettings
from flows.sources.contracts import discovery_contracts, possible_contracts
from flows.sources.reference import similar_shapes
from matchers.households.build import build_households
from matchers.linkage.certain import gather_nodes, gather_number_names, name_nodes, report_conflicts, state_numbers
from matchers.linkage.clientele import learn_clientele
from matchers.linkage.engine import Linkage, LinkSettings, link_records
from matchers.linkage.homes import find_homes, find_named_homes, gather_company
from matchers.linkage.model import LinkModel
from matchers.linkage.nodes import describe_nodes, put_nodes_in_roles
from matchers.linkage.number_owners import group_number_names
from matchers.linkage.person_ids import assign_person_ids, carry_ledger, note_events, recall_persons
from matchers.linkage.persons import cluster_nodes, describe_persons, link_person_records, read_deaths
from matchers.linkage.results import keep_results, summarise
from matchers.linkage.typed_columns import texts
from matchers.linkage.unnumbered import group_unnumbered
from matchers.sql import literal
from matchers.stage import keep
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER, TIE
from schemas.identities import LINK_RECORD
from schemas.ledger import LEDGER_BEFORE, LEDGER_PERSON
from schemas.links import LINK_CONFLICT, LINK_MODEL, LINK_NODE, LINK_PAIR, PERSON_EVENT, PERSON_RECORD
from schemas.people import PERSON
from schemas.raw import raw_table
from schemas.records import STD_RECORD

log = logging.getLogger(__name__)

WRITTEN = (
    LINK_NODE, LINK_CONFLICT, LINK_MODEL, LINK_PAIR, PERSON_RECORD, PERSON_EVENT, PERSON, LEDGER_PERSON,
    TIE, HOUSEHOLD, HOUSEHOLD_MEMBER,
)  # fmt: skip


def link(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, Any]:
    """Make persons and households of the month; return counts."""
    bring_records(lake, db)
    bring_deliveries(lake, db)
    bring_ledger(lake, db)
    make_certain_nodes(db)
    accepted = accepted_model(run.home)
    linkage = link_nodes(db, accepted.model if accepted else None)
    used = keep_model(db, linkage, accepted)
    name_persons(run, db)
    households = build_households(db, run.day)
    for table in WRITTEN:
        lake.write(db, table)
    return {**summary(db), "model": used, "engine": summarise(db, linkage), "households": households}


def bring_records(lake: Lake, db: DuckEngine) -> None:
    """Let `std_record` stand for the month's records and `link_record` for the same with their places.

    The lake keeps them in order of record_id, in one file or in several that follow each other, so the place in the files
    is the place in that order.
    """
    lake.read(db, STD_RECORD.name)
    files = sorted(lake.folder(STD_RECORD.name).glob("*.parquet"))
    before = [0, *accumulate(pq.read_metadata(file).num_rows for file in files)]
    placed = (
        f"select (file_row_number + {count})::integer as rec, * from read_parquet({literal(str(file))}, file_row_number=true)"
        for file, count in zip(files, before, strict=False)
    )
    db.run(f"create or replace view {LINK_RECORD.name} as {' union all '.join(placed)}")


def bring_deliveries(lake: Lake, db: DuckEngine) -> None:
    """Let raw_<source> stand for every discovery source; one not agreed on or not come is an empty table."""
    for contract in possible_contracts():
        table = raw_table(contract)
        if lake.has(table.name):
            lake.read(db, table.name)
        else:
            nothing = ", ".join(f"null::{column.type} as {column.name}" for column in table.columns)
            db.create(table.name, f"select {nothing} where false")


def bring_ledger(lake: Lake, db: DuckEngine) -> None:
    """Let `ledger_before` stand for the newest ledger of persons before this month, empty where there is none."""
    before = [month for month in lake.months(LEDGER_PERSON.name) if month < lake.month]
    if before:
        lake.read(db, LEDGER_PERSON.name, before[-1], LEDGER_BEFORE.name)
        return
    nothing = ", ".join(f"null::{column.type} as {column.name}" for column in LEDGER_BEFORE.columns)
    db.create(LEDGER_BEFORE.name, f"select {nothing} where false")


def make_certain_nodes(db: DuckEngine) -> None:
    """Make `link_node` and `link_conflict`: who is one person without any doubt, and who only seems so."""
    state_numbers(db)
    gather_number_names(db)
    group_number_names(db)
    group_unnumbered(db)
    gather_nodes(db)
    name_nodes(db)
    report_conflicts(db)


def link_nodes(db: DuckEngine, model: LinkModel | None = None) -> Linkage:
    """Make `link_pair` and `link_cluster`: which nodes without a number belong to which others."""
    describe(db)
    settings = LinkSettings(is_standard=True, shapes=similar_shapes(), model=model, clientele=learn_clientele(db))
    linkage = link_records(db, settings)
    keep_results(db, linkage)
    return linkage


def describe(db: DuckEngine) -> None:
    """Make `link_input`: each node in the roles of the linkage engine."""
    gather_company(db, several_people_in_a_row())
    find_named_homes(db)
    find_homes(db)
    describe_nodes(db, tuple(sorted(contract.source_id for contract in discovery_contracts())))
    put_nodes_in_roles(db)


def keep_model(db: DuckEngine, linkage: Linkage, accepted: ModelVersion | None) -> dict[str, str]:
    """Make `link_model`; return which model weighed the pairs, for the manifest."""
    content = json.dumps(linkage.model.as_json(), ensure_ascii=False) if linkage.model else "null"
    learnt = f"learnt-{combined(content)[:12]}"
    used = {"model_id": accepted.version if accepted else learnt, "origin": "accepted" if accepted else "learnt"}
    keep(db, LINK_MODEL, {name: texts([value]) for name, value in {**used, "content": content}.items()})
    return used


def several_people_in_a_row() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return, for each source whose rows name several people, the columns of their record ids."""
    found = []
    for contract in discovery_contracts():
        columns = tuple(name for name in raw_table(contract).column_names if name.startswith("record_id"))
        if len(columns) > 1:
            found.append((contract.source_id, columns))
    return tuple(found)


def name_persons(run: RunSettings, db: DuckEngine) -> None:
    """Make the person tables and the ledger of this month."""
    cluster_nodes(db)
    recall_persons(db)
    assign_person_ids(db, run.month)
    link_person_records(db)
    note_events(db)
    read_deaths(db, literal(run.day))
    describe_persons(db)
    carry_ledger(db, run.month)


def summary(db: DuckEngine) -> dict[str, Any]:
    """Return counts of records, nodes, persons, rules, conflicts and events."""
    records, persons = db.rows("select count(*), count(distinct person_id) from person_record")[0]
    return {
        "records": records,
        "nodes": db.rows("select count(distinct node_id) from link_node")[0][0],
        "persons": persons,
        "records_by_rule": dict(db.rows("select link_rule, count(*) from person_record group by 1 order by 1")),
        "conflicts": db.rows("select count(distinct conflict_id) from link_conflict")[0][0],
        "events": dict(db.rows("select event, count(*) from person_event group by 1 order by 1")),
    }
