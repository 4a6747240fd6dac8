"""Phase 5: workbooks for caseworkers, candidates for analysts, and the match report, into one folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.indicators import not_watched
from flows.lake import Lake
from flows.offers import publish_supply
from flows.outputs.lists import write_candidates, write_lists
from flows.outputs.report import area_of, write_report
from flows.outputs.returns import write_returns
from flows.phases import state_file
from flows.rules import read_rule_files
from flows.search_settings import expected_answers
from flows.settings import RunSettings
from flows.validation import loaded_contracts, open_month, placed_tables, raw_tables
from matchers.quality.arrival import ArrivalLimits, check_sources, count_id_states, count_quarantine_reasons
from matchers.quality.broken_rules import count_broken_rules
from matchers.quality.candidate_list import name_places, write_list_rows
from matchers.quality.changes import ChangeLimits, compare_deliveries
from matchers.quality.doubts import count_placeholders
from matchers.quality.drift import compare_months
from matchers.quality.links import bin_weights, count_link_rules, count_sizes
from matchers.quality.lost import count_lost_sight
from matchers.quality.screening import bin_probabilities, count_candidates, count_criteria, count_steps
from matchers.quality.signals import count_signals, write_signal_rows
from matchers.standardise.asking import count_requests
from schemas.candidates import CANDIDATE
from schemas.doubts import ASKED_ROW, DOCUMENT_COUNT, NUMBER_CHECK, PLACEHOLDER, UNREAD_VALUE
from schemas.findings import FINDING, SERVED
from schemas.households import HOUSEHOLD
from schemas.links import LINK_CONFLICT, LINK_PAIR, PERSON_RECORD
from schemas.people import PERSON
from schemas.quality import GATE_RESULT
from schemas.records import DELIVERY, DELIVERY_PROFILE, QUARANTINE, STD_RECORD
from schemas.signals import SIGNAL

READ = (
    DELIVERY, DELIVERY_PROFILE, QUARANTINE, STD_RECORD, LINK_PAIR, LINK_CONFLICT, PERSON_RECORD, PERSON, HOUSEHOLD, FINDING, SERVED,
    CANDIDATE, SIGNAL, GATE_RESULT, PLACEHOLDER, NUMBER_CHECK, DOCUMENT_COUNT, ASKED_ROW, UNREAD_VALUE,
)  # fmt: skip


def publish(run: RunSettings, lake: Lake, db: DuckEngine, target: Path) -> dict[str, Any]:
    """Write lists and report under `target`; return file names and counts."""
    open_month(run, lake, db, READ)
    lists = target / "lists"
    lists.mkdir(parents=True, exist_ok=True)
    count(run, lake, db)
    count_requests(db, run.month)
    written = write_lists(run, db, lists)
    write_candidates(db, lists / "candidates.parquet")
    returned = write_returns(run, db, target / "quality")
    offers = publish_supply(run, db, area_of(db), target)
    beside = {"not_watched": not_watched(run, db), "offers": offers, "stopped": stopped(run)}
    write_report(run, db, target / "report.html", beside)
    return {"workbooks": written, "returned": returned, "listed": sum(written.values()), "report": "report.html"}


def stopped(run: RunSettings) -> list[dict[str, Any]]:
    """Return which programmes screening stopped in which area, and why."""
    file = state_file(run.home, run.month, "screen")
    found: list[dict[str, Any]] = (
        json.loads(file.read_text(encoding="utf-8"))["summary"]["stopped"] if file.exists() else []
    )
    return found


def count(run: RunSettings, lake: Lake, db: DuckEngine) -> None:
    """Make the lines of the lists and every figure of the report."""
    raw = raw_tables(lake, db)
    name_places(db, placed_tables(db, raw))
    write_list_rows(db)
    check_sources(db, raw, ArrivalLimits())
    count_quarantine_reasons(db)
    count_id_states(db)
    count_link_rules(db)
    bin_weights(db)
    count_sizes(db)
    count_steps(db)
    count_criteria(db, expected_answers(read_rule_files(), run.day))
    count_candidates(db)
    bin_probabilities(db)
    compare_months(db)
    compare_deliveries(db, ChangeLimits())
    count_lost_sight(db)
    count_placeholders(db)
    count_broken_rules(db, loaded_contracts(db, raw), run.day)
    count_signals(db)
    write_signal_rows(db)
