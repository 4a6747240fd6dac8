"""Versions of the monthly run's linkage model: files in the ledger, and which one a person accepted."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.ledger import opened
from flows.phases import write_whole
from matchers.errors import LedgerConflictError, RuleFileError
from matchers.linkage.model import LinkModel, model_from_json

MODEL_FORMAT = 1
EACH_MONTH = "each-month"  # accepted in place of a version: every month learns its own model again
CREATE = """
create table if not exists link_model_choice (
    number integer primary key,
    version text not null,
    content_sha256 text not null,
    accepted_by text not null,
    accepted_at text not null
)
"""


@dataclass(frozen=True)
class ModelVersion:
    """One version: its name and its numbers."""

    version: str
    model: LinkModel


def version_file(home: Path, version: str) -> Path:
    """Return where a version is kept."""
    return home / "ledger" / "link_models" / f"{version}.json"


def versions(home: Path) -> list[str]:
    """Return the names of all versions, oldest month first."""
    return sorted(file.stem for file in version_file(home, "x").parent.glob("*.json"))


def write_version(home: Path, month: str, content: dict[str, Any]) -> str:
    """Write a version to review and return its name: the month and a hash of what it holds."""
    text = json.dumps({"format": MODEL_FORMAT, "month": month, **content}, ensure_ascii=False, indent=1) + "\n"
    version = f"{month}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    write_whole(version_file(home, version), text)
    return version


def read_version(home: Path, version: str) -> ModelVersion:
    """Return a version; raises LedgerConflictError where it is not there and RuleFileError where it is no model."""
    file = version_file(home, version)
    if version not in versions(home):
        there = ", ".join(versions(home)) or "none; zhaoren train makes one"
        raise LedgerConflictError(f"there is no model version {version}. Versions: {there}.")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return ModelVersion(version, model_from_json(content["model"]))
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise RuleFileError(f"the model version {version} cannot be read. Train it again.") from None


def accept(home: Path, version: str, accepted_by: str) -> dict[str, str]:
    """Let the monthly run use a version from now on, or learn each month again; what was chosen before stays written."""
    if version != EACH_MONTH:
        read_version(home, version)
    now = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    with opened(home) as ledger:
        ledger.execute(CREATE)
        chosen = (version, digest(home, version), accepted_by, now)
        ledger.execute(
            "insert into link_model_choice (version, content_sha256, accepted_by, accepted_at) values (?, ?, ?, ?)",
            chosen,
        )
    return {"model": version, "accepted_by": accepted_by, "accepted_at": now}


def digest(home: Path, version: str) -> str:
    """Return the sha256 of a version's file; empty where none was chosen."""
    file = version_file(home, version)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def accepted_version(home: Path) -> str | None:
    """Return the version in use; None where each month learns its own.

    Raises LedgerConflictError where its file is not the one that was accepted.
    """
    if not (home / "ledger" / "ledger.sqlite").exists():
        return None
    with opened(home) as ledger:
        ledger.execute(CREATE)
        row = ledger.execute(
            "select version, content_sha256 from link_model_choice order by number desc limit 1"
        ).fetchone()
    if row is None or row[0] == EACH_MONTH:
        return None
    if digest(home, row[0]) != row[1]:
        raise LedgerConflictError(
            f"the file of model version {row[0]} was changed or removed after it was accepted. "
            f"Bring it back, or accept another with zhaoren train --accept."
        )
    return str(row[0])


def accepted_model(home: Path) -> ModelVersion | None:
    """Return the model the monthly run uses; None where each month learns its own."""
    version = accepted_version(home)
    return read_version(home, version) if version else None
