"""Columns with a type even where no row or no value is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa


def texts(values: Iterable[str | None]) -> Any:
    """Return a column of texts."""
    return pa.array(list(values), type=pa.string())


def wholes(values: Iterable[int | None]) -> Any:
    """Return a column of whole numbers."""
    return pa.array(list(values), type=pa.int64())


def hashes_of(values: Iterable[int]) -> Any:
    """Return a column of 64-bit hashes."""
    return pa.array(list(values), type=pa.uint64())
