"""Values as numbers: each distinct value of a column once, and which one each record has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def read_coded(db: Engine, column: str) -> CodedColumn:
    """Return a text column of `link_value` as numbers; values are told apart by their 64-bit hash."""
    name = identifier(column)
    distinct = db.arrays(
        f"select hash({name}) as key, min({name}) as value, count(*) as n from link_value "
        f"where {name} is not null group by key order by key"
    )
    hashes = db.arrays(
        f"select case when {name} is null then 0::ubigint else hash({name}) end as key from link_value order by row"
    )["key"]
    keys = np.asarray(distinct["key"], dtype=np.uint64)
    codes = np.searchsorted(keys, hashes).astype(np.int32) if len(keys) else np.zeros(len(hashes), np.int32)
    codes[np.asarray(hashes) == 0] = -1
    return CodedColumn(codes, np.asarray(distinct["value"], dtype=object), np.asarray(distinct["n"], dtype=np.int64))


def read_numbers(db: Engine, column: str) -> NDArray[np.int64]:
    """Return a whole-number column of `link_value` in order of the rows; 0 where missing."""
    query = f"select coalesce({identifier(column)}, 0) as value from link_value order by row"
    return np.asarray(db.arrays(query)["value"]).astype(np.int64)
