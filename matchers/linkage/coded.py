"""Values as numbers: each distinct value of a column once, and which one each record has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matchers.linkage.threads import in_threads
from matchers.sql import identifier
from matchers.stage import Engine

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class CodedColumn:
    """One column: `codes[row]` points into `values` (-1 where missing); `counts` says how many records have a value."""

    codes: Codes
    values: NDArray[Any]
    counts: NDArray[np.int64]

    @property
    def shares(self) -> NDArray[np.float64]:
        """How frequent each value is among the records that have one."""
        result: NDArray[np.float64] = self.counts / max(int(self.counts.sum()), 1)
        return result

    @property
    def filled_share(self) -> float:
        """The share of records that have a value."""
        return float((self.codes >= 0).mean()) if len(self.codes) else 0.0


def read_coded(db: Engine, names: Sequence[str], row_count: int) -> dict[str, CodedColumn]:
    """Return text columns of `link_value` as numbers; one is numbered while the next is read."""
    columns = (identifier(name) for name in names)
    read = (db.columns(f"select row, {name} as value from link_value where {name} is not null") for name in columns)
    return dict(zip(names, in_threads(lambda found: coded(found, row_count), read), strict=True))


def coded(found: Mapping[str, Any], row_count: int) -> CodedColumn:
    """Return the values of rows as numbers, values in order of the first row that has them."""
    encoded = found["value"].dictionary_encode()
    codes = np.full(row_count, -1, np.int32)
    rows = found["row"].to_numpy()
    codes[rows] = np.concatenate([np.zeros(0, np.int32), *(chunk.indices.to_numpy() for chunk in encoded.chunks)])
    stated = np.flatnonzero(codes >= 0)
    in_order = pa.array(codes[stated]).dictionary_encode()
    numbers = in_order.indices.to_numpy()
    codes[stated] = numbers
    dictionary = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
    values = dictionary.take(in_order.dictionary).to_numpy(zero_copy_only=False)
    return CodedColumn(codes, values, np.bincount(numbers, minlength=len(values)))


def read_numbers(db: Engine, column: str, row_count: int) -> NDArray[np.int64]:
    """Return a whole-number column of `link_value` in order of the rows; 0 where missing."""
    found = db.arrays(f"select row, coalesce({identifier(column)}, 0) as value from link_value")
    result = np.zeros(row_count, np.int64)
    result[np.asarray(found["row"])] = np.asarray(found["value"]).astype(np.int64)
    return result
