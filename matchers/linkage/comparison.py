"""Levels of agreement, field by field, worked out once per distinct pair of values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from matchers.linkage.coded import CodedColumn
from matchers.linkage.dates import Digits, compare_dates, date_digits
from matchers.linkage.fields import Field

Rows = NDArray[np.int32]
Level = NDArray[np.int8]
MISSING = -1


@dataclass
class Comparer:
    """Compares records by their coded values; `sounds` holds the pinyin of Chinese name columns."""

    columns: dict[str, CodedColumn]
    digits: dict[str, Digits] = field(default_factory=dict)

    def levels(self, what: Field, left: Rows, right: Rows) -> Level:
        """Return how far each pair of rows agrees on a field."""
        column = self.columns[what.name]
        one, other = column.codes[left], column.codes[right]
        level = np.full(len(left), MISSING, np.int8)
        both = (one >= 0) & (other >= 0)
        equal = both & (one == other)
        level[both] = 0
        level[equal] = self.equal_levels(what, one[equal])
        rest = np.flatnonzero(both & ~equal)
        if len(rest) and what.levels > 2:
            level[rest] = self.unequal_levels(what, left[rest], right[rest])
        return level

    def equal_levels(self, what: Field, codes: Rows) -> Level:
        """Return the level of equal values: the highest, but for dates that are not whole or look like placeholders."""
        if what.kind != "date":
            return np.full(len(codes), what.levels - 1, np.int8)
        digits = self.date_digits(what.name)[codes]
        return compare_dates(digits, digits)

    def unequal_levels(self, what: Field, left: Rows, right: Rows) -> Level:
        """Return the level of values that are both there and not equal."""
        column = self.columns[what.name]
        one, other = column.codes[left], column.codes[right]
        if what.kind == "date":
            digits = self.date_digits(what.name)
            return compare_dates(digits[one], digits[other])
        low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
        distinct, place = np.unique(low * len(column.values) + high, return_inverse=True)
        first, second = (column.values[distinct // len(column.values)], column.values[distinct % len(column.values)])
        level: Level = WAYS[what.kind](first, second)[place]
        if what.kind == "name":
            level[self.in_other_slot(what.name, left, right)] = 4
        if what.kind == "han_name":
            level[self.sounds_equal(what.name, left, right)] = 3
        return level

    def in_other_slot(self, name: str, left: Rows, right: Rows) -> NDArray[np.bool_]:
        """Return the pairs where one record's given name stands as the other's surname."""
        given, surname = self.columns.get("given_name"), self.columns.get("surname_as_given")
        if given is None or surname is None:
            return np.zeros(len(left), bool)
        crossed = [
            (given.codes[a] >= 0) & (given.codes[a] == surname.codes[b]) for a, b in ((left, right), (right, left))
        ]
        either: NDArray[np.bool_] = crossed[0] | crossed[1]
        return either

    def sounds_equal(self, name: str, left: Rows, right: Rows) -> NDArray[np.bool_]:
        """Return the pairs whose pinyin is equal though the characters differ."""
        sounds = self.columns.get({"given_name": "given_sound", "surname": "surname_sound"}.get(name, ""))
        if sounds is None:
            return np.zeros(len(left), bool)
        equal: NDArray[np.bool_] = (sounds.codes[left] >= 0) & (sounds.codes[left] == sounds.codes[right])
        return equal

    def date_digits(self, name: str) -> Digits:
        """Return the digits of a date column's distinct values."""
        if name not in self.digits:
            self.digits[name] = date_digits(self.columns[name].values)
        return self.digits[name]


def steps(likeness: NDArray[Any], bounds: tuple[float, ...]) -> Level:
    """Return how many of the rising bounds each likeness reaches."""
    return np.digitize(likeness, np.array(bounds) - 1e-6).astype(np.int8)


def likeness(scorer: Callable[..., Any], first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """Return the likeness of each pair of texts, by code points."""
    scores: NDArray[Any] = cpdist(first, second, scorer=scorer, workers=2)
    return scores


def name_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two Latin names."""
    return steps(likeness(JaroWinkler.similarity, first, second), (0.7, 0.82, 0.92))


def han_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two Chinese names: one character off or one shared; a mixed pair goes by the same rule."""
    slips = likeness(OSA.distance, first, second)
    longest = np.array([max(len(a), len(b)) for a, b in zip(first, second, strict=True)])
    shared = np.array([not set(a).isdisjoint(b) for a, b in zip(first, second, strict=True)])
    return np.where((slips <= 1) & (longest >= 2), 2, np.where(shared, 1, 0)).astype(np.int8)


def full_name_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two full names of unknown word order."""
    in_order = likeness(fuzz.token_sort_ratio, first, second)
    contained = likeness(fuzz.token_set_ratio, first, second)
    level = steps(in_order, (65.0, 82.0))
    level[contained >= 96] = 3
    level[in_order >= 99.9] = 4
    return level


def initial_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two middle names: an initial often stands for the name."""
    return np.array([a[:1] == b[:1] for a, b in zip(first, second, strict=True)], dtype=np.int8)


def number_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two numbers: slips are digits changed, dropped, added or exchanged with a neighbour."""
    slips = likeness(OSA.distance, first, second)
    return np.where(slips <= 1, 2, np.where(slips <= 2, 1, 0)).astype(np.int8)


def postcode_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two postcodes: the head of a postcode in two words names a larger area."""
    slips = likeness(OSA.distance, first, second)
    heads = [
        (a.partition(" ")[0], b.partition(" ")[0], " " in a or " " in b) for a, b in zip(first, second, strict=True)
    ]
    same_head = np.array([a == b and split for a, b, split in heads])
    return np.where(same_head, 2, np.where(slips <= 1, 1, 0)).astype(np.int8)


def text_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two texts such as places, addresses and trades."""
    return steps(likeness(JaroWinkler.similarity, first, second), (0.75, 0.9))


WAYS: dict[str, Callable[[NDArray[Any], NDArray[Any]], Level]] = {
    "name": name_levels,
    "han_name": han_levels,
    "full_name": full_name_levels,
    "initial": initial_levels,
    "number": number_levels,
    "postcode": postcode_levels,
    "text": text_levels,
}
