"""Candidate lists: one workbook per township, one for those no source can place, and all candidates without names.

This file holds people's rows: nothing in it is logged or passed on.
"""

from __future__ import annotations

import datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.outputs.signal_sheet import signal_cells, write_signals
from flows.outputs.words import Words
from flows.outputs.workbook import Line, ListFile, write_list
from flows.settings import RunSettings
from matchers.sql import columns, literal
from schemas.candidates import CANDIDATE
from schemas.signal_lists import SIGNAL_ROW

FIELDS = (
    "township_code", "township_name", "line_number", "visit_number", "candidate_id", "full_name", "masked_id",
    "village_name", "address", "phone", "programme_id", "reasons", "questions",
)  # fmt: skip


def write_lists(run: RunSettings, db: DuckEngine, folder: Path) -> dict[str, int]:
    """Write every workbook; return file name → lines."""
    words = Words(run.lang)
    sentences = f"reasons_{run.lang} as reasons, questions_{run.lang} as questions"
    chosen = f"select {columns(FIELDS[:-2])}, {sentences} from list_row order by township_code nulls last, line_number"
    lists = by_township([dict(zip(FIELDS, row, strict=True)) for row in db.rows(chosen)])
    warnings = by_township(signal_rows(db))
    written = {}
    for township in sorted({*lists, *warnings}, key=lambda code: (code is None, code or "")):
        lines, signals = lists.get(township, []), warnings.get(township, [])
        first = (lines or signals)[0]
        name = f"{township or 'unplaced'}.xlsx"
        place = first["township_name"] or township or words.say("report", "unplaced")
        label = f"{place} {run.month}"
        file = ListFile(folder / name, label, title(run, words, first), words, run.day, visit_by(run.day))
        warned = [signal_cells(words, row) for row in signals]
        beside = partial(write_signals, file=file, lines=warned) if warned else None
        write_list(file, [line(words, row, file.visit_by) for row in lines], beside)
        written[name] = len(lines)
    return written


def by_township(rows: list[dict[str, Any]]) -> dict[str | None, list[dict[str, Any]]]:
    """Return the rows of each township, in their order."""
    return {code: list(found) for code, found in groupby(rows, key=lambda row: row["township_code"])}


def signal_rows(db: DuckEngine) -> list[dict[str, Any]]:
    """Return the early warnings as a township's sheet lists them."""
    names = SIGNAL_ROW.column_names
    chosen = f"select {columns(names)} from signal_row order by township_code nulls last, line_number"
    return [dict(zip(names, row, strict=True)) for row in db.rows(chosen)]


def title(run: RunSettings, words: Words, row: dict[str, Any]) -> str:
    """Return the title of a list: county, township and month."""
    code = row["township_code"]
    place = f"{words.area(code[:6])}{row['township_name'] or code}" if code else ""
    key = "title" if code else "unplaced_title"
    return words.say("list", key, place=place, year=run.day.year, month=run.day.month).strip()


def line(words: Words, row: dict[str, Any], by: datetime.date) -> Line:
    """Return one line as it stands on the sheet, every cell as text."""
    cells = (
        str(row["line_number"]),
        row["candidate_id"],
        row["full_name"],
        row["masked_id"] or words.say("list", "no_number"),
        row["village_name"],
        row["address"],
        row["phone"],
        words.programme(row["programme_id"]),
        row["reasons"],
        row["questions"],
        by.isoformat(),
        *("", "", "", ""),
    )
    return Line(row["line_number"], row["visit_number"], tuple(str(cell or "") for cell in cells))


def visit_by(day: datetime.date) -> datetime.date:
    """Return the day a visit should be done by: the last of the month after, when the next list comes.

    No national deadline is published; a county that has its own writes it here once areas carry it as a parameter.
    """
    first_after_next = (day.replace(day=1) + datetime.timedelta(days=62)).replace(day=1)
    return first_after_next - datetime.timedelta(days=1)


def write_candidates(db: DuckEngine, file: Path) -> None:
    """Write all candidates, listed or not; the table has no names and no numbers."""
    chosen = f"select {columns(CANDIDATE.column_names)} from candidate order by candidate_id"
    db.run(f"copy ({chosen}) to {literal(str(file))} (format parquet, compression zstd)")
