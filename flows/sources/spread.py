"""Workbooks that would fill the memory: zip bombs, and single cells far outside the table."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from flows.sources.archive import CHUNK, refuse_bomb, refuse_too_much
from matchers.errors import DeliveryError

# A reader keeps the whole rectangle up to the last cell, so one cell far away costs as much as millions of rows.
FAR_CELL = re.compile(rb'<c r="(?:[C-Z][A-Z]|[A-Z]{3})\d+"[^>/]*>')
ROW_NUMBER = re.compile(rb'<row [^>]*?r="(\d+)"')
LONGEST_TAG = 1 << 10
FAR_ROW, ROWS_TO_A_NUMBERED = 100_000, 20
FAR = "a cell stands far outside the table. Ask the department to copy the table into a new workbook and send that."


def refuse_spread(file: Path) -> None:
    """Raise DeliveryError where reading a workbook would take far more memory than its rows do.

    A file that is no zip at all is left to the reader, which knows what to say of it.
    """
    try:
        with zipfile.ZipFile(file) as book:
            refuse_bomb(book)
            for member in book.infolist():
                if member.filename.startswith("xl/worksheets/") and not member.flag_bits & 1:
                    refuse_far_cells(book, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        return


def refuse_far_cells(book: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Raise DeliveryError where a sheet has a value far to the right of any table, or far below it."""
    tail, read, rows, last = b"", 0, 0, 0
    with book.open(member) as sheet:
        while chunk := sheet.read(CHUNK):
            read += len(chunk)
            refuse_too_much(member.compress_size, read)
            text = tail + chunk
            if FAR_CELL.search(text):
                raise DeliveryError(FAR)
            rows += chunk.count(b"<row ")
            at = text.rfind(b"<row ")
            found = ROW_NUMBER.match(text, at) if at >= 0 else None
            last = int(found[1]) if found else last
            tail = text[-LONGEST_TAG:]
    if last > FAR_ROW and last > ROWS_TO_A_NUMBERED * rows:
        raise DeliveryError(FAR)
