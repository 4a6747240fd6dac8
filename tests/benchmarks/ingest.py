"""How fast a month's deliveries become tables: per source and stage, beside plain DuckDB reading and writing the same files.

The figure that counts is rows a second by the clock of a quiet machine, from the start of the process to the end of
Great Expectations. Seconds by part are CPU seconds of all threads, so that a busy machine does not change them much;
peak memory is that of a process that does nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from tests.benchmarks.alone import spent_by

CORES = 2
MONTH = "2026-10"
# A county that delivers five million rows a month.
FIVE_MILLION_ROWS = 710_000
Took = dict[str, float]


def bench_ingest(console: Console, people: int, seed: int = 11) -> dict[str, Any]:
    """Simulate a county, ingest its month and hold its door in a process of its own; print and return what it took."""
    with tempfile.TemporaryDirectory(prefix="zhaoren-bench-") as folder:
        words = ("simulate", "--people", str(people), "--months", "1", "--seed", str(seed), "--out", folder)
        subprocess.run([sys.executable, "-m", "flows.cli", *words], check=True, capture_output=True)
        return compare_with_floor(console, f"{people:,} people", folder)


def compare_with_floor(console: Console, title: str, home: str) -> dict[str, Any]:
    """Measure the month of a home folder, which is only read, beside its floor; print and return what both took."""
    measured, floor = measured_apart("product", home), measured_apart("floor", home)
    rows = sum(measured["rows"].values())
    sources = sum(count > 0 for count in measured["rows"].values())
    table = Table(title=f"ingest of {title}, {rows:,} delivered rows, {sources} sources")
    for heading in ("source or stage", "rows", "CPU s", "floor", "ratio", "µs a row"):
        table.add_column(heading, justify="left" if heading == "source or stage" else "right")
    for name, took in [*measured["took"].items(), ("whole process", measured["cpu"])]:
        plain = floor["cpu"] if name == "whole process" else floor["took"].get(name)
        count = rows if name == "whole process" else measured["rows"].get(name)
        table.add_row(name, *figures(took, plain, count))
    console.print(table)
    speed, floor_speed = rows / measured["wall"], rows / floor["wall"]
    console.print(
        f"end to end by the clock: {speed:,.0f} rows/s ({rows:,} rows in {measured['wall']:.1f} s), "
        f"the floor {floor_speed:,.0f}, {floor_speed / speed:.1f} times that\n"
        f"cores at work: {measured['cpu'] / measured['wall']:.2f} of {CORES}; with both always at work it would be "
        f"{rows * CORES / measured['cpu']:,.0f} rows/s; peak {measured['peak_mb']:,} MB, floor {floor['peak_mb']:,} MB"
    )
    cpu = {"cpu": measured["cpu"], "floor_cpu": floor["cpu"], "wall": measured["wall"]}
    return {"rows": rows, **cpu, "rows_per_second": speed, "peak_mb": measured["peak_mb"]}


def figures(took: float, plain: float | None, count: int | None) -> tuple[str, ...]:
    """Return a line's rows, CPU seconds, those of the floor, their ratio and microseconds a row."""
    ratio = ("", "") if plain is None else (f"{plain:.2f}", f"{took / max(plain, 0.01):.1f}")
    return (f"{count:,}" if count else "", f"{took:.2f}", *ratio, f"{took / count * 1e6:.1f}" if count else "")


def measured_apart(what: str, home: str) -> dict[str, Any]:
    """Measure in a process of its own; return CPU seconds in all and by part, rows by source, wall seconds, peak MB."""
    command = [sys.executable, "-m", "tests.benchmarks.ingest", what, home]
    with tempfile.NamedTemporaryFile("r") as said:
        spent = spent_by(command, said.name)
        found = dict(json.load(said))
    return {**found, "cpu": spent.cpu, "wall": spent.seconds, "peak_mb": spent.peak_mb}


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


@contextmanager
def counted_parts(took: Took) -> Iterator[None]:
    """Count what the parts of the phase take, per source where they work on one."""
    from flows import ingest as phase
    from flows.sources import deliveries
    from flows.sources.receiving import receive
    from flows.standardising import standardise, state_aside, write_records
    from matchers.standardise.profile import profile_deliveries

    by_source: tuple[tuple[Any, str, Callable[..., str], Callable[..., Any]], ...] = (
        (deliveries, "open_one", lambda contract, *_: str(contract.source_id), deliveries.open_one),
        (phase, "receive", lambda _, contract, *rest: str(contract.source_id), receive),
        (phase, "write_raw", lambda _, db, contract, *rest: str(contract.source_id), phase.write_raw),
        (phase, "state_aside", lambda *_: "(state identities)", state_aside),
        (phase, "standardise", lambda *_: "(standardise identities)", standardise),
        (phase, "write_records", lambda *_: "(write std_record)", write_records),
        (phase, "profile_deliveries", lambda *_: "(profile)", profile_deliveries),
    )
    with ExitStack() as patched:
        for module, part, name, work in by_source:
            patched.enter_context(patch.object(module, part, counting(took, name, work)))
        yield


def ingest_and_hold(home: Path, work: Path) -> dict[str, Any]:
    """Ingest the month as a run does, then hold the arrival door with Great Expectations."""
    took: Took = {}
    with counted(took, "(imports)"):
        from flows import validation
        from flows.engines.duckdb import DuckEngine
        from flows.gate import hold
        from flows.ingest import ingest
        from flows.lake import Lake
        from flows.settings import RunSettings
        from matchers.quality.arrival import ArrivalLimits, check_sources
        from schemas.expectations import at_arrival
        from schemas.records import DELIVERY, QUARANTINE, STD_RECORD

    run, lake = RunSettings(home=home, month=MONTH), Lake(work / "home", work / "staging", MONTH)
    with DuckEngine(memory=run.memory, scratch=work / "spill") as db, counted_parts(took):
        summary = ingest(run, lake, db)
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
