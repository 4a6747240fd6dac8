"""Values as numbers: each distinct value of a column once, and which one each record has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class CodedColumn:
    """One column: `codes[row]` points into the Arrow array `texts` of distinct values, -1 where one is missing.

    `counts` says how many records have each.
    """

    codes: Codes
    texts: Any
    counts: NDArray[np.int64]

    @cached_property
    def values(self) -> NDArray[Any]:
        """The distinct values as Python's texts."""
        values: NDArray[Any] = self.texts.to_numpy(zero_copy_only=False)
        return values

    def at(self, codes: Codes) -> NDArray[Any]:
        """Return some values as Python's texts; of many values few are ever read, and texts made anew lie side by side."""
        some: NDArray[Any] = self.texts.take(pa.array(codes)).to_numpy(zero_copy_only=False)
        return some

    def forget(self) -> None:
        """Let go of the values as Python's texts until they are asked for again."""
        self.__dict__.pop("values", None)

    @property
    def shares(self) -> NDArray[np.float64]:
        """How frequent each value is among the records that have one."""
        result: NDArray[np.float64] = self.counts / max(int(self.counts.sum()), 1)
        return result

    @property
    def filled_share(self) -> float:
        """The share of records that have a value."""
        return float((self.codes >= 0).mean()) if len(self.codes) else 0.0


@dataclass(frozen=True)
class Texts:
    """One column of texts: `codes[row]` points into the Arrow array `texts`, -1 where there is none.

    What a code points at may be missing, and texts may repeat unless they are `distinct`. They are `in order` where each
    stands where the first row that has it puts it.
    """

    codes: Codes
    texts: Any
    is_distinct: bool = False
    is_in_order: bool = False

    def standard(self, texts: Any) -> Texts:
        """Return what each text is in another form."""
        return self if texts.equals(self.texts) else Texts(self.codes, texts, is_in_order=self.is_in_order)

    def only(self, chosen: NDArray[np.bool_]) -> Texts:
        """Return the column with the texts of the chosen rows alone."""
        return Texts(np.where(chosen, self.codes, np.int32(-1)), self.texts)


def number_texts(column: Any, order: Codes | None) -> Texts:
    """Return a column with each of its texts once; `order` says which element each row has, None that rows stand so."""
    encoded = column.dictionary_encode()
    codes = np.concatenate([np.zeros(0, np.int32), *(with_gaps(chunk.indices) for chunk in encoded.chunks)])
    texts = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
    return Texts(codes if order is None else codes[order], texts, is_distinct=True, is_in_order=order is None)


def with_gaps(indices: Any) -> Codes:
    """Return Arrow indices as numbers, -1 for what is missing."""
    filled = indices.fill_null(-1) if indices.null_count else indices
    numbers: Codes = filled.to_numpy().astype(np.int32, copy=False)
    return numbers


def first_stated(parts: Sequence[Texts]) -> Texts:
    """Return for each row the first text that is stated in any of several columns."""
    if len(parts) == 1:
        return parts[0]
    texts = pa.concat_arrays([part.texts for part in parts])
    is_stated = np.append(texts.is_valid().to_numpy(zero_copy_only=False), False)
    codes = np.full(len(parts[0].codes), -1, np.int32)
    before = 0
    for part in parts:
        moved = np.where(part.codes >= 0, part.codes + np.int32(before), np.int32(-1))
        codes = np.where((codes < 0) & is_stated[moved], moved, codes)
        before += len(part.texts)
    return Texts(codes, texts)


def coded(column: Texts) -> CodedColumn:
    """Return texts as numbers, values in order of the first row that has them."""
    codes, texts = column.codes, column.texts
    if not column.is_distinct:  # texts in order stay so: what two become stands where the first of them stood
        encoded = texts.dictionary_encode()
        codes, texts = np.append(with_gaps(encoded.indices), np.int32(-1))[codes], encoded.dictionary
    if not column.is_in_order:
        codes, chosen = by_first_row(codes, len(texts))
        texts = texts.take(pa.array(chosen))
    counts = np.bincount(codes + 1, minlength=len(texts) + 1)[1:]
    return CodedColumn(codes, texts, counts)


def by_first_row(codes: Codes, count: int) -> tuple[Codes, Codes]:
    """Return codes numbered anew, in order of the first row that has them, and which code each was; unused ones go."""
    rows = np.arange(len(codes), dtype=np.int32)
    first = np.full(count + 1, len(codes), np.int32)  # the last place is for what is missing
    first[codes[::-1]] = rows[::-1]  # of the rows with one code the first is written last, and stays
    starts = np.zeros(len(codes) + 1, bool)
    starts[first[:-1]] = True
    starts[-1] = False
    number = np.append((np.cumsum(starts, dtype=np.int32) - np.int32(1))[first[:-1]], np.int32(-1))
    return number[codes], codes[np.flatnonzero(starts)]


def first_words(values: NDArray[Any]) -> NDArray[np.int32]:
    """Return for each text of several words the number of its first word; -1 for a text of one."""
    heads = pa.array([text.partition(" ")[0] if " " in text else None for text in values], pa.string())
    numbers: NDArray[np.int32] = heads.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return numbers.astype(np.int32)
