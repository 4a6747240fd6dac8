"""What a run was made from and what came out: enough to repeat it, and to say why two runs differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flows import fingerprint as fp
from flows.phases import PhaseResult, write_whole
from flows.settings import RunSettings
from flows.sources.deliveries import open_to_a_run


def write_manifest(run: RunSettings, target: Path, phases: list[PhaseResult]) -> None:
    """Write `manifest.json`, the same for the same inputs, and `timings.json`, which is not."""
    write_whole(target / "manifest.json", as_json(manifest(run, target, phases)))
    write_whole(target / "timings.json", as_json(timings(phases)))


def manifest(run: RunSettings, target: Path, phases: list[PhaseResult]) -> dict[str, Any]:
    """Return inputs with sha256, versions, parameters, counts, gate results and the sha256 of everything published."""
    published = sorted(path for path in target.rglob("*") if path.is_file())
    return {
        "run_id": target.name,
        "month": run.month,
        "day": run.day,
        "parameters": {
            "seed": run.seed,
            "lang": run.lang,
            "capacity_share": run.capacity_share,
            "random_share": run.random_share,
        },
        "code_sha256": fp.code_sha256(),
        "reference_sha256": fp.reference_sha256(),
        "libraries": fp.versions(),
        "deliveries": {path.name: fp.file_sha256(path) for path in open_to_a_run(run.incoming)},
        "phases": {phase.name: {"fingerprint": phase.fingerprint, **phase.summary} for phase in phases},
        "published": {path.relative_to(target).as_posix(): fp.file_sha256(path) for path in published},
    }


def timings(phases: list[PhaseResult]) -> dict[str, Any]:
    """Return phase → seconds and peak memory in MB; kept apart because no two runs take the same time."""
    return {p.name: {"seconds": p.seconds, "peak_memory_mb": p.peak_memory_mb} for p in phases if p.name != "publish"}


def as_json(value: object) -> str:
    """Return JSON with a fixed order of keys."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
