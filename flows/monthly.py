"""THE MAIN PATH: deliveries → records → persons and households → findings and candidates → gate → lists and report."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows import fingerprint as fp
from flows.chains import publish_chains
from flows.engines.duckdb import DuckEngine
from flows.indicators import screen_and_watch
from flows.ingest import ingest
from flows.lake import Lake
from flows.ledger import refuse_released
from flows.link_models import accepted_version
from flows.linking import link
from flows.manifest import write_manifest
from flows.offers import catalogue_sha256
from flows.phases import Phase, PhaseResult, held, known_fingerprint, run_phase
from flows.publishing import publish
from flows.retention import expire_quarantine
from flows.settings import RunSettings
from flows.sources.contracts import discovery_contracts
from flows.sources.deliveries import open_to_a_run, stand_in
from flows.validation import validate

# The month, in order. Each phase reads what the ones before it left in the lake.
PHASES = (
    Phase("ingest", ingest),
    Phase("link", link),
    Phase("screen", screen_and_watch),
    Phase("validate", validate),
)
PHASE_NAMES = (*(phase.name for phase in PHASES), "publish")

Watch = Callable[[str, PhaseResult | None], None]


@dataclass(frozen=True)
class MonthResult:
    """One finished month: its run id, where its lists are, and what each phase left."""

    run_id: str
    folder: Path
    phases: tuple[PhaseResult, ...]

    def summary(self) -> dict[str, Any]:
        """Return counts for `--json`."""
        return {
            "run_id": self.run_id,
            "folder": str(self.folder),
            "phases": {p.name: {"seconds": p.seconds, **p.summary} for p in self.phases},
        }


def run_month(run: RunSettings, watch: Watch | None = None) -> MonthResult:
    """Run one month, or what is left of it; `watch` is told each phase before and after.

    Raises the MatchError of whatever stopped it; every state before the broken phase stays as it was.
    """
    with held(run.home):
        refuse_released(run.home, run.month)
        results: list[PhaseResult] = []
        for name in PHASE_NAMES:
            if watch:
                watch(name, None)
            results.append(run_one(run, name, results))
            if watch:
                watch(name, results[-1])
        expire_quarantine(run)
        run_id = results[-1].summary["run_id"]
        return MonthResult(run_id, run.home / "runs" / run_id, tuple(results))


def run_one(run: RunSettings, name: str, before: list[PhaseResult]) -> PhaseResult:
    """Run one phase after the ones before it, the caller holding the home folder."""
    fingerprint = phase_fingerprint(run, name, before)
    if name == "publish":
        return run_phase(run, Phase("publish", publishing(before, fingerprint)), fingerprint)
    return run_phase(run, next(phase for phase in PHASES if phase.name == name), fingerprint)


def phase_fingerprint(run: RunSettings, name: str, before: list[PhaseResult]) -> str:
    """Return one hash over everything a phase depends on; each phase's covers the ones before it."""
    parts: list[object] = [name, run.month, before[-1].fingerprint if before else ""]
    if name == "ingest":
        parts += [
            [(path.name, fp.file_sha256(path)) for path in open_to_a_run(run.incoming)],
            fp.code_sha256(),
            fp.reference_sha256(),
        ]
        # Increments and corrections are merged with the month before; what it delivered also tells what is late,
        # repeated or short, and may stand in.
        parts += [fp.versions(), known_fingerprint(run.home, run.previous_month, "ingest"), earlier_files(run)]
    if name == "link":
        parts += [ledger_fingerprint(run), accepted_version(run.home)]
    if name == "screen":
        parts += [run.seed, run.capacity_share, run.random_share]
        parts += [known_fingerprint(run.home, run.previous_month, "screen")]  # early warning compares the two months
    if name == "validate":
        parts += [known_fingerprint(run.home, run.previous_month, "screen")]  # drift is told against the month before
    if name == "publish":
        parts += [run.lang, catalogue_sha256(run.home)]
    return fp.combined(*parts)


def earlier_files(run: RunSettings) -> list[tuple[str, str, str]]:
    """Return the deliveries of earlier months that could stand in this month: month, name and hash."""
    could = [named.file for contract in discovery_contracts() for named in stand_in(run.incoming, contract)]
    return [(file.parent.name, file.name, fp.file_sha256(file)) for file in could]


def ledger_fingerprint(run: RunSettings) -> object:
    """Return what the person ids of this month rest on: the newest ledger before it."""
    lake = Lake(run.home, run.home / "work", run.month)
    before = [month for month in lake.months("ledger_person") if month < run.month]
    if not before:
        return None
    folder = lake.folder("ledger_person", before[-1])
    return [before[-1], [fp.file_sha256(path) for path in sorted(folder.glob("*.parquet"))]]


def publishing(
    before: list[PhaseResult], fingerprint: str
) -> Callable[[RunSettings, Lake, DuckEngine], dict[str, Any]]:
    """Return the last phase: everything into one folder that appears complete or not at all."""

    def work(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, Any]:
        run_id = f"{run.month}-{fingerprint[:8]}"
        target = lake.staging.parent / run_id
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        summary = {**publish(run, lake, db, target), "chains": publish_chains(run, lake, db, target)}
        write_manifest(run, target, [*before, PhaseResult("publish", fingerprint, summary, 0, 0, True)])
        final = run.home / "runs" / run_id
        final.parent.mkdir(parents=True, exist_ok=True)
        if final.exists():
            shutil.rmtree(final)
        target.rename(final)
        return {"run_id": run_id, **summary}

    return work
