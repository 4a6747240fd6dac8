"""Small moves on delivered columns: Arrow arrays of text, NumPy arrays of positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Mask, Numbers

Days = npt.NDArray[np.datetime64]


def take(values: pa.Array, positions: Numbers) -> pa.Array:
    """Return the values at these positions; null where the position is -1."""
    return values.take(pa.array(positions, mask=positions < 0))


def put(values: pa.Array, where: Mask, replacements: pa.Array) -> pa.Array:
    """Return the values with those under the mask replaced, in order."""
    return pc.replace_with_mask(values, pa.array(where), replacements) if where.any() else values


def change(values: pa.Array, where: Mask, write: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return the values with those under the mask rewritten together."""
    return put(values, where, write(values.filter(pa.array(where)))) if where.any() else values


def rewrite(values: pa.Array, where: Mask, change: Callable[[str], str | None]) -> pa.Array:
    """Return the values with those under the mask rewritten one by one; meant for the few."""
    if not where.any():
        return values
    few = values.filter(pa.array(where)).to_pylist()
    return put(values, where, pa.array([None if old is None else change(old) for old in few], pa.string()))


def mask(flags: pa.Array) -> Mask:
    """Return flags as a mask; null is no."""
    return np.asarray(pc.fill_null(flags, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def same(value: str | None, count: int) -> pa.Array:
    """Return a text repeated."""
    return pa.array([value], pa.string()).take(pa.array(np.zeros(count, dtype=np.int32)))


def either(where: Mask, yes: pa.Array | str | None, no: pa.Array | str | None) -> pa.Array:
    """Return `yes` under the mask and `no` elsewhere."""
    sides = [pa.scalar(side, pa.string()) if side is None or isinstance(side, str) else side for side in (yes, no)]
    return pc.if_else(pa.array(where), *sides)


def word(codes: npt.NDArray[np.integer], words: Sequence[str | None]) -> pa.Array:
    """Return the word each whole-number code stands for."""
    return pa.array(words, pa.string()).take(pa.array(np.asarray(codes, dtype=np.int64)))


def translate(values: pa.Array, words: dict[str, str]) -> pa.Array:
    """Return the word each text code stands for; null where there is none."""
    found = pc.index_in(values, value_set=pa.array(list(words)))
    return pa.array(list(words.values())).take(found)


def join(*parts: pa.Array | str) -> pa.Array:
    """Return the parts written together; a missing part is nothing."""
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def yuan(amounts: npt.NDArray[np.floating]) -> pa.Array:
    """Return amounts as exact yuan and fen."""
    return pa.array(np.round(amounts, 2)).cast(pa.decimal128(14, 2), safe=False)


def whole(values: npt.NDArray[np.number]) -> pa.Array:
    """Return whole numbers."""
    return pa.array(np.rint(values).astype(np.int64))


def iso(days: Days) -> pa.Array:
    """Return days as 2026-10-31; null where there is none."""
    return pa.array(days.astype("datetime64[D]")).cast(pa.string())


def compact(days: Days) -> pa.Array:
    """Return days as 20261031."""
    return pc.replace_substring(iso(days), "-", "")


def year_month(days: Days) -> pa.Array:
    """Return the months of days as 202610."""
    return pc.utf8_slice_codeunits(compact(days), 0, 6)
