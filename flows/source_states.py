"""Every source with the state of its delivery for one month: what came, what became of it, what is late."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.outputs.words import Words
from flows.settings import RunSettings
from flows.sources.contracts import read_contracts
from flows.sources.deliveries import Named, is_delivery, name_of
from matchers.errors import DeliveryError
from schemas.records import DELIVERY
from schemas.source import SourceContract

# Months without a delivery after which a source is late.
MONTHS_BETWEEN = {"monthly": 1, "quarterly": 3, "yearly": 12}


@dataclass(frozen=True)
class SourceState:
    """One source and its delivery of a month; counts are None where the month was not ingested."""

    source_id: str
    title: str
    provider: str
    stage: str
    cadence: str
    rows_per_thousand: float | None
    state: str
    files: tuple[str, ...]
    delivered: int | None
    loaded: int | None
    quarantined: int | None
    last_month: str | None


def source_states(home: Path, month: str, lang: str) -> list[SourceState]:
    """Return every source, discovery stage first, with the state of this month's delivery.

    Raises DeliveryError where `month` is none.
    """
    run = RunSettings(home=home, month=month)
    words, came, taken = Words(lang), files_by_month(run), ingested(run)
    states = []
    for contract in sorted(
        read_contracts().values(), key=lambda c: (c.stage != "discovery", not c.agreed, c.source_id)
    ):
        source_id = contract.source_id
        months = sorted(month for month, sources in came.items() if source_id in sources)
        files = came.get(month, {}).get(source_id, ())
        delivered, loaded, quarantined = taken.get(source_id, (None, None, None))
        state = state_of(contract, month, months, delivered is not None)
        states.append(
            SourceState(
                source_id, words.source(source_id), contract.provider, contract.stage, contract.cadence,
                contract.rows_per_thousand, state, files, delivered, loaded, quarantined, months[-1] if months else None,
            )
        )  # fmt: skip
    return states


def newest_month(home: Path) -> str:
    """Return the newest month anything was delivered for; raises DeliveryError where there is none."""
    months = sorted(folder.name for folder in (home / "incoming").glob("????-??") if folder.is_dir())
    if not months:
        raise DeliveryError(f"there is no folder of a month in {home / 'incoming'}. Put deliveries there first.")
    return months[-1]


def files_by_month(run: RunSettings) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return month → source → files that came, up to the month asked for; check-stage files are not even named."""
    named = {
        folder.name: [name_of(file) for file in sorted(folder.iterdir()) if is_delivery(file)]
        for folder in sorted((run.home / "incoming").glob("????-??"))
        if folder.name <= run.month
    }
    return {month: by_source([each for each in names if each]) for month, names in named.items()}


def by_source(files: list[Named]) -> dict[str, tuple[str, ...]]:
    """Return source → names of its files."""
    found: dict[str, tuple[str, ...]] = {}
    for each in files:
        contract = read_contracts().get(each.source_id)
        if contract and contract.stage == "discovery":
            found[each.source_id] = (*found.get(each.source_id, ()), each.file.name)
    return found


def ingested(run: RunSettings) -> dict[str, tuple[int, int, int]]:
    """Return rows delivered, loaded and quarantined per source that came; nothing where the month was not ingested."""
    lake = Lake(run.home, run.home / "work", run.month)
    if not lake.has(DELIVERY.name):
        return {}
    with DuckEngine(memory="1GB") as db:
        lake.read(db, DELIVERY.name)
        rows = db.rows(
            "select source_id, delivered_count, loaded_count, quarantined_count from delivery where file_name is not null"
        )
    return {source_id: (delivered, loaded, refused) for source_id, delivered, loaded, refused in rows}


def state_of(contract: SourceContract, month: str, months: list[str], is_taken: bool) -> str:
    """Return the state of a source: the months it came in are known, up to the one asked for."""
    if contract.stage == "check":
        return "check_stage"
    if not contract.agreed:
        return "not_agreed"
    if month in months:
        return "loaded" if is_taken else "came"
    if contract.required:
        return "missing"
    allowed = MONTHS_BETWEEN.get(contract.cadence)
    if allowed is None:
        return "on_request"
    if not months:
        return "never_came"
    return "late" if months_apart(months[-1], month) >= allowed else "not_due"


def months_apart(earlier: str, later: str) -> int:
    """Return how many months lie between two months."""
    first, second = ((int(month[:4]) * 12 + int(month[5:])) for month in (earlier, later))
    return second - first


def print_sources(console: Console, states: list[SourceState], lang: str) -> None:
    """Print one line per source."""
    say = Words(lang).say
    table = Table(*(say("source_states", head) for head in ("source", "provider", "cadence", "state", "files")))
    for head in ("delivered", "loaded", "quarantined"):
        table.add_column(say("source_states", head), justify="right")
    for each in states:
        counts = (f"{n:,}" if n is not None else "" for n in (each.delivered, each.loaded, each.quarantined))
        state = say("source_states", f"is_{each.state}")
        cells = (f"{each.title}\n{each.source_id}", each.provider, say("source_states", each.cadence), state)
        table.add_row(*cells, "\n".join(each.files), *counts)
    console.print(table)


def as_json(states: list[SourceState]) -> dict[str, Any]:
    """Return the states by source, for machines."""
    return {"sources": {each.source_id: asdict(each) for each in states}}
