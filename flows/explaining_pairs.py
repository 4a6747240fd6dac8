"""Why two records are, or are not, one person: the pair's steps, from a link output folder or the monthly run's lake."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.outputs.words import Words
from flows.settings import RunSettings
from matchers.errors import LinkInputError, MissingTableError
from matchers.linkage.waterfall import Waterfall, waterfall
from matchers.sql import literal
from schemas.links import LINK_MODEL, LINK_NODE, LINK_PAIR, PERSON_RECORD


@dataclass(frozen=True)
class Explained:
    """Two records: whether they are one person in the result, why in a word, and the steps where they were weighed."""

    records: tuple[str, str]
    is_one_person: bool
    reason: str
    steps: Waterfall | None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        said = {"records": list(self.records), "is_one_person": self.is_one_person, "reason": self.reason}
        return {**said, "pair": self.steps.as_json() if self.steps else None}


def explain_in_folder(out: Path, one: str, other: str) -> Explained:
    """Explain two records of a `zhaoren link`; raises LinkInputError where they are not in its result."""
    needed = [out / name for name in ("persons.parquet", "links.parquet", "model.json")]
    if not all(file.is_file() for file in needed):
        raise MissingTableError(
            f"{out} holds no finished link. Name the folder that was given to zhaoren link as --out."
        )
    model = json.loads(needed[2].read_text(encoding="utf-8"))["model"]
    with DuckEngine() as db:
        db.view("persons", str(needed[0]))
        db.view(LINK_PAIR.name, str(needed[1]))
        persons = persons_of(db, "persons", (one, other))
        steps = steps_of(db, model, (one, other))
    return Explained((one, other), persons[0] == persons[1], "weighed" if steps else "not_kept", steps)


def explain_in_month(run: RunSettings, one: str, other: str) -> Explained:
    """Explain two records of a month, as the link phase left it."""
    lake = Lake(run.home, run.home / "work", run.month)
    with DuckEngine(memory=run.memory) as db:
        for table in (PERSON_RECORD, LINK_NODE, LINK_PAIR, LINK_MODEL):
            lake.read(db, table.name)
        persons = persons_of(db, PERSON_RECORD.name, (one, other))
        nodes = nodes_of(db, (one, other))
        if nodes[0] == nodes[1]:
            return Explained((one, other), persons[0] == persons[1], nodes[2], None)
        content = db.rows(f"select content from {LINK_MODEL.name} order by model_id limit 1")
        model = json.loads(content[0][0]) if content else None
        steps = steps_of(db, model, (nodes[0], nodes[1]))
    return Explained((one, other), persons[0] == persons[1], "weighed" if steps else "not_kept", steps)


def persons_of(db: DuckEngine, table: str, records: tuple[str, str]) -> list[str]:
    """Return the person of each record; raises LinkInputError, quoting nothing, where one is unknown."""
    found = []
    for place, record in zip(("first", "second"), records, strict=True):
        rows = db.rows(f"select person_id from {table} where record_id = {literal(record)}")
        if not rows:
            raise LinkInputError(f"the {place} record id is not in this result. Record ids stand in {table}.")
        found.append(str(rows[0][0]))
    return found


def nodes_of(db: DuckEngine, records: tuple[str, str]) -> tuple[str, str, str]:
    """Return the node of each record, and why the second is in its node."""
    rows = [
        db.rows(f"select node_id, link_rule from {LINK_NODE.name} where record_id = {literal(record)}")[0]
        for record in records
    ]
    rule = next((str(rule) for _, rule in rows if rule != "alone"), "alone")
    return str(rows[0][0]), str(rows[1][0]), rule


def steps_of(db: DuckEngine, model: dict[str, Any] | None, records: tuple[str, str]) -> Waterfall | None:
    """Return the steps of a pair that was kept; None where it was not."""
    low, high = (literal(record) for record in sorted(records))
    either = f"(record_id_l, record_id_r) in (({low}, {high}), ({high}, {low}))"
    columns = [name for name in db.column_types(LINK_PAIR.name) if not name.startswith("record_id")]
    rows = db.rows(f"select {', '.join(columns)} from {LINK_PAIR.name} where {either}")
    return waterfall(model, dict(zip(columns, rows[0], strict=True))) if rows and model else None


def print_explained(console: Console, explained: Explained, lang: str) -> None:
    """Print what was found as a table, without any value of a person."""
    say = Words(lang).say
    verdict = say("explain", "one_person" if explained.is_one_person else "two_persons")
    console.print(f"{verdict}{say('explain', explained.reason)}", highlight=False)
    if explained.steps is None:
        return
    steps = explained.steps
    rule = say("link_report", "by_rule", rule=rule_words(steps.rule, lang))
    table = Table(title=rule, title_justify="left", header_style="bold")
    table.add_column(say("link_report", "field"))
    table.add_column(say("link_report", "level"))
    table.add_column(say("link_report", "bits"), justify="right")
    table.add_row(say("link_report", "prior"), "", f"{steps.prior:+.2f}")
    for step in steps.steps:
        level = say("link_levels", step.level) if step.level else say("link_report", "missing")
        table.add_row(say("link_fields", step.field), level, f"{step.bits:+.2f}" if step.level else "–")
    for name in ("housemate", "rivals", "together"):
        if getattr(steps, name):
            table.add_row(say("link_report", name), "", f"{getattr(steps, name):+.2f}")
    table.add_row(say("link_report", "total"), f"{steps.probability:.2%}", f"{steps.total:+.2f}", style="bold")
    console.print(table)


def rule_words(rule: str, lang: str) -> str:
    """Return the name of a blocking rule in words."""
    say = Words(lang).say
    return " + ".join(say("link_fields", part) for part in rule.split(" + "))
