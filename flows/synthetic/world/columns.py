"""The people of a chunk as columns, and the few vectorised moves every part of the world uses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NOBODY = -1


class Columns(dict[str, Array]):
    """Named columns of one length; relatives are positions in the same columns, `NOBODY` for none."""

    @property
    def size(self) -> int:
        """Rows."""
        return len(next(iter(self.values())))


def of(column: Array, positions: Whole, missing: Any) -> Array:
    """The value of a relative, `missing` where there is none."""
    found: Array = np.where(positions >= 0, column[np.maximum(positions, 0)], missing)
    return found


def pick(draws: np.random.Generator, weights: npt.NDArray[np.float64], count: int) -> Whole:
    """Positions drawn with the given weights."""
    edges = np.cumsum(weights)
    picked: Whole = np.searchsorted(edges, draws.random(count) * edges[-1], side="right").clip(0, len(weights) - 1)
    return picked


def pair_up(draws: np.random.Generator, left: Whole, right: Whole) -> tuple[Whole, Whole]:
    """Random pairs of positions that share a key; whoever finds no partner is left out."""
    one, other = _ranked(draws, left), _ranked(draws, right)
    _, at_one, at_other = np.intersect1d(one[1], other[1], assume_unique=True, return_indices=True)
    return one[0][at_one], other[0][at_other]


def _ranked(draws: np.random.Generator, keys: Whole) -> tuple[Whole, Whole]:
    """Positions in random order within their key, and a number that tells key and place in it."""
    order = np.lexsort((draws.random(len(keys)), keys))
    return order, keys[order] * 1_000_000 + place_in_run(keys[order])


def place_in_run(values: Array) -> Whole:
    """0, 1, 2 … within each run of equal neighbours of a sorted column."""
    start = np.r_[True, values[1:] != values[:-1]]
    place = np.arange(len(values))
    result: Whole = place - np.maximum.accumulate(np.where(start, place, 0))
    return result


def follow(pointers: Whole, steps: int) -> Whole:
    """Where a chain of pointers ends; whoever points to nobody is their own end."""
    ends = np.where(pointers >= 0, pointers, np.arange(len(pointers)))
    for _ in range(steps):
        ends = ends[ends]
    return ends


def texts(values: Sequence[str | None]) -> npt.NDArray[np.object_]:
    """A lookup column of texts; taking from it copies references, not texts."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def words(text: str) -> npt.NDArray[np.object_]:
    """A lookup column of the words of a text."""
    return texts(text.split())


def only(where: Array, values: Array) -> npt.NDArray[np.object_]:
    """The values where the flag holds, None elsewhere."""
    kept = np.full(len(where), None, dtype=object)
    kept[where] = values[where]
    return kept


def joined(*parts: Array | str) -> npt.NDArray[np.object_]:
    """Texts put together row by row."""
    size = next(len(part) for part in parts if not isinstance(part, str))
    lists = [[part] * size if isinstance(part, str) else part.tolist() for part in parts]
    return texts(["".join(map(str, row)) for row in zip(*lists, strict=True)])
