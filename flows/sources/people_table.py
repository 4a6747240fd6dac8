"""Any table of people, in CSV, XLSX or Parquet, as one view of text columns; for the linkage engine alone."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from flows.engines.duckdb import DuckEngine
from flows.sources.encoding import read_text_file
from flows.sources.workbook import cell_text
from matchers.errors import DeliveryError, LinkInputError
from matchers.sql import identifier, literal

LONGEST_LINE = 64_000_000
MOST_TITLES = 10  # rows above a header
PLACE = "place in file"


def show_people(db: DuckEngine, name: str, file: Path, scratch: Path) -> tuple[str, ...]:
    """Let `name` stand for the rows of a file, every column text; return the columns.

    Raises LinkInputError where the file is not there, not readable or without columns.
    """
    readers = {
        ".csv": show_delimited,
        ".txt": show_delimited,
        ".tsv": show_delimited,
        ".xlsx": show_workbook,
        ".parquet": show_parquet,
    }
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise LinkInputError(f"{file.name}: only {', '.join(sorted(readers))} can be linked. Save it as one of them.")
    if not file.is_file():
        raise LinkInputError(f"{file.name} is not there. Check the path.")
    if file.stat().st_size == 0:
        raise LinkInputError(f"{file.name} is empty: it has not even a header. Ask for it again.")
    try:
        reader(db, name, file, scratch)
    except (duckdb.Error, CalamineError, pa.ArrowInvalid, DeliveryError, ValueError) as error:
        said = (
            str(error) if isinstance(error, DeliveryError) else "cannot be read as what its name says, or is cut off."
        )
        raise LinkInputError(f"{file.name} {said}") from None
    return tuple(column for column in db.column_types(name) if column != PLACE)


def show_rows(db: DuckEngine, name: str) -> None:
    """Let `name` stand for the rows just read, with their place in the file; they stand in the order of the file."""
    rows = identifier(f"{name}_rows")
    db.run(f"create or replace view {identifier(name)} as select rowid + 1 as {identifier(PLACE)}, * from {rows}")


def show_delimited(db: DuckEngine, name: str, file: Path, scratch: Path) -> None:
    """Read delimited text in UTF-8 or GB18030; the delimiter is the one the header line is cut by most."""
    text = read_text_file(file, scratch)
    with text.utf8.open(encoding="utf-8-sig", newline="") as opened:
        header = opened.readline()
    delimiter = max(",\t;|", key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    columns = ", ".join(
        f"{literal(column)}: 'VARCHAR'" for column in unique_names([column.strip() for column in names])
    )
    db.run(
        f"create or replace table {identifier(name + '_rows')} as select * from read_csv({literal(str(text.utf8))}, "
        f"auto_detect=false, header=true, delim={literal(delimiter)}, quote='\"', escape='\"', nullstr='', "
        f"max_line_size={LONGEST_LINE}, columns={{{columns}}})"
    )
    show_rows(db, name)


def show_workbook(db: DuckEngine, name: str, file: Path, scratch: Path) -> None:
    """Read the first sheet that holds anything; the first row that is no title is the header."""
    book = CalamineWorkbook.from_path(str(file))
    sheets = [book.get_sheet_by_name(sheet).to_python(skip_empty_area=True) for sheet in book.sheet_names]
    rows = next((sheet for sheet in sheets if sheet), None)
    if rows is None:
        raise LinkInputError(f"{file.name} is empty: it has not even a header. Ask for it again.")
    rows = rows[title_rows(rows) :]
    names = unique_names([str(cell).strip() for cell in rows[0]])
    columns = {
        column: pa.array([cell_text(row[place]) if place < len(row) else None for row in rows[1:]], pa.string())
        for place, column in enumerate(names)
    }
    db.store(f"{name}_rows", columns)
    show_rows(db, name)


def title_rows(rows: list[list[Any]]) -> int:
    """Return how many rows stand above the header: titles and dates fill one cell, a header of several columns does not."""
    filled = [sum(str(cell).strip() != "" for cell in row) for row in rows[:MOST_TITLES]]
    return next((place for place, count in enumerate(filled) if count > 1), 0)


def show_parquet(db: DuckEngine, name: str, file: Path, scratch: Path) -> None:
    """Read Parquet; lists and structures become their text."""
    source = f"read_parquet({literal(str(file))}, hive_partitioning=false, file_row_number=true)"
    columns = [column for column, *_ in db.rows(f"describe select * exclude (file_row_number) from {source}")]
    chosen = ", ".join(f"{identifier(column)}::varchar as {identifier(column)}" for column in columns)
    db.run(
        f"create or replace view {identifier(name)} as select file_row_number + 1 as {identifier(PLACE)}, {chosen} from {source}"
    )


def unique_names(names: list[str]) -> list[str]:
    """Return column names with a number behind those that are empty or stand twice."""
    result: list[str] = []
    for place, name in enumerate(names, start=1):
        free = name if name and name not in result else f"{name or 'column'}_{place}"
        result.append(free)
    return result
