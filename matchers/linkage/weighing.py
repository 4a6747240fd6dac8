"""Adds up what levels and values say of pairs, field by field, in compiled loops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.compiled import compiled
from matchers.linkage.model import FieldModel, Reals

NO_CAUSE = -1
Rows = NDArray[np.int32]
Levels = NDArray[np.int8]
# A field: the log probabilities by class (same person, housemate, stranger) and level, a missing value first; its codes, the
# rarity of its values, and from which level on values are equal.
Said = tuple[Reals, Rows, Reals, int]
# What being equal in another field adds: that field's place (NO_CAUSE none) and level of equality, and nats by level.
Caused = tuple[int, int, Reals]


@dataclass(frozen=True)
class Sums:
    """Of each pair the log probability as each class by levels alone, and what values say beyond them."""

    same: Reals
    housemate: Reals
    stranger: Reals
    beyond_stranger: Reals
    beyond_housemate: Reals

    def add(self, levels: Levels, left: Rows, place: int, told: tuple[Said, Caused, tuple[bool, bool]]) -> None:
        """Add one field; what is told of it last is whether rarity and cause count among housemates as well."""
        by_level = (self.same, self.housemate, self.stranger)
        add_field((levels, left, place), told, by_level, (self.beyond_stranger, self.beyond_housemate))


def begin(count: int, shares: tuple[float, float]) -> Sums:
    """Return the sums of so many pairs before any field, from the shares of same persons and housemates."""
    same, housemate = shares
    starts = (np.log(same), np.log(max(housemate, 1e-300)), np.log1p(-same - housemate), 0.0, 0.0)
    return Sums(*(np.full(count, start) for start in starts))


def log_table(part: FieldModel) -> Reals:
    """Return the log probabilities of a field by class and level, a missing value, which says nothing, first."""
    return np.stack([np.append(0.0, np.log(shares)) for shares in (part.same, part.housemate, part.stranger)])


@compiled
def add_field(
    pairs: tuple[Levels, Rows, int],
    told: tuple[Said, Caused, tuple[bool, bool]],
    by_level: tuple[Reals, Reals, Reals],
    beyond: tuple[Reals, Reals],
) -> None:
    """Add, in place, what a field says of each pair; see Sums.add."""
    levels, left, place = pairs
    (table, codes, rarity, first_equal), (cause, cause_equal, nats), (has_rarity, has_cause) = told
    same, housemate, stranger = by_level
    for pair in range(len(left)):
        level = levels[pair, place]
        same[pair] += table[0, level + 1]
        housemate[pair] += table[1, level + 1]
        stranger[pair] += table[2, level + 1]
        rare = rarity[codes[left[pair]]] if level >= first_equal else 0.0
        caused = 0.0
        if cause != NO_CAUSE and level >= 0 and levels[pair, cause] >= cause_equal:
            caused = nats[level]
        beyond[0][pair] += rare + caused
        beyond[1][pair] += (rare if has_rarity else 0.0) + (caused if has_cause else 0.0)
