"""What a pair is worth where a file holds each person once: a row has one mate there at most, so its pairs compete.

Fellegi and Sunter weigh each pair alone, as if its row might have none of the others. Known to have one mate at most, a row
goes with the likeliest, and the more surely the more rows of its file have mates (the prior over bipartite matchings of
Fortini and others 2001 and Sadinle 2017, JASA 112, with the sum over a row's pairs in place of the one over all matchings).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.clustering import components
from matchers.linkage.model import LN2, Reals
from matchers.linkage.scoring import Scored

ROUNDS = 30
SETTLED = 1e-6
LEAST_ALONE = (
    0.05  # of a file's rows may have no mate, however many seem to: as far as the estimated number of links errs
)
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """The pairs in which a row chooses one mate at most: their places, the row that chooses, and from whom to whom."""

    place: Ints
    choice: Ints  # the same number for pairs of one row that stand for one mate
    rival: Ints  # of each choice: the same number for those that exclude each other
    files: Ints  # of each choice: the same number between the same files, in this direction
    row_count: Reals  # how many rows the choosing file has, by `files`


def compete(scored: Scored, source: Ints, exclusive: Ints) -> Scored:
    """Return the pairs weighed against their rivals and against having no mate, where a file holds each person once."""
    exact = np.flatnonzero(scored.is_exact)
    left, right = scored.pairs.left[exact], scored.pairs.right[exact]
    return settle(scored, exact, [side_of(*ends, source, exclusive) for ends in ((left, right), (right, left))])


def compete_for_owner(scored: Scored, is_known: NDArray[np.bool_]) -> Scored:
    """Return the pairs weighed against their rivals where a row nobody knows is one of the known rows', or nobody's.

    A known row may have many such rows, but each of them has one owner at most; known rows that are held to be one person by
    what they say themselves are one owner.
    """
    exact = np.flatnonzero(scored.is_exact)
    left, right = scored.pairs.left[exact], scored.pairs.right[exact]
    one = is_known[left] & is_known[right] & (scored.weight[exact] > 0)
    person = components(len(is_known), left[one], right[one]).astype(np.int64)
    place = np.flatnonzero(is_known[left] != is_known[right])
    known, row = np.where(is_known[left[place]], (left[place], right[place]), (right[place], left[place])).astype(
        np.int64
    )
    choices, choice = np.unique(row * len(is_known) + person[known], return_inverse=True)
    rival = np.unique(choices // len(is_known), return_inverse=True)[1].astype(np.int64)
    rows = np.array([float((~is_known).sum())])
    return settle(scored, exact, [Side(place, choice, rival, np.zeros(len(choices), np.int64), rows)])


def settle(scored: Scored, exact: Ints, sides: list[Side]) -> Scored:
    """Return the pairs with the weights that agree with each other; `exact` are the places of the pairs the sides speak of."""
    if not any(len(side.place) for side in sides):
        return scored
    alone = scored.weight[exact] * LN2
    odds, before = alone, chance(alone)
    for _ in range(ROUNDS):
        odds = alone - sum(against(side, alone, before) for side in sides)
        now = chance(odds)
        if np.abs(now - before).max() < SETTLED:
            break
        before = now
    weight = scored.weight.copy()
    weight[exact] = odds / LN2
    return replace(scored, weight=weight)


def side_of(row: NDArray[Any], mate: NDArray[Any], source: Ints, exclusive: Ints) -> Side:
    """Return the pairs in which a row chooses among the rows of a file that holds each person once."""
    place = np.flatnonzero((exclusive[mate] >= 0) & (source[row] != source[mate]))
    count = int(source.max(initial=0)) + 1
    files, between = np.unique(source[row[place]] * count + source[mate[place]], return_inverse=True)
    rival = np.unique(row[place].astype(np.int64) * count + source[mate[place]], return_inverse=True)[1]
    rows = np.bincount(source, minlength=count).astype(np.float64)
    return Side(place, np.arange(len(place)), rival.astype(np.int64), between.astype(np.int64), rows[files // count])


def against(side: Side, alone: Reals, probability: Reals) -> Reals:
    """Return the log odds, for every pair, of what speaks against it: that its row has no mate, or another one."""
    result = np.zeros(len(alone))
    if not len(side.place):
        return result
    odds, likely = np.full(len(side.rival), -np.inf), np.zeros(len(side.rival))
    np.maximum.at(odds, side.choice, alone[side.place])
    np.maximum.at(likely, side.choice, probability[side.place])
    mates = np.bincount(side.files, likely, len(side.row_count))
    none = np.maximum(1.0 - mates / side.row_count, LEAST_ALONE)
    result[side.place] = np.logaddexp(np.log(none)[side.files], others(side.rival, odds))[side.choice]
    return result


def others(group: Ints, odds: Reals) -> Reals:
    """Return for each pair the log of the sum of its rivals' odds."""
    highest = np.full(int(group.max()) + 1, -np.inf)
    np.maximum.at(highest, group, odds)
    scaled = np.exp(odds - highest[group])
    is_highest = scaled == 1.0
    # Where one pair outweighs all others, their sum would be lost in rounding: it is added up without it.
    below = np.bincount(group, np.where(is_highest, 0.0, scaled))[group]
    level = np.bincount(group, is_highest)[group]
    rest = np.where(is_highest, below + (level - 1.0), level + np.maximum(below - scaled, 0.0))
    with np.errstate(divide="ignore"):
        result: Reals = np.log(rest) + highest[group]
    return result


def chance(odds: Reals) -> Reals:
    """Return log odds as a probability."""
    result: Reals = 1.0 / (1.0 + np.exp(-np.clip(odds, -500.0, 500.0)))
    return result
