"""The first thing a newcomer runs: a county that never existed, three months of it, and where to look."""

from __future__ import annotations

from rich.console import Console
from rich.panel import Panel

from flows.evaluation import evaluate, print_evaluation
from flows.monthly import MonthResult, run_month
from flows.progress import month_progress
from flows.settings import RunSettings
from flows.simulation import SimulationSettings, simulate


def run_demo(console: Console, county: SimulationSettings, lang: str) -> MonthResult:
    """Simulate a county, run its months, measure the last against the truth, and say where everything is."""
    console.print(f"A county of {county.people:,} people who never existed, {county.months} months of deliveries …")
    simulate(county)
    for month in sorted(path.name for path in (county.out / "incoming").iterdir()):
        with month_progress(console, month, lang) as watch:
            result = run_month(RunSettings(home=county.out, month=month, lang=lang), watch)
    print_evaluation(console, evaluate(county.out, county.out / "truth", county.last_month))
    console.print(Panel(where_to_look(result), title="where to look", expand=False))
    return result


def where_to_look(result: MonthResult) -> str:
    """Return the places a newcomer should open first."""
    lists = sorted(result.folder.glob("lists/*.xlsx"))
    return "\n".join(
        [
            f"report            {result.folder / 'report.html'}",
            f"candidate lists   {result.folder / 'lists'}  ({len(lists)} workbooks, one per township)",
            f"all candidates    {result.folder / 'lists' / 'candidates.parquet'}",
            f"manifest          {result.folder / 'manifest.json'}",
            f"let them out      zhaoren release {result.run_id} --by NAME --home {result.folder.parents[1]}",
        ]
    )
