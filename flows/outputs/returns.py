"""What goes back to a department: a workbook with the rows to correct, by reason, and the letter that asks for it.

The letter is a sheet of the same workbook, so that neither travels without the other and one program opens both.
This file holds people's rows: nothing in it is logged or passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.outputs.correction_book import Letter, Return, write_return
from flows.outputs.words import Words
from flows.settings import RunSettings
from flows.sources.contracts import read_contracts
from matchers.sql import identifier, literal
from schemas.raw import raw_name
from schemas.source import SourceColumn, SourceContract

# A department that has more wrong than this has one thing wrong; the letter says how many there are in all.
MOST_ROWS = 20_000
NAMED = re.compile(r"(\w+) (?:is missing or not a|begins with)")
WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class Faulty:
    """One row to correct: its place in the delivery, what is wrong, and its cells as the department may see them."""

    row_number: int
    reason: str
    cells: tuple[str, ...]


def write_returns(run: RunSettings, db: DuckEngine, folder: Path) -> dict[str, int]:
    """Write a workbook for every source with something to correct; return file name → rows in it."""
    words, written = Words(run.lang), {}
    for source_id, *counts in db.rows(
        "select source_id, file_name, delivered_count, loaded_count, quarantined_count from delivery order by source_id"
    ):
        contract = read_contracts().get(source_id)
        if contract is None or counts[0] is None:
            continue
        refused, doubted = refused_rows(db, words, contract), doubted_rows(db, words, contract)
        said = reasons(db, words, contract)
        if said:
            folder.mkdir(parents=True, exist_ok=True)
            letter = Letter(contract, words, run.day, counts[0], tuple(counts[1:]), said, requests(db, contract))
            write_return(folder / f"{source_id}.xlsx", letter, made(refused, doubted))
            written[f"{source_id}.xlsx"] = len(refused) + len(doubted)
    return written


def made(refused: list[Faulty], doubted: list[Faulty]) -> tuple[Return, Return]:
    """Return the rows of the two sheets: those that were refused, and those that were loaded with a wrong number."""
    tables = ([(row.row_number, row.reason, *row.cells) for row in rows] for rows in (refused, doubted))
    first, second = tables
    return Return("refused", first), Return("doubted", second)


def refused_rows(db: DuckEngine, words: Words, contract: SourceContract) -> list[Faulty]:
    """Return the quarantined rows of a source, by reason and then in the order of the file."""
    found = db.rows(
        f"select row_number, reason, delivered from quarantine where source_id = {literal(contract.source_id)} "
        f"order by reason, row_number limit {MOST_ROWS}"
    )
    return [
        Faulty(number, words.refusal(contract.source_id, reason), cells_of(contract, reason, delivered))
        for number, reason, delivered in found
    ]


def cells_of(contract: SourceContract, reason: str, delivered: str) -> tuple[str, ...]:
    """Return the cells of a refused row; a row out of shape has none that could be told apart."""
    said = json.loads(delivered)
    if not isinstance(said, Mapping):
        return tuple("" for _ in contract.columns)
    open_to_see = {*contract.key, *NAMED.findall(reason)}
    return tuple(shown(column, said.get(column.spellings[-1]), open_to_see) for column in contract.columns)


def doubted_rows(db: DuckEngine, words: Words, contract: SourceContract) -> list[Faulty]:
    """Return loaded rows of this delivery whose citizen number cannot be right, in the order of the file."""
    found: list[Faulty] = []
    there = db.column_types(raw_name(contract.source_id))
    # A month that was ingested under an older contract lacks the columns that are new.
    columns = ", ".join(identifier(name) if name in there else "null" for name in contract.column_names)
    invalid = f"from std_record where source_id = {literal(contract.source_id)} and id_state = 'invalid'"
    for role in contract.roles if there else ():
        number, record = role.fields["national_id"], identifier(contract.record_id_column(role))
        rows = db.rows(
            f"select row_number, {columns} from {raw_name(contract.source_id)} as delivered "
            f"semi join (select record_id as {record} {invalid}) using ({record}) "
            f"where row_number > 0 order by row_number limit {MOST_ROWS}"
        )
        reason = words.say("returns", WRONG_NUMBER, column=contract.column(number).spellings[-1])
        open_to_see = {*contract.key, number}
        for row_number, *values in rows:
            pairs = zip(contract.columns, values, strict=True)
            cells = tuple(shown(column, as_delivered(column, value), open_to_see) for column, value in pairs)
            found.append(Faulty(row_number, reason, cells))
    return found[:MOST_ROWS]


def as_delivered(column: SourceColumn, value: Any) -> Any:
    """Return a loaded value in the department's own word, where its code list has one."""
    return next((word for word, meaning in column.codes.items() if meaning == value), value) if column.codes else value


def shown(column: SourceColumn, value: Any, open_to_see: set[str]) -> str:
    """Return a cell as the department may see it: its key and what it must correct as they are, other people's facts masked."""
    text = "" if value is None else str(value)
    if column.name in open_to_see or not text:
        return text
    if column.type == "name":
        return text[0] + "*" * min(len(text) - 1, 3)
    if column.type in {"national_id", "phone"}:
        kept = 4 if len(text) > 10 else 2
        return text[: kept - 1] + "*" * (len(text) - 2 * kept + 1) + text[-kept:] if len(text) > 2 * kept else "***"
    return "***" if column.type == "address" else text


def reasons(db: DuckEngine, words: Words, contract: SourceContract) -> tuple[tuple[str, int], ...]:
    """Return how many rows each reason stands for, the most frequent first, all of them counted."""
    source = literal(contract.source_id)
    refused = db.rows(
        f"select reason, count(*) from quarantine where source_id = {source} group by reason order by 2 desc, 1"
    )
    said = [(words.refusal(contract.source_id, reason), count) for reason, count in refused]
    invalid = db.rows(
        f"select role, sum(row_count)::bigint from std_record where source_id = {source} and id_state = 'invalid' group by role order by 1"
    )
    numbers = {role.role: role.fields["national_id"] for role in contract.roles}
    for role, count in invalid:
        column = contract.column(numbers[role]).spellings[-1]
        said.append((words.say("returns", "loaded_wrong_number", column=column), count))
    return (*said, *placeholders(db, words, contract), *broken_rules(db, words, contract))


def broken_rules(db: DuckEngine, words: Words, contract: SourceContract) -> list[tuple[str, int]]:
    """Return in words which rules loaded rows break, where the first of them stand, and how many there are."""
    found = db.rows(
        f"select rule, column_name, first_rows, row_count from broken_rule where source_id = {literal(contract.source_id)} "
        "order by row_count desc, rule, column_name"
    )
    return [
        (
            words.say("broken_rules", f"letter_{rule}", column=words.headings(contract.source_id, names), rows=rows),
            count,
        )
        for rule, names, rows, count in found
    ]


def requests(db: DuckEngine, contract: SourceContract) -> tuple[int, int, str]:
    """Return rows answered this month, rows still open from before it, and the month the oldest of them was refused in."""
    found = db.rows(
        f"select answered_count, open_count, oldest_month from asked_count where source_id = {literal(contract.source_id)}"
    )
    answered, still_open, oldest = found[0] if found else (0, 0, None)
    return answered, still_open, oldest or ""


def placeholders(db: DuckEngine, words: Words, contract: SourceContract) -> list[tuple[str, int]]:
    """Return in words which fields state placeholders, with the records concerned."""
    found = db.rows(
        "select field, reason, record_count from placeholder_count "
        f"where source_id = {literal(contract.source_id)} order by record_count desc, field, reason"
    )
    return [
        (words.say("doubts", "letter_placeholder", field=words.say("doubt_fields", field), why=words.say("doubt_reasons", why)), count)
        for field, why, count in found
    ]  # fmt: skip
