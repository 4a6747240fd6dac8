"""Candidates by programme and township, and how probable they are."""

from __future__ import annotations

from flows.outputs.charts import Bar, columns
from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section
from flows.outputs.pages.sources import heads

SUMS = ("listed_count", "random_count", "listed_expected_count", "candidate_count", "expected_count")


def candidates_section(figures: Figures) -> Section:
    """Return candidates by programme, by programme and township, and by probability."""
    say = figures.words.say
    blocks = (by_programme(figures), by_township(figures), by_probability(figures))
    return Section("candidates", say("report", "candidates"), say("report", "candidates_note"), blocks)


def programmes(figures: Figures) -> list[str]:
    """Return the programmes that have candidates."""
    return sorted({row["programme_id"] for row in figures.rows("candidate_count")})


def added(rows: list[Row], name: str) -> float:
    """Return the sum of a column."""
    return sum(float(row[name]) for row in rows)


def by_programme(figures: Figures) -> Block:
    """Return one row per programme and the county as a whole."""
    found = figures.rows("candidate_count")
    rows = [
        totals(figures.words.programme(programme), [row for row in found if row["programme_id"] == programme], "")
        for programme in programmes(figures)
    ]
    rows.append(totals(figures.words.say("report", "all_townships"), found, "strong"))
    return Block(
        heads=heads(figures, "programme", "listed", "random", "listed_expected", "candidates", "expected", "benefit"),
        rows=tuple(rows),
    )


def totals(label: str, rows: list[Row], look: str) -> tuple[Cell, ...]:
    """Return one row of sums."""
    sums = [f"{added(rows, name):,.0f}" for name in SUMS]
    benefit = f"{added(rows, 'benefit_month_yuan'):,.0f}" if added(rows, "benefit_month_yuan") else "–"
    return (Cell(label, look), *(Cell(each, f"num {look}") for each in (*sums, benefit)))


def by_township(figures: Figures) -> Block:
    """Return listed and all candidates per township and programme; the deeper the ground, the more are listed."""
    found = {(row["township_code"], row["programme_id"]): row for row in figures.rows("candidate_count")}
    townships = sorted({township for township, _ in found}, key=lambda code: (code == "", code))
    top = max((row["listed_count"] for row in found.values()), default=0) or 1
    names = [Cell(figures.words.programme(programme), "num wrap") for programme in programmes(figures)]
    rows = []
    for township in townships:
        mine = [row for (code, _), row in found.items() if code == township]
        cells = [shaded(found.get((township, programme)), top) for programme in programmes(figures)]
        both = f"{added(mine, 'listed_count'):,.0f} / {added(mine, 'candidate_count'):,.0f}"
        rows.append((Cell(figures.township(township)), *cells, Cell(both, "num strong")))
    head = (*heads(figures, "township"), *names, Cell(figures.words.say("columns", "total"), "num"))
    return Block(heads=head, rows=tuple(rows))


def shaded(row: Row | None, top: int) -> Cell:
    """Return one cell of the township table with its shade."""
    if row is None:
        return Cell("–", "num sub")
    shade = 0 if not row["listed_count"] else 1 + min(4, int(5 * row["listed_count"] / (top + 1)))
    return Cell(f"{row['listed_count']:,} / {row['candidate_count']:,}", f"num h{shade}")


def by_probability(figures: Figures) -> Block:
    """Return candidates per tenth of probability, the listed ones apart by colour."""
    say = figures.words.say
    bars = []
    for row in figures.rows("probability_bin"):
        listed = row["listed_count"] / row["candidate_count"] if row["candidate_count"] else 0.0
        label = f"{row['bin'] * 10}–{row['bin'] * 10 + 10}%"
        bars.append(Bar(label, row["candidate_count"], parts=(("c1", listed), ("none", 1 - listed))))
    title = say("report", "probabilities")
    legend = (("c1", say("columns", "listed")), ("none", say("columns", "candidates")))
    return Block(title, chart=columns(bars, title), legend=legend)
