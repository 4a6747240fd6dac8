"""Columns of the linkage engine, drawn by their values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from matchers.linkage.coded import CodedColumn


def coded(*values: str) -> CodedColumn:
    """A column drawn by its values, one per record; an empty one is missing."""
    distinct = sorted(set(values) - {""})
    codes = np.array([distinct.index(value) if value else -1 for value in values], np.int32)
    return CodedColumn(codes, pa.array(distinct, pa.string()), np.bincount(codes[codes >= 0], minlength=len(distinct)))
