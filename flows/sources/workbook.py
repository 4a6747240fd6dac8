"""XLSX workbooks, whose cells come typed: numbers, days and texts become the text a department would have written."""

from __future__ import annotations

import datetime
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, refuse_without_rows, show_as_arrived
from flows.sources.headers import HEADER_AMONG_FIRST, find_headings, known_headers, match_headers
from flows.sources.parts import Part, PartsReader
from flows.sources.spread import refuse_spread
from matchers.errors import DeliveryError
from matchers.sql import identifier
from schemas.source import SourceContract

# A spreadsheet keeps 15 digits of a number; what follows is nought and not what was typed.
EXACT_DIGITS = 15
ROWS_AT_A_TIME = 20_000
Cell = Any


@dataclass(frozen=True)
class WorkbookReader:
    """Reads the rows of one sheet, which are text already."""

    contract: SourceContract
    rows: pa.Table

    def load(self, db: DuckEngine) -> int:
        """Make arrived_<source>; return the rows of the sheet, empty ones left out."""
        table = f"delivered_{self.contract.source_id}"
        names = self.rows.column_names
        db.store(table, {name: self.rows.column(name) for name in names})
        fields = ", ".join(map(identifier, names))
        rows = f"select rowid + 1 as row_number, null::varchar as row_fault, null::varchar as row_fields, {fields} from {table}"
        show_as_arrived(db, self.contract, {name: name for name in names}, rows)
        return int(self.rows.num_rows)


@dataclass(frozen=True)
class Sheet:
    """One sheet that is the table of the contract: where its columns stand, and below which row."""

    number: int
    cells: CalamineSheet
    places: dict[str, int]
    below: int


def open_workbook(contract: SourceContract, file: Path) -> Arrival:
    """Return a delivered workbook; raises DeliveryError where it cannot be read as its contract says.

    Every sheet with the headers of the contract is read; which were not read is said in the note.
    """
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    refuse_spread(file)
    sheets, not_read = fitting_sheets(contract, file)
    parts, rounded = [], 0
    for sheet in sheets:
        rows, count = read_sheet(sheet)
        rounded += count
        label = file.name if len(sheets) == 1 else f"{file.name}, sheet {sheet.number}"
        parts.append(Part(label, WorkbookReader(contract, rows), digest, "full"))
        refuse_without_rows(contract, rows.num_rows > 0 or len(sheets) > 1)
    reader = parts[0].reader if len(parts) == 1 else PartsReader(contract, tuple(parts))
    return Arrival(contract, file, digest, "xlsx", reader, note(len(sheets), not_read, rounded))


def fitting_sheets(contract: SourceContract, file: Path) -> tuple[list[Sheet], int]:
    """Return the sheets that are the table of the contract, and how many others hold something.

    Raises DeliveryError with what the best sheet lacks where none fits.
    """
    fitting, lacking, number = [], [], 0
    for number, cells in enumerate(open_sheets(file), start=1):
        top = [[str(cell) for cell in row] for row in islice(cells.iter_rows(), HEADER_AMONG_FIRST)]
        if not top:
            continue
        below, headings = find_headings(contract, top)
        try:
            fitting.append(Sheet(number, cells, match_headers(contract, headings), below))
        except DeliveryError as error:
            lacking.append((len(known_headers(contract, headings)), error))
    if fitting:
        return fitting, len(lacking)
    if lacking:
        raise max(lacking, key=lambda found: found[0])[1]
    raise DeliveryError("is empty: it has not even a header. Ask the department to send it again.")


def open_sheets(file: Path) -> Iterator[CalamineSheet]:
    """Return the sheets of a workbook one by one; raises DeliveryError where it is none."""
    try:
        book = CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            yield book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        secret = "password" in str(error).lower()
        said = (
            "is locked with a password"
            if secret
            else "cannot be opened as an XLSX workbook: it is cut off or something else"
        )
        raise DeliveryError(f"{said}. Ask the department to send it again.") from None


def read_sheet(sheet: Sheet) -> tuple[pa.Table, int]:
    """Return the rows of a sheet as text, empty ones left out, and how many numbers a spreadsheet had rounded."""
    kind = pa.schema([(name, pa.string()) for name in sheet.places])
    batches, rounded = [], 0
    rows = (row for row in islice(sheet.cells.iter_rows(), sheet.below, None) if any(c not in ("", None) for c in row))
    while some := list(islice(rows, ROWS_AT_A_TIME)):
        texts = [pa.array([cell_text(row[place]) for row in some], pa.string()) for place in sheet.places.values()]
        rounded += sum(is_rounded(row[place]) for row in some for place in sheet.places.values())
        batches.append(pa.record_batch(texts, schema=kind))
    return pa.Table.from_batches(batches, kind), rounded


def note(read: int, not_read: int, rounded: int) -> str | None:
    """Return what an analyst should know about a workbook; None where there is nothing."""
    said = []
    if read > 1:
        said.append(f"{read:,} sheets were read one below the other")
    if not_read:
        said.append(f"{not_read:,} sheets without the columns of this source were not read")
    if rounded:
        said.append(f"{rounded:,} numbers of more than {EXACT_DIGITS} digits were rounded by a spreadsheet")
    return "; ".join(said) or None


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
    if not math.isfinite(number) or number != int(number):
        return repr(number)
    length = len(str(abs(int(number))))
    if length <= EXACT_DIGITS:
        return str(int(number))
    exact = f"{number:.{EXACT_DIGITS - 1}e}".partition("e")[0].replace(".", "")
    return exact + "*" * (length - EXACT_DIGITS)


def is_rounded(cell: Cell) -> bool:
    """Return whether a cell is a number with more digits than a spreadsheet keeps."""
    return isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS
