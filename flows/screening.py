"""From persons, households and delivered rows to facts, findings, who is served, and who is worth a visit."""

from __future__ import annotations

import datetime
import logging
from itertools import groupby
from operator import attrgetter

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.rules import RuleFiles, read_rule_files
from flows.search_settings import (
    always_asked,
    assumptions,
    capacity,
    codes,
    criterion_words,
    listing,
    signal_words,
    stakes,
    take_up_models,
)  # fmt: skip
from flows.settings import RunSettings
from flows.sources.contracts import possible_contracts
from matchers.candidates.chances import count_patterns, learn_chances, spell_patterns
from matchers.candidates.listing import write_candidates
from matchers.candidates.ranking import rank
from matchers.candidates.traits import describe_households, describe_persons
from matchers.candidates.verdicts import reach_verdicts, weigh_prospects
from matchers.eligibility.assess import assess, list_units
from matchers.eligibility.derived import derive_facts
from matchers.eligibility.facts import choose_facts, date_sources, read_person_facts, state_facts
from matchers.eligibility.relatives import look_at_relatives
from matchers.eligibility.rolls import list_served, read_rolls
from matchers.eligibility.rules import Rule, RuleBook, open_rule_book
from matchers.eligibility.silence import DEDUCTIBLE, Heard, heard_only, mute_facts, without_the_unheard
from matchers.errors import ReferenceMissingError
from matchers.sql import literals
from schemas.candidates import CANDIDATE
from schemas.findings import FACT, FINDING, SERVED
from schemas.raw import raw_table

log = logging.getLogger(__name__)
READ = ("std_record", "person", "person_record", "tie", "household", "household_member")


def screen(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, object]:
    """Make fact, finding, served and candidate; return counts, the stopped programmes among them."""
    for name in (*READ, "delivery"):
        lake.read(db, name)
    files = rules_of_the_month(db)
    mute = mute_facts(heard(db), run.day)
    book = without_the_unheard(open_rule_book(files.programmes, files.areas, files.precedence, run.day), mute)
    for stop in book.stopped:
        log.error("%s is stopped in area %s: %s", stop.programme_id, stop.area, stop.reason)
    bring_deliveries(lake, db)
    make_facts(run, db, files, mute)
    write_facts(lake, db)
    choose_facts(db, book.fact_names)
    list_units(db, book.rules, run.day)
    write_findings(lake, db, heard_only(book.rules, mute), run.day)
    lake.write(db, SERVED)
    weigh_candidates(run, db, files)
    words = criterion_words(files, run.day), signal_words(files), always_asked(files)
    lake.write_through(db, CANDIDATE, write_candidates.contracted(db, *words))
    return summary(db, book, mute)


def rules_of_the_month(db: DuckEngine) -> RuleFiles:
    """Return the rules of the counties the month's households live in; raises where there are figures for none of them."""
    codes = [
        code for (code,) in db.rows("select distinct area_code from household where area_code is not null order by 1")
    ]
    files = read_rule_files().within(codes)
    if not files.areas:
        named = ", ".join(codes[:5]) or "no area at all"
        raise ReferenceMissingError(
            f"no figures are set for the areas people live in ({named}). Add a file for the county or its city under "
            "data/reference/parameters."
        )
    return files


def bring_deliveries(lake: Lake, db: DuckEngine) -> None:
    """Let raw_<source> stand for every discovery source; one not agreed on or not come is an empty table, no error here."""
    for contract in possible_contracts():
        table = raw_table(contract)
        if lake.has(table.name):
            lake.read(db, table.name)
        else:
            nothing = ", ".join(f"null::{column.type} as {column.name}" for column in table.columns)
            db.create(table.name, f"select {nothing} where false")


def make_facts(run: RunSettings, db: DuckEngine, files: RuleFiles, mute: frozenset[str]) -> None:
    """Make SERVED and what FACT rests on; `mute` are the facts whose absence says nothing this month."""
    date_sources(db, run.day)
    read_person_facts(db, run.day, codes(files, "severe_illness.codes", run.day))
    read_rolls(db, run.day)
    list_served(db)
    look_at_relatives(db, run.day, codes(files, "unattended_child.disability", run.day))
    derive_facts(db, not mute & DEDUCTIBLE)


def write_facts(lake: Lake, db: DuckEngine) -> None:
    """Write FACT; whoever reads one fact reads its part of the file, so nothing is kept in the session."""
    lake.write_parts(db, FACT, [state_facts.contracted(db)])
    db.drop("person_fact", "derived_fact")


def heard(db: DuckEngine) -> dict[str, Heard]:
    """Return how each source of the month came."""
    rows = db.rows("select source_id, state not in ('partial', 'missing'), as_of_date from delivery order by source_id")
    return {source_id: Heard(is_whole, as_of) for source_id, is_whole, as_of in rows}


def write_findings(lake: Lake, db: DuckEngine, rules: tuple[Rule, ...], day: datetime.date) -> None:
    """Write FINDING programme by programme; the largest table of screening is never made in the session."""
    programme = attrgetter("programme_id")
    programmes = groupby(sorted(rules, key=programme), key=programme)
    lake.write_parts(db, FINDING, [assess.contracted(db, tuple(group), day) for _, group in programmes])
    db.drop("chosen_fact")


def weigh_candidates(run: RunSettings, db: DuckEngine, files: RuleFiles) -> None:
    """Make what CANDIDATE is put into words from: verdicts, chances, places in line."""
    describe_households(db, run.day)
    describe_persons(db)
    reach_verdicts(db, assumptions(files, run.day))
    models = take_up_models(files, run.day)
    spell_patterns(db, models)
    count_patterns(db)
    learn_chances(db, models)
    weigh_prospects(db, listing(files, run.day))
    rank(db, capacity(files, run), stakes(files, run.day))


def summary(db: DuckEngine, book: RuleBook, mute: frozenset[str]) -> dict[str, object]:
    """Return counts of what was made, what stopped, and whom the lists do not reach."""
    return {
        "facts": counts(db, "select fact_name, count(*) from fact group by 1 order by 1"),
        "findings": counts(db, "select programme_id, count(*) from finding group by 1 order by 1"),
        "assessed": counts(db, "select programme_id, count(*) from assessed_unit group by 1 order by 1"),
        "served": counts(db, "select programme_id, count(*) from served group by 1 order by 1"),
        "ruled_out": counts(db, "select programme_id, count(*) from verdict where is_out group by 1 order by 1"),
        "not_listed": counts(
            db,
            "select programme_id || ': ' || reason, count(*) from prospect where not is_listed group by 1 order by 1",
        ),
        "expected_not_listed": {
            name: float(expected)
            for name, expected in db.rows(
                "select programme_id, round(sum(probability::decimal(18, 9)), 1) from prospect "
                "where not is_listed and probability > 0 group by 1 order by 1"
            )
        },
        "candidates": counts(db, "select programme_id, count(*) from candidate group by 1 order by 1"),
        "within_capacity": counts(
            db, "select programme_id, count(*) from candidate where is_within_capacity group by 1 order by 1"
        ),
        "households_outside_every_area": outside(db, book),
        "silent_facts": sorted(mute),
        "stopped": [
            {
                "programme": s.programme_id,
                "area": s.area,
                "reason": s.reason,
                "parameter": s.parameter,
                "sources": list(s.sources),
            }
            for s in book.stopped
        ],
    }


def counts(db: DuckEngine, query: str) -> dict[str, int]:
    """Return a two-column result as name → count."""
    return {str(name): int(count) for name, count in db.rows(query)}


def outside(db: DuckEngine, book: RuleBook) -> int:
    """Return how many households no area's figures apply to, so that nobody drops out unseen."""
    areas = literals(sorted({rule.area for rule in book.rules}))
    return int(db.rows(f"select count(*) from household where area_code is null or area_code not in ({areas})")[0][0])
