"""Indicators and an area's figures of one day, brought together into what can be watched."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from matchers.errors import ReferenceMissingError, RuleFileError
from matchers.indicators.states import BY_NAME, State
from schemas.indicator import GRADES, Indicator, Raise, Standing, StateUse
from schemas.parameter import AreaParameters, SettledFigure

DISABILITY_TYPES = ("1", "2", "3", "4", "5", "6", "7")


@dataclass(frozen=True)
class Bound:
    """A limit of a day: the figure in a village and in a community, or codes; how it reads; whether confirmed."""

    rural: float | None = None
    urban: float | None = None
    codes: tuple[str, ...] | None = None
    text: str = ""
    is_confirmed: bool = True

    @property
    def smaller(self) -> float | None:
        """The smaller of the two figures; None where the limit is no figure."""
        return None if self.rural is None or self.urban is None else min(self.rural, self.urban)

    @property
    def written(self) -> str | None:
        """The codes, joined by blanks; None where the limit is no list."""
        return None if self.codes is None else " ".join(self.codes)


@dataclass(frozen=True)
class Line:
    """One indicator for people of one standing in one area: its limit, grade, day and disposition."""

    standing: Standing
    bound: Bound
    grade: str
    disposition: str
    grows: tuple[float, float] | None


@dataclass(frozen=True)
class Watch:
    """One indicator in one area on one day."""

    indicator: Indicator
    area: str
    lines: tuple[Line, ...]
    also: tuple[State, Bound] | None
    breadwinner_share: float | None
    due: dict[str, datetime.date]
    authority: str
    is_confirmed: bool

    @property
    def state(self) -> State | None:
        """The state it watches; None where it watches what is undelivered."""
        return BY_NAME[self.indicator.state.state] if self.indicator.state else None


@dataclass(frozen=True)
class Unwatched:
    """One indicator that cannot be watched in one area, and why; `parameter` is the figure it lacks, if it lacks one."""

    indicator_id: str
    area: str
    reason: str
    parameter: str | None = None


@dataclass(frozen=True)
class WatchBook:
    """What is watched on a day, and what is not."""

    watches: tuple[Watch, ...]
    stopped: tuple[Unwatched, ...]

    def reading(self) -> tuple[tuple[State, Bound], ...]:
        """Return every state some indicator reads, with each limit it is held against."""
        own = [(watch.state, line.bound) for watch in self.watches if watch.state for line in watch.lines]
        return (*own, *(watch.also for watch in self.watches if watch.also))


@dataclass(frozen=True)
class Figures:
    """An area's figures on one day."""

    area: AreaParameters
    day: datetime.date

    def bound(self, name: str | None) -> Bound:
        """Return a parameter as a limit; raises ReferenceMissingError where there is none."""
        if name is None:
            return Bound()
        figure = self.area.on(name, self.day)
        if figure is None:
            raise ReferenceMissingError(
                f"{name} is not set for area {self.area.area} on {self.day}. Add it with its source to the area's parameter file.",
                name,
            )
        return bound_from(figure)


def open_watch_book(indicators: Iterable[Indicator], areas: Iterable[AreaParameters], day: datetime.date) -> WatchBook:
    """Return what is watched on a day; an indicator whose figure is missing for an area stops there, by name."""
    watches: list[Watch] = []
    stopped: list[Unwatched] = []
    for indicator in indicators:
        for area in areas:
            try:
                watches.append(watch_of(indicator, Figures(area, day)))
            except ReferenceMissingError as error:
                stopped.append(Unwatched(indicator.indicator_id, area.area, str(error), error.parameter))
    return WatchBook(tuple(watches), tuple(stopped))


def watch_of(indicator: Indicator, figures: Figures) -> Watch:
    """Return one indicator in one area; raises ReferenceMissingError where the day or a figure is not covered."""
    version = indicator.on(figures.day)
    if version is None:
        raise ReferenceMissingError(f"{indicator.indicator_id} has no version in force on {figures.day}")
    lines = tuple(
        line_of(indicator, raised, standing, figures) for raised in version.raises for standing in raised.standing
    )
    use = indicator.also
    also = (state_of(indicator, use), figures.bound(use.limit)) if use else None
    share = figures.bound(indicator.breadwinner)
    workdays = {grade: figures.bound(f"signal.visit_workdays.{grade}") for grade in GRADES}
    bounds = (*(line.bound for line in lines), *((also[1],) if also else ()), share, *workdays.values())
    return Watch(
        indicator, figures.area.area, lines, also, share.rural,
        {grade: workdays_after(figures.day, int(bound.rural or 0)) for grade, bound in workdays.items()},
        str(version.authority), version.confirmed and all(bound.is_confirmed for bound in bounds),
    )  # fmt: skip


def line_of(indicator: Indicator, raised: Raise, standing: Standing, figures: Figures) -> Line:
    """Return one line of one standing."""
    limit = raised.limit or (indicator.state.limit if indicator.state else None)
    if indicator.state:
        state_of(indicator, StateUse(state=indicator.state.state, limit=limit))
    grows = None
    if raised.grows:
        red, orange = (figures.bound(f"signal.grows.{grade}").rural or 0 for grade in GRADES[:2])
        grows = (red, orange)
    return Line(standing, figures.bound(limit), raised.grade, raised.disposition, grows)


def state_of(indicator: Indicator, use: StateUse) -> State:
    """Return a state by name; raises RuleFileError where the file names what is not there."""
    state = BY_NAME.get(use.state)
    if state is None:
        raise RuleFileError(f"{indicator.indicator_id}: there is no state {use.state}. Known: {', '.join(BY_NAME)}")
    if (state.limit is None) != (use.limit is None):
        raise RuleFileError(f"{indicator.indicator_id}: {use.state} needs {'no' if use.limit else 'a'} limit")
    return state


def bound_from(figure: SettledFigure) -> Bound:
    """Return a figure as a limit."""
    value = figure.value
    if isinstance(value, dict):
        said = " / ".join(f"{place} {number:g}" for place, number in sorted(value.items()))
        return Bound(value["rural"], value["urban"], None, said, figure.confirmed)
    if isinstance(value, tuple):
        codes = tuple(code for pattern in value for code in spelled_out(pattern))
        return Bound(codes=codes, text=", ".join(value), is_confirmed=figure.confirmed)
    return Bound(value, value, None, f"{value:g}", figure.confirmed)


def spelled_out(pattern: str) -> tuple[str, ...]:
    """Return the type-and-level codes a pattern such as *-1 stands for."""
    return tuple(f"{kind}{pattern[1:]}" for kind in DISABILITY_TYPES) if pattern.startswith("*-") else (pattern,)


def workdays_after(day: datetime.date, count: int) -> datetime.date:
    """Return the day some workdays later, Monday to Friday; public holidays are announced yearly and not known here."""
    while count > 0:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < 5
    return day
