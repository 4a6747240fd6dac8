"""What a text file is encoded in, its hash, and a UTF-8 copy where it needs one."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matchers.errors import DeliveryError

CHUNK = 1 << 22
CUT_OFF = "is cut off in the middle of a character, so the file is not whole. Ask the department to send it again."


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
    """Return what a file is; raises DeliveryError where it is neither UTF-8 nor GB18030 or stops inside a character."""
    digest, decoder, fault = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")(), ""
    lines, quotes, last = 0, False, b""
    for chunk in chunks(file):
        digest.update(chunk)
        lines += chunk.count(b"\n")
        quotes = quotes or b'"' in chunk
        last = chunk[-1:]
        fault = fault or decodes(decoder, chunk)
    cut = "" if fault else decodes(decoder, b"", final=True)
    if cut and lines > 0:
        raise DeliveryError(CUT_OFF)
    utf8, encoding = (file, "utf-8") if not (fault or cut) else (to_utf8(file, scratch), "gb18030")
    return TextFile(utf8, digest.hexdigest(), encoding, lines, quotes, last == b"\n")


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


def to_utf8(file: Path, scratch: Path) -> Path:
    """Write a GB18030 file anew in UTF-8; raises DeliveryError where it is not GB18030 either."""
    scratch.mkdir(parents=True, exist_ok=True)
    target = scratch / f"{file.name}.utf8"
    decoder = codecs.getincrementaldecoder("gb18030")()
    lines = 0
    with target.open("wb") as out:
        for chunk in chunks(file):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                near = lines + error.object[: error.start].count(b"\n") + 1
                raise DeliveryError(
                    f"is neither UTF-8 nor GB18030: line {near:,} holds bytes no character has. "
                    "Ask the department to save it as CSV in UTF-8 and send it again."
                ) from None
            lines += text.count("\n")
            out.write(text.encode("utf-8"))
        if decodes(decoder, b"", final=True):
            raise DeliveryError(CUT_OFF)
    return target
