"""How long a month takes and how much memory, phase by phase, on simulated counties of growing size.

A month has another one before it, so that everything that compares the two has work to do.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

BEFORE, MONTH = "2026-09", "2026-10"


def bench_month(console: Console, people: int, seed: int = 11) -> dict[str, Any]:
    """Simulate a county, run its second month in a process of its own, print and return seconds, rows/s and peak MB."""
    with tempfile.TemporaryDirectory(prefix="zhaoren-bench-") as folder:
        home = Path(folder)
        seconds, _ = timed("simulate", "--people", str(people), "--months", "2", "--seed", str(seed), "--out", folder)
        timed("run", "--month", BEFORE, "--home", folder)
        whole, said = timed("run", "--month", MONTH, "--home", folder, "--json")
        summary = json.loads(said)
        timings = json.loads((Path(summary["folder"]) / "timings.json").read_text(encoding="utf-8"))
        rows = sum(delivered_rows(home))
    table = Table(title=f"{people:,} people, {rows:,} delivered rows")
    for heading in ("phase", "seconds", "delivered rows/s", "peak MB"):
        table.add_column(heading, justify="left" if heading == "phase" else "right")
    table.add_row("(simulate both)", f"{seconds:.1f}", "", "")
    for name, took in timings.items():
        table.add_row(
            name, f"{took['seconds']:.1f}", f"{rows / max(took['seconds'], 0.1):,.0f}", str(took["peak_memory_mb"])
        )
    table.add_row(
        "whole process", f"{whole:.1f}", f"{rows / whole:,.0f}", str(max(t["peak_memory_mb"] for t in timings.values()))
    )
    console.print(table)
    screened = timings["screen"]
    console.print(
        f"screening {people:,} people for all programmes and indicators: {screened['seconds']:.1f} s, "
        f"{screened['peak_memory_mb']:,} MB at most"
    )
    return {"people": people, "rows": rows, "seconds": whole, "phases": timings}


def timed(*words: str) -> tuple[float, str]:
    """Run a zhaoren command; return wall seconds and what it printed."""
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "flows.cli", *words], check=True, capture_output=True, text=True)
    return time.monotonic() - started, done.stdout


def delivered_rows(home: Path) -> list[int]:
    """Return the delivered rows of each source the run read."""
    import duckdb

    pattern = home / "lake" / "delivery" / f"month={MONTH}" / "*.parquet"
    with duckdb.connect() as db:
        return [n for (n,) in db.execute(f"select delivered_count from read_parquet('{pattern}')").fetchall()]
