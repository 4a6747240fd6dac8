"""Members of a zip archive sealed with AES, as WinZip, 7-Zip and WinRAR write them (WinZip's AE-1 and AE-2).

Python's own zipfile knows only the old cipher. Published at winzip.com/en/support/aes-encryption.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from matchers.errors import DeliveryError

AES_METHOD = 99
EXTRA = 0x9901
ITERATIONS = 1000
SEAL_LENGTH = 10
CHECK_LENGTH = 2
BLOCK = 16
LOCAL_HEADER = 30
SMALLEST_COUNTER = 1


class Sealed(io.RawIOBase):
    """Reads one sealed member piece by piece; the seal is held against the bytes when the last one was read."""

    def __init__(self, packed: BinaryIO, length: int, keys: tuple[bytes, bytes], is_deflated: bool) -> None:
        self._packed, self._left, self._counter = packed, length, SMALLEST_COUNTER
        self._cipher = Cipher(algorithms.AES(keys[0]), modes.ECB()).encryptor()  # noqa: S305 - the counter below makes it CTR
        self._seal = hmac.new(keys[1], digestmod=hashlib.sha1)
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if is_deflated else None
        self._pending = b""

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; nothing where the member ends."""
        size = max(size, BLOCK)
        while self._left or self._pending:
            piece = self._inflated(size) if self._inflate else self._taken(size)
            if piece:
                return piece
            if self._inflate and self._inflate.eof:
                self._taken_to_the_end()
                break
        return b""

    def _inflated(self, size: int) -> bytes:
        assert self._inflate  # noqa: S101 - asked by read
        taken = self._pending or self._taken(size)
        piece = self._inflate.decompress(taken, size)
        self._pending = self._inflate.unconsumed_tail
        return piece

    def _taken(self, size: int) -> bytes:
        """Return the next bytes in clear; raises DeliveryError where the seal is broken."""
        wanted = min(self._left, -(-size // BLOCK) * BLOCK)
        sealed = self._packed.read(wanted)
        if len(sealed) < wanted:
            raise EOFError
        self._left -= wanted
        self._seal.update(sealed)
        if (
            not self._left
            and wanted
            and not hmac.compare_digest(self._seal.digest()[:SEAL_LENGTH], self._packed.read(SEAL_LENGTH))
        ):
            raise DeliveryError("was changed after it was locked, or is damaged. Ask the department to send it again.")
        return self._cleared(sealed)

    def _taken_to_the_end(self) -> None:
        while self._left:
            self._taken(1 << 20)

    def _cleared(self, sealed: bytes) -> bytes:
        count = -(-len(sealed) // BLOCK)
        counters = b"".join(n.to_bytes(BLOCK, "little") for n in range(self._counter, self._counter + count))
        self._counter += count
        stream = self._cipher.update(counters)[: len(sealed)]
        return (int.from_bytes(sealed, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(sealed), "big")


def open_sealed(archive: zipfile.ZipFile, member: zipfile.ZipInfo, key: bytes) -> BinaryIO:
    """Return a sealed member opened for reading; raises DeliveryError where the key does not fit."""
    strength, method = seal_of(member)
    salt_length, key_length = 4 + 4 * strength, 8 + 8 * strength
    packed = archive.fp
    if packed is None or not 1 <= strength <= 3 or method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    packed.seek(member.header_offset)
    header = packed.read(LOCAL_HEADER)
    name_length, extra_length = struct.unpack("<HH", header[26:])
    packed.seek(name_length + extra_length, io.SEEK_CUR)
    salt, check = packed.read(salt_length), packed.read(CHECK_LENGTH)
    made = hashlib.pbkdf2_hmac("sha1", key, salt, ITERATIONS, 2 * key_length + CHECK_LENGTH)
    if not hmac.compare_digest(made[-CHECK_LENGTH:], check):
        raise DeliveryError("does not open with the key in the environment. Ask the department for its key.")
    length = member.compress_size - salt_length - CHECK_LENGTH - SEAL_LENGTH
    if length < 0:
        raise zipfile.BadZipFile
    keys = (made[:key_length], made[key_length : 2 * key_length])
    return Sealed(packed, length, keys, method == zipfile.ZIP_DEFLATED)  # type: ignore[return-value, arg-type]


def seal_of(member: zipfile.ZipInfo) -> tuple[int, int]:
    """Return the strength of a member's seal (1 to 3: AES-128 to AES-256) and how it was packed before."""
    extra = member.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        if kind == EXTRA and length >= 7:
            return extra[8], struct.unpack("<H", extra[9:11])[0]
        extra = extra[4 + length :]
    raise zipfile.BadZipFile
