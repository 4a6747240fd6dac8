"""Accuracy and speed of the linkage engine on the public sets, beside what other tools reached on them."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from flows.engines.duckdb import DuckEngine
from flows.link_files import LinkJob, read_people, read_spec, settings_of
from matchers.linkage.engine import group, link_records
from tests.benchmarks.alone import spent_by

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS = Path(os.environ.get("BENCHMARKS", ROOT.parent / "shared" / "benchmarks"))

# Cluster F1 in thousandths over all true pairs, as the README of the public sets records them: Splink 5 at its default
# and at the best threshold its labels give, and the feasibility prototype at its default.
PEERS: dict[str, tuple[str, str, str]] = {
    "fake_1000": ("916", "926", "976"),
    "febrl3": ("996", "998", "1000"),
    "febrl4": ("999", "1000", "1000"),
    "census_wic": ("518", "973", "996"),
    "census_ssa": ("990", "991", "994"),
    "census_w2": ("649", "862", "970"),
    "hong_kong_2694": ("-", "-", "101"),
    "historical_50k": ("822", "828", "942"),
    "febrl_c_50k": ("985", "985", "1000"),
    "febrl_c_1m": ("986", "986", "-"),
}

TIMED = "febrl_c_1m"
THRESHOLDS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True)
class Measured:
    """Pair precision, recall and F1 of the clusters, seconds of the whole process, and its peak memory.

    The calibration error is the expected one over the reported pairs; the best F1 is that of the best threshold of THRESHOLDS.
    """

    precision: float
    recall: float
    f1: float
    seconds: float
    peak_mb: int
    calibration_error: float
    best_f1: float


def bench_linkage(console: Console) -> dict[str, Measured]:
    """Link every public set that is present, print ours beside the peers', and return what was measured."""
    wanted = os.environ.get("SETS", " ".join(PEERS)).split()
    present = [name for name in wanted if (BENCHMARKS / name / "spec.yaml").is_file()]
    if not present:
        console.print("no public set is there; BENCHMARKS names the folder that holds them")
        return {}
    measured = {name: measure(BENCHMARKS / name) for name in present}
    table = Table(title="public sets: cluster F1 in thousandths at the default threshold, from the spec alone")
    for heading in (
        "set",
        "Splink 5",
        "its best",
        "prototype",
        "ours",
        "precision",
        "recall",
        "best F1",
        "ECE",
        "seconds",
        "peak MB",
    ):
        table.add_column(heading, justify="left" if heading == "set" else "right")
    for name, m in measured.items():
        ours = (f"{value * 1000:.1f}" for value in (m.f1, m.precision, m.recall))
        more = (f"{m.best_f1 * 1000:.1f}", f"{m.calibration_error:.4f}", f"{m.seconds:.1f}", str(m.peak_mb))
        table.add_row(name, *PEERS.get(name, ("-", "-", "-")), *ours, *more)
    console.print(table)
    return measured


def against_splink(console: Console, measured: dict[str, Measured]) -> None:
    """Run Splink 5 on the same million records in the same run, where its Python is named, and print the ratio."""
    python, ours = os.environ.get("SPLINK"), measured.get(TIMED)
    if not python or ours is None:
        console.print("SPLINK names no Python with Splink 5, or the set is not there: speed was not compared")
        return
    script = Path(__file__).with_name("splink_peer.py")
    peer = spent_by([python, str(script), str(BENCHMARKS / TIMED)])
    console.print(
        f"{TIMED}: ours {ours.seconds:.1f} s, {ours.peak_mb:,} MB; Splink 5 {peer.seconds:.1f} s, {peer.peak_mb:,} MB; "
        f"ours / Splink {ours.seconds / peer.seconds:.2f}"
    )


def measure(folder: Path) -> Measured:
    """Link one set in a process of its own, as `zhaoren link` does, and compare with its truth."""
    files = sorted(path for path in folder.glob("*.parquet") if path.stem != "truth")
    with tempfile.TemporaryDirectory(prefix="zhaoren-bench-") as out:
        command = [sys.executable, "-m", "flows.cli", "link", *map(str, files)]
        spent = spent_by([*command, "--spec", str(folder / "spec.yaml"), "--out", out])
        default = cluster_measures(folder, Path(out) / "persons.parquet")
        error = calibration_error(folder, Path(out) / "links.parquet")
        best = max(default[2], best_threshold_f1(folder, files, Path(out)))
        return Measured(*default, spent.seconds, spent.peak_mb, error, best)


def calibration_error(folder: Path, links: Path) -> float:
    """Return the expected calibration error: how far probability and share of true pairs differ, over twenty equal bins."""
    query = """
        with pair as (
            select l.match_probability as p, (a.entity_id = b.entity_id)::integer as is_true
            from read_parquet($links) l
            join read_parquet($truth) a on a.record_id = l.record_id_l
            join read_parquet($truth) b on b.record_id = l.record_id_r
        ),
        bin as (select count(*) as n, abs(avg(p) - avg(is_true)) as gap from pair group by least(floor(p * 20), 19))
        select coalesce(sum(n * gap) / sum(n), 0) from bin"""
    found = duckdb.execute(query, {"links": str(links), "truth": str(folder / "truth.parquet")}).fetchone()
    return float(found[0]) if found else 0.0


def best_threshold_f1(folder: Path, files: list[Path], out: Path) -> float:
    """Return the highest cluster F1 that any threshold gives; the model is trained once."""
    spec = read_spec(folder / "spec.yaml")
    settings = settings_of(LinkJob(folder / "spec.yaml", tuple(files), out), spec)
    with DuckEngine(scratch=out) as db:
        read_people(db, spec, tuple(files), out)
        linkage = link_records(db, settings)
        if linkage.scorer is None:
            return 0.0
        names = db.arrays("select record_id from link_row order by row")["record_id"]
        found = []
        for threshold in THRESHOLDS:
            labels = group(linkage.table, linkage.scored, linkage.scorer, replace(settings, threshold=threshold))
            persons = out / "at_threshold.parquet"
            pq.write_table(pa.table({"record_id": list(names), "person_id": names[labels].tolist()}), persons)
            found.append(cluster_measures(folder, persons)[2])
    return max(found)


def cluster_measures(folder: Path, persons: Path) -> tuple[float, float, float]:
    """Return precision, recall and F1 over pairs of records; in a link task only pairs across files count."""
    across = "is_link" if "task: link" in (folder / "spec.yaml").read_text(encoding="utf-8") else "false"
    together = """
        with labelled as (
            select person_id, entity_id, split_part(record_id, '-', 1) as source, $across as is_link
            from read_parquet($persons) p join read_parquet($truth) t using (record_id)
        ),
        cell as (select person_id, entity_id, source, count(*) as n from labelled group by all)
    """.replace("$across", "true" if across == "is_link" else "false")
    counts = [
        f"(select coalesce(sum(n * (n - 1) // 2), 0) from (select sum(n) as n from cell group by {by}))"
        for by in ("person_id, entity_id", "person_id", "entity_id")
    ]
    if across == "is_link":
        counts = [
            f"{count} - (select coalesce(sum(n * (n - 1) // 2), 0) from (select sum(n) as n from cell group by {by}, source))"
            for count, by in zip(counts, ("person_id, entity_id", "person_id", "entity_id"), strict=True)
        ]
    values = {"persons": str(persons), "truth": str(folder / "truth.parquet")}
    found = duckdb.execute(f"{together} select {', '.join(counts)}", values).fetchone()
    right, held, true = (int(value) for value in found or (0, 0, 0))
    return right / max(held, 1), right / max(true, 1), 2 * right / max(held + true, 1)


if __name__ == "__main__":
    bench_linkage(Console(width=120))
