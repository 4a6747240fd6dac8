"""XLSX workbooks, whose cells come typed: numbers, days and texts become the text a department would have written."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, refuse_without_rows, show_as_arrived
from flows.sources.headers import HEADER_AMONG_FIRST, find_header, known_headers, match_headers
from matchers.errors import DeliveryError
from matchers.sql import identifier
from schemas.source import SourceContract

# A spreadsheet keeps 15 digits of a number; what follows is nought and not what was typed.
EXACT_DIGITS = 15
Cell = Any


@dataclass(frozen=True)
class WorkbookReader:
    """Reads the rows of one sheet; `places` is where each column stands."""

    contract: SourceContract
    rows: Sequence[Sequence[Cell]]
    places: dict[str, int]

    def load(self, db: DuckEngine) -> int:
        """Make arrived_<source>; return the rows of the sheet, empty ones left out."""
        table = f"delivered_{self.contract.source_id}"
        columns = {
            name: pa.array([cell_text(row[place]) for row in self.rows], pa.string())
            for name, place in self.places.items()
        }
        db.store(table, columns)
        fields = ", ".join(map(identifier, columns))
        rows = f"select rowid + 1 as row_number, null::varchar as row_fault, null::varchar as row_fields, {fields} from {table}"
        show_as_arrived(db, self.contract, {name: name for name in columns}, rows)
        return len(self.rows)


def open_workbook(contract: SourceContract, file: Path) -> Arrival:
    """Return a delivered workbook; raises DeliveryError where it cannot be read as its contract says."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    rows = best_sheet(contract, file)
    header_at = find_header(contract, [[str(cell) for cell in row] for row in rows[:HEADER_AMONG_FIRST]])
    headers = [str(cell) for cell in rows[header_at]] if rows else []
    if not rows:
        raise DeliveryError("is empty: it has not even a header. Ask the department to send it again.")
    places = match_headers(contract, headers)
    filled = [row for row in rows[header_at + 1 :] if any(cell not in ("", None) for cell in row)]
    refuse_without_rows(contract, bool(filled))
    note = rounded_note(filled, places)
    return Arrival(contract, file, digest, "xlsx", WorkbookReader(contract, filled, places), note)


def best_sheet(contract: SourceContract, file: Path) -> list[list[Cell]]:
    """Return the rows of the sheet whose header names most columns of the contract."""
    try:
        book = CalamineWorkbook.from_path(str(file))
        sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        secret = "password" in str(error).lower()
        said = (
            "is locked with a password"
            if secret
            else "cannot be opened as an XLSX workbook: it is cut off or something else"
        )
        raise DeliveryError(f"{said}. Ask the department to send it again.") from None
    return max(sheets, key=lambda rows: columns_named(contract, rows), default=[])


def columns_named(contract: SourceContract, rows: list[list[Cell]]) -> int:
    """Return how many columns of the contract the header of a sheet names; -1 for an empty sheet."""
    top = [[str(cell) for cell in row] for row in rows[:HEADER_AMONG_FIRST]]
    return len(known_headers(contract, top[find_header(contract, top)])) if top else -1


def cell_text(cell: Cell) -> str | None:
    """Return the text of a cell; None for an empty one."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime.datetime | datetime.date):
        return cell.isoformat()
    return None if cell is None else str(cell)


def number_text(number: float) -> str:
    """Return a number as text; digits the spreadsheet made up are masked, so that nobody takes them for a number."""
    if number != int(number):
        return repr(number)
    length = len(str(abs(int(number))))
    if length <= EXACT_DIGITS:
        return str(int(number))
    exact = f"{number:.{EXACT_DIGITS - 1}e}".partition("e")[0].replace(".", "")
    return exact + "*" * (length - EXACT_DIGITS)


def rounded_note(rows: Sequence[Sequence[Cell]], places: dict[str, int]) -> str | None:
    """Return how many numbers the spreadsheet rounded; None where it rounded none."""
    used = list(places.values())
    limit = 10**EXACT_DIGITS
    count = sum(1 for row in rows for place in used if isinstance(row[place], int | float) and abs(row[place]) >= limit)
    return f"{count:,} numbers of more than {EXACT_DIGITS} digits were rounded by a spreadsheet" if count else None
