"""The workbook that goes back to a department: the letter, the rows that were refused, the rows with a wrong number.

The same rows are the same bytes: fixed creation date, rows in the order given.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.outputs.words import Words
from flows.outputs.workbook import FONT, HEAD_FONT, midnight, reads_as_formula
from schemas.source import SourceContract

LETTER_WIDTH, COUNT_WIDTH = 76, 14


@dataclass(frozen=True)
class Letter:
    """What the letter says: the source, the delivered file, rows delivered, loaded and refused, and the reasons.

    `requests`: rows answered this month, rows still open, and the month the oldest of these was refused in.
    """

    contract: SourceContract
    words: Words
    day: datetime.date
    file_name: str
    counts: tuple[int, int, int]
    reasons: tuple[tuple[str, int], ...]
    requests: tuple[int, int, str] = (0, 0, "")


@dataclass(frozen=True)
class Return:
    """The rows of one sheet: place in the delivery, reason, and the cells of the contract's columns."""

    kind: str
    rows: Sequence[tuple[Any, ...]]


def write_return(file: Path, letter: Letter, sheets: Sequence[Return]) -> None:
    """Write one department's workbook."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(str(file), options)
    workbook.set_properties({"author": letter.words.say("list", "creator"), "created": midnight(letter.day)})
    write_letter(workbook, letter)
    for sheet in sheets:
        if sheet.rows:
            write_rows(workbook, letter, sheet)
    workbook.close()


def write_letter(workbook: Any, letter: Letter) -> None:
    """Write the letter on the first sheet, on one page of A4."""
    say, contract = letter.words.say, letter.contract
    delivered, loaded, refused = letter.counts
    values = {
        "provider": contract.provider, "title": contract.title_zh if letter.words.lang == "zh" else contract.title_en,
        "year": letter.day.year, "month": letter.day.month, "file": letter.file_name, "source": contract.source_id,
        "delivered": f"{delivered:,}", "loaded": f"{loaded:,}", "refused": f"{refused:,}",
        "steward": contract.steward, "retention": contract.retention_months,
    }  # fmt: skip
    sheet = workbook.add_worksheet(say("returns", "letter_sheet"))
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, LETTER_WIDTH)
    sheet.set_column(1, 1, COUNT_WIDTH)
    head, body, cell = looks(workbook)
    sheet.set_row(0, 40)
    sheet.merge_range(0, 0, 0, 1, say("returns", "letter_title", **values), head)
    sheet.merge_range(1, 0, 1, 1, say("returns", "letter_to", **values), body)
    row = paragraphs(sheet, 2, (say("returns", "letter_what", **values),), body)
    for reason, count in letter.reasons:
        sheet.write_string(row, 0, reason, cell)
        sheet.write_number(row, 1, count, cell)
        row += 1
    answered, still_open, oldest = letter.requests
    if answered or (still_open and oldest < f"{letter.day:%Y-%m}"):
        told = {"answered": f"{answered:,}", "open": f"{still_open:,}", "oldest": oldest or "–"}
        row = paragraphs(sheet, row, (say("doubts", "letter_requests", **told),), body)
    asked = [say("returns", f"letter_ask_{n}", **values) for n in (1, 2, 3, 4)]
    row = paragraphs(sheet, row, (*asked, say("returns", "letter_signed", **values)), body)


def paragraphs(sheet: Any, row: int, texts: Sequence[str], look: Any) -> int:
    """Write paragraphs over both columns; return the next free row."""
    for text in texts:
        sheet.set_row(row, 20 * (1 + 2 * len(text) // (LETTER_WIDTH + COUNT_WIDTH - 8)) + 4)
        sheet.merge_range(row, 0, row, 1, text, look)
        row += 1
    return row


def looks(workbook: Any) -> tuple[Any, Any, Any]:
    """Return the looks of the letter's title, its text, and its table."""
    text = {"font_name": FONT, "font_size": 12, "text_wrap": True, "valign": "vcenter"}
    title = {**text, "font_name": HEAD_FONT, "font_size": 18, "bold": True, "align": "center"}
    return (
        workbook.add_format(title),
        workbook.add_format(text),
        workbook.add_format({**text, "border": 1, "border_color": "#C9D2DE", "num_format": "#,##0"}),
    )


def write_rows(workbook: Any, letter: Letter, table: Return) -> None:
    """Write the rows of one sheet, every cell as text that no program runs as a formula."""
    say = letter.words.say
    sheet = workbook.add_worksheet(say("returns", f"{table.kind}_sheet"))
    heading = {"font_name": HEAD_FONT, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A5F", "text_wrap": True}
    head, plain = workbook.add_format(heading), workbook.add_format({"font_name": FONT, "num_format": "@"})
    guarded = workbook.add_format({"font_name": FONT, "num_format": "@"})
    guarded.set_quote_prefix()
    names = [say("returns", "row_number"), say("returns", "reason")]
    names += [column.spellings[-1] for column in letter.contract.columns]
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, head)
    for row, (number, *cells) in enumerate(table.rows, start=1):
        sheet.write_number(row, 0, number)
        for place, cell in enumerate(cells, start=1):
            if cell:
                sheet.write_string(row, place, cell, guarded if reads_as_formula(cell) else plain)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(table.rows), len(names) - 1)
    sheet.set_column(0, 0, 8)
    # Empty cells are not written, which is a third of the work; what is typed into one stays text all the same.
    sheet.set_column(1, 1, 34, plain)
    sheet.set_column(2, len(names) - 1, 18, plain)
