"""How fast a month's deliveries become tables: per source and stage, beside plain DuckDB reading and writing the same files.

Seconds are CPU seconds of all threads, so that a busy machine does not change them much; rows/s are those two idle cores
would reach, and peak memory is that of a process that does nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

CORES = 2
MONTH = "2026-10"
Took = dict[str, float]


def bench_ingest(console: Console, people: int, seed: int = 11) -> dict[str, Any]:
    """Simulate a county, ingest its month and hold its door in a process of its own; print and return what it took."""
    with tempfile.TemporaryDirectory(prefix="zhaoren-bench-") as folder:
        words = ("simulate", "--people", str(people), "--months", "1", "--seed", str(seed), "--out", folder)
        subprocess.run([sys.executable, "-m", "flows.cli", *words], check=True, capture_output=True)
        measured = measured_apart("product", folder)
        floor = measured_apart("floor", folder)
    rows = sum(measured["rows"].values())
    table = Table(title=f"ingest of {people:,} people, {rows:,} delivered rows, {len(measured['rows'])} sources")
    for heading in ("source or stage", "rows", "CPU s", "floor", "ratio", "µs a row"):
        table.add_column(heading, justify="left" if heading == "source or stage" else "right")
    for name, took in measured["took"].items():
        plain, count = floor["took"].get(name), measured["rows"].get(name)
        shown = (f"{plain:.2f}", f"{took / max(plain, 0.01):.1f}") if plain is not None else ("", "")
        table.add_row(
            name, f"{count:,}" if count else "", f"{took:.2f}", *shown, f"{took / count * 1e6:.1f}" if count else ""
        )
    total, plain = measured["cpu"], floor["cpu"]
    table.add_row(
        "whole process",
        f"{rows:,}",
        f"{total:.1f}",
        f"{plain:.1f}",
        f"{total / plain:.1f}",
        f"{total / rows * 1e6:.1f}",
    )
    console.print(table)
    speed = rows / (total / CORES)
    console.print(
        f"{speed:,.0f} rows/s on {CORES} idle cores (wall here {measured['wall']:.0f} s); "
        f"peak {measured['peak_mb']:,} MB, floor {floor['peak_mb']:,} MB"
    )
    return {"rows": rows, "cpu": total, "floor_cpu": plain, "rows_per_second": speed, "peak_mb": measured["peak_mb"]}


def measured_apart(what: str, home: str) -> dict[str, Any]:
    """Measure in a process of its own; return CPU seconds in all and by part, rows by source, wall seconds, peak MB."""
    command = [sys.executable, "-m", "tests.benchmarks.ingest", what, home]
    with tempfile.TemporaryFile("w+") as said:
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=said)
        _, status, usage = os.wait4(child.pid, 0)
        if status:
            raise RuntimeError(f"ingest benchmark: {what} failed")
        said.seek(0)
        found = dict(json.load(said))
    cpu = usage.ru_utime + usage.ru_stime
    return {**found, "cpu": cpu, "wall": time.monotonic() - started, "peak_mb": usage.ru_maxrss // 1024}


@contextmanager
def counted(took: Took, part: str) -> Iterator[None]:
    """Add the CPU seconds of what happens inside to a part."""
    before = os.times()
    yield
    after = os.times()
    took[part] = took.get(part, 0.0) + after.user + after.system - before.user - before.system


def counting(took: Took, name: Callable[..., str], work: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its CPU seconds counted under a name made of its arguments."""

    def run(*arguments: Any) -> Any:
        with counted(took, name(*arguments)):
            return work(*arguments)

    return run


def ingest_and_hold(home: Path, work: Path) -> dict[str, Any]:
    """Ingest the month as a run does, then hold the arrival door with Great Expectations."""
    from flows import ingest as phase
    from flows import validation
    from flows.engines.duckdb import DuckEngine
    from flows.gate import hold
    from flows.lake import Lake
    from flows.settings import RunSettings
    from flows.sources import deliveries
    from flows.sources.receiving import receive
    from matchers.quality.arrival import ArrivalLimits, check_sources
    from matchers.standardise.profile import profile_deliveries
    from schemas.expectations import at_arrival
    from schemas.records import DELIVERY, QUARANTINE, STD_RECORD

    took: Took = {}
    run, lake = RunSettings(home=home, month=MONTH), Lake(work / "home", work / "staging", MONTH)
    patches = (
        patch.object(
            deliveries, "open_one", counting(took, lambda contract, *_: contract.source_id, deliveries.open_one)
        ),
        patch.object(phase, "receive", counting(took, lambda _, contract, *rest: contract.source_id, receive)),
        patch.object(phase, "write_raw", counting(took, lambda _, db, contract: contract.source_id, phase.write_raw)),
        patch.object(phase, "standardise", counting(took, lambda *_: "(standardise identities)", phase.standardise)),
        patch.object(phase, "write_records", counting(took, lambda *_: "(write std_record)", phase.write_records)),
        patch.object(phase, "profile_deliveries", counting(took, lambda *_: "(profile)", profile_deliveries)),
    )
    with DuckEngine(memory=run.memory, scratch=work / "spill") as db:
        for each in patches:
            each.start()
        summary = phase.ingest(run, lake, db)
        patch.stopall()
    lake.commit()
    with DuckEngine(memory=run.memory, scratch=work / "spill") as db, counted(took, "(Great Expectations)"):
        validation.open_month(run, lake, db, (DELIVERY, QUARANTINE, STD_RECORD))
        check_sources(db, validation.raw_tables(lake, db), ArrivalLimits())
        hold(db, "arrival", at_arrival())
    sources: Any = summary["sources"]
    rows = {source_id: source["delivered"] for source_id, source in sources.items()}
    return {"took": took, "rows": rows}


def read_and_write(home: Path, work: Path) -> dict[str, Any]:
    """Read every delivery with plain DuckDB, or the workbook reader, and write it as Parquet: nothing is checked."""
    import duckdb
    import pyarrow as pa
    from python_calamine import CalamineWorkbook

    from flows.sources.contracts import discovery_contracts

    took: Took = {}
    known = {contract.source_id for contract in discovery_contracts()}
    with duckdb.connect(config={"threads": CORES}) as db:
        for file in sorted((home / "incoming" / MONTH).iterdir()):
            if file.stem not in known:
                continue
            with counted(took, file.stem):
                source = f"'{file}'"
                if file.suffix == ".xlsx":
                    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
                    cells = {
                        f"c{place}": list(map(str, column)) for place, column in enumerate(zip(*sheet, strict=True))
                    }
                    db.register("filled", pa.table(cells))
                    source = "filled"
                elif file.suffix == ".csv":
                    source = f"read_csv('{in_utf8(file, work)}', all_varchar=true)"
                written = work / f"{file.stem}.parquet"
                db.execute(f"copy (select * from {source}) to '{written}' (format parquet, compression zstd)")
    return {"took": took, "rows": {}}


def in_utf8(file: Path, work: Path) -> Path:
    """Return a text file that DuckDB can read: itself, or a copy where it is GB18030."""
    text = file.read_bytes()
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        copy = work / file.name
        copy.write_text(text.decode("gb18030"), encoding="utf-8")
        return copy
    return file


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="zhaoren-bench-") as scratch:
        measure = {"product": ingest_and_hold, "floor": read_and_write}[sys.argv[1]]
        sys.stdout.write(json.dumps(measure(Path(sys.argv[2]), Path(scratch))))
