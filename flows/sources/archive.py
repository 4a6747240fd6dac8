"""Zip archives: unpacked with bounded memory and bounded size, with the key of a locked one from the environment."""

from __future__ import annotations

import errno
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from flows.sources.sealed import AES_METHOD, open_sealed
from matchers.errors import DeliveryError

CHUNK = 1 << 20
# What one delivery may become when it is unpacked, and how much smaller than that it may be; tables of people
# pack to a tenth, bombs to a thousandth.
MOST_UNPACKED = 32 << 30
MOST_TIMES_SMALLER = 200
SMALL_ENOUGH = 64 << 20
MOST_MEMBERS = 1000
LEFT_BEHIND = ("__macosx", "desktop.ini", "thumbs.db")
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# What Python's own readers raise of an archive that is none, or whose headers do not fit its bytes.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, OSError, ValueError, IndexError,
    OverflowError,
)  # fmt: skip
BOMB = "unpacks to far more than a table of people could, as a zip bomb does. It was not unpacked. Ask the department"


def unpack(file: Path, suffixes: tuple[str, ...], scratch: Path) -> list[Path]:
    """Return the tables of an archive, unpacked into `scratch` under names of our own, in the order of their names.

    Raises DeliveryError where it is no archive, is locked, is a bomb, or holds something that is no table.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = tables_in(archive, suffixes)
            refuse_bomb(archive)
            scratch.mkdir(parents=True, exist_ok=True)
            key = key_of(file.name.partition(".")[0])
            return [
                write_member(archive, member, key, scratch / f"{file.name}, {place}{suffix_of(member)}")
                for place, member in enumerate(members, start=1)
            ]
    except DAMAGED as error:
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            raise
        raise DeliveryError(
            "cannot be unpacked: it is cut off, damaged or packed in a way nobody here knows. "
            "Ask the department to send it again as a plain zip."
        ) from None


def tables_in(archive: zipfile.ZipFile, suffixes: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    """Return the members that are tables; raises DeliveryError where there is none, or something else among them."""
    if not all(member.filename for member in archive.infolist()):  # not every version of Python stumbles over one
        raise zipfile.BadZipFile
    members = [member for member in archive.infolist() if is_member(member)]
    strange = sum(suffix_of(member) not in suffixes for member in members)
    if strange or not members or len(members) > MOST_MEMBERS:
        said = f"{strange:,} of its {len(members):,} files are no tables" if strange else f"it holds {len(members):,}"
        raise DeliveryError(
            f"is an archive of which only {', '.join(suffixes)} can be read; {said}. "
            "Ask the department to pack the tables of this source and nothing else."
        )
    return sorted(members, key=lambda member: member.filename)


def is_member(member: zipfile.ZipInfo) -> bool:
    """Return whether a department could have meant to send this member."""
    parts = PurePosixPath(member.filename).parts
    left_behind = any(part.lower() in LEFT_BEHIND or part.startswith((".", "~$")) for part in parts if part != "..")
    return not member.is_dir() and not left_behind


def suffix_of(member: zipfile.ZipInfo) -> str:
    """Return the ending of a member's name; the rest of the name is never used, so it cannot lead anywhere."""
    return PurePosixPath(member.filename).suffix.lower()


def refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Raise DeliveryError where an archive says itself that it is a bomb."""
    packed = sum(member.compress_size for member in archive.infolist())
    refuse_too_much(packed, sum(member.file_size for member in archive.infolist()))


def refuse_too_much(packed: int, unpacked: int) -> None:
    """Raise DeliveryError where so much cannot honestly have come of so little."""
    if unpacked > SMALL_ENOUGH and (unpacked > MOST_UNPACKED or unpacked > MOST_TIMES_SMALLER * packed):
        raise DeliveryError(f"{BOMB} what it sent.")


def key_of(source_id: str) -> bytes | None:
    """Return the key of a source's archives from the environment; None where nobody set one."""
    names = (f"ZHAOREN_KEY_{source_id.upper()}", "ZHAOREN_KEY")
    said = next((os.environ[name] for name in names if os.environ.get(name)), None)
    return said.encode() if said is not None else None


def write_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, key: bytes | None, target: Path) -> Path:
    """Write one member to `target`; raises DeliveryError where it is locked or grows beyond what it said."""
    locked = bool(member.flag_bits & 1)
    if locked and key is None:
        raise DeliveryError(
            "is locked with a password. Set ZHAOREN_KEY_<SOURCE> or ZHAOREN_KEY in the environment, then run again."
        )
    written = 0
    with target.open("wb") as out, opened(archive, member, key if locked else None) as packed:
        for piece in pieces(packed):
            written += len(piece)
            refuse_too_much(member.compress_size, written)
            out.write(piece)
    return target


def opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo, key: bytes | None) -> BinaryIO:
    """Return a member opened for reading; raises DeliveryError where the key does not fit."""
    if member.compress_type == AES_METHOD:
        return open_sealed(archive, member, key or b"")
    try:
        return archive.open(member, pwd=key)  # type: ignore[return-value]
    except RuntimeError:  # what zipfile says of a wrong password
        raise DeliveryError("does not open with the key in the environment. Ask the department for its key.") from None


def pieces(packed: BinaryIO) -> Iterator[bytes]:
    """Return what is read, piece by piece."""
    while piece := packed.read(CHUNK):
        yield piece
