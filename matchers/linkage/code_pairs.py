"""Pairs of a column's values that belong together by a list: looked up by their codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class CodePairs:
    """Pairs of codes, packed and sorted; `known` marks the codes that occur."""

    packed: NDArray[np.int64]
    known: NDArray[np.bool_]

    def hold(self, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which pairs of values are among them, whichever comes first."""
        result = self.known[one] & self.known[other]
        maybe = np.flatnonzero(result)
        low, high = np.minimum(one[maybe], other[maybe]).astype(np.int64), np.maximum(one[maybe], other[maybe])
        result[maybe] = np.isin(low * len(self.known) + high, self.packed)
        return result


def code_pairs(pairs: Iterable[tuple[int, int]], size: int) -> CodePairs:
    """Return pairs of codes below a size, to be looked up."""
    codes = np.array(list(pairs), np.int64).reshape(-1, 2)
    known = np.zeros(size, bool)
    known[codes.ravel()] = True
    return CodePairs(np.unique(codes.min(1) * size + codes.max(1)), known)
