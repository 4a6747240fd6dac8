"""The result of an economic-status check as a workbook an office attaches to the file. It holds people's rows.

Findings are put to the office, not decided: a fact, a question, not seen, or not read. Supporters outside the household
stand on a sheet of their own and count towards no limit.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from flows.applicants import Applicant
from flows.outputs.words import Words
from flows.outputs.workbook import midnight, reads_as_formula
from matchers.eligibility.check_income import IncomeLine
from matchers.eligibility.economic_check import Item, Line
from schemas.economic_check import Authorisation, CheckReference

WIDTHS = {
    "findings": (14, 12, 16, 18, 18, 10, 10, 46, 30),
    "items": (14, 10, 22, 14, 12, 34, 14, 16, 14, 14, 20, 30),
    "incomes": (14, 20, 16, 20, 16, 44, 14, 60),
}
FOUND, SUPPORTERS = "items", "supporters"


@dataclass(frozen=True)
class CheckResult:
    """One finished check; `days` are the day each source speaks of, None where it was not delivered."""

    authorisation: Authorisation
    applicants: tuple[Applicant, ...]
    items: tuple[Item, ...]
    lines: tuple[Line, ...]
    incomes: tuple[IncomeLine, ...]
    days: dict[str, datetime.date | None]
    reference: CheckReference
    day: datetime.date


def write_check(file: Path, result: CheckResult, lang: str) -> None:
    """Write the workbook; the same check is the same bytes."""
    words = Words(lang)
    file.parent.mkdir(parents=True, exist_ok=True)
    workbook = xlsxwriter.Workbook(str(file), {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"title": words.say("check", "title"), "created": midnight(result.day)})
    looks = formats(workbook)
    members = tuple(item for item in result.items if item.role != "supporter")
    outside = tuple(item for item in result.items if item.role == "supporter")
    write_sheet(workbook, looks, (words, "findings"), [finding_row(words, result, line) for line in result.lines])
    write_sheet(workbook, looks, (words, FOUND), [item_row(words, result, item) for item in members])
    write_sheet(workbook, looks, (words, SUPPORTERS), [item_row(words, result, item) for item in outside])
    write_sheet(workbook, looks, (words, "incomes"), [income_row(words, result, line) for line in result.incomes])
    write_sheet(workbook, looks, (words, "about"), about_rows(words, result))
    workbook.close()


def formats(workbook: Any) -> dict[str, Any]:
    """Return the looks: title, heading, cell, and cell that must not be read as a formula."""
    cell = {
        "font_name": "宋体",
        "font_size": 11,
        "border": 1,
        "border_color": "#C9D2DE",
        "text_wrap": True,
        "valign": "top",
    }
    guarded = workbook.add_format(cell)
    guarded.set_quote_prefix()
    return {
        "title": workbook.add_format({"font_name": "黑体", "font_size": 16, "bold": True}),
        "note": workbook.add_format({"font_name": "宋体", "font_size": 10, "font_color": "#8C1D18", "text_wrap": True}),
        "head": workbook.add_format({**cell, "font_name": "黑体", "font_color": "#FFFFFF", "bg_color": "#1F3A5F"}),
        "cell": workbook.add_format(cell),
        "guarded": guarded,
    }


def write_sheet(
    workbook: Any, looks: dict[str, Any], named: tuple[Words, str], rows: Sequence[tuple[str, ...]]
) -> None:
    """Write one sheet: title, notice, headings, rows."""
    words, key = named
    heads = words.say("check", f"{'items' if key == SUPPORTERS else key}_heads").split("|")
    sheet = workbook.add_worksheet(words.say("check", key))
    sheet.write_string(0, 0, words.say("check", "title") + " · " + words.say("check", key), looks["title"])
    sheet.merge_range(1, 0, 1, max(len(heads) - 1, 1), words.say("check", "notice"), looks["note"])
    sheet.set_row(1, 30)
    widths = WIDTHS.get(key, WIDTHS["items"])
    for place, head in enumerate(heads):
        sheet.set_column(place, place, 60 if key == "about" and place else widths[place])
        sheet.write_string(2, place, head, looks["head"])
    for line, row in enumerate(rows, start=3):
        for place, cell in enumerate(row):
            sheet.write_string(line, place, cell, looks["guarded" if reads_as_formula(cell) else "cell"])
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def finding_row(words: Words, result: CheckResult, line: Line) -> tuple[str, ...]:
    """Return one limit of one application."""
    mark = "；" if words.lang == "zh" else "; "
    reasons = [
        e.reason["zh" if words.lang == "zh" else "en"] for e in result.reference.exemptions if e.kind == line.test
    ]
    asked = line.verdict in ("exceeds", "question")
    return (
        line.household_no,
        words.say("check_tests", line.test),
        words.say("check_verdicts", line.verdict),
        figure(line.observed),
        words.say("check", "no_limit") if line.limit is None else figure(line.limit),
        str(line.fact_count),
        str(line.doubt_count),
        mark.join(reasons) if asked else "",
        "",
    )


def income_row(words: Words, result: CheckResult, line: IncomeLine) -> tuple[str, ...]:
    """Return one kind of income of one side of an application, with where it is known from and what is not known."""
    mark = "；" if words.lang == "zh" else "; "
    reasons = [
        exemption.reason["zh" if words.lang == "zh" else "en"]
        for exemption in result.reference.exemptions
        if exemption.kind == "income" and exemption.income_kind == line.income_kind
    ]
    unread = [words.say("check", "unread_source", source=words.source(source)) for source in line.unread_ids]
    return (
        line.household_no,
        words.say("check", "outside" if line.is_outside else "inside"),
        words.say("income_kinds", line.income_kind),
        figure(line.known_yuan),
        figure(line.asked_yuan),
        mark.join([*(words.source(source) for source in line.source_ids), *unread]),
        line.as_of.isoformat() if line.as_of else "",
        mark.join(reasons) if line.source_ids else "",
    )


def item_row(words: Words, result: CheckResult, item: Item) -> tuple[str, ...]:
    """Return one thing found, with its source, its day and how sure the row is this person."""
    person = next(a for a in result.applicants if a.place == item.place)
    worth = "" if item.kind == "vehicle" else band(item)
    remarks = [key for key, holds in (("gone", item.is_gone), ("exempt", item.is_exempt)) if holds]
    remarks += [] if item.is_fact or item.link != "certain" else ["old"]
    return (
        item.household_no,
        person.full_name,
        person.national_id[:6] + "*" * 8 + person.national_id[-4:],
        words.say("check_roles", item.role),
        words.say("check_kinds", item.kind),
        item.content,
        item.state,
        worth,
        words.source(item.source_id),
        item.as_of.isoformat(),
        words.say("check_links", item.link),
        "；".join(words.say("check_remarks", remark) for remark in remarks),
    )


def band(item: Item) -> str:
    """Return what a thing is worth, as a figure or as bounds."""
    if item.kind == "house":
        return f"{item.low} m²" if item.low else ""
    if item.high is None:
        return f"≥ {figure(item.low)}" if item.low else ""
    return figure(item.low) if item.low == item.high else f"{figure(item.low)}–{figure(item.high)}"


def figure(value: Decimal) -> str:
    """Return a number as an office reads it."""
    return f"{value.normalize():,f}"


def about_rows(words: Words, result: CheckResult) -> list[tuple[str, ...]]:
    """Return under what the check was made and what it rests on."""
    held = result.authorisation
    rows = [
        (words.say("check", "authorisation"), held.authorisation_id),
        (words.say("check", "signed"), f"{held.signed_by} {held.signed_on}"),
        (words.say("check", "purpose"), held.purpose),
        (words.say("check", "valid"), f"{held.valid_from} – {held.valid_to}"),
        (words.say("check", "persons"), str(len(result.applicants))),
    ]
    rows += [
        (words.source(source), str(day) if day else words.say("check", "not_delivered"))
        for source, day in sorted(result.days.items())
    ]
    return [*rows, *((words.say("check", f"method_{n}_head"), words.say("check", f"method_{n}")) for n in (1, 2, 3, 4))]
