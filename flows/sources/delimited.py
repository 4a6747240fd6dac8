"""Delimited text: the strict fast path through DuckDB, and a patient one that keeps every misshapen row."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, refuse_without_rows, show_as_arrived
from flows.sources.encoding import TextFile, read_text_file
from flows.sources.headers import HEADER_AMONG_FIRST, find_header, known_headers, match_headers
from matchers.errors import DeliveryError
from matchers.sql import identifier, literal
from schemas.source import SourceContract

DELIMITERS = (",", "\t", ";", "|")
LONGEST_FIELD = 1 << 20
NEVER_CLOSED = "a quotation mark is opened and never closed, so rows run together or the file is not whole"


@dataclass(frozen=True)
class Layout:
    """How a delimited file is laid out: its delimiter, the place of the header line, and the headers."""

    delimiter: str
    header_at: int
    headers: tuple[str, ...]


@dataclass(frozen=True)
class DelimitedReader:
    """Reads one delimited file; `scratch` takes the copy that a misshapen file needs."""

    contract: SourceContract
    text: TextFile
    layout: Layout
    scratch: Path

    def load(self, db: DuckEngine) -> int:
        """Make arrived_<source>; return the rows the file holds."""
        places = match_headers(self.contract, self.layout.headers)
        columns = {name: field_name(place) for name, place in places.items()}
        table = f"delivered_{self.contract.source_id}"
        count = self._load_strictly(db, table)
        extra = "null::varchar as row_fault, null::varchar as row_fields"
        if count is None:
            count = self._load_patiently(db, table)
            extra = "nullif(row_fault, '') as row_fault, nullif(row_fields, '') as row_fields"
        fields = ", ".join(identifier(field_name(place)) for place in sorted(places.values()))
        # The rows stand in the order of the file, so their place in the table is their place in the file.
        show_as_arrived(db, self.contract, columns, f"select rowid + 1 as row_number, {extra}, {fields} from {table}")
        return count

    def _load_strictly(self, db: DuckEngine, table: str) -> int | None:
        """Load a file whose rows all have the shape of the header; None where any has not."""
        if self.layout.header_at or not is_regular_header(self.text.utf8, self.layout.delimiter):
            return None
        names = [field_name(place) for place in range(len(self.layout.headers))]
        try:
            db.run(f"create or replace table {table} as {read_csv(self.text.utf8, self.layout.delimiter, names)}")
        except duckdb.Error:
            return None
        count = int(db.rows(f"select count(*) from {table}")[0][0])
        lines = self.text.line_count + (not self.text.ends_in_newline)
        # Without quotation marks every line but the header is a row; blank lines are counted by the patient reader.
        return count if self.text.has_quotes or count == lines - 1 else None

    def _load_patiently(self, db: DuckEngine, table: str) -> int:
        """Write the file anew with every row in shape and what was wrong beside it, and load that."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        clean = self.scratch / f"{self.contract.source_id}.clean.csv"
        width, count = len(self.layout.headers), 0
        with clean.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
            writer.writerow(range(width + 2))
            for row in islice(rows_of(self.text.utf8, self.layout.delimiter), self.layout.header_at + 1, None):
                writer.writerow(in_shape(row, width))
                count += 1
        refuse_open_quotation(self.text.utf8, self.layout.delimiter)
        names = [*(field_name(place) for place in range(width)), "row_fault", "row_fields"]
        db.run(f"create or replace table {table} as {read_csv(clean, ',', names)}")
        return count


def field_name(place: int) -> str:
    """Return what a field of the delivered file is called before its contract names it."""
    return f"field_{place}"


def read_csv(file: Path, delimiter: str, names: list[str]) -> str:
    """Return the query that reads a file as text, guessing nothing."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"select * from read_csv({literal(str(file))}, auto_detect=false, header=true, delim={literal(delimiter)}, "
        f"quote='\"', escape='\"', strict_mode=true, nullstr='', max_line_size={4 * LONGEST_FIELD}, columns={{{columns}}})"
    )


def in_shape(row: list[str], width: int) -> list[str]:
    """Return a row of `width` fields, what was wrong with it, and then also all of it as JSON."""
    if len(row) >= width and not any(row[width:]):
        return [*row[:width], "", ""]
    fault = f"{len(row)} fields, the header has {width}"
    return [*row[:width], *[""] * (width - len(row)), fault, json.dumps(row, ensure_ascii=False)]


def rows_of(file: Path, delimiter: str) -> Iterator[list[str]]:
    """Return the rows of a UTF-8 file, blank lines left out; raises DeliveryError where they cannot be told apart."""
    csv.field_size_limit(LONGEST_FIELD)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        try:
            yield from (row for row in csv.reader(opened, delimiter=delimiter) if row)
        except csv.Error:
            raise DeliveryError(f"{NEVER_CLOSED}. Ask the department to send it again.") from None


def open_delimited(contract: SourceContract, file: Path, scratch: Path) -> Arrival:
    """Return a delimited delivery; raises DeliveryError where it cannot be read as its contract says."""
    if file.stat().st_size == 0:
        raise DeliveryError("is empty: it has not even a header. Ask the department to send it again.")
    text = read_text_file(file, scratch)
    layout = find_layout(contract, text.utf8)
    match_headers(contract, layout.headers)
    first = islice(rows_of(text.utf8, layout.delimiter), layout.header_at + 1, layout.header_at + 2)
    refuse_without_rows(contract, any(True for _ in first))
    refuse_cut_off(text, layout)
    reader = DelimitedReader(contract, text, layout, scratch)
    return Arrival(contract, file, text.sha256, text.encoding, reader)


def find_layout(contract: SourceContract, file: Path) -> Layout:
    """Return the delimiter and header line under which most columns of the contract are found."""
    layouts = []
    for delimiter in DELIMITERS:
        top = list(islice(rows_of(file, delimiter), HEADER_AMONG_FIRST))
        header_at = find_header(contract, top)
        layouts.append(Layout(delimiter, header_at, tuple(top[header_at]) if top else ()))
    return max(layouts, key=lambda layout: len(known_headers(contract, layout.headers)))


def refuse_cut_off(text: TextFile, layout: Layout) -> None:
    """Raise DeliveryError where the last row stops before its last field or inside quotation marks."""
    if text.ends_in_newline:
        return
    with text.utf8.open(encoding="utf-8", newline="") as opened:
        fields = last_row_width(opened if text.has_quotes else [last_line(text.utf8)], layout.delimiter)
    if fields < len(layout.headers):
        raise DeliveryError(
            "stops in the middle of its last row, so it is not whole. Ask the department to send it again."
        )


def refuse_open_quotation(file: Path, delimiter: str) -> None:
    """Raise DeliveryError where the last row is everything below a quotation mark that nobody closed."""
    with file.open(encoding="utf-8", newline="") as opened:
        if last_row_width(opened, delimiter) == 0:
            raise DeliveryError(f"{NEVER_CLOSED}. Ask the department to send it again.")


def is_regular_header(file: Path, delimiter: str) -> bool:
    """Return whether every quotation mark of the first row opens or closes a field; DuckDB looks for others below it."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        try:
            next(csv.reader(opened, delimiter=delimiter, strict=True), None)
        except csv.Error:
            return False
    return True


def last_row_width(lines: Iterable[str], delimiter: str) -> int:
    """Return how many fields the last row has; none where it stops inside quotation marks."""
    width = 0
    try:
        for row in csv.reader(lines, delimiter=delimiter, strict=True):
            width = len(row) or width
    except csv.Error as error:
        return 0 if "unexpected end" in str(error) else sys.maxsize
    return width


def last_line(file: Path) -> str:
    """Return the last line of a UTF-8 file."""
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - LONGEST_FIELD))
        return opened.read().splitlines()[-1].decode("utf-8", errors="replace")
