"""What a text file is encoded in, its hash, and a UTF-8 copy where it needs one."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from matchers.errors import DeliveryError

CHUNK = 1 << 22
# No row of people is as long; a file whose lines are is something else, and reading it would fill the memory.
LONGEST_LINE = CHUNK
CUT_OFF = "is cut off in the middle of a character, so the file is not whole. Ask the department to send it again."
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class TextFile:
    """One text file: `utf8` holds the same text in UTF-8 and is the file itself where that is what it is."""

    utf8: Path
    sha256: str
    encoding: str
    line_count: int
    has_quotes: bool
    ends_in_newline: bool


def read_text_file(file: Path, scratch: Path) -> TextFile:
    """Return what a file is; raises DeliveryError where it is no text of a known encoding or not whole.

    Known are UTF-8 and GB18030, of which GBK and GB2312 are parts, and UTF-16.
    """
    start = first_bytes(file)
    wide = next((name for mark, name in UTF16.items() if start.startswith(mark)), wide_encoding(start))
    if wide or is_old_mac(start):
        encoding = wide or ("utf-8" if is_utf8(file) else "gb18030")
        copy = measured(to_utf8(file, scratch, encoding))
        with file.open("rb") as opened:
            return replace(copy, sha256=hashlib.file_digest(opened, "sha256").hexdigest(), encoding=name_of(encoding))
    text = measured(file)
    return text if text.encoding == "utf-8" else replace(text, utf8=to_utf8(file, scratch, "gb18030"))


def measured(file: Path) -> TextFile:
    """Return a file as it is, read once; its encoding is gb18030 where it is not UTF-8."""
    digest, decoder, fault = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), ""
    lines, quotes, last, open_line = 0, False, b"", 0
    for chunk in chunks(file):
        digest.update(chunk)
        lines += chunk.count(b"\n")
        quotes = quotes or b'"' in chunk
        last = chunk[-1:]
        open_line = rest_of_line(open_line, chunk)
        fault = fault or decodes(decoder, chunk)
    cut = "" if fault else decodes(decoder, b"", final=True)
    if cut and lines > 0:
        raise DeliveryError(CUT_OFF)
    encoding = "gb18030" if fault or cut else "utf-8"
    return TextFile(file, digest.hexdigest(), encoding, lines, quotes, last == b"\n")


def rest_of_line(before: int, chunk: bytes) -> int:
    """Return how long the line is that a piece leaves open; raises DeliveryError where a line is too long to be a row."""
    end = chunk.find(b"\n")
    longest = before + (len(chunk) if end < 0 else end)
    if longest > LONGEST_LINE:
        raise DeliveryError(
            f"holds a line of more than {LONGEST_LINE >> 20} MB, so it is no table with a row per line. "
            "Ask the department to export it again."
        )
    return longest if end < 0 else len(chunk) - chunk.rfind(b"\n") - 1


def first_bytes(file: Path) -> bytes:
    """Return the beginning of a file."""
    with file.open("rb") as opened:
        return opened.read(1 << 16)


def wide_encoding(start: bytes) -> str:
    """Return which UTF-16 a text without a mark is in, by where its noughts stand; empty where it is none."""
    pairs = len(start) // 2
    if pairs == 0 or start.count(0) < pairs // 5:
        return ""
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def name_of(encoding: str) -> str:
    """Return an encoding as people call it."""
    return "utf-16" if encoding.startswith("utf-16") else encoding


def is_old_mac(start: bytes) -> bool:
    """Return whether lines end in a carriage return alone, which no reader after this one would understand."""
    return b"\r" in start and b"\n" not in start


def is_utf8(file: Path) -> bool:
    """Return whether a file is UTF-8 throughout."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    return not any(decodes(decoder, chunk) for chunk in chunks(file))


def decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> str:
    """Return what is wrong with a piece of text; empty where nothing is."""
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        return error.reason
    return ""


def chunks(file: Path) -> Iterator[bytes]:
    """Return a file piece by piece."""
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


def to_utf8(file: Path, scratch: Path, encoding: str) -> Path:
    """Write a file anew in UTF-8; raises DeliveryError where it is not in this encoding."""
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / f"{file.name}.utf8"
    decoder = codecs.getincrementaldecoder(encoding)()
    old_mac = is_old_mac(first_bytes(file))
    lines = open_line = 0
    with target.open("wb") as out:
        for chunk in chunks(file):
            text = decoded(decoder, chunk, lines)
            lines += text.count("\n")
            # Half of a pair of UTF-16 is no character; the mark in its place is seen by whoever corrects the row.
            written = (text.replace("\r", "\n") if old_mac else text).encode("utf-8", errors="replace")
            open_line = rest_of_line(open_line, written)
            out.write(written)
        if decodes(decoder, b"", final=True):
            raise DeliveryError(CUT_OFF)
    return target


def decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, lines: int) -> str:
    """Return a piece of text as it was meant; `lines` is how many were read before it."""
    try:
        return decoder.decode(chunk)
    except UnicodeDecodeError as error:
        near = lines + error.object[: error.start].count(b"\n") + 1
        raise DeliveryError(
            f"is neither UTF-8 nor GB18030: line {near:,} holds bytes no character has. "
            "Ask the department to save it as CSV in UTF-8 and send it again."
        ) from None
