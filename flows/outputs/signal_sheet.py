"""The sheet of early warnings in a township's workbook. This file holds people's rows: nothing in it is logged.

Minimum, as on the visit list: no amount, no disease, no other member.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.outputs.words import Words, indicators
from flows.outputs.workbook import (
    FIRST_ROW,
    FONT,
    HEAD_FONT,
    HEADER_ROW,
    VISIT_DATE,
    ListFile,
    heading,
    look,
    midnight,
    reads_as_formula,
)
from schemas.indicator import DISPOSITIONS

# Key of the heading and width; the last four are filled in by the visitors.
COLUMNS = (
    ("number", 6), ("signal", 16), ("name", 12), ("masked", 22), ("village", 16), ("address", 22), ("phone", 15), ("matter", 24),
    ("grade", 9), ("situation", 34), ("question", 40), ("list_line", 9), ("due", 12), ("visited", 12), ("visitors", 14),
    ("closed_by", 16), ("notes", 22),
)  # fmt: skip
DUE, VISITED, CLOSED_BY = 12, 13, 15
LEFT = (5, 9, 10)
GRADE, GRADE_INK = 8, {"red": "#B3352C", "orange": "#B97600", "yellow": "#5B6875"}


def signal_cells(words: Words, row: dict[str, Any]) -> dict[str, Any]:
    """Return one line: its cells as text, its grade, and the day to visit by."""
    known = indicators()[row["indicator_id"]]
    matter = words.indicator(row["indicator_id"])
    if row["programme_id"]:
        of = words.programme(row["programme_id"])
        matter += f"（{of}）" if words.lang == "zh" else f" ({of})"
    cells = (
        row["line_number"], row["signal_id"], row["full_name"], row["masked_id"] or words.say("list", "no_number"), row["village_name"],
        row["address"], row["phone"], matter, words.say("grades", row["grade"]), known["reason"][words.lang],
        known["question"][words.lang], row["list_line"],
    )  # fmt: skip
    return {"cells": tuple(str(cell or "") for cell in cells), "grade": row["grade"], "due": row["visit_due_date"]}


def write_signals(workbook: Any, file: ListFile, lines: Sequence[dict[str, Any]]) -> None:
    """Write the sheet; the way of closing is chosen from the four the law knows and left empty for the visitors."""
    say = file.words.say
    sheet = workbook.add_worksheet(say("signal_sheet", "sheet"))
    large = {"font_name": HEAD_FONT, "font_size": 20, "bold": True, "valign": "vcenter", "align": "center"}
    small = {"font_name": FONT, "font_size": 11, "font_color": "#8C1D18", "valign": "vcenter", "text_wrap": True}
    sheet.set_row(0, 34)
    sheet.set_row(1, 34)
    sheet.set_row(HEADER_ROW, 32)
    sheet.merge_range(
        0, 0, 0, len(COLUMNS) - 1, say("signal_sheet", "title", label=file.label), workbook.add_format(large)
    )
    sheet.merge_range(1, 0, 1, len(COLUMNS) - 1, say("signal_sheet", "notice"), workbook.add_format(small))
    for place, (key, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(
            HEADER_ROW, place, say("signal_heads", key), heading(workbook, VISIT_DATE if place >= VISITED else 0)
        )
    write_rows(workbook, sheet, lines)
    offer(sheet, file, len(lines))


def write_rows(workbook: Any, sheet: Any, lines: Sequence[dict[str, Any]]) -> None:
    """Write the lines; a cell that could be read as a formula is guarded."""
    looks = {kind: look(workbook, 0, kind) for kind in ("middle", "left", "date", "open", "open date", "guarded")}
    inks = {grade: look(workbook, 0, "middle") for grade in GRADE_INK}
    for grade, ink in inks.items():
        ink.set_font_color(GRADE_INK[grade])
        ink.set_bold()
    for number, line in enumerate(lines):
        row = FIRST_ROW + number
        sheet.set_row(row, 52)
        for place, cell in enumerate(line["cells"]):
            chosen = inks[line["grade"]] if place == GRADE else looks["left" if place in LEFT else "middle"]
            sheet.write_string(row, place, cell, looks["guarded"] if reads_as_formula(cell) else chosen)
        sheet.write_datetime(row, DUE, midnight(line["due"]), looks["date"])
        for place in range(VISITED, len(COLUMNS)):
            sheet.write_blank(row, place, None, looks["open date" if place == VISITED else "open"])


def offer(sheet: Any, file: ListFile, count: int) -> None:
    """Offer the four ways of closing and set the page up; neither stands in the way of typing."""
    words, last = file.words, FIRST_ROW + count - 1
    choices = [words.say("disposition_choices", name) for name in DISPOSITIONS]
    chosen = {
        "validate": "list",
        "source": choices,
        "input_message": words.say("signal_sheet", "choose"),
        "error_type": "warning",
    }
    sheet.data_validation(FIRST_ROW, CLOSED_BY, last, CLOSED_BY, chosen)
    sheet.freeze_panes(FIRST_ROW, 3)
    sheet.autofilter(HEADER_ROW, 0, last, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer(f"&L{file.label.replace('&', '&&')}&R{words.say('list', 'footer')}")
