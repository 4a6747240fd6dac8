"""What a result depends on, as one hash: the same fingerprint means the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "data" / "reference"
# The libraries whose version can change a byte of the result.
LIBRARIES = (
    "duckdb",
    "numpy",
    "pandas",
    "pyarrow",
    "rapidfuzz",
    "scikit-learn",
    "scipy",
    "pypinyin",
    "opencc",
    "xlsxwriter",
)


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def combined(*parts: object) -> str:
    """Return one hash over JSON-able parts."""
    said = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


@cache
def code_sha256() -> str:
    """Return one hash over the product's own code, contracts and page templates."""
    found = [p for top in ("flows", "matchers", "schemas") for p in (ROOT / top).rglob("*") if is_code(p)]
    return tree_sha256(found)


def is_code(path: Path) -> bool:
    """Return whether a file is part of what the product does."""
    return path.suffix in {".py", ".yaml", ".html", ".css"}


@cache
def reference_sha256() -> str:
    """Return one hash over everything officials decide."""
    return tree_sha256(p for p in REFERENCE.rglob("*") if p.is_file() and p.suffix in {".csv", ".yaml"})


def tree_sha256(files: Iterable[Path]) -> str:
    """Return one hash over files, their places included."""
    return combined([(p.relative_to(ROOT).as_posix(), file_sha256(p)) for p in sorted(files)])


@cache
def versions() -> dict[str, str]:
    """Return library → version, for the manifest."""
    return {name: version(name) for name in LIBRARIES}
