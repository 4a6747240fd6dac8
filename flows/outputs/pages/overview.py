"""The top of the report: the month in six figures, what needs attention, and the way from rows to lists."""

from __future__ import annotations

from flows.outputs.charts import Bar, funnel
from flows.outputs.pages.arrivals import arrival_alerts
from flows.outputs.pages.blocks import Block, Figures, Row, Section, percent, ratio
from flows.outputs.pages.drift import marked_changes
from flows.outputs.pages.signals import signal_alerts

ATTENTION_LIMIT = 18
COMPARED_STEPS = {
    "loaded_rows": "delivered_rows",
    "records": "loaded_rows",
    "persons": "records",
    "households": "persons",
    "candidate_households": "households",
    "listed": "candidates",
    "listed_households": "households",
}


def headline(figures: Figures) -> list[dict[str, str]]:
    """Return the cards: label, figure, note."""
    candidates = figures.rows("candidate_count")
    listed = sum(row["listed_count"] for row in candidates)
    expected = sum(row["listed_expected_count"] for row in candidates)
    people, households = figures.step("persons"), figures.step("households")
    notes = {
        "persons": f"{figures.step('records'):,}",
        "households": f"{people / households:.2f}" if households else "–",
        "candidates": f"{figures.step('candidate_households'):,}",
        "listed": f"{figures.step('listed_households'):,}",
        "expected": percent(ratio(expected, listed)),
        "gates": str(sum(not row["is_met"] for row in figures.rows("gate_result"))),
    }
    values = {
        "persons": f"{people:,}",
        "households": f"{households:,}",
        "candidates": f"{figures.step('candidates'):,}",
        "listed": f"{listed:,}",
        "expected": f"{expected:,.0f}",
        "gates": figures.words.say("cards", "passed") if figures.rows("gate_result") else "–",
    }
    say = figures.words.say
    return [
        {"key": key, "label": say("cards", key), "value": value, "note": say("cards", f"{key}_note", count=notes[key])}
        for key, value in values.items()
    ]


def attention(figures: Figures) -> list[dict[str, str]]:
    """Return what an officer must know before letting lists out, gravest first: level and sentence."""
    found = [
        *missing_sources(figures),
        *stopped(figures),
        *signal_alerts(figures),
        *arrival_alerts(figures),
        *unplaced(figures),
        *unconfirmed(figures),
    ]
    found += [*gate_warnings(figures), *uniform_criteria(figures), *drift_alerts(figures)]
    shown = found[:ATTENTION_LIMIT]
    if len(found) > len(shown):
        rest = figures.words.say("report", "more", count=len(found) - len(shown))
        shown.append({"level": "note", "text": rest})
    return shown


def alert(figures: Figures, level: str, key: str, **values: object) -> dict[str, str]:
    """Return one sentence of attention."""
    return {"level": level, "text": figures.words.say("attention", key, **values)}


def missing_sources(figures: Figures) -> list[dict[str, str]]:
    """Return the sources that did not come and what that means for the lists."""
    words = figures.words
    missing = [row["source_id"] for row in figures.rows("source_check") if row["is_missing"]]
    return [
        alert(figures, "bad", "missing", source=words.source(source), effect=effect_of(figures, source))
        for source in missing
    ]


def effect_of(figures: Figures, source: str) -> str:
    """Return what is unknown without a source; nothing where nobody wrote it."""
    said = figures.words.say("without", source)
    return "" if said == source else said


def stopped(figures: Figures) -> list[dict[str, str]]:
    """Return the programmes that did not run, and why."""
    return [
        alert(
            figures,
            "bad",
            "stopped",
            programme=figures.words.programme(row["programme"]),
            why=why_stopped(figures, row),
        )
        for row in figures.rows("stopped")
    ]


def why_stopped(figures: Figures, row: Row) -> str:
    """Return in words why a programme did not run in an area."""
    words = figures.words
    mark = "、" if words.lang == "zh" else ", "
    kind = "lacks" if row["parameter"] else "unheard" if row["sources"] else "no_version"
    return words.say(
        "stopped",
        kind,
        area=words.area(row["area"]),
        parameter=row["parameter"],
        sources=mark.join(map(words.source, row["sources"])),
    )


def untouched_programmes(figures: Figures) -> list[str]:
    """Return the names of programmes that ran and looked at nobody, as nothing they answer to was known of anybody."""
    seen = {row["programme_id"] for row in figures.rows("criterion_count")}
    seen |= {row["programme"] for row in figures.rows("stopped")}
    return [figures.words.programme(known) for known in figures.words.programme_ids() if known not in seen]


def unconfirmed(figures: Figures) -> list[dict[str, str]]:
    """Return how many candidates rest on figures nobody has confirmed."""
    resting = [row for row in figures.rows("candidate_count") if row["unconfirmed_count"]]
    if not resting:
        return []
    names = dict.fromkeys(figures.words.programme(row["programme_id"]) for row in resting)
    total = f"{sum(row['unconfirmed_count'] for row in resting):,}"
    mark = "、" if figures.words.lang == "zh" else ", "
    return [alert(figures, "warn", "unconfirmed", count=total, programmes=mark.join(names))]


def unplaced(figures: Figures) -> list[dict[str, str]]:
    """Return how many candidates no source can place."""
    total = sum(row["candidate_count"] for row in figures.rows("candidate_count") if not row["township_code"])
    return [alert(figures, "warn", "unplaced", count=f"{total:,}")] if total else []


def gate_warnings(figures: Figures) -> list[dict[str, str]]:
    """Return the warnings of the gates that no other sentence covers."""
    covered = {
        "is_missing",
        "is_carried_forward",
        "is_repeated",
        "is_partial",
        "unplaced_candidate_count",
        "uniform_answer",
    }
    say = figures.words.say
    return [
        alert(
            figures,
            "warn",
            "gate",
            meaning=say("meanings", row["meaning"]),
            count=f"{row['breach_count']:,}",
            next_step=say("next_steps", row["next_step"]),
        )
        for row in figures.rows("gate_result")
        if not row["is_met"] and row["meaning"] not in covered
    ]


def uniform_criteria(figures: Figures) -> list[dict[str, str]]:
    """Return the criteria that say the same of almost everybody."""
    alerts = []
    for row in figures.rows("criterion_count"):
        if answer := row["uniform_answer"]:
            names = {"programme": figures.words.programme(row["programme_id"]), "criterion": criterion(figures, row)}
            asked = row["met_count"] + row["unmet_count"] + row["unknown_count"]
            share = percent(ratio(row[f"{answer}_count"], asked), 2)
            alerts.append(alert(figures, "note", f"uniform_{answer}", share=share, **names))
    return alerts


def criterion(figures: Figures, row: Row) -> str:
    """Return the name of a criterion."""
    received = row["criterion"].removeprefix("receives_")
    if received != row["criterion"]:
        return figures.words.say("criteria", "receives", programme=figures.words.programme(received))
    return figures.words.say("criteria", row["criterion"])


def drift_alerts(figures: Figures) -> list[dict[str, str]]:
    """Return the figures that moved far since the month before."""
    alerts = []
    for change in marked_changes(figures):
        item = {"zh": f"（{change['item']}）", "en": f" ({change['item']})"}[figures.words.lang]
        alerts.append(alert(figures, "note", "drift", **{**change, "item": "" if change["item"] == "–" else item}))
    return alerts


def funnel_section(figures: Figures) -> Section:
    """Return the funnel from delivered rows to listed candidates."""
    say = figures.words.say
    bars = [
        Bar(say("steps", row["step"]), row["unit_count"], step_note(figures, row)) for row in figures.rows("funnel")
    ]
    chart = funnel(bars, say("report", "funnel"))
    return Section("funnel", say("report", "funnel"), say("report", "funnel_note"), (Block(chart=chart),))


def step_note(figures: Figures, row: Row) -> str:
    """Return what a step is to an earlier one, where the two can be compared."""
    earlier = COMPARED_STEPS.get(row["step"])
    before = figures.step(earlier) if earlier else 0
    if not earlier or not before or not row["unit_count"]:
        return ""
    per = before / row["unit_count"]
    return figures.words.say("step_notes", row["step"], share=percent(1 / per), per=f"{per:.2f}")
