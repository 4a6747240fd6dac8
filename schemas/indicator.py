"""The shape of an indicator file: what early warning watches, from which figure on, and what is done about it."""

from __future__ import annotations

import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.parameter import Strict
from schemas.programme import Authority, UnitName, Words

Standing = Literal[
    "extreme_difficulty", "subsistence_allowance", "single_person_allowance", "verge_family",
    "rigid_expenditure_family", "left", "monitored", "none",
]  # fmt: skip
# The first five are helped already, `left` was until lately, the others are outside.
STANDINGS: tuple[Standing, ...] = (
    "extreme_difficulty", "subsistence_allowance", "single_person_allowance", "verge_family",
    "rigid_expenditure_family", "left", "monitored", "none",
)  # fmt: skip
INSIDE = STANDINGS[:5]
GRADES = ("red", "orange", "yellow")
# How a warning is closed: deliver what is due, pass on who may be eligible, confer on what is complex, or check again.
DISPOSITIONS = ("deliver", "refer", "confer", "recheck")
Grade = Literal["red", "orange", "yellow"]
Disposition = Literal["deliver", "refer", "confer", "recheck"]


class StateUse(Strict):
    """One state somebody may be in, and the parameter it is held against."""

    state: str
    limit: str | None = None


class Raise(Strict):
    """For whom a signal is raised, from which figure on, how urgently, and how it is closed.

    `limit` names an area's parameter. `grows`: a multiple of the limit raises the grade, by the area's multiples.
    """

    standing: tuple[Standing, ...] = Field(min_length=1)
    limit: str | None = None
    grade: Grade
    grows: bool = False
    disposition: Disposition

    @model_validator(mode="after")
    def a_grade_grows_by_its_limit(self) -> Self:
        """Refuse a growing grade without a figure to grow from, and a re-check of somebody nobody helps."""
        if self.grows and self.limit is None:
            raise ValueError("a grade grows only where there is a limit")
        if self.disposition == "recheck" and not set(self.standing) <= set(INSIDE):
            raise ValueError("only those helped now are checked again")
        return self


class IndicatorVersion(Strict):
    """The figures from one day on."""

    starts: datetime.date
    authority: Authority
    confirmed: bool = False
    raises: tuple[Raise, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def nobody_is_raised_twice(self) -> Self:
        """Refuse a standing in two lines: one signal has one grade."""
        named = [standing for line in self.raises for standing in line.standing]
        if len(named) != len(set(named)):
            raise ValueError("a standing stands in two lines")
        return self


class Indicator(Strict):
    """One indicator of early warning.

    `fires`: on `change` (so this month, not so last month), on `state` (so now), or on `undelivered` (everything a
    programme requires is known to be met and it is not received). `also` must be so too; `unless` names facts that
    silence it. `breadwinner` names the share of the household's known income from which somebody is one; where it
    is not known, the signal is raised at the lowest grade.
    """

    indicator_id: str = Field(pattern=r"^[a-z][a-z_]*$")
    code: str = Field(pattern=r"^[A-Z][0-9][a-z]?$")
    name: Words
    unit: UnitName
    department: str
    fires: Literal["change", "state", "undelivered"]
    state: StateUse | None = None
    programmes: tuple[str, ...] = ()
    also: StateUse | None = None
    unless: tuple[str, ...] = ()
    breadwinner: str | None = None
    reason: Words
    question: Words
    versions: tuple[IndicatorVersion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def parts_fit(self) -> Self:
        """Refuse versions out of order, and an indicator that watches nothing or two things."""
        days = [version.starts for version in self.versions]
        if days != sorted(set(days)):
            raise ValueError("versions must start on different days, the oldest first")
        if (self.fires == "undelivered") != bool(self.programmes) or (self.state is None) != bool(self.programmes):
            raise ValueError("undelivered watches programmes, everything else a state")
        if self.programmes and (self.also or self.unless or self.breadwinner):
            raise ValueError("what is undelivered is judged by its programme alone")
        return self

    def on(self, day: datetime.date) -> IndicatorVersion | None:
        """Return the version of a day; None before the first one."""
        return next((version for version in reversed(self.versions) if version.starts <= day), None)


class NotWatched(Strict):
    """Something the catalogue names and nobody watches here, and why."""

    code: str
    name: Words
    why: Words


class NotWatchedList(Strict):
    """Everything that is not watched, so that nobody believes it is."""

    not_watched: tuple[NotWatched, ...]
