"""Keys, hashes and seals of the files two regions exchange; the protocol is written down in data/reference/region_exchange.

HMAC-SHA-256 throughout, with one key per use derived from the key both sides hold, so that a hash of one use says
nothing in another.
"""

from __future__ import annotations

import datetime
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from matchers.errors import RegionFileError
from schemas.region_exchange import PROTOCOL, SIZES, Header

KEY_VARIABLE = "ZHAOREN_REGION_KEY"
# Two offices' clocks differ; more than this is no clock but a mistake.
CLOCK = datetime.timedelta(hours=1)
# An answer to the largest batch has some 50,000 bytes.
LONGEST_FILE = 1_000_000
File = TypeVar("File", bound=BaseModel)


def read_key(file: Path | None) -> bytes:
    """Return the key both regions hold: 64 or more hexadecimal characters, in a file or in ZHAOREN_REGION_KEY.

    Raises RegionFileError where there is none or it is none; nothing of it is quoted.
    """
    if file is not None and not file.is_file():
        raise RegionFileError(f"there is no key file {file}. Name the file in which the two regions' key is kept.")
    text = (file.read_text(encoding="ascii", errors="replace") if file else os.environ.get(KEY_VARIABLE, "")).strip()
    if not re.fullmatch(r"(?:[0-9a-fA-F]{2}){32,}", text):
        raise RegionFileError(
            "there is no usable key. The two regions agree on at least 32 random bytes by a channel of their own, such as "
            f"`openssl rand -hex 32`; give them in hexadecimal as --key FILE or in {KEY_VARIABLE}."
        )
    return bytes.fromhex(text)


def derived(key: bytes, use: str) -> bytes:
    """Return the key for one use."""
    return hmac.digest(key, f"{PROTOCOL} {use}".encode(), "sha256")


def key_id(key: bytes) -> str:
    """Return what a key is told by without telling it."""
    return derived(key, "key id").hex()[:16]


def question_of(key: bytes, batch_id: str, number: str) -> str:
    """Return the question about one citizen number; another batch asks another question about the same one."""
    return hmac.digest(derived(key, "question"), f"{batch_id} {number}".encode(), "sha256").hex()


def questions_of(key: bytes, batch_id: str, numbers: Iterable[str]) -> dict[str, str]:
    """Return question → number; the key is derived once, as a county has a million numbers."""
    own = derived(key, "question")
    return {hmac.digest(own, f"{batch_id} {number}".encode(), "sha256").hex(): number for number in numbers}


def padded(questions: Iterable[str]) -> tuple[str, ...]:
    """Return questions filled up to one of the sizes of the protocol with random ones, in the order of the hashes."""
    asked = set(questions)
    size = next((size for size in SIZES if size >= len(asked)), None)
    if size is None:
        raise RegionFileError(f"a batch asks about at most {SIZES[-1]} persons. Ask in several batches.")
    while len(asked) < size:
        asked.add(secrets.token_hex(32))
    return tuple(sorted(asked))


def sealed(key: bytes, document: dict[str, Any]) -> bytes:
    """Return a document as the bytes of its file, with the code over all of it."""
    return (
        json.dumps({**document, "mac": code_of(key, document)}, ensure_ascii=False, indent=1, sort_keys=True).encode()
        + b"\n"
    )


def code_of(key: bytes, document: dict[str, Any]) -> str:
    """Return the code over all of a document."""
    return hmac.digest(derived(key, "file"), canonical(document), "sha256").hex()


def canonical(document: dict[str, Any]) -> bytes:
    """Return the bytes the code is made over: sorted keys, no blanks."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def opened(key: bytes, content: bytes, shape: type[File], now: datetime.datetime) -> File:
    """Return a file that is whole, made with this key, and in date; raises RegionFileError in that order otherwise."""
    document, said, mac = unsealed(content)
    if said != key_id(key):
        raise RegionFileError(
            f"it was made with another key than the one given (this one is {key_id(key)}). Agree with the other region on which is in use."
        )
    if not hmac.compare_digest(mac, code_of(key, document).encode()):
        raise RegionFileError(
            "it was changed on its way: its code does not fit. Nothing in it was used; report it, and ask for it again."
        )
    try:
        found = shape.model_validate({**document, "mac": mac.decode()})
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'][:2])) or 'file'}: {fault['msg']}" for fault in error.errors()[:3]
        )
        raise RegionFileError(f"it does not keep the protocol {PROTOCOL}: {faults}.") from None
    refuse_untimely(document_header(found), now)
    return found


def unsealed(content: bytes) -> tuple[dict[str, Any], str, bytes]:
    """Return the document without its code, the key it names, and the code, nothing of which is believed yet.

    Whatever bytes somebody sends, they are refused in one way: longer than any file of the protocol, nested without
    end, half a character, or anything else that is not such a document.
    """
    try:
        if len(content) > LONGEST_FILE:
            raise ValueError(len(content))
        document = json.loads(content)
        said, mac = str(document["header"]["key_id"]), str(document.pop("mac")).encode()
        canonical(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RegionFileError(
            "this is no file of a cross-region exchange. Ask the other region to send it again."
        ) from None
    return document, said, mac


def document_header(found: BaseModel) -> Header:
    """Return the header of an opened file."""
    header = getattr(found, "header", None)
    if not isinstance(header, Header):
        raise TypeError("a file of the exchange has a header")
    return header


def refuse_untimely(header: Header, now: datetime.datetime) -> None:
    """Raise RegionFileError where a file has expired or was made in the future."""
    if now > header.expires:
        raise RegionFileError(f"it expired on {header.expires:%Y-%m-%d %H:%M %z}. The asking region asks anew.")
    if header.created > now + CLOCK:
        raise RegionFileError(
            f"it says it was made on {header.created:%Y-%m-%d %H:%M %z}, which is yet to come. Compare the clocks."
        )
