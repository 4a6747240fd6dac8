"""Simulate a county: what its departments deliver month by month, and the truth about everybody in it.

Chunks of people are lived through and written down in worker processes; this process only appends what they made, in
the order of the chunks, so the same seed gives the same bytes with any number of workers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from flows.settings import MONTH
from flows.synthetic.deliveries.chance import Numbers
from flows.synthetic.deliveries.departments import SOURCES, deliver
from flows.synthetic.deliveries.people import People
from flows.synthetic.deliveries.writers import DeliveryFile, Payload, encode, open_delivery
from flows.synthetic.offers import write_offers
from flows.synthetic.snapshot import Snapshot
from flows.synthetic.truth import ENTITLEMENT, IDENTITY, PERSON, TruthWriter
from flows.synthetic.world.plan import WorldPlan
from flows.synthetic.world.world import simulate_chunk
from matchers.errors import DeliveryError


@dataclass(frozen=True)
class SimulationSettings:
    """A county to simulate into `out`: its size, its months up to `last_month`, and how many times the usual errors."""

    people: int
    out: Path
    months: int = 3
    last_month: str = "2026-10"
    seed: int = 1
    noise: float = 1.0
    workers: int = 2
    chunk_size: int = 20_000

    def __post_init__(self) -> None:
        """Refuse a month that is not one."""
        if not MONTH.match(self.last_month):
            raise DeliveryError(f"{self.last_month} is not a month. Write it as 2026-10.")

    @property
    def month_names(self) -> tuple[str, ...]:
        """The months, oldest first."""
        last = np.datetime64(self.last_month, "M")
        return tuple(str(last - back) for back in reversed(range(self.months)))

    @property
    def plan(self) -> WorldPlan:
        """The world to live through."""
        return WorldPlan(people=self.people, months=self.month_names, seed=self.seed, chunk_size=self.chunk_size)


@dataclass(frozen=True)
class SourcePart:
    """One source's rows of one chunk, ready to append, and whose they are by role."""

    payload: Payload
    schema: pa.Schema
    count: int
    people: dict[str, Numbers]


@dataclass(frozen=True)
class MonthPart:
    """One chunk in one month: what every source delivers, and the truth."""

    truth: Snapshot
    sources: dict[str, SourcePart]


def simulate(settings: SimulationSettings) -> dict[str, object]:
    """Write out/incoming/<month>/<source> and out/truth; return counts by source of the last month, and in all."""
    columns = (TextColumn("simulating people"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress, ExitStack() as stack:
        task = progress.add_task("", total=settings.people)
        county = stack.enter_context(County(settings.out, settings.month_names))
        for chunk, parts in enumerate(live(settings)):
            for part in parts:
                county.add(part)
            progress.update(task, advance=settings.plan.people_in(chunk))
    write_offers(settings.out / "offers.yaml", settings.last_month)
    return {
        "people": settings.people,
        "months": list(settings.month_names),
        "rows": sum(county.counts.values()),
        "rows_last_month": {source_id: county.counts[settings.last_month, source_id] for source_id in SOURCES},
        "out": str(settings.out),
    }


def live(settings: SimulationSettings) -> Iterator[list[MonthPart]]:
    """Yield each chunk's months, in the order of the chunks; never more chunks in memory than there are workers, and two."""
    chunks = range(settings.plan.chunk_count)
    if settings.workers < 2 or len(chunks) == 1:
        yield from (live_chunk(settings, chunk) for chunk in chunks)
        return
    # Arrow's own threads would only get into one another's way: every worker has a core of its own.
    with ProcessPoolExecutor(settings.workers, get_context("spawn"), pa.set_cpu_count, (1,)) as pool:
        ahead: deque[Future[list[MonthPart]]] = deque()
        for chunk in chunks:
            ahead.append(pool.submit(live_chunk, settings, chunk))
            if len(ahead) > settings.workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def live_chunk(settings: SimulationSettings, chunk: int) -> list[MonthPart]:
    """Return what one chunk of people lives through and what is written down of it, month by month."""
    parts: list[MonthPart] = []
    before: People | None = None
    for snapshot in simulate_chunk(settings.plan, chunk):
        people = People(snapshot, before)
        sheets = deliver(people, (settings.seed, settings.noise))
        sources = {
            source_id: SourcePart(
                encode(source_id, sheet.table), sheet.table.schema, sheet.table.num_rows, sheet.people
            )
            for source_id, sheet in sheets
        }
        parts.append(MonthPart(truth_of(snapshot), sources))
        people.close_month()
        before = people
    return parts


def truth_of(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with what the truth files hold, and nothing else, to go from process to process."""
    return replace(
        snapshot,
        persons=snapshot.persons[list(dict.fromkeys(PERSON.names + IDENTITY.names))],
        households=snapshot.households.iloc[:0],
        settlements=snapshot.settlements.iloc[:0],
        entitlement=snapshot.entitlement[ENTITLEMENT.names],
    )


class County:
    """The files of a county being written: complete on a clean exit, removed on any other."""

    def __init__(self, out: Path, months: tuple[str, ...]) -> None:
        self._out = out
        self._files: dict[tuple[str, str], DeliveryFile] = {}
        self._truth = TruthWriter(out / "truth", months)
        self.counts: dict[tuple[str, str], int] = {}
        for month in months:
            (out / "incoming" / month).mkdir(parents=True, exist_ok=True)

    def add(self, part: MonthPart) -> None:
        """Append one chunk in one month to every file it belongs to."""
        self._truth.add_persons(part.truth)
        self._truth.add_entitlement(part.truth)
        for source_id, source in part.sources.items():
            place = part.truth.month, source_id
            if place not in self._files:
                self._files[place] = open_delivery(self._out / "incoming" / place[0], source_id, source.schema)
            self._files[place].append(source.payload)
            start = self.counts.get(place, 0)
            numbers = np.arange(start + 1, start + 1 + source.count, dtype=np.int64)
            for role, person_nos in source.people.items():
                self._truth.add_rows(*place, role, numbers, person_nos)
            self.counts[place] = start + source.count

    def __enter__(self) -> County:
        """Nothing to do: files are begun with their first rows."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Put the files in their places, or remove what was begun."""
        self._truth.close()
        for file in self._files.values():
            file.close() if kind is None else file.discard()
