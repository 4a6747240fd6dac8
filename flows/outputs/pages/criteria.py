"""How the criteria came out, which figures are unconfirmed, which programmes did not run."""

from __future__ import annotations

from flows.outputs.charts import meter
from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section, percent, ratio
from flows.outputs.pages.overview import criterion, stopped_programmes
from flows.outputs.pages.sources import heads

FIGURE_WIDTH = 60


def criteria_section(figures: Figures) -> Section:
    """Return every criterion with its outcome, and what a reader must know before relying on it."""
    say = figures.words.say
    blocks = [
        Block(
            heads=heads(figures, "programme", "criterion", "effect", "outcome", "unknown", "figures", "authority"),
            rows=tuple(outcomes(figures)),
        )
    ]
    open_figures = [row for row in figures.rows("criterion_count") if not row["is_confirmed"]]
    if open_figures:
        blocks.append(unconfirmed_block(figures, open_figures))
    stopped = stopped_programmes(figures)
    if stopped:
        rows = tuple((Cell(name, "bad"),) for name in stopped)
        blocks.append(Block(say("report", "stopped"), heads=heads(figures, "programme"), rows=rows))
    return Section("criteria", say("report", "criteria"), say("report", "criteria_note"), tuple(blocks))


def outcomes(figures: Figures) -> list[tuple[Cell, ...]]:
    """Return one row per criterion; a programme's name stands once."""
    rows, last = [], ""
    found = figures.rows("criterion_count")
    for row in found:
        total = row["met_count"] + row["unmet_count"] + row["unknown_count"]
        shares = [(kind, ratio(row[f"{name}_count"], total) or 0.0) for name, kind in KINDS]
        title = " / ".join(percent(share) for _, share in shares)
        first = row["programme_id"] != last
        last = row["programme_id"]
        name = (Cell(figures.words.programme(last), "top", span(found, last)),) if first else ()
        rows.append(
            (
                *name,
                Cell(criterion(figures, row), "warn" if row["is_uniform"] else ""),
                Cell(figures.words.say("effects", row["effect"]), "sub"),
                Cell(meter(shares, title)),
                Cell(percent(ratio(row["unknown_count"], total)), "num"),
                Cell(shortened(row["limits_applied"]), "sub" if row["is_confirmed"] else "warn"),
                Cell(row["authority"], "sub"),
            )
        )
    return rows


KINDS = (("met", "ok"), ("unmet", "bad"), ("unknown", "none"))


def span(rows: list[Row], programme: str) -> int:
    """Return over how many rows a programme's name reaches."""
    return sum(row["programme_id"] == programme for row in rows)


def shortened(figures_used: str) -> str:
    """Return figures as far as a cell holds them."""
    return figures_used if len(figures_used) <= FIGURE_WIDTH else figures_used[: FIGURE_WIDTH - 1] + "…"


def unconfirmed_block(figures: Figures, rows: list[Row]) -> Block:
    """Return the figures nobody has held against their published source."""
    say = figures.words.say
    return Block(
        say("report", "unconfirmed"),
        say("report", "unconfirmed_note"),
        heads=heads(figures, "programme", "criterion", "figures", "authority"),
        rows=tuple(
            (
                Cell(figures.words.programme(row["programme_id"])),
                Cell(criterion(figures, row)),
                Cell(shortened(row["limits_applied"]) or "–", "warn"),
                Cell(row["authority"], "sub"),
            )
            for row in rows
        ),
    )
