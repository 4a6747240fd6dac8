"""The month beside the month before."""

from __future__ import annotations

from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section, count
from flows.outputs.pages.sources import heads
from matchers.quality.drift import TOPICS

MARKED_CHANGE, MARKED_SIZE = 0.2, 50


def drift_section(figures: Figures) -> Section:
    """Return every figure of both months."""
    say = figures.words.say
    rows = sorted(figures.rows("month_figure"), key=lambda row: (TOPICS.index(row["topic"]), row["item"]))
    title = say("report", "drift")
    if all(row["before_count"] in (None, 0) for row in rows):
        return Section("drift", title, say("report", "no_before"))
    block = Block(
        heads=heads(figures, "figure", "item", "before", "now", "change"), rows=tuple(compared(figures, rows))
    )
    return Section("drift", title, say("report", "drift_note"), (block,))


def compared(figures: Figures, rows: list[Row]) -> list[tuple[Cell, ...]]:
    """Return one row per figure; a topic's name stands once."""
    made, last = [], ""
    for row in rows:
        first, last = row["topic"] != last, row["topic"]
        span = sum(other["topic"] == last for other in rows)
        name = (Cell(figures.words.say("topics", last), "top", span),) if first else ()
        look = "num warn" if is_marked(row) else "num"
        made.append(
            (
                *name,
                Cell(item(figures, row)),
                count(row["before_count"]),
                count(row["now_count"]),
                Cell(change(figures, row), look),
            )
        )
    return made


def item(figures: Figures, row: Row) -> str:
    """Return the name of what is counted: a source, a programme or a rule."""
    words = figures.words
    if row["topic"] in ("served", "candidates"):
        return words.programme(row["item"])
    if row["topic"] == "records_by_rule":
        return words.say("link_rules", row["item"])
    return "–"


def change(figures: Figures, row: Row) -> str:
    """Return by how much a figure moved."""
    now, before = row["now_count"], row["before_count"]
    if now is None or before is None:
        return figures.words.say("report", "is_new" if before is None else "is_gone")
    return f"{now / before - 1:+.1%}" if before else "–" if not now else figures.words.say("report", "is_new")


def is_marked(row: Row) -> bool:
    """Return whether a figure moved far enough, and is large enough, to be looked at."""
    now, before = row["now_count"] or 0, row["before_count"] or 0
    return max(now, before) > MARKED_SIZE and abs(now - before) > MARKED_CHANGE * max(before, 1)


def marked_changes(figures: Figures) -> list[dict[str, str]]:
    """Return the figures to be looked at as words; none in the first month."""
    rows = figures.rows("month_figure")
    if all(row["before_count"] in (None, 0) for row in rows):
        return []
    return [
        {
            "figure": figures.words.say("topics", row["topic"]),
            "item": item(figures, row),
            "before": f"{row['before_count'] or 0:,}",
            "now": f"{row['now_count'] or 0:,}",
            "change": change(figures, row),
        }
        for row in rows
        if is_marked(row)
    ]
