"""Early warning in one month: this month's facts against last month's, by what officials ask to be watched."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.outputs.words import Words
from flows.rules import REFERENCE, found, read_shape
from flows.screening import rules_of_the_month, screen
from flows.settings import RunSettings
from matchers.errors import RuleFileError
from matchers.indicators.observing import find_standings, observe, observe_before, weigh_earners
from matchers.indicators.placing import find_silencers, place_units
from matchers.indicators.raising import lay_out, raise_signals
from matchers.indicators.rules import Unwatched, WatchBook, open_watch_book
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FACT
from schemas.households import HOUSEHOLD_MEMBER
from schemas.indicator import Indicator, NotWatched, NotWatchedList
from schemas.parameter import AreaParameters
from schemas.signals import SIGNAL

log = logging.getLogger(__name__)
BEFORE = (FACT, HOUSEHOLD_MEMBER, CANDIDATE)
NOT_WATCHED = "not_watched.yaml"


def read_indicators(folder: Path = REFERENCE) -> tuple[Indicator, ...]:
    """Return every indicator, in the order of their codes; raises RuleFileError where a file is not one."""
    files = [file for file in found(folder / "indicators") if file.name != NOT_WATCHED]
    read = tuple(read_shape(file, Indicator) for file in files)
    names = [indicator.indicator_id for indicator in read]
    if len(names) != len(set(names)):
        raise RuleFileError("an indicator_id stands in more than one file of data/reference/indicators")
    return tuple(sorted(read, key=lambda indicator: (indicator.code, indicator.indicator_id)))


def read_not_watched(folder: Path = REFERENCE) -> tuple[NotWatched, ...]:
    """Return what the catalogue names and nobody watches here."""
    return read_shape(folder / "indicators" / NOT_WATCHED, NotWatchedList).not_watched


def with_figures(areas: Iterable[AreaParameters], folder: Path = REFERENCE) -> tuple[AreaParameters, ...]:
    """Return the areas with the figures of early warning beside their own; an area without a file has none."""
    files = (folder / "indicators" / "figures").glob("*.yaml")
    figures = {read.area: read.parameters for read in (read_shape(file, AreaParameters) for file in sorted(files))}
    return tuple(
        area.model_copy(update={"parameters": {**area.parameters, **figures.get(area.area, {})}}) for area in areas
    )


def screen_and_watch(run: RunSettings, lake: Lake, db: DuckEngine) -> dict[str, object]:
    """Make everything screening makes, then signal; return counts, and what could not be compared or watched."""
    screened = screen(run, lake, db)
    book = open_watch_book(read_indicators(), with_figures(rules_of_the_month(db).areas), run.day)
    for stop in book.stopped:
        log.error("%s is not watched in area %s: %s", stop.indicator_id, stop.area, stop.reason)
    lake.read(db, "person_event")
    for table in BEFORE:
        open_month_before(run, lake, db, table)
    raise_all(db, book, comparable_sources(run, lake, db))
    lake.write(db, SIGNAL)
    return {**screened, "early_warning": summary(run, lake, db, book)}


def raise_all(db: DuckEngine, book: WatchBook, comparable: tuple[str, ...]) -> None:
    """Make SIGNAL from the facts, standings and verdicts of the session."""
    reading = book.reading()
    find_standings(db)
    observe(db, reading)
    observe_before(db, reading)
    weigh_earners(db)
    place_units(db)
    find_silencers(db, tuple(sorted({fact for watch in book.watches for fact in watch.indicator.unless})))
    lay_out(db, book.watches)
    raise_signals(db, comparable)


def open_month_before(run: RunSettings, lake: Lake, db: DuckEngine, table: Table) -> None:
    """Let `<table>_before` stand for the month before; an empty table where there was none."""
    if lake.has(table.name, run.previous_month):
        lake.read(db, table.name, run.previous_month, f"{table.name}_before")
    else:
        nothing = ", ".join(f"null::{column.type} as {column.name}" for column in table.columns)
        db.run(f"create or replace view {table.name}_before as select {nothing} where false")


def comparable_sources(run: RunSettings, lake: Lake, db: DuckEngine) -> tuple[str, ...]:
    """Return the sources that were delivered a month before as well: only what they say can be called new."""
    if not (lake.has("fact", run.previous_month) and lake.has("delivery", run.previous_month)):
        return ()
    lake.read(db, "delivery", run.previous_month, "delivery_before")
    delivered = [
        str(source)
        for (source,) in db.rows(
            "select source_id from delivery_before where loaded_count > 0 and state <> 'carried_forward' order by 1"
        )
    ]
    return ("derived", *delivered)


def not_watched(run: RunSettings, db: DuckEngine) -> list[dict[str, object]]:
    """Return what nobody watches this month, in both languages: indicators without a figure first, then the catalogue's."""
    book = open_watch_book(read_indicators(), with_figures(rules_of_the_month(db).areas), run.day)
    names = {indicator.indicator_id: indicator.name for indicator in read_indicators()}
    stopped = [
        {"name": names[stop.indicator_id].model_dump(), "why": {lang: why_stopped(stop, Words(lang)) for lang in ("zh", "en")}, "is_stopped": True}
        for stop in book.stopped
    ]  # fmt: skip
    never = [
        {"name": each.name.model_dump(), "why": each.why.model_dump(), "is_stopped": False}
        for each in read_not_watched()
    ]
    return [*stopped, *never]


def why_stopped(stop: Unwatched, words: Words) -> str:
    """Return in words why an indicator cannot be watched in an area."""
    if stop.parameter is None:
        return words.say("signals", "no_version", area=words.area(stop.area))
    return words.say("signals", "lacks", area=words.area(stop.area), parameter=stop.parameter)


def summary(run: RunSettings, lake: Lake, db: DuckEngine, book: WatchBook) -> dict[str, object]:
    """Return counts of signals, what was not watched, and whether change could be seen at all."""
    counted = db.rows("select indicator_id || ': ' || grade, count(*) from signal group by 1 order by 1")
    return {
        "month_before": run.previous_month if lake.has("fact", run.previous_month) else None,
        "signals": {str(name): int(count) for name, count in counted},
        "not_watched": [{"indicator": s.indicator_id, "area": s.area, "reason": s.reason} for s in book.stopped],
        "never_watched": [{"code": never.code, "why": never.why.en} for never in read_not_watched()],
    }
