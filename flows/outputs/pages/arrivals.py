"""What did not come as it should: late, repeated, partial and thinned-out deliveries, and what that does to people."""

from __future__ import annotations

from flows.outputs.pages.blocks import Block, Cell, Figures, Row, count, percent
from flows.outputs.words import heading

ALERTS_SHOWN = 6
LOOKS = {"carried_forward": "warn", "repeated": "warn", "partial": "bad"}


def arrival_alerts(figures: Figures) -> list[dict[str, str]]:
    """Return what an officer must know about the deliveries, gravest first: what is lost from sight, then each cause."""
    states = [alert for row in figures.rows("delivery") for alert in state_alerts(figures, row)]
    states.sort(key=lambda alert: alert["level"] != "bad")
    return [*sight_alerts(figures), *states, *change_alerts(figures)]


def state_alerts(figures: Figures, row: Row) -> list[dict[str, str]]:
    """Return the sentence about one delivery that did not come as it should; missing ones have a sentence of their own."""
    if row["state"] not in LOOKS:
        return []
    key = "set_aside" if row["set_aside_count"] is not None else row["state"]
    values = {
        "source": figures.words.source(row["source_id"]),
        "month": row["file_month"],
        "day": row["as_of_date"],
        "count": f"{row['set_aside_count'] if key == 'set_aside' else row['delivered_count']:,}",
        "usual": f"{row['usual_count'] or 0:,}",
    }
    return [{"level": LOOKS[row["state"]], "text": figures.words.say("attention", key, **values)}]


def sight_alerts(figures: Figures) -> list[dict[str, str]]:
    """Return how many candidates went out of sight or came into it, and in which programme most."""
    rows, say = figures.rows("lost_sight"), figures.words.say
    alerts = []
    for key, column in (("lost_sight", "lost_count"), ("gained_sight", "gained_count")):
        by_programme: dict[str, int] = {}
        for row in rows:
            by_programme[row["programme_id"]] = by_programme.get(row["programme_id"], 0) + row[column]
        total = sum(by_programme.values())
        if total:
            most = max(sorted(by_programme), key=lambda programme: by_programme[programme])
            values = {"count": f"{total:,}", "most": f"{by_programme[most]:,}"}
            text = say("attention", key, programme=figures.words.programme(most), **values)
            alerts.append({"level": "bad" if key == "lost_sight" else "warn", "text": text})
    return alerts


def change_alerts(figures: Figures) -> list[dict[str, str]]:
    """Return the columns, codes and numbers that moved further than a month explains, the largest moves first."""
    moved = [row for row in figures.rows("source_change") if row["is_marked"] and row["kind"] != "rows"]
    moved.sort(key=lambda row: -abs(row["now_value"] - row["before_value"]))
    return [{"level": "warn", "text": sentence(figures, row)} for row in moved[:ALERTS_SHOWN]]


def sentence(figures: Figures, row: Row) -> str:
    """Return one move in words."""
    return figures.words.say(
        "attention",
        f"change_{row['kind']}",
        source=figures.words.source(row["source_id"]),
        column=column_name(figures, row),
        code=row["code"],
        before=percent(row["before_value"]),
        now=percent(row["now_value"]),
        missing=percent(1 - row["now_value"]),
    )


def column_name(figures: Figures, row: Row) -> str:
    """Return a column as the department heads it, or by its own name in English."""
    return heading(row["source_id"], row["column_name"]) if figures.words.lang == "zh" else row["column_name"]


def changes_block(figures: Figures) -> Block:
    """Return every delivery's figures that moved further than a month explains."""
    say = figures.words.say
    marked = [row for row in figures.rows("source_change") if row["is_marked"]]
    keys = (("source", ""), ("figure", ""), ("item", ""), ("before", "num"), ("now", "num"))
    return Block(
        title=say("report", "source_changes"),
        note=say("report", "source_changes_note" if marked else "source_changes_none"),
        heads=tuple(Cell(say("columns", key), look) for key, look in keys) if marked else (),
        rows=tuple(change_row(figures, row) for row in marked),
    )


def change_row(figures: Figures, row: Row) -> tuple[Cell, ...]:
    """Return one move as a row of the table."""
    words = figures.words
    item = " · ".join(part for part in (column_name(figures, row) if row["column_name"] else "", row["code"]) if part)
    values = (row["before_value"], row["now_value"])
    before, now = ((count(round(value)) if row["kind"] == "rows" else Cell(percent(value), "num")) for value in values)
    kind = Cell(words.say("changes", row["kind"]))
    return (Cell(words.source(row["source_id"])), kind, Cell(item or "–"), before, Cell(now.content, "num warn"))


def sight_block(figures: Figures) -> Block | None:
    """Return by programme and criterion who went out of sight; None where nobody did."""
    rows, say = figures.rows("lost_sight"), figures.words.say
    if not rows:
        return None
    keys = (("programme", ""), ("criterion", ""), ("lost", "num"), ("gained", "num"))
    return Block(
        title=say("report", "lost_sight"),
        note=say("report", "lost_sight_note"),
        heads=tuple(Cell(say("columns", key), look) for key, look in keys),
        rows=tuple(
            (
                Cell(figures.words.programme(row["programme_id"])),
                Cell(criterion_name(figures, row["criterion"])),
                count(row["lost_count"]),
                count(row["gained_count"]),
            )
            for row in rows
        ),
    )


def criterion_name(figures: Figures, criterion: str) -> str:
    """Return the name of a criterion; where there is none the programme did not run."""
    say = figures.words.say
    if not criterion:
        return say("report", "did_not_run")
    received = criterion.removeprefix("receives_")
    if received != criterion:
        return say("criteria", "receives", programme=figures.words.programme(received))
    return say("criteria", criterion)
