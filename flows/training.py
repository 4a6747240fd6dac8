"""Learns the monthly run's linkage model anew, to be looked at beside the old one; a person decides which is used."""

from __future__ import annotations

import json
import logging
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from flows import fingerprint as fp
from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.link_models import EACH_MONTH, accept, accepted_model, write_version
from flows.linking import bring_deliveries, bring_records, describe, make_certain_nodes
from flows.outputs.words import Words
from flows.phases import held
from flows.settings import RunSettings
from flows.sources.reference import similar_shapes
from matchers.errors import LinkInputError, RuleFileError, UsageError
from matchers.linkage.engine import LinkSettings, link_records
from matchers.linkage.model import LinkModel, model_from_json
from schemas.links import LINK_MODEL
from schemas.records import STD_RECORD

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainJob:
    """Either a month to learn from (the newest unless given), or a version to accept and who accepts it."""

    home: Path
    month: str | None = None
    accept: str | None = None
    by: str | None = None


def train_or_accept(job: TrainJob) -> dict[str, Any]:
    """Do what was asked; raises UsageError where it is unclear."""
    if (job.accept is None) != (job.by is None):
        raise UsageError("--accept and --by go together: which version, and who accepts it.")
    if job.accept is not None and job.by is not None:
        with held(job.home):
            return accept(job.home, job.accept, job.by)
    months = Lake(job.home, job.home / "work", "").months(STD_RECORD.name)
    if not months and job.month is None:
        raise UsageError(f"no month has been read in {job.home}. Run one first.")
    with held(job.home):
        return train_on(RunSettings(job.home, job.month or months[-1]))


def train_on(run: RunSettings) -> dict[str, Any]:
    """Learn from a month's records, write the version, and return old and new with the links that would change."""
    lake = Lake(run.home, run.home / "work", run.month)
    run.home.joinpath("work").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".train-", dir=run.home / "work") as scratch,
        DuckEngine(memory=run.memory, scratch=Path(scratch)) as db,
    ):
        bring_records(lake, db)
        bring_deliveries(lake, db)
        make_certain_nodes(db)
        describe(db)
        old_name, old = comparable_model(run, lake, db)
        settings = LinkSettings(is_standard=True, shapes=similar_shapes())
        linkage = link_records(db, settings)
        before = link_records(db, replace(settings, model=old)).labels if old else None
    if linkage.model is None:
        raise LinkInputError(f"the records of {run.month} hold no pair to learn from. Name a month with more records.")
    new = linkage.model.as_json()
    version = write_version(run.home, run.month, {"learnt_from": learnt_from(lake, len(linkage.labels)), "model": new})
    return {
        "version": version,
        "month": run.month,
        "in_use": old_name,
        "old": old.as_json() if old else None,
        "new": new,
        "links": changes(before, linkage.labels) if before is not None else None,
    }


def comparable_model(run: RunSettings, lake: Lake, db: DuckEngine) -> tuple[str | None, LinkModel | None]:
    """Return the model in use, or nothing where an earlier version of zhaoren learnt it with other levels."""
    try:
        return model_in_use(run, lake, db)
    except RuleFileError:
        log.warning("the model in use compares by other levels than this version; old and new cannot be shown together")
        return None, None


def model_in_use(run: RunSettings, lake: Lake, db: DuckEngine) -> tuple[str | None, LinkModel | None]:
    """Return the accepted model, else the one the month was linked with, else nothing."""
    accepted = accepted_model(run.home)
    if accepted:
        return accepted.version, accepted.model
    if not lake.has(LINK_MODEL.name):
        return None, None
    lake.read(db, LINK_MODEL.name)
    model_id, content = db.rows(f"select model_id, content from {LINK_MODEL.name} order by model_id limit 1")[0]
    said = json.loads(content)
    return str(model_id), model_from_json(said) if said else None


def learnt_from(lake: Lake, node_count: int) -> dict[str, Any]:
    """Return what a version rests on: the records by their hash, how many nodes, and the versions of code and libraries."""
    files = sorted(lake.folder(STD_RECORD.name).glob("*.parquet"))
    records = fp.combined([fp.file_sha256(file) for file in files])
    code = {"code_sha256": fp.code_sha256(), "reference_sha256": fp.reference_sha256()}
    return {"nodes": node_count, "records_sha256": records, **code, "libraries": fp.versions()}


def changes(before: NDArray[np.int64], after: NDArray[np.int64]) -> dict[str, int]:
    """Return how many pairs of nodes are together with the old model, with the new one, and with both."""
    old, new = (pairs_within(np.unique(labels, return_counts=True)[1]) for labels in (before, after))
    kept = pairs_within(np.unique(np.stack([before, after], 1), axis=0, return_counts=True)[1])
    return {"old": old, "new": new, "kept": kept, "gained": new - kept, "lost": old - kept}


def pairs_within(sizes: NDArray[np.int64]) -> int:
    """Return how many pairs groups of these sizes hold."""
    return int((sizes * (sizes - 1) // 2).sum())


def print_trained(console: Console, done: dict[str, Any], lang: str) -> None:
    """Print old weights beside new ones, how many links would change, and how to accept the version."""
    say = Words(lang).say
    old, new = done["old"] or {"fields": {}}, done["new"]
    table = Table(title=say("train", "title", version=done["version"]), title_justify="left", header_style="bold")
    for head in ("field", "level"):
        table.add_column(say("link_report", head))
    for head in ("old", "new", "change"):
        table.add_column(say("train", head), justify="right")
    prior = (old.get("prior_bits"), new["prior_bits"])
    table.add_row(say("link_report", "prior"), "", *moved(*prior))
    for name, said in new["fields"].items():
        before = {level["level"]: level["bits"] for level in old["fields"].get(name, {"levels": []})["levels"]}
        for place, level in enumerate(reversed(said["levels"])):
            label = say("link_fields", name) if place == 0 else ""
            figures = moved(before.get(level["level"]), level["bits"])
            table.add_row(label, say("link_levels", level["level"]), *figures)
    console.print(table)
    gone = [say("link_fields", name) for name in old["fields"] if name not in new["fields"]]
    if gone:
        console.print(say("train", "gone", fields=", ".join(gone)))
    if done["links"]:
        console.print(say("train", "links", **done["links"]), highlight=False)
    console.print(say("train", "in_use", model=done["in_use"] or say("train", "none")), highlight=False)
    console.print(say("train", "next", version=done["version"], each_month=EACH_MONTH), highlight=False, soft_wrap=True)


def moved(before: float | None, after: float) -> tuple[str, str, str]:
    """Return old, new and their difference in bits, a dash where there is no old one."""
    if before is None:
        return "–", f"{after:+.2f}", "–"
    return f"{before:+.2f}", f"{after:+.2f}", f"{after - before:+.2f}"
