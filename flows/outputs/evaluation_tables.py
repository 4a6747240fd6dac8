"""The measures of an evaluation as tables for a terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table

Row = dict[str, Any]


def tables_of(result: Row) -> list[Table]:
    """Return the tables of an evaluation in the order they are read."""
    return [
        values_table(result["values"]),
        pairs_table("Linkage: records of one person", result["linkage"]),
        pairs_table("Households: people living together", result["households"]),
        programmes_table(result["candidates"]["by_programme"], result["candidates"]["wrong"]),
        missed_table(result["candidates"]["missed"], result["candidates"]["without_truth"]),
        groups_table(result["candidates"]["by_group"], result["calibration_by_group"]),
        worst_table(result["candidates"]["worst_groups"]),
        calibration_table(result["calibration"]),
        visits_table(result["visits"]),
    ]


def table(title: str, *heads: str) -> Table:
    """Return an empty table, its first column to the left and all others to the right."""
    made = Table(title=title, title_justify="left", header_style="bold", title_style="bold")
    for place, head in enumerate(heads):
        made.add_column(head, justify="right" if place else "left", no_wrap=place > 0)
    return made


def shown(value: float | None, digits: int = 4) -> str:
    """Return a share with its digits, or a dash."""
    return "–" if value is None else f"{value:.{digits}f}"


def values_table(rows: list[Row]) -> Table:
    """Return what became of stated values, per field and source."""
    made = table(
        "Standardised values: recoverable is where the truth stands in what was stated, however it is written",
        "field", "stated", "recoverable", "right", "right share", "missed", "wrong", "invented",
    )  # fmt: skip
    for row in rows:
        counts = {
            name: f"{row[f'{name}_count']:,}"
            for name in ("stated", "recoverable", "right", "missed", "wrong", "invented")
        }
        made.add_row(
            f"· {row['source']}" if row["source"] else row["field"],
            counts["stated"],
            counts["recoverable"],
            counts["right"],
            shown(row["right_share"], 5),
            counts["missed"],
            counts["wrong"],
            counts["invented"],
        )
    return made


def pairs_table(title: str, rows: list[Row]) -> Table:
    """Return precision, recall and F1 of pairs and of whole clusters, per group."""
    made = table(title, "group", "units", "pair P", "pair R", "pair F1", "cluster P", "cluster R", "cluster F1")
    for row in rows:
        name = f"{row['topic']} {row['item']}".strip().replace("source_id ", "· ")
        figures = [row[kind][measure] for kind in ("pairs", "clusters") for measure in ("precision", "recall", "f1")]
        made.add_row(name, f"{row['units']:,}", *(shown(figure) for figure in figures))
    return made


def programmes_table(rows: list[Row], wrong: dict[str, dict[str, int]]) -> Table:
    """Return what was found and missed per programme, and what wrong candidates are."""
    made = table(
        "Candidates against people entitled and unserved",
        "programme", "candidates", "precision", "entitled", "found", "recall", "listed", "listed P", "wrong: served", "dead",
    )  # fmt: skip
    for row in rows:
        reasons = wrong.get(row["programme"], {})
        made.add_row(
            row["programme"] or "all",
            f"{row['candidates']:,}",
            shown(row["precision"], 3),
            f"{row['entitled_and_unserved']:,}",
            f"{row['found']:,}",
            shown(row["recall"], 3),
            f"{row['listed']:,}",
            shown(row["listed_precision"], 3),
            f"{reasons.get('served', 0):,}",
            f"{reasons.get('dead', 0):,}",
        )
    return made


def missed_table(rows: list[Row], without_truth: list[str]) -> Table:
    """Return how the missed were lost; programmes the truth is silent about are named, as nothing here judges them."""
    made = table(
        "How the missed were lost",
        "programme", "entitled", "held served", "excluded", "not listed", "not assessed", "not found", "wrongly served", "wrongly excluded",
    )  # fmt: skip
    for row in rows:
        ways = (row[name] for name in ("served", "excluded", "not_listed", "not_assessed", "not_found"))
        shares = (shown(row["wrongly_served_share"]), shown(row["wrongly_excluded_share"]))
        made.add_row(row["programme"] or "all", f"{row['entitled_and_unserved']:,}", *(f"{n:,}" for n in ways), *shares)
    if without_truth:
        made.caption = f"Not judged, the truth does not know them: {', '.join(without_truth)}"
    return made


def worst_table(rows: list[Row]) -> Table:
    """Return the group each programme serves worst, by each way of telling people apart."""
    made = table("Worst group per programme", "programme", "group", "entitled", "recall", "candidates", "precision")
    for row in rows:
        made.add_row(
            row["programme"] or "all",
            f"{row['group']} {row['item']}",
            f"{row['entitled_and_unserved']:,}",
            shown(row["recall"], 3),
            f"{row['candidates']:,}",
            shown(row["precision"], 3),
        )
    return made


def groups_table(groups: dict[str, list[Row]], calibration: list[Row]) -> Table:
    """Return precision, recall and calibration error over all programmes, per group."""
    heads = ("group", "candidates", "precision", "entitled", "recall", "ECE")
    made = table("Candidates by group, all programmes", *heads)
    errors = {(row["group"], row["item"]): row["expected_calibration_error"] for row in calibration}
    for group, rows in groups.items():
        for row in rows:
            if row["programme"] is None:
                figures = (f"{row['candidates']:,}", shown(row["precision"], 3))
                entitled = f"{row['entitled_and_unserved']:,}"
                error = shown(errors.get((group, row["item"])))
                made.add_row(f"{group} {row['item']}", *figures, entitled, shown(row["recall"], 3), error)
    return made


def calibration_table(rows: list[Row]) -> Table:
    """Return calibration error and Brier score per programme, and the ten bins of all."""
    made = table("Calibration", "programme / bin", "candidates", "mean probability", "true share", "ECE", "Brier")
    for row in rows:
        errors = (shown(row["expected_calibration_error"]), shown(row["brier"]))
        made.add_row(row["programme"] or "all", f"{row['candidates']:,}", "", "", *errors)
        if not row["programme"]:
            for part in row["bins"]:
                figures = (shown(part["mean_probability"], 3), shown(part["true_share"], 3))
                label = f"  {part['bin'] * 10}–{part['bin'] * 10 + 10} %"
                made.add_row(label, f"{part['candidate_count']:,}", *figures, "", "")
    return made


def visits_table(visits: Row) -> Table:
    """Return households visited and hit."""
    made = table("Visits", "which households", "visited", "hit", "hit rate")
    names = {
        "at_capacity": f"best {visits['capacity_share']:.1%} of households",
        "listed_by_rank": "this month's list, by rank",
        "listed_at_random": "this month's list, random share",
        "all_candidates": "every candidate",
    }
    for key, name in names.items():
        row = visits[key]
        made.add_row(name, f"{row['households']:,}", f"{row['hit']:,}", shown(row["hit_rate"], 3))
    return made
