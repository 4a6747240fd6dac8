"""The shape of an area's parameter file: figures officials set, each dated and cited."""

from __future__ import annotations

import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Figure = float | dict[str, float] | tuple[str, ...]


class Strict(BaseModel):
    """A part of a rule file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DatedFigure(Strict):
    """One figure from the day it applies: a number, one for `rural` and one for `urban`, or a list of codes.

    `confirmed` false means that nobody has held the figure against its published source yet; it travels to the list.
    """

    starts: datetime.date
    value: Figure
    source: str = Field(min_length=1)
    confirmed: bool

    @model_validator(mode="after")
    def places_are_known(self) -> Self:
        """Refuse a figure by place that does not name both kinds of place."""
        if isinstance(self.value, dict) and set(self.value) != {"rural", "urban"}:
            raise ValueError("a figure by place names rural and urban, both")
        return self


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
    """Everything one area sets."""

    area: str = Field(pattern=r"^[0-9]{2,12}$")
    name_zh: str
    name_en: str
    parameters: dict[str, Parameter]
