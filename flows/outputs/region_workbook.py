"""What another region answered, as a workbook for the office's file. This file holds people's rows: nothing in it is logged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from flows.applicants import Applicant
from flows.outputs.words import Words
from flows.outputs.workbook import HEAD_FONT, heading, look, reads_as_formula
from schemas.region_exchange import AnswerFile

WIDTHS = (16, 12, 22, 18)


def write_answers(path: Path, reply: AnswerFile, lines: tuple[tuple[Applicant, str], ...]) -> None:
    """Write one line per person: a word per programme; unknown covers those the other region does not hold."""
    words = Words("zh")
    workbook = xlsxwriter.Workbook(str(path), {"in_memory": True, "strings_to_formulas": False})
    sheet = workbook.add_worksheet(words.say("region", "sheet"))
    heads = [*words.say("region", "heads").split("|"), *(words.programme(programme) for programme in reply.programmes)]
    title = workbook.add_format(
        {"font_name": HEAD_FONT, "font_size": 16, "bold": True, "align": "center", "valign": "vcenter"}
    )
    said = {"region": words.area(reply.header.answering_region), "day": reply.as_of, "purpose": reply.header.purpose}
    sheet.merge_range(0, 0, 0, len(heads) - 1, words.say("region", "title", **said), title)
    sheet.merge_range(1, 0, 1, len(heads) - 1, words.say("region", "notice"), look(workbook, 0, "left"))
    sheet.set_row(0, 30)
    sheet.set_row(1, 50)
    for place, head in enumerate(heads):
        sheet.set_column(place, place, WIDTHS[place] if place < len(WIDTHS) else 16)
        sheet.write_string(2, place, head, heading(workbook, 0))
    write_lines(sheet, words, lines, (look(workbook, 0, "middle"), look(workbook, 0, "guarded")))
    sheet.freeze_panes(3, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    workbook.close()


def write_lines(sheet: Any, words: Words, lines: tuple[tuple[Applicant, str], ...], looks: tuple[Any, Any]) -> None:
    """Write the persons, their numbers masked as on the lists."""
    for row, (person, letters) in enumerate(lines, start=3):
        masked = person.national_id[:6] + "********" + person.national_id[14:]
        given = (person.household_no, person.full_name, masked, words.say("check_roles", person.role))
        for place, cell in enumerate((*given, *(words.say("region_answers", letter) for letter in letters))):
            sheet.write_string(row, place, cell, looks[reads_as_formula(cell)])
