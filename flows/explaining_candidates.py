"""Why a candidate is on the list: from rows in deliveries over facts, findings and links to the line in the list.

Everything is read from the month as it was run. This file holds people's rows: nothing in it is logged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.explaining_evidence import facts_of, link_of, members_of
from flows.fingerprint import reference_sha256
from flows.lake import Lake
from flows.phases import state_file
from flows.rules import RuleFiles, read_rule_files
from flows.search_settings import versions
from flows.settings import RunSettings
from flows.validation import placed_tables, raw_tables
from matchers.errors import MissingTableError, UsageError
from matchers.quality.candidate_list import name_places, write_list_rows
from matchers.sql import columns, identifier, literal, literals
from schemas.candidates import CANDIDATE
from schemas.findings import FINDING
from schemas.quality import LIST_ROW

READ = (
    "candidate", "finding", "fact", "served", "person", "person_record", "person_event", "household", "household_member",
    "tie", "delivery", "link_node", "link_pair", "link_model",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """One candidate explained; every value is plain, so that it prints and travels as JSON alike.

    `since` is what became of it where it is no candidate of the month asked about any more; None where it is one.
    """

    month: str
    asked_month: str
    run: Row
    candidate: Row
    line: Row
    rule: Row
    findings: list[Row]
    facts: list[Row]
    link: Row
    members: list[Row]
    place: Row
    since: Row | None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return dict(vars(self))


def explain_candidate(run: RunSettings, candidate_id: str) -> Story:
    """Explain a candidate of a month, or of the newest month before it that had it.

    Raises UsageError where no month had it, and MissingTableError where no month was screened.
    """
    lake = Lake(run.home, run.home / "work", run.month)
    with DuckEngine(memory=run.memory) as db:
        month = month_of(db, lake, candidate_id)
        then = RunSettings(run.home, month, memory=run.memory)
        story = tell(db, Lake(run.home, run.home / "work", month), then, candidate_id)
        since = None if month == run.month else what_became(db, lake, story["candidate"])
    return Story(month=month, asked_month=run.month, since=since, **story)


def month_of(db: DuckEngine, lake: Lake, candidate_id: str) -> str:
    """Return the newest month, up to the lake's own, in which the candidate is one."""
    months = [month for month in lake.months("candidate") if month <= lake.month]
    if not months or not lake.has("candidate"):
        raise MissingTableError(
            f"{lake.month} has not been screened in {lake.home}. Run it first: zhaoren run --month {lake.month}."
        )
    for month in reversed(months):
        lake.read(db, "candidate", month)
        if db.rows(f"select 1 from candidate where candidate_id = {literal(candidate_id)}"):
            return month
    raise UsageError(
        f"no candidate has this id in {lake.home}: looked in {run_named(lake, lake.month)['run_id'] or lake.month} and in "
        f"{len(months) - 1} earlier months back to {months[0]}. Ids stand in the second column of the lists and in "
        "lists/candidates.parquet; --month names another month, --home another home."
    )


def tell(db: DuckEngine, lake: Lake, run: RunSettings, candidate_id: str) -> dict[str, Any]:
    """Return every part of the story from the tables of one month."""
    for name in READ:
        if lake.has(name):
            lake.read(db, name)
    where = f"where candidate_id = {literal(candidate_id)}"
    candidate = rows_of(db, f"select {columns(CANDIDATE.column_names)} from candidate {where}", CANDIDATE.column_names)[
        0
    ]
    files, ran = read_rule_files(), run_named(lake, run.month)
    findings = findings_of(db, files, run, candidate)
    facts = facts_of(db, run, candidate, tuple(finding["criterion"] for finding in findings))
    return {
        "run": ran, "candidate": candidate, "line": line_of(db, lake, candidate), "rule": rule_of(files, run, candidate),
        "findings": findings, "facts": facts, "link": link_of(db, lake, candidate), "members": members_of(db, candidate),
        "place": place_of(db, files, candidate, ran),
    }  # fmt: skip


def rows_of(db: DuckEngine, query: str, names: tuple[str, ...]) -> list[Row]:
    """Return a small result as one dict per row."""
    return [dict(zip(names, row, strict=True)) for row in db.rows(query)]


def run_named(lake: Lake, month: str) -> Row:
    """Return the month's run: its id, and whether the rule files are still those it ran with; None where not published."""
    file = state_file(lake.home, month, "publish")
    run_id = json.loads(file.read_text(encoding="utf-8"))["summary"]["run_id"] if file.exists() else None
    manifest = lake.home / "runs" / str(run_id) / "manifest.json"
    if run_id is None or not manifest.exists():
        return {"run_id": None, "same_rules": None, "capacity_share": None}
    said = json.loads(manifest.read_text(encoding="utf-8"))
    same = said["reference_sha256"] == reference_sha256()
    return {"run_id": run_id, "same_rules": same, "capacity_share": said["parameters"]["capacity_share"]}


def line_of(db: DuckEngine, lake: Lake, candidate: Row) -> Row:
    """Return the line as the list shows it, masked alike; `line_number` is None where it is not on the month's list."""
    name_places(db, near_tables(db, lake, candidate))
    write_list_rows(db)
    wanted = ("line_number", "full_name", "masked_id", "township_name", "village_name")
    query = f"select {columns(wanted)} from list_row where candidate_id = {literal(candidate['candidate_id'])}"
    found = rows_of(db, query, wanted) or not_listed(db, candidate, wanted)
    code = candidate["township_code"]
    return {**found[0], "file": f"lists/{code or 'unplaced'}.xlsx" if found[0]["line_number"] else None}


def near_tables(db: DuckEngine, lake: Lake, candidate: Row) -> tuple[str, ...]:
    """Return views of the delivered rows of the candidate's village, which name it."""
    made = []
    for name in placed_tables(db, raw_tables(lake, db)):
        where = f"where village_code = {literal(candidate['village_code'])}"
        db.run(f"create or replace view {identifier('near_' + name)} as select * from {identifier(name)} {where}")
        made.append("near_" + name)
    return tuple(made)


def not_listed(db: DuckEngine, candidate: Row, wanted: tuple[str, ...]) -> list[Row]:
    """Return the same of a candidate that waits for another month, by the list's own masking."""
    masked = LIST_ROW.column("masked_id").name
    return rows_of(db, f"""
        select null::bigint, full_name,
            case when length(national_id) = 18 then national_id[:6] || '********' || national_id[15:] end as {masked},
            (select max(township_name) from place_name where place_code = {literal(candidate['village_code'])}),
            (select max(village_name) from place_name where place_code = {literal(candidate['village_code'])})
        from person where person_id = {literal(candidate['person_id'])}
    """, wanted)  # fmt: skip


def rule_of(files: RuleFiles, run: RunSettings, candidate: Row) -> Row:
    """Return the programme's version of the day and what it rests on."""
    found = [(p, v) for p, v in versions(files, run.day) if p.programme_id == candidate["programme_id"]]
    if not found:
        return {
            "department": None,
            "starts": None,
            "authority": None,
            "earns_visit": None,
            "estimate": None,
            "pays": False,
        }
    programme, version = found[0]
    return {
        "department": programme.department, "starts": version.starts, "authority": str(version.authority),
        "earns_visit": programme.earns_visit, "estimate": programme.estimate.by,
        "pays": bool(version.benefit),
    }  # fmt: skip


def findings_of(db: DuckEngine, files: RuleFiles, run: RunSettings, candidate: Row) -> list[Row]:
    """Return every finding of the unit in the order of the programme's file, with the question that would settle it."""
    uses = {
        use.criterion: (place, use.question)
        for programme, version in versions(files, run.day) if programme.programme_id == candidate["programme_id"]
        for place, use in enumerate((*version.requires, *version.excludes))
    }  # fmt: skip
    unit = f"programme_id = {literal(candidate['programme_id'])} and unit_id = {literal(candidate['unit_id'])}"
    query = f"select {columns(FINDING.column_names)} from finding where {unit} order by criterion"
    found = rows_of(db, query, FINDING.column_names)
    found.sort(key=lambda row: uses.get(row["criterion"], (len(uses), None))[0])
    asked = {criterion: question for criterion, (_, question) in uses.items() if question}
    return [
        {**row, "question": asked[row["criterion"]].model_dump() if row["criterion"] in asked else None}
        for row in found
    ]


def place_of(db: DuckEngine, files: RuleFiles, candidate: Row, ran: Row) -> Row:
    """Return where the candidate stands in its township's line and what put it there."""
    here = f"township_code is not distinct from {literal(candidate['township_code'])}"
    visited = "count(distinct coalesce(household_id, unit_id)) filter (where is_within_capacity)"
    door = f"coalesce(household_id, unit_id) = {literal(candidate['household_id'] or candidate['unit_id'])}"
    tested = {p.programme_id for p in files.programmes if p.estimate.by == "take_up"}
    along = {p.programme_id for p in files.programmes if not p.earns_visit}
    is_tested = candidate["programme_id"] in tested
    others = "true" if is_tested else f"programme_id not in ({literals(sorted(tested | along) or [''])})"
    ((count, visits, lowest, best_of_door),) = db.rows(f"""
        select count(*), {visited}, min(probability) filter (where is_within_capacity and not is_random_share and {others}),
            max(probability) filter (where {door} and is_within_capacity)
        from candidate where {here}
    """)
    ((households,),) = db.rows(f"select count(*) from household where {here}")
    why = why_there(candidate, best_of_door, earns_visit=candidate["programme_id"] not in along)
    return {
        "rank": candidate["rank"], "candidates": count, "households": households, "visits": visits,
        "capacity_share": ran["capacity_share"], "lowest_visited": lowest, "is_income_tested": is_tested, "why": why,
    }  # fmt: skip


def why_there(candidate: Row, best_of_door: float | None, *, earns_visit: bool) -> str:
    """Return what put a candidate where it stands: drawn, earned by its own chance, along with another, or waiting."""
    if candidate["is_random_share"]:
        return "drawn"
    if not candidate["is_within_capacity"]:
        return "waiting" if earns_visit else "no_visit"
    return "earned" if earns_visit and candidate["probability"] == best_of_door else "along"


def what_became(db: DuckEngine, lake: Lake, candidate: Row) -> Row:
    """Return why somebody who was a candidate is none in the lake's month: a key, and the criteria that speak against it."""
    for name in ("served", "finding", "person_event"):
        lake.read(db, name)
    unit = f"programme_id = {literal(candidate['programme_id'])} and unit_id = {literal(candidate['unit_id'])}"
    if db.rows(f"select 1 from served where {unit}"):
        return {"what": "served", "criteria": []}
    found = db.rows(f"select criterion, is_met, effect from finding where {unit} order by criterion")
    against = [
        criterion for criterion, is_met, effect in found if is_met is not None and is_met != (effect == "requires")
    ]
    if against:
        return {"what": "ruled_out", "criteria": against}
    if found:
        return {"what": "less_likely", "criteria": []}
    event = f"select 1 from person_event where event = 'merged' and person_id = {literal(candidate['unit_id'])}"
    return {"what": "merged" if db.rows(event) else "not_assessed", "criteria": []}
