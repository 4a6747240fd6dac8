"""What a report page is made of: figures in, sections of tables and charts out; the template only prints them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from flows.outputs.words import Words

Row = dict[str, Any]
NO_CHART = Markup()


@dataclass(frozen=True)
class Figures:
    """Every figure of the month as plain rows by table, and the words to say them in."""

    words: Words
    tables: dict[str, list[Row]]
    conflict_count: int
    area_code: str

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table of counts."""
        return self.tables[table]

    def step(self, name: str) -> int:
        """Return one step of the funnel; 0 where it was not counted."""
        return next((int(row["unit_count"]) for row in self.rows("funnel") if row["step"] == name), 0)

    def township(self, code: str) -> str:
        """Return the name of a township."""
        if not code:
            return self.words.say("report", "unplaced")
        found = (row["township_name"] for row in self.rows("place_name") if row["place_code"] == code)
        return next(found, None) or code


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what it says, how it looks (num, warn, bad, good, sub, strong), and how many rows it spans."""

    content: str | Markup
    kind: str = ""
    rows: int = 1


@dataclass(frozen=True)
class Block:
    """One table or chart with its caption; `legend` are (class, word) pairs."""

    title: str = ""
    note: str = ""
    heads: tuple[Cell, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    chart: Markup = NO_CHART
    legend: tuple[tuple[str, str], ...] = ()
    is_half: bool = False


@dataclass(frozen=True)
class Section:
    """One section of the report."""

    key: str
    title: str
    note: str = ""
    blocks: tuple[Block, ...] = field(default=())


def count(value: object) -> Cell:
    """Return a whole number, or a dash where there is none."""
    return Cell("–" if value is None else f"{int(str(value)):,}", "num")


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as per cent, or a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}%}"


def ratio(part: float, whole: float) -> float | None:
    """Return a share; None where there is no whole."""
    return part / whole if whole else None
