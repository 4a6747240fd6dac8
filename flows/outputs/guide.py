"""The sheet of instructions that goes with every list."""

from __future__ import annotations

import datetime
import math
import unicodedata
from typing import Any

from flows.outputs.words import Words, sentences
from schemas.candidates import OUTCOMES_ZH

WIDTH = 104


def write_guide(workbook: Any, words: Words, visit_by: datetime.date) -> None:
    """Write the instructions: what the list is, how to visit, ask and fill in, what outcomes mean, what to keep secret."""
    sheet = workbook.add_worksheet(words.say("list", "guide_sheet"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, WIDTH - 26)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    title, head, body, term = formats(workbook)
    sheet.set_row(0, 36)
    sheet.merge_range(0, 1, 0, 2, words.say("list", "guide_sheet"), title)
    row = 1
    for section in sentences()["guide"]:
        sheet.set_row(row, 26)
        sheet.merge_range(row, 1, row, 2, section["head"][words.lang], head)
        row += 1
        for line in section["lines"]:
            said = line[words.lang].format(day=visit_by.isoformat())
            sheet.set_row(row, lines_needed(said, WIDTH) * 16.5 + 3)
            sheet.merge_range(row, 1, row, 2, said, body)
            row += 1
        if section.get("outcomes"):
            row = write_outcomes(sheet, row, words, (term, body))


def write_outcomes(sheet: Any, row: int, words: Words, looks: tuple[Any, Any]) -> int:
    """Write what each outcome means; return the next free row."""
    for outcome in OUTCOMES_ZH:
        meaning = words.say("outcomes", outcome)
        sheet.set_row(row, lines_needed(meaning, WIDTH - 26) * 16.5 + 3)
        sheet.write_string(row, 1, outcome, looks[0])
        sheet.write_string(row, 2, meaning, looks[1])
        row += 1
    return row


def formats(workbook: Any) -> tuple[Any, Any, Any, Any]:
    """Return the looks of title, heads, text and terms."""
    text = {"font_name": "宋体", "font_size": 11, "text_wrap": True, "valign": "vcenter"}
    return (
        workbook.add_format(
            {"font_name": "黑体", "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"}
        ),
        workbook.add_format(
            {"font_name": "黑体", "font_size": 12, "font_color": "#1F3A5F", "bottom": 1, "valign": "bottom"}
        ),
        workbook.add_format(text),
        workbook.add_format({**text, "bg_color": "#EEF3F9", "border": 1, "border_color": "#C9D2DE"}),
    )


def lines_needed(content: str, width: int) -> int:
    """Return how many lines a text takes."""
    return max(1, math.ceil(breadth(content) / (width - 2)))


def breadth(content: str) -> int:
    """Return how many half-width characters a text is wide."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in content)
