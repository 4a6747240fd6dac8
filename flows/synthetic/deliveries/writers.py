"""Delivered files: each department's format and encoding, written chunk by chunk, in place only when complete."""

from __future__ import annotations

import datetime
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

Payload = Any  # bytes of a csv, else an Arrow table
CREATED = datetime.datetime(2026, 1, 1)
WIDE, NARROW = 22, 12  # column widths
NEEDS_QUOTES = '[",\r\n]'
BOM = "\ufeff".encode()


@dataclass(frozen=True)
class Format:
    """How a department sends a source: kind of file, text encoding and line end (of csv)."""

    suffix: str = "csv"
    encoding: str = "utf-8"
    line_end: str = "\n"


GB = Format(encoding="gb18030", line_end="\r\n")
UTF8 = Format()
WORKBOOK = Format("xlsx")
PARQUET = Format("parquet")
FORMATS: dict[str, Format] = {
    "population_register": GB,
    "disability_certificate": WORKBOOK,
    "medical_insured": UTF8,
    "medical_settlement": PARQUET,
    "social_insurance": GB,
    "pension": Format(encoding="utf-8-sig", line_end="\r\n"),
    "unemployment": UTF8,
    "student": UTF8,
    "rural_housing": WORKBOOK,
    "public_rental": WORKBOOK,
    "anti_relapse": UTF8,
    "worker_in_difficulty": WORKBOOK,
    "land_subsidy": GB,
    "disaster_loss": WORKBOOK,
    "marriage": PARQUET,
    "cremation": GB,
    "subsistence_roll": WORKBOOK,
    "extreme_difficulty_roll": WORKBOOK,
    "disability_subsidy_roll": WORKBOOK,
    "child_roll": WORKBOOK,
    "old_age_roll": GB,
    "vehicle": UTF8,
    "business_registration": UTF8,
    "real_estate": UTF8,
    "housing_fund": UTF8,
    "income_tax": UTF8,
    "bank_balance": UTF8,
}


def encode(source_id: str, table: pa.Table) -> Payload:
    """Return the rows as they go into the file; done where the rows are made, so that writing is only appending."""
    form = FORMATS[source_id]
    return csv_lines(table, form) if form.suffix == "csv" else table.combine_chunks()


def csv_lines(table: pa.Table, form: Format) -> bytes:
    """Return the rows as lines of csv; a value is quoted only where it must be."""
    cells = [column.combine_chunks().cast(pa.string()) for column in table.columns]
    text = lines(cells, form)
    if needs_quotes(text, table, form):
        text = lines([quoted(each) for each in cells], form)
    return text if form.encoding.startswith("utf-8") else text.decode().encode(form.encoding)


def lines(cells: list[pa.Array], form: Format) -> bytes:
    """Return cells joined to lines, in UTF-8: the text of an Arrow array lies in one piece already."""
    rows = pc.binary_join_element_wise(*cells, ",", null_handling="replace", null_replacement="")
    text = pc.binary_join_element_wise(rows, "", form.line_end).cast(pa.large_string()).buffers()[2]
    return bytes(text) if text is not None else b""


def needs_quotes(text: bytes, table: pa.Table, form: Format) -> bool:
    """Return whether there is a comma, a line break or a quote that is part of a value."""
    ends = form.line_end.encode()
    commas, breaks = table.num_rows * (table.num_columns - 1), table.num_rows
    whole = text.count(ends) == breaks == text.count(b"\n") and text.count(b"\r") == breaks * (len(ends) - 1)
    return not whole or text.count(b",") != commas or b'"' in text


def quoted(cells: pa.Array) -> pa.Array:
    """Return the cells, those with a comma, quote or line break in quotes."""
    special = pc.fill_null(pc.match_substring_regex(cells, NEEDS_QUOTES), False)
    in_quotes = pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', "")
    return pc.if_else(special, in_quotes, cells)


class DeliveryFile(ABC):
    """One file being written under a temporary name; `close` puts it in its place, `discard` removes it."""

    def __init__(self, path: Path, names: list[str]) -> None:
        self.path, self.names = path, names
        self.draft = path.with_name(f".{path.name}.part")
        self.rows = 0

    @abstractmethod
    def append(self, payload: Payload) -> None:
        """Add the rows of one chunk."""

    @abstractmethod
    def finish(self) -> None:
        """Complete the draft."""

    def close(self) -> None:
        """Complete the file and put it in its place."""
        self.finish()
        self.draft.replace(self.path)

    def discard(self) -> None:
        """Remove what was written so far, the writer's own temporary files included."""
        with suppress(OSError, FileCreateError):
            self.finish()
        self.draft.unlink(missing_ok=True)


class CsvFile(DeliveryFile):
    """Text in the department's encoding, with a header line."""

    def __init__(self, path: Path, names: list[str], form: Format) -> None:
        super().__init__(path, names)
        self._file = self.draft.open("wb")
        self._file.write((",".join(names) + form.line_end).encode(form.encoding))

    def append(self, payload: Payload) -> None:
        """Add encoded lines."""
        self._file.write(payload)

    def finish(self) -> None:
        """Close the file."""
        self._file.close()


class ParquetFile(DeliveryFile):
    """One row group per chunk."""

    def __init__(self, path: Path, names: list[str], schema: pa.Schema) -> None:
        super().__init__(path, names)
        self._writer = pq.ParquetWriter(self.draft, schema, compression="zstd", compression_level=1)

    def append(self, payload: Payload) -> None:
        """Add a table."""
        self._writer.write_table(payload)

    def finish(self) -> None:
        """Write the footer."""
        self._writer.close()


class WorkbookFile(DeliveryFile):
    """One sheet: numbers and dates are cells of their kind, everything else is text, an empty cell is no cell."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        super().__init__(path, schema.names)
        self._book = xlsxwriter.Workbook(str(self.draft), {"constant_memory": True})
        self._book.set_properties({"created": CREATED, "author": ""})
        self._dates = self._book.add_format({"num_format": "yyyy/m/d"})
        self._sheet = self._book.add_worksheet("Sheet1")
        for place, name in enumerate(self.names):
            self._sheet.set_column(place, place, WIDE if name.endswith(("号", "码", "址")) else NARROW)
            self._sheet.write_string(0, place, name)
        self._sheet.freeze_panes(1, 0)

    def append(self, payload: Payload) -> None:
        """Add rows below those that are there."""
        columns = [cells(column) for column in payload.columns]
        for row, values in enumerate(zip(*columns, strict=True), start=self.rows + 1):
            for place, value in enumerate(values):
                if value is not None:
                    self._write(row, place, value)
        self.rows += payload.num_rows

    def _write(self, row: int, place: int, value: str | float | datetime.date) -> None:
        if isinstance(value, str):
            self._sheet.write_string(row, place, value)
        elif isinstance(value, datetime.date):
            self._sheet.write_datetime(row, place, value, self._dates)
        else:
            self._sheet.write_number(row, place, value)

    def finish(self) -> None:
        """Write the workbook."""
        self._book.close()


def cells(column: pa.ChunkedArray) -> list[Any]:
    """Return a column as the values of a workbook's cells."""
    return list((column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column).to_pylist())


def open_delivery(folder: Path, source_id: str, schema: pa.Schema) -> DeliveryFile:
    """Begin the file of one source."""
    form = FORMATS[source_id]
    path = folder / f"{source_id}.{form.suffix}"
    if form.suffix == "csv":
        return CsvFile(path, schema.names, form)
    return ParquetFile(path, schema.names, schema) if form.suffix == "parquet" else WorkbookFile(path, schema)
