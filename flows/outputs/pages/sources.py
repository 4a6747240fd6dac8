"""What the departments delivered, and how good the citizen numbers in it are."""

from __future__ import annotations

from flows.outputs.charts import Bar, stacked
from flows.outputs.pages.arrivals import changes_block, sight_block
from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section, count, percent, ratio
from flows.outputs.pages.doubts import doubt_blocks

ID_KINDS = (("valid", "ok"), ("invalid", "bad"), ("masked", "warn"), ("other_document", "c2"), ("missing", "none"))
REASONS_SHOWN = 2


def sources_section(figures: Figures) -> Section:
    """Return the deliveries and the validity of their citizen numbers."""
    say = figures.words.say
    deliveries = Block(
        note=say("report", "deliveries_note"),
        heads=heads(
            figures, "source", "delivered", "loaded", "refused", "share", "reasons", "records", "before", "change"
        ),
        rows=tuple(delivery(figures, row) for row in figures.rows("source_check")),
    )
    states = Block(
        title=say("report", "ids"),
        note=say("report", "ids_note"),
        chart=stacked(id_bars(figures), say("report", "ids")),
        legend=tuple((kind, say("id_states", state)) for state, kind in ID_KINDS),
    )
    sight = sight_block(figures)
    blocks = (deliveries, changes_block(figures), *((sight,) if sight else ()), states, *doubt_blocks(figures))
    return Section("deliveries", say("report", "deliveries"), "", blocks)


def heads(figures: Figures, *keys: str) -> tuple[Cell, ...]:
    """Return the headings of a table; the second and later ones of numbers stand to the right."""
    words = {"source", "reasons", "programme", "township", "criterion", "effect", "outcome", "figures", "authority"}
    words |= {"figure", "item", "rule", "door", "table", "expectation", "severity", "next_step", "confirmed"}
    return tuple(Cell(figures.words.say("columns", key), "" if key in words else "num") for key in keys)


def delivery(figures: Figures, row: Row) -> tuple[Cell, ...]:
    """Return one source as a row of the table."""
    words = figures.words
    provider = words.provider(row["source_id"])
    named = words.source(row["source_id"]) + (f" · {provider}" if provider else "")
    if row["is_missing"]:
        missing = Cell(words.say("report", "not_delivered"), "bad num")
        blank = Cell("–", "num")
        before = count(row["delivered_count_before"])
        return (Cell(named), missing, blank, blank, blank, Cell(""), blank, before, Cell(""))
    named += stand_in(figures, row["source_id"])
    share = row["quarantine_share"]
    look = "num bad" if row["is_quarantine_over_limit"] else "num warn" if row["is_quarantine_over_notice"] else "num"
    return (
        Cell(named),
        count(row["delivered_count"]),
        count(row["loaded_count"]),
        count(row["quarantined_count"]),
        Cell(percent(share, 2) if share else "–", look),
        Cell(reasons(figures, row["source_id"]), "sub"),
        count(row["record_count"]),
        count(row["delivered_count_before"]),
        change(row["delivered_count"], row["delivered_count_before"], bool(row["is_row_count_odd"])),
    )


def stand_in(figures: Figures, source: str) -> str:
    """Return what a reader must know of a delivery beside its name; empty where it came as it should."""
    row = next((row for row in figures.rows("delivery") if row["source_id"] == source), None)
    if row is None or row["state"] in (None, "delivered", "missing"):
        return ""
    return " " + figures.words.say("delivery_states", row["state"], month=row["file_month"], day=row["as_of_date"])


def change(now: int, before: int | None, is_odd: bool) -> Cell:
    """Return by how much a figure moved."""
    moved = None if not before else now / before - 1
    return Cell("" if moved is None else f"{moved:+.1%}", "num warn" if is_odd else "num sub")


def reasons(figures: Figures, source: str) -> str:
    """Return the most frequent reasons rows were refused for."""
    found = [row for row in figures.rows("quarantine_reason") if row["source_id"] == source]
    found.sort(key=lambda row: (-row["row_count"], row["reason"]))
    mark = "；" if figures.words.lang == "zh" else "; "
    said = (f"{figures.words.refusal(source, row['reason'])} ({row['row_count']:,})" for row in found[:REASONS_SHOWN])
    shown = mark.join(said)
    rest = len(found) - REASONS_SHOWN
    return shown + (" " + figures.words.say("report", "other_reasons", count=rest) if rest > 0 else "")


def id_bars(figures: Figures) -> list[Bar]:
    """Return one bar per source: the states of its citizen numbers, and the share of valid ones among the stated."""
    bars = []
    for row in figures.rows("source_check"):
        states = {
            r["id_state"]: r["record_count"]
            for r in figures.rows("id_state_count")
            if r["source_id"] == row["source_id"]
        }
        total = sum(states.values())
        if total:
            parts = tuple((kind, states.get(state, 0) / total) for state, kind in ID_KINDS if states.get(state))
            valid = ratio(states.get("valid", 0), total)
            bars.append(Bar(figures.words.source(row["source_id"]), total, percent(valid, 2), parts))
    return bars
