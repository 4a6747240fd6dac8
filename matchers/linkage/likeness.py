"""How alike two texts are, kind by kind, as levels of agreement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from matchers.linkage.coded import CodedColumn, Codes
from matchers.linkage.full_names import full_name_levels
from matchers.linkage.plain_texts import NOT_PLAIN, jaro_winkler, slips
from matchers.linkage.signatures import EMAIL_ALIKE, TEXT_STEPS, Level, reached

MOST_USER_SLIPS = 2  # before the at sign of an email address


@dataclass(frozen=True)
class Measure:
    """A measure of two texts by code points: compiled for plain ones, which leaves all others to the library's."""

    plain: Callable[[Any, Codes, Codes], NDArray[Any]]
    scorer: Callable[..., Any]

    def of(self, column: CodedColumn, one: Codes, other: Codes) -> NDArray[Any]:
        """Return the measure of pairs of a column's values."""
        found = self.plain(column.texts, one, other)
        rest = np.flatnonzero(found == NOT_PLAIN)
        if len(rest):
            texts = (column.at(one[rest]), column.at(other[rest]))
            found[rest] = cpdist(*texts, scorer=self.scorer, dtype=found.dtype, workers=2)
        return found


LIKENESS = Measure(jaro_winkler, JaroWinkler.similarity)
SLIPS = Measure(slips, OSA.distance)


def bounded_levels(bounds: tuple[float, ...], column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two names or texts by bounds of their own."""
    return reached(LIKENESS.of(column, one, other) + 1e-6, bounds)


def name_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two Latin names."""
    return bounded_levels((0.7, 0.82, 0.92), column, one, other)


def han_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two Chinese names: one character off or one shared; a mixed pair goes by the same rule."""
    first, second = column.at(one), column.at(other)
    longest = np.array([max(len(a), len(b)) for a, b in zip(first, second, strict=True)])
    shared = np.array([not set(a).isdisjoint(b) for a, b in zip(first, second, strict=True)])
    return np.where((SLIPS.of(column, one, other) <= 1) & (longest >= 2), 2, np.where(shared, 1, 0)).astype(np.int8)


def initial_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two middle names: an initial often stands for the name."""
    first, second = column.at(one), column.at(other)
    return np.array([a[:1] == b[:1] for a, b in zip(first, second, strict=True)], dtype=np.int8)


def number_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two numbers: slips are digits changed, dropped, added or exchanged with a neighbour."""
    found = SLIPS.of(column, one, other)
    return np.where(found <= 1, 2, np.where(found <= 2, 1, 0)).astype(np.int8)


def citizen_number_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two citizen numbers: slips, else the same place and day of birth."""
    found = SLIPS.of(column, one, other)
    return np.where(found <= 1, 4, np.where(found <= 2, 3, 0)).astype(np.int8)


def postcode_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two postcodes by their letters alone; what their heads say is found elsewhere."""
    return (SLIPS.of(column, one, other) <= 1).astype(np.int8)


def text_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two texts such as places, addresses and trades by their letters; what is inside what is found elsewhere."""
    return bounded_levels(TEXT_STEPS, column, one, other)


def email_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two email addresses by their slips, few of them before the at sign.

    Most hold the name: that they begin alike, or end in one domain, says nothing the names do not.
    """
    first, second = column.at(one), column.at(other)
    is_near = cpdist(first, second, scorer=OSA.normalized_similarity) + 1e-6 >= EMAIL_ALIKE
    near = np.flatnonzero(is_near)
    users = [np.array([email.partition("@")[0] for email in each[near]], dtype=object) for each in (first, second)]
    is_near[near] = cpdist(*users, scorer=OSA.distance) <= MOST_USER_SLIPS
    level: Level = is_near.astype(np.int8)
    return level


def worded_levels(column: CodedColumn, one: Codes, other: Codes) -> Level:
    """Return the level of two full names, word by word."""
    return full_name_levels(column.at(one), column.at(other))


Way = Callable[[CodedColumn, Codes, Codes], Level]
WAYS: dict[str, Way] = {
    "name": name_levels,
    "han_name": han_levels,
    "full_name": worded_levels,
    "initial": initial_levels,
    "number": number_levels,
    "citizen_number": citizen_number_levels,
    "postcode": postcode_levels,
    "text": text_levels,
    "email": email_levels,
}


def once_per_pair(way: Way, column: CodedColumn, codes: tuple[Codes, Codes]) -> Level:
    """Return the level of pairs of values by a way of comparing them; each distinct pair is compared once."""
    low, high = np.minimum(*codes).astype(np.int64), np.maximum(*codes)
    distinct, place = np.unique(low * len(column.texts) + high, return_inverse=True)
    one, other = (code.astype(np.int32) for code in np.divmod(distinct, len(column.texts)))
    return way(column, one, other)[place]
