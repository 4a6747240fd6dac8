"""Programmes and an area's figures of one day, brought together into tests that can be run."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from matchers.eligibility.criteria import BY_NAME, Criterion
from matchers.errors import ReferenceMissingError, RuleFileError
from matchers.sql import literal, literals
from schemas.parameter import PLACES, AreaParameters, Figure, SettledFigure
from schemas.programme import CriterionUse, Effect, Limit, Precedence, Programme

DISABILITY_TYPES = ("1", "2", "3", "4", "5", "6", "7")


@dataclass(frozen=True)
class Rule:
    """One criterion of one programme in one area on one day, with its figure as SQL over the assessed unit `u`.

    `unheard` are facts whose sources were not heard, so that what would have spoken for a unit may be missing.
    """

    programme_id: str
    unit: str
    area: str
    criterion: Criterion
    effect: Effect
    limit: str
    limit_text: str
    authority: str
    is_confirmed: bool
    is_universe: bool
    is_prompt: bool
    unheard: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Figures:
    """An area's figures on one day."""

    area: AreaParameters
    day: datetime.date


@dataclass(frozen=True)
class Stopped:
    """One programme that cannot be assessed in one area, and why: a figure it lacks, or sources that were not heard."""

    programme_id: str
    area: str
    reason: str
    parameter: str | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """What can be assessed on a day, and what cannot."""

    rules: tuple[Rule, ...]
    stopped: tuple[Stopped, ...]

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The facts some rule reads."""
        return tuple(sorted({test.fact for rule in self.rules for test in rule.criterion.tests}))


def open_rule_book(
    programmes: Iterable[Programme], areas: Iterable[AreaParameters], precedence: Precedence, day: datetime.date
) -> RuleBook:
    """Return the rules of a day; a programme whose figure is missing for an area stops there, by name.

    Raises ReferenceMissingError where nothing at all can be assessed.
    """
    rules: list[Rule] = []
    stopped: list[Stopped] = []
    for programme in programmes:
        for area in areas:
            try:
                rules += area_rules(programme, area, precedence, day)
            except ReferenceMissingError as error:
                stopped.append(Stopped(programme.programme_id, area.area, str(error), error.parameter))
    if not rules:
        raise ReferenceMissingError("no programme can be assessed in any area: " + "; ".join(s.reason for s in stopped))
    return RuleBook(tuple(rules), tuple(stopped))


def area_rules(
    programme: Programme, area: AreaParameters, precedence: Precedence, day: datetime.date
) -> tuple[Rule, ...]:
    """Return the rules of one programme in one area on a day.

    Raises ReferenceMissingError where the day or a figure is not covered.
    """
    version = programme.on(day)
    if version is None:
        raise ReferenceMissingError(f"{programme.programme_id} has no version in force on {day}")
    whose = "household_" if programme.unit == "household" else ""
    interlocks = tuple(
        CriterionUse(criterion=f"{whose}receives_{rule.receives}", authority=rule.authority, confirmed=rule.confirmed)
        for rule in precedence.receipt_excludes
        if rule.programme_id == programme.programme_id
    )
    uses: list[tuple[CriterionUse, Effect]] = [(use, "requires") for use in version.requires]
    uses += [(use, "excludes") for use in (*version.excludes, *interlocks)]
    return tuple(make_rule(programme, use, effect, Figures(area, day)) for use, effect in uses)


def make_rule(programme: Programme, use: CriterionUse, effect: Effect, figures: Figures) -> Rule:
    """Return one criterion with its figure; raises RuleFileError where the file names what is not there."""
    criterion = BY_NAME.get(use.criterion)
    if criterion is None:
        raise RuleFileError(
            f"{programme.programme_id}: there is no criterion {use.criterion}. Known: {', '.join(sorted(BY_NAME))}"
        )
    if (criterion.limit is None) != (use.limit is None):
        raise RuleFileError(f"{programme.programme_id}: {use.criterion} needs {'no' if use.limit else 'a'} limit")
    limit, text, confirmed = ("null", "", True)
    if use.limit is not None:
        kind = kind_of(figure_on(figures, use.limit.parameter).value)
        if kind != criterion.limit:
            raise RuleFileError(f"{use.limit.parameter} is a {kind}; {use.criterion} needs a {criterion.limit}")
        limit, text, confirmed = limit_on(figures, use.limit)
    return Rule(
        programme_id=programme.programme_id, unit=programme.unit, area=figures.area.area, criterion=criterion,
        effect=effect, limit=limit, limit_text=text, authority=str(use.authority),
        is_confirmed=use.confirmed and confirmed, is_universe=use.criterion in programme.universe,
        is_prompt=use.criterion in programme.prompted_by,
    )  # fmt: skip


def limit_on(figures: Figures, limit: Limit) -> tuple[str, str, bool]:
    """Return a limit of a day as SQL, as text, and whether every figure in it is confirmed."""
    first = figure_on(figures, limit.parameter)
    if limit.times is None:
        return figure_sql(first.value), figure_text(first.value), first.confirmed
    second = figure_on(figures, limit.times)
    sql = f"round({figure_sql(first.value)} * {figure_sql(second.value)}, 2)"
    return sql, f"{figure_text(first.value)} × {figure_text(second.value)}", first.confirmed and second.confirmed


def figure_on(figures: Figures, name: str) -> SettledFigure:
    """Return a parameter's figure of a day; raises ReferenceMissingError where there is none."""
    figure = figures.area.on(name, figures.day)
    if figure is None:
        raise ReferenceMissingError(
            f"{name} is not set for area {figures.area.area} on {figures.day}. Add it with its source to the area's parameter file.",
            name,
        )
    return figure


def kind_of(figure: Figure) -> str:
    """Return what kind of limit a figure can be: a number (also one by place), a list of codes, or a number by class."""
    if isinstance(figure, tuple):
        return "list"
    return "class" if isinstance(figure, dict) and set(figure) != PLACES else "number"


def figure_sql(figure: Figure) -> str:
    """Return a figure as SQL over unit `u`, by class over fact `{f}`; null where place or class is not known."""
    if isinstance(figure, dict) and set(figure) != PLACES:
        cases = " ".join(f"when {literal(name)} then {literal(value)}" for name, value in sorted(figure.items()))
        return f"case {{f}}.text_value {cases} end"
    if isinstance(figure, dict):
        return f"case when u.is_rural then {literal(figure['rural'])} when not u.is_rural then {literal(figure['urban'])} end"
    if isinstance(figure, tuple):
        return literals(code for pattern in figure for code in spelled_out(pattern))
    return literal(figure)


def spelled_out(pattern: str) -> tuple[str, ...]:
    """Return the type-and-level codes a pattern such as *-1 stands for; illness codes stay as they are."""
    if not pattern.startswith("*-"):
        return (pattern,)
    return tuple(f"{kind}{pattern[1:]}" for kind in DISABILITY_TYPES)


def figure_text(figure: Figure) -> str:
    """Return a figure as an analyst reads it."""
    if isinstance(figure, dict):
        return " / ".join(f"{place} {value:g}" for place, value in sorted(figure.items()))
    if isinstance(figure, tuple):
        return ", ".join(figure)
    return f"{figure:g}"
