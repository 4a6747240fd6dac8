"""Referral workbooks: what each department should follow up. This file holds people's rows: nothing in it is logged.

Minimum: name, masked number, village, what to look at and by when. No amounts, no diagnosis, no other member.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.engines.duckdb import DuckEngine
from flows.outputs.words import Words
from flows.outputs.workbook import heading, look, midnight, reads_as_formula
from flows.settings import RunSettings
from matchers.sql import columns
from schemas.chains import REFERRAL_ROW
from schemas.indicator import Indicator

HEADS = (
    ("number", 6), ("lead", 16), ("name", 12), ("masked", 22), ("township", 14), ("village", 16), ("population", 16),
    ("matter", 24), ("grade", 10), ("situation", 36), ("question", 44), ("disposition", 28), ("due", 13), ("result", 20),
    ("notes", 22),
)  # fmt: skip
RESULT, FIRST_ROW = 13, 3
RESULTS = ("delivered", "not_due", "wrong_data", "passed_on", "observing")


def write_referrals(
    run: RunSettings, db: DuckEngine, folder: Path, indicators: tuple[Indicator, ...]
) -> dict[str, int]:
    """Write one workbook per department, the most urgent first; return file name → lines."""
    names = REFERRAL_ROW.column_names
    order = "department, coalesce(list_position(['red', 'orange', 'yellow'], grade), 4), due_date, township_name, village_name, lead_id"
    rows = [
        dict(zip(names, row, strict=True))
        for row in db.rows(f"select {columns(names)} from referral_row order by {order}")
    ]
    folder.mkdir(parents=True, exist_ok=True)
    known = {indicator.indicator_id: indicator for indicator in indicators}
    written = {}
    for department, lines in groupby(rows, key=lambda row: str(row["department"])):
        listed = list(lines)
        write_workbook(run, folder / f"{department}.xlsx", department, [cells(run, row, known) for row in listed])
        written[f"{department}.xlsx"] = len(listed)
    return written


def cells(run: RunSettings, row: dict[str, Any], known: dict[str, Indicator]) -> tuple[str, ...]:
    """Return one line, every cell as text, without its number."""
    words, indicator = Words(run.lang), known.get(row["indicator_id"])
    matter = getattr(indicator.name, run.lang) if indicator else words.programme(row["programme_id"])
    if indicator and row["programme_id"]:
        matter = (
            f"{matter}（{words.programme(row['programme_id'])}）"
            if run.lang == "zh"
            else f"{matter} ({words.programme(row['programme_id'])})"
        )
    return tuple(str(cell or "") for cell in (
        row["lead_id"], row["full_name"], row["masked_id"] or words.say("list", "no_number"), row["township_name"], row["village_name"],
        words.say("populations", row["population"] or "candidate"), matter, words.say("grades", row["grade"] or "none"),
        getattr(indicator.reason, run.lang) if indicator else row[f"reasons_{run.lang}"],
        getattr(indicator.question, run.lang) if indicator else row[f"questions_{run.lang}"],
        words.say("dispositions", row["disposition"]), row["due_date"], "", "",
    ))  # fmt: skip


def write_workbook(run: RunSettings, path: Path, department: str, lines: list[tuple[str, ...]]) -> None:
    """Write one department's list."""
    words = Words(run.lang)
    workbook = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False})
    title = words.say("referral", "title", department=department, year=run.day.year, month=run.day.month)
    workbook.set_properties({"title": title, "author": words.say("list", "creator"), "created": midnight(run.day)})
    sheet = workbook.add_worksheet(words.say("referral", "sheet"))
    large = workbook.add_format(
        {"font_name": "黑体", "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"}
    )
    notice = workbook.add_format(
        {"font_name": "宋体", "font_size": 11, "font_color": "#8C1D18", "text_wrap": True, "valign": "vcenter"}
    )
    sheet.set_row(0, 32)
    sheet.set_row(1, 50)
    sheet.merge_range(0, 0, 0, len(HEADS) - 1, title, large)
    sheet.merge_range(1, 0, 1, len(HEADS) - 1, words.say("referral", "notice"), notice)
    for place, (key, width) in enumerate(HEADS):
        sheet.set_column(place, place, width)
        sheet.write_string(
            FIRST_ROW - 1,
            place,
            words.say("referral_heads", key),
            heading(workbook, 11 + (place >= RESULT) if place >= RESULT else 0),
        )
    write_lines(workbook, sheet, lines)
    offer_results(sheet, words, len(lines))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST_ROW - 1)
    sheet.set_footer(f"&L{title}&R{words.say('list', 'footer')}")
    workbook.close()


def write_lines(workbook: Any, sheet: Any, lines: list[tuple[str, ...]]) -> None:
    """Write the lines; a cell that could be read as a formula is guarded."""
    looks = {kind: look(workbook, 0, kind) for kind in ("middle", "left", "open", "guarded")}
    for number, line in enumerate(lines, start=1):
        row = FIRST_ROW + number - 1
        sheet.set_row(row, 54)
        sheet.write_number(row, 0, number, looks["middle"])
        for place, cell in enumerate(line, start=1):
            kind = "open" if place >= RESULT else "left" if place in (9, 10, 11) else "middle"
            sheet.write_string(row, place, cell, looks["guarded" if reads_as_formula(cell) else kind])


def offer_results(sheet: Any, words: Words, count: int) -> None:
    """Offer the results to choose from; headings stay in sight and filter."""
    results = [words.say("referral_results", key) for key in RESULTS]
    sheet.data_validation(
        FIRST_ROW,
        RESULT,
        FIRST_ROW + count - 1,
        RESULT,
        {"validate": "list", "source": results, "error_type": "warning"},
    )
    sheet.freeze_panes(FIRST_ROW, 3)
    sheet.autofilter(FIRST_ROW - 1, 0, FIRST_ROW + count - 1, len(HEADS) - 1)
