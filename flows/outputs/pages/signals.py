"""Early warning: what fired, how urgent, where, by when to look, and what nobody watches."""

from __future__ import annotations

from flows.outputs.charts import Bar, stacked
from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section, count
from schemas.indicator import GRADES
from schemas.signals import POPULATIONS

KINDS = {"red": "bad", "orange": "warn", "yellow": "soft"}


def signals_section(figures: Figures) -> Section:
    """Return early warning by indicator, township and day, and what is not watched."""
    say = figures.words.say
    blocks = (by_grade(figures), by_indicator(figures), by_township(figures)) if figures.rows("signal_count") else ()
    note = say("signals", "note" if blocks else "none")
    return Section("signals", say("signals", "title"), note, (*blocks, not_watched(figures)))


def total(rows: list[Row], name: str = "signal_count", **of: str) -> int:
    """Return the sum over the rows that are of something."""
    return sum(int(row[name]) for row in rows if all(row[key] == value for key, value in of.items()))


def by_grade(figures: Figures) -> Block:
    """Return one bar per indicator, the most frequent first, split by grade; the legend says by when to look."""
    rows, say = figures.rows("signal_count"), figures.words.say
    indicators = sorted({row["indicator_id"] for row in rows}, key=lambda name: (-total(rows, indicator_id=name), name))
    bars = []
    for name in indicators:
        whole = total(rows, indicator_id=name)
        split = ((grade, total(rows, indicator_id=name, grade=grade)) for grade in GRADES)
        parts = tuple((KINDS[grade], found / whole) for grade, found in split if found)
        bars.append(Bar(figures.words.indicator(name), whole, f"{whole:,}", parts))
    return Block(
        chart=stacked(bars, say("signals", "title")), legend=tuple(by_when(figures, grade) for grade in GRADES)
    )


def by_when(figures: Figures, grade: str) -> tuple[str, str]:
    """Return a grade for the legend: how many, and the day by which somebody looks."""
    rows = [row for row in figures.rows("signal_count") if row["grade"] == grade]
    days = sorted(row["visit_due_date"] for row in rows)
    said = figures.words.say("grades", grade)
    if days:
        said += " " + figures.words.say("signals", "by_day", count=f"{total(rows):,}", day=days[0])
    return KINDS[grade], said


def by_indicator(figures: Figures) -> Block:
    """Return one row per indicator and way of closing it: grades, what is new, and about whom."""
    rows, words = figures.rows("signal_count"), figures.words
    keys = sorted({(row["indicator_id"], row["disposition"], row["department"]) for row in rows})
    shown = []
    for name, disposition, department in keys:
        of = {"indicator_id": name, "disposition": disposition, "department": department}
        grades = [grade_cell(total(rows, grade=grade, **of), grade) for grade in GRADES]
        people = [count(total(rows, population=population, **of)) for population in POPULATIONS]
        closing = Cell(words.say("disposition_choices", disposition))
        shown.append(
            (
                Cell(words.indicator(name)),
                *grades,
                count(total(rows, "new_count", **of)),
                *people,
                closing,
                Cell(department),
            )
        )
    heads = [Cell(words.say("signals", "indicator")), *(Cell(words.say("grades", grade), "num") for grade in GRADES)]
    heads += [
        Cell(words.say("report", "is_new"), "num"),
        *(Cell(words.say("populations", name), "num") for name in POPULATIONS),
    ]
    heads += [Cell(words.say("signals", "disposition")), Cell(words.say("signals", "department"))]
    return Block(title=words.say("signals", "by_indicator"), heads=tuple(heads), rows=tuple(shown))


def grade_cell(found: int, grade: str) -> Cell:
    """Return a count at a grade; the colour only where there is something to see."""
    return Cell(
        f"{found:,}" if found else "–",
        f"num {KINDS[grade] if found and grade != 'yellow' else 'sub' if not found else ''}".strip(),
    )


def by_township(figures: Figures) -> Block:
    """Return one row per township: how many at each grade."""
    rows, words = figures.rows("signal_count"), figures.words
    townships = sorted({row["township_code"] for row in rows}, key=lambda code: (code == "", code))
    shown = [
        (
            Cell(figures.township(code)),
            *(grade_cell(total(rows, township_code=code, grade=grade), grade) for grade in GRADES),
            Cell(f"{total(rows, township_code=code):,}", "num strong"),
        )
        for code in townships
    ]
    heads = (
        Cell(words.say("columns", "township")), *(Cell(words.say("grades", grade), "num") for grade in GRADES),
        Cell(words.say("columns", "total"), "num"),
    )  # fmt: skip
    return Block(title=words.say("signals", "by_township"), heads=heads, rows=tuple(shown), is_half=True)


def not_watched(figures: Figures) -> Block:
    """Return what the catalogue names and nobody watches here, and why; what lacks a figure first."""
    say, lang = figures.words.say, figures.words.lang
    rows = tuple(
        (Cell(row["name"][lang]), Cell(row["why"][lang], "warn" if row["is_stopped"] else "sub"))
        for row in figures.rows("not_watched")
    )
    heads = (Cell(say("signals", "indicator")), Cell(say("signals", "why")))
    return Block(title=say("signals", "not_watched"), note=say("signals", "not_watched_note"), heads=heads, rows=rows)


def signal_alerts(figures: Figures) -> list[dict[str, str]]:
    """Return what an officer must know: how many red ones and by when, and how many indicators stand still."""
    rows, say = [row for row in figures.rows("signal_count") if row["grade"] == "red"], figures.words.say
    found = []
    if rows:
        day = min(row["visit_due_date"] for row in rows)
        found.append({"level": "bad", "text": say("signals", "red", count=f"{total(rows):,}", day=day)})
    stopped = [row for row in figures.rows("not_watched") if row["is_stopped"]]
    if stopped:
        found.append({"level": "warn", "text": say("signals", "stopped", count=len(stopped))})
    return found
