"""How the criteria came out, which figures are unconfirmed, which programmes did not run."""

from __future__ import annotations

from flows.outputs.charts import meter
from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section, percent, ratio
from flows.outputs.pages.overview import criterion, untouched_programmes, why_stopped
from flows.outputs.pages.sources import heads

VERDICTS = (("met", "c1"), ("unmet", "no"), ("unknown", "open"))


def criteria_section(figures: Figures) -> Section:
    """Return every criterion with its outcome, and what a reader must know before relying on it."""
    say = figures.words.say
    keys = ("programme", "criterion", "effect", "outcome", "unknown", "figures", "authority", "confirmed")
    legend = tuple((kind, say("verdicts", name)) for name, kind in VERDICTS)
    blocks = [Block(legend=legend, heads=heads(figures, *keys), rows=tuple(outcomes(figures)))]
    blocks += without_findings(figures)
    open_figures = unconfirmed_figures(figures)
    if open_figures:
        blocks.append(unconfirmed_block(figures, open_figures))
    return Section("criteria", say("report", "criteria"), say("report", "criteria_note"), tuple(blocks))


def without_findings(figures: Figures) -> list[Block]:
    """Return the programmes that did not run with the reason, and those that looked at nobody."""
    say, words = figures.words.say, figures.words
    rows = [
        (Cell(words.programme(row["programme"]), "bad"), Cell(why_stopped(figures, row)))
        for row in figures.rows("stopped")
    ]
    rows += [(Cell(name), Cell(say("stopped", "untouched"), "sub")) for name in untouched_programmes(figures)]
    heading = (*heads(figures, "programme"), Cell(say("signals", "why")))
    return [Block(say("report", "stopped"), heads=heading, rows=tuple(rows))] if rows else []


def outcomes(figures: Figures) -> list[tuple[Cell, ...]]:
    """Return one row per criterion; a programme's name stands once."""
    rows, last = [], ""
    found = figures.rows("criterion_count")
    for row in found:
        first, last = row["programme_id"] != last, row["programme_id"]
        span = sum(other["programme_id"] == last for other in found)
        name = (Cell(figures.words.programme(last), "top", span),) if first else ()
        rows.append((*name, *outcome(figures, row)))
    return rows


def outcome(figures: Figures, row: Row) -> tuple[Cell, ...]:
    """Return one criterion: what it asks, how it came out, what it was held against, by whose word."""
    total = row["met_count"] + row["unmet_count"] + row["unknown_count"]
    shares = [(kind, ratio(row[f"{name}_count"], total) or 0.0) for name, kind in VERDICTS]
    verdict = "confirmed" if row["is_confirmed"] else "unconfirmed"
    return (
        Cell(criterion(figures, row), "warn" if row["uniform_answer"] else ""),
        Cell(figures.words.say("effects", row["effect"]), "sub once"),
        Cell(meter(shares, " / ".join(percent(share) for _, share in shares))),
        Cell(percent(ratio(row["unknown_count"], total)), "num"),
        Cell(shown(figures, row), "sub"),
        Cell(row["authority"], "sub"),
        Cell(figures.words.say("verdicts", verdict), "sub once" if row["is_confirmed"] else "warn once"),
    )


def shown(figures: Figures, row: Row) -> str:
    """Return the figures of a criterion in words; nothing where it has none."""
    limits = row["limits_applied"]
    return figures.words.limit(row["criterion"], limits) if limits else ""


def unconfirmed_figures(figures: Figures) -> dict[tuple[str, str], list[Row]]:
    """Return the unconfirmed figures, each once with the criteria that use it."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in figures.rows("criterion_count"):
        if not row["is_confirmed"] and row["limits_applied"]:
            found.setdefault((criterion(figures, row), shown(figures, row)), []).append(row)
    return found


def unconfirmed_block(figures: Figures, found: dict[tuple[str, str], list[Row]]) -> Block:
    """Return the figures nobody has held against their published source."""
    say = figures.words.say
    mark = "、" if figures.words.lang == "zh" else ", "
    rows = tuple(
        (
            Cell(name),
            Cell(limits, "warn"),
            Cell(mark.join(figures.words.programme(row["programme_id"]) for row in rows)),
        )
        for (name, limits), rows in found.items()
    )
    heading = heads(figures, "criterion", "figures", "programme")
    return Block(say("report", "unconfirmed"), say("report", "unconfirmed_note"), heads=heading, rows=rows)
