"""What was held at the two doors."""

from __future__ import annotations

from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section
from flows.outputs.pages.sources import heads


def gates_section(figures: Figures) -> Section:
    """Return what was not met line by line, and what was met gathered per door, table and promise."""
    say = figures.words.say
    results = figures.rows("gate_result")
    title = say("report", "gates")
    if not results:
        return Section("gates", title, say("report", "no_gates"))
    keys = ("door", "table", "expectation", "severity", "breaches", "next_step")
    failed = [row for row in results if not row["is_met"]]
    met = [row for row in results if row["is_met"]]
    rows = tuple(failed_row(figures, row) for row in failed) + tuple(met_rows(figures, met))
    return Section("gates", title, say("report", "gates_note"), (Block(heads=heads(figures, *keys), rows=rows),))


def failed_row(figures: Figures, row: Row) -> tuple[Cell, ...]:
    """Return one expectation that was not met."""
    say = figures.words.say
    look = "bad" if row["severity"] == "critical" else "warn"
    return (
        Cell(say("doors", row["door"])),
        Cell(row["table_name"], "code"),
        Cell(say("meanings", row["meaning"])),
        Cell(say("severities", row["severity"]), look),
        Cell(f"{row['breach_count']:,}", f"num {look}"),
        Cell(say("next_steps", row["next_step"]), "sub"),
    )


def met_rows(figures: Figures, rows: list[Row]) -> list[tuple[Cell, ...]]:
    """Return the expectations that were met, one row per door, table and meaning with the columns they speak of."""
    say = figures.words.say
    gathered: dict[tuple[str, str, str, str], int] = {}
    for row in rows:
        key = (row["door"], row["table_name"], row["meaning"], row["severity"])
        gathered[key] = gathered.get(key, 0) + 1
    return [
        (
            Cell(say("doors", door)),
            Cell(table, "code"),
            Cell(say("meanings", meaning) + (f" ×{times}" if times > 1 else "")),
            Cell(say("severities", severity), "sub"),
            Cell("✓", "num good"),
            Cell(""),
        )
        for (door, table, meaning, severity), times in gathered.items()
    ]
