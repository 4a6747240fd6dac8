"""The shape of an area's parameter file: figures officials set, each dated and cited."""

from __future__ import annotations

import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

NATION = "000000"
PLACES = {"rural", "urban"}
Figure = float | dict[str, float] | tuple[str, ...]


class Strict(BaseModel):
    """A part of a rule file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ShareOf(Strict):
    """A figure set as a share of another one of the same area and day, such as 30 % of the subsistence standard."""

    of: str
    times: float


class DatedFigure(Strict):
    """One figure from the day it applies: a number, one for `rural` and one for `urban`, one per class of people, a
    list of codes, or a share of another parameter.

    `confirmed` false means that nobody has held the figure against its published source yet; it travels to the list.
    """

    starts: datetime.date
    value: float | ShareOf | dict[str, float] | tuple[str, ...]
    source: str = Field(min_length=1)
    confirmed: bool

    @model_validator(mode="after")
    def places_are_known(self) -> Self:
        """Refuse a figure by place that does not name both kinds of place, or mixes places and classes."""
        if isinstance(self.value, dict) and set(self.value) & PLACES and set(self.value) != PLACES:
            raise ValueError("a figure by place names rural and urban, both and nothing else")
        return self


class SettledFigure(Strict):
    """A figure of one area and day, shares worked out; confirmed only where everything it rests on is."""

    value: Figure
    confirmed: bool


class Parameter(Strict):
    """One parameter and its figures, oldest first."""

    about: str = Field(min_length=1)
    unit: str
    figures: tuple[DatedFigure, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def dates_rise(self) -> Self:
        """Refuse figures out of order: the last one that has started applies."""
        days = [figure.starts for figure in self.figures]
        if days != sorted(set(days)):
            raise ValueError("figures must start on different days, the oldest first")
        return self

    def on(self, day: datetime.date) -> DatedFigure | None:
        """Return the figure of a day; None before the first one."""
        return next((figure for figure in reversed(self.figures) if figure.starts <= day), None)


class AreaParameters(Strict):
    """Everything one area sets: a county, a city (code ending 00), a province (0000) or the nation (000000)."""

    area: str = Field(pattern=r"^[0-9]{6}$")
    name_zh: str
    name_en: str
    parameters: dict[str, Parameter]

    @property
    def is_local(self) -> bool:
        """Whether the area is a county or a city; figures of a province or the nation alone open no screening."""
        return not self.area.endswith("0000")

    def on(self, name: str, day: datetime.date) -> SettledFigure | None:
        """Return a parameter's figure of a day; None where it, or what it is a share of, is not set."""
        parameter = self.parameters.get(name)
        figure = parameter.on(day) if parameter else None
        if figure is None:
            return None
        if not isinstance(figure.value, ShareOf):
            return SettledFigure(value=figure.value, confirmed=figure.confirmed)
        base = self.on(figure.value.of, day) if figure.value.of != name else None
        if base is None or isinstance(base.value, tuple):
            return None
        return SettledFigure(
            value=share_of(base.value, figure.value.times), confirmed=figure.confirmed and base.confirmed
        )


def share_of(value: float | dict[str, float], times: float) -> float | dict[str, float]:
    """Return a share of a figure, to the cent, place by place."""
    if isinstance(value, dict):
        return {place: round(each * times, 2) for place, each in value.items()}
    return round(value * times, 2)


class TableRow(Strict):
    """One area's line of a table of figures published together."""

    area: str = Field(pattern=r"^[0-9]{6}$")
    name_zh: str
    name_en: str
    starts: datetime.date
    values: dict[str, float | ShareOf]
    source: str = Field(min_length=1)
    confirmed: bool


class ParameterTable(Strict):
    """A few parameters of many areas, a line per area, as published lists give them."""

    parameters: dict[str, str]
    unit: str
    rows: tuple[TableRow, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def rows_are_known(self) -> Self:
        """Refuse an area twice and a parameter nobody described."""
        areas = [row.area for row in self.rows]
        if len(areas) != len(set(areas)):
            raise ValueError("an area stands twice in the table")
        unknown = sorted({name for row in self.rows for name in row.values} - set(self.parameters))
        if unknown:
            raise ValueError(f"the table does not describe {', '.join(unknown)}")
        return self

    def areas(self) -> tuple[AreaParameters, ...]:
        """Return the table as each area's own file would say it."""
        return tuple(self.area_of(row) for row in self.rows)

    def area_of(self, row: TableRow) -> AreaParameters:
        """Return one line as an area's own file would say it."""
        figures = {
            name: Parameter(
                about=self.parameters[name],
                unit=self.unit,
                figures=(DatedFigure(starts=row.starts, value=value, source=row.source, confirmed=row.confirmed),),
            )
            for name, value in row.values.items()
        }
        return AreaParameters(area=row.area, name_zh=row.name_zh, name_en=row.name_en, parameters=figures)


def wider_areas(code: str) -> tuple[str, ...]:
    """Return a county's code and those of its city, its province and the nation, the nearest first."""
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000", NATION)))


def settle(code: str, files: tuple[AreaParameters, ...]) -> AreaParameters | None:
    """Return what applies in an area: its own figures before its city's, its province's and the nation's.

    None where neither the county nor its city has a file. A nearer figure replaces a wider one whole: where a county
    sets a parameter from some day on, nothing of the province's is put in for the days before.
    """
    found = [file for wider in wider_areas(code) for file in files if file.area == wider]
    if not any(file.is_local for file in found):
        return None
    named = next(file for file in found if file.is_local)
    parameters = {name: parameter for file in reversed(found) for name, parameter in file.parameters.items()}
    return AreaParameters(area=code, name_zh=named.name_zh, name_en=named.name_en, parameters=parameters)
