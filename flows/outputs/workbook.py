"""Candidate lists as workbooks. This file holds people's rows: nothing in it is logged or passed on.

The same rows are the same bytes: fixed creation date, no wandering styles, rows in the order of the list.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.outputs.guide import breadth, write_guide
from flows.outputs.words import Words
from schemas.candidates import LIST_COLUMNS, OUTCOMES_ZH

# A cell that begins like this would be read as a formula by a program that imports it as plain text; input in Chinese
# takes the wide marks for the narrow ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BLANKS_BEFORE = " \u00a0\u3000\u200b\ufeff"
HEADER_ROW, FIRST_ROW = 2, 3
VISIT_DATE, VISITORS, OUTCOME, NOTES = 11, 12, 13, 14
REASONS, FILLED_IN = 8, (VISIT_DATE, VISITORS, OUTCOME, NOTES)
LINE_HEIGHT, LONGEST_ROW = 16.5, 400.0
# A column is so many characters of 11 points wide; cells are written in 12 points.
CHARACTER = 12 / 11
KINDS = ("middle", "left", "date", "open", "open date")
FONT = "宋体"
HEAD_FONT = "黑体"


@dataclass(frozen=True)
class ListFile:
    """One workbook: its place, the words it speaks, and the days that matter."""

    path: Path
    label: str
    title: str
    words: Words
    day: datetime.date
    visit_by: datetime.date


@dataclass(frozen=True)
class Line:
    """One line of the list, in the order of LIST_COLUMNS; `visit_number` tells households apart."""

    line_number: int
    visit_number: int
    cells: tuple[str, ...]


def write_list(file: ListFile, lines: Sequence[Line], beside: Callable[[Any], None] | None = None) -> None:
    """Write one list with its instructions; `beside` adds a sheet between the two."""
    workbook = xlsxwriter.Workbook(str(file.path), {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties(
        {
            "title": file.title,
            "author": file.words.say("list", "creator"),
            "created": midnight(file.day),
        }
    )
    workbook.set_custom_property("month", f"{file.day:%Y-%m}", "text")
    sheet = workbook.add_worksheet(file.words.say("list", "sheet"))
    write_head(workbook, sheet, file)
    write_lines(workbook, sheet, file, lines)
    offer_choices(sheet, file, len(lines))
    set_up_print(sheet, file, len(lines))
    if beside:
        beside(workbook)
    write_guide(workbook, file.words, file.visit_by)
    workbook.close()


def write_head(workbook: Any, sheet: Any, file: ListFile) -> None:
    """Write title, notice and column headings."""
    last = len(LIST_COLUMNS) - 1
    large = {"font_name": HEAD_FONT, "font_size": 20, "bold": True, "valign": "vcenter", "align": "center"}
    small = {"font_name": FONT, "font_size": 11, "font_color": "#8C1D18", "valign": "vcenter", "text_wrap": True}
    title, notice = workbook.add_format(large), workbook.add_format(small)
    label = workbook.add_format({**large, "font_size": 14, "align": "left"})
    sheet.set_row(0, 34)
    sheet.set_row(1, 34)
    sheet.set_row(HEADER_ROW, 32)
    # The first three columns are printed again beside the right half, so they carry a short title of their own.
    sheet.merge_range(0, 0, 0, 2, file.label, label)
    sheet.merge_range(0, 3, 0, REASONS, file.title, title)
    sheet.merge_range(1, 0, 1, 2, file.words.say("list", "internal"), notice)
    sheet.merge_range(1, 3, 1, REASONS, file.words.say("list", "notice"), notice)
    for place, (zh, en, width) in enumerate(LIST_COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(HEADER_ROW, place, zh if file.words.lang == "zh" else en, heading(workbook, place))
    sheet.freeze_panes(FIRST_ROW, 3)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW, last)


def reads_as_formula(cell: str) -> bool:
    """Return whether some program would run a cell as a formula, were it not marked as text; many look past blanks."""
    return cell.lstrip(BLANKS_BEFORE).startswith(FORMULA_STARTS)


def heading(workbook: Any, place: int) -> Any:
    """Return the look of a heading: ink for what is given, ochre for what visitors fill in."""
    ink = "#8A5A00" if place in FILLED_IN else "#1F3A5F"
    return workbook.add_format(
        {
            "font_name": HEAD_FONT,
            "font_size": 12,
            "font_color": "#FFFFFF",
            "bg_color": ink,
            "border": 1,
            "border_color": "#FFFFFF",
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
        }
    )


def write_lines(workbook: Any, sheet: Any, file: ListFile, lines: Sequence[Line]) -> None:
    """Write the lines; households alternate between two shades."""
    looks = {(shade, kind): look(workbook, shade, kind) for shade in (0, 1) for kind in KINDS}
    guarded = {shade: look(workbook, shade, "guarded") for shade in (0, 1)}
    for place, line in enumerate(lines):
        row, shade = FIRST_ROW + place, line.visit_number % 2
        sheet.set_row(row, height(line.cells))
        sheet.write_number(row, 0, line.line_number, looks[shade, "middle"])
        for column, cell in enumerate(line.cells[1:], start=1):
            kind = "open" if column in FILLED_IN else "left" if column in (5, REASONS, REASONS + 1) else "middle"
            chosen = guarded[shade] if reads_as_formula(cell) else looks[shade, kind]
            if cell:
                sheet.write_string(row, column, cell, chosen)
            else:
                sheet.write_blank(row, column, None, looks[shade, "open date" if column == VISIT_DATE else kind])
        sheet.write_datetime(row, VISIT_DATE - 1, midnight(file.visit_by), looks[shade, "date"])


def look(workbook: Any, shade: int, kind: str) -> Any:
    """Return the look of a cell: shade of the household, and middle, left, date, open (to be filled in), open date or guarded."""
    ground = ("#FFFFFF", "#EEF3F9")[shade] if not kind.startswith("open") else ("#FFFBF0", "#FDF5E0")[shade]
    settings = {
        "font_name": FONT,
        "font_size": 12,
        "bg_color": ground,
        "border": 1,
        "border_color": "#C9D2DE",
        "valign": "vcenter",
        "text_wrap": True,
        "align": "left" if kind in ("left", "open", "guarded") else "center",
    }
    if kind.endswith("date"):
        settings["num_format"] = "yyyy-mm-dd"
    made = workbook.add_format(settings)
    if kind == "guarded":
        made.set_quote_prefix()
    return made


def height(cells: Sequence[str]) -> float:
    """Return the height a line needs; programs disagree on fitting wrapped text by themselves, and printers more so."""
    needed = max(
        sum(math.ceil(max(breadth(part), 1) * CHARACTER / (width - 1)) for part in cell.split("\n"))
        for cell, (_, _, width) in zip(cells, LIST_COLUMNS, strict=True)
    )
    return min(needed * LINE_HEIGHT + 6, LONGEST_ROW)


def midnight(day: datetime.date) -> datetime.datetime:
    """Return a day as the workbook library wants it."""
    return datetime.datetime.combine(day, datetime.time())


def offer_choices(sheet: Any, file: ListFile, count: int) -> None:
    """Offer the outcomes as a list to choose from, and ask for a real date; neither stands in the way of typing."""
    if not count:
        return
    last = FIRST_ROW + count - 1
    outcomes = {"validate": "list", "source": list(OUTCOMES_ZH), "input_message": file.words.say("list", "choose")}
    sheet.data_validation(FIRST_ROW, OUTCOME, last, OUTCOME, {**outcomes, "error_type": "warning"})
    dates = {
        "validate": "date",
        "criteria": ">=",
        "value": file.day.replace(day=1),
        "input_message": file.words.say("list", "date_wanted", day=file.visit_by.isoformat()),
        "error_type": "warning",
    }
    sheet.data_validation(FIRST_ROW, VISIT_DATE, last, VISIT_DATE, dates)


def set_up_print(sheet: Any, file: ListFile, count: int) -> None:
    """Print on A4 landscape, two pages side by side: who and why, then what to ask and what came out."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_print_scale(58)
    sheet.set_v_pagebreaks([REASONS + 1])
    sheet.repeat_rows(HEADER_ROW)
    sheet.repeat_columns(0, 2)
    sheet.print_area(0, 0, FIRST_ROW + max(count, 1) - 1, len(LIST_COLUMNS) - 1)
    sheet.set_footer(f"&L{file.title.replace('&', '&&')}&R{file.words.say('list', 'footer')}")
