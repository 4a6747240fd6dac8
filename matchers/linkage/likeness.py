"""How alike two texts are, kind by kind, as levels of agreement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from matchers.linkage.full_names import full_name_levels
from matchers.linkage.signatures import EMAIL_ALIKE, TEXT_STEPS, Level, reached

MOST_USER_SLIPS = 2  # before the at sign of an email address


def likeness(scorer: Callable[..., Any], first: NDArray[Any], second: NDArray[Any], cutoff: float | None = None) -> Any:
    """Return the likeness of each pair of texts, by code points; beyond the cutoff only that it is beyond."""
    return cpdist(first, second, scorer=scorer, score_cutoff=cutoff, workers=2)


def bounded_levels(bounds: tuple[float, ...], first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two names or texts by bounds of their own."""
    return reached(likeness(JaroWinkler.similarity, first, second) + 1e-6, bounds)


def name_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two Latin names."""
    return reached(likeness(JaroWinkler.similarity, first, second, 0.69) + 1e-6, (0.7, 0.82, 0.92))


def han_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two Chinese names: one character off or one shared; a mixed pair goes by the same rule."""
    slips = likeness(OSA.distance, first, second, 1)
    longest = np.array([max(len(a), len(b)) for a, b in zip(first, second, strict=True)])
    shared = np.array([not set(a).isdisjoint(b) for a, b in zip(first, second, strict=True)])
    return np.where((slips <= 1) & (longest >= 2), 2, np.where(shared, 1, 0)).astype(np.int8)


def initial_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two middle names: an initial often stands for the name."""
    return np.array([a[:1] == b[:1] for a, b in zip(first, second, strict=True)], dtype=np.int8)


def number_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two numbers: slips are digits changed, dropped, added or exchanged with a neighbour."""
    slips = likeness(OSA.distance, first, second, 2)
    return np.where(slips <= 1, 2, np.where(slips <= 2, 1, 0)).astype(np.int8)


def citizen_number_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two citizen numbers: slips, else the same place and day of birth."""
    slips = likeness(OSA.distance, first, second, 2)
    return np.where(slips <= 1, 4, np.where(slips <= 2, 3, 0)).astype(np.int8)


def postcode_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two postcodes by their letters alone; what their heads say is found elsewhere."""
    near: Level = likeness(OSA.distance, first, second, 1) <= 1
    return near.astype(np.int8)


def text_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two texts such as places, addresses and trades by their letters; what is inside what is found elsewhere."""
    return reached(likeness(JaroWinkler.similarity, first, second, 0.74) + 1e-6, TEXT_STEPS)


def email_levels(first: NDArray[Any], second: NDArray[Any]) -> Level:
    """Return the level of two email addresses by their slips, few of them before the at sign.

    Most hold the name: that they begin alike, or end in one domain, says nothing the names do not.
    """
    is_near = likeness(OSA.normalized_similarity, first, second, EMAIL_ALIKE - 0.01) + 1e-6 >= EMAIL_ALIKE
    near = np.flatnonzero(is_near)
    one, other = (np.array([email.partition("@")[0] for email in each[near]], dtype=object) for each in (first, second))
    is_near[near] = likeness(OSA.distance, one, other, MOST_USER_SLIPS) <= MOST_USER_SLIPS
    level: Level = is_near.astype(np.int8)
    return level


Way = Callable[[NDArray[Any], NDArray[Any]], Level]
WAYS: dict[str, Way] = {
    "name": name_levels,
    "han_name": han_levels,
    "full_name": full_name_levels,
    "initial": initial_levels,
    "number": number_levels,
    "citizen_number": citizen_number_levels,
    "postcode": postcode_levels,
    "text": text_levels,
    "email": email_levels,
}
