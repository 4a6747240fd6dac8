"""How records became persons and persons households."""

from __future__ import annotations

from flows.outputs.charts import HALF_WIDTH, Bar, columns
from flows.outputs.pages.blocks import Block, Cell, Figures, Section, count, percent, ratio
from flows.outputs.pages.sources import heads
from matchers.quality.links import (
    HIGHEST_WEIGHT,
    LARGEST_HOUSEHOLD,
    LARGEST_PERSON,
    LARGEST_SOURCES,
    LOWEST_WEIGHT,
)

LARGEST = {
    "person_records": LARGEST_PERSON,
    "person_sources": LARGEST_SOURCES,
    "household_members": LARGEST_HOUSEHOLD,
}


def linkage_section(figures: Figures) -> Section:
    """Return link rules, match weights, and the sizes of persons and households."""
    say = figures.words.say
    blocks = (
        Block(heads=heads(figures, "rule", "records", "share", "certainty"), rows=rules(figures)),
        weights(figures),
        sizes(figures, "person_records", "sizes", "c1"),
        sizes(figures, "person_sources", "source_sizes", "c2"),
        sizes(figures, "household_members", "households", "c3"),
    )
    return Section("linkage", say("report", "linkage"), say("report", "linkage_note"), blocks)


def rules(figures: Figures) -> tuple[tuple[Cell, ...], ...]:
    """Return one row per reason why records are held to be about a person, and what was not merged."""
    say = figures.words.say
    found = figures.rows("link_rule_count")
    total = sum(row["record_count"] for row in found)
    rows = [
        (
            Cell(say("link_rules", row["link_rule"])),
            count(row["record_count"]),
            Cell(percent(ratio(row["record_count"], total)), "num"),
            Cell(percent(row["mean_probability"], 2), "num"),
        )
        for row in found
    ]
    pairs = sum(row["pair_count"] for row in figures.rows("weight_bin"))
    blank = Cell("")
    rows.append((Cell(say("link_rules", "conflicts"), "sub"), count(figures.conflict_count), blank, blank))
    rows.append((Cell(say("link_rules", "pairs"), "sub"), count(pairs), blank, blank))
    return tuple(rows)


def weights(figures: Figures) -> Block:
    """Return the histogram of match weights; pairs likely to be one person stand apart by colour."""
    say = figures.words.say
    found = {row["weight_floor"]: row for row in figures.rows("weight_bin")}
    if not found:
        return Block(title=say("report", "weights"))
    scale = range(min(found), max(found) + 1)
    bars = []
    for weight in scale:
        row = found.get(weight, {"pair_count": 0, "likely_count": 0})
        likely = ratio(row["likely_count"], row["pair_count"]) or 0.0
        label = weight_label(weight)
        bars.append(Bar(label, row["pair_count"], parts=(("ok", likely), ("none", 1 - likely))))
    marks = ((-scale.start, "0"),) if scale.start <= 0 < scale.stop else ()
    title = say("report", "weights")
    return Block(title, say("report", "weights_note"), chart=columns(bars, title, marks=marks))


def weight_label(weight: int) -> str:
    """Return every fifth bit, the ends marked as gathering what lies beyond."""
    if weight % 5:
        return ""
    return f"≤{weight}" if weight == LOWEST_WEIGHT else f"≥{weight}" if weight == HIGHEST_WEIGHT else str(weight)


def sizes(figures: Figures, what: str, key: str, kind: str) -> Block:
    """Return one distribution of sizes."""
    title = figures.words.say("report", key)
    found = {row["size"]: row["unit_count"] for row in figures.rows("size_count") if row["what"] == what}
    last = LARGEST[what]
    bars = [
        Bar(f"{size}+" if size == last else str(size), found.get(size, 0), parts=((kind, 1.0),))
        for size in range(1, max(found, default=0) + 1)
    ]
    return Block(title, chart=columns(bars, title, HALF_WIDTH), is_half=True)
