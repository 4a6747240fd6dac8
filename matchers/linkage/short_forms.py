"""Short forms of given names (Bob for Robert), as pairs of a column's values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ShortForms = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class ShortPairs:
    """Pairs of codes of which one value is the other's short form, packed and sorted; `known` marks the codes that occur."""

    packed: NDArray[np.int64]
    known: NDArray[np.bool_]

    def hold(self, one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return which pairs are a name and its short form, whichever comes first."""
        result = self.known[one] & self.known[other]
        maybe = np.flatnonzero(result)
        low, high = np.minimum(one[maybe], other[maybe]).astype(np.int64), np.maximum(one[maybe], other[maybe])
        result[maybe] = np.isin(low * len(self.known) + high, self.packed)
        return result


def pair_short_forms(values: NDArray[Any], short_forms: ShortForms) -> ShortPairs:
    """Return the pairs among distinct values that are a name and its short form."""
    place = {str(value): code for code, value in enumerate(values)}
    pairs = [sorted((place[name], place[short])) for name, short in short_forms if name in place and short in place]
    packed = np.unique(np.array([low * len(values) + high for low, high in pairs], dtype=np.int64))
    known = np.zeros(len(values), bool)
    known[[code for pair in pairs for code in pair]] = True
    return ShortPairs(packed, known)
