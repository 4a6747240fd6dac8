"""How often two records drawn at random agree, by counting equal values over the whole table and by a sample of pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.coded import CodedColumn
from matchers.linkage.fields import Field
from matchers.linkage.frequencies import source_counts
from matchers.linkage.model import Reals

Levels = NDArray[np.int8]
PSEUDO_COUNT = 0.3
LEAST_STRANGER_SHARE = 0.01  # of the naive estimate: some agreement is coincidence however rare
NOTHING = 1e-12
ENOUGH_MET = 30  # pairs of a random sample that reach a level, for their share to be known


@dataclass(frozen=True)
class Naive:
    """How often two records drawn at random agree at each level, matches among them included.

    `scales` turns a share of all pairs into one of those that have a value of the field; it is 0 for levels the sample met
    often enough to tell.
    """

    shares: tuple[Reals, ...]
    floors: tuple[Reals, ...]
    scales: tuple[Reals, ...]
    is_of_strangers: bool = False  # no matches among them: the names of the sample were made up


def naive_shares(fields: tuple[Field, ...], sample: Levels, equal: tuple[Reals, ...]) -> Naive:
    """Return how often random pairs reach each level.

    How often values are equal is counted over the whole table (`equal`); the sample only says how unequal ones differ.
    """
    shares, floors, scales = [], [], []
    for place, field in enumerate(fields):
        seen = sample[:, place]
        counts = np.bincount(seen[seen >= 0], minlength=field.levels).astype(float)
        is_rare = (counts < ENOUGH_MET) & (np.arange(field.levels) < field.first_equal)
        scales.append(np.where(is_rare, len(seen) / max(float(counts.sum()), 1.0), 0.0))
        if not field.is_counted:
            share = (counts + PSEUDO_COUNT) / float((counts + PSEUDO_COUNT).sum())
            shares.append(share)
            floors.append(np.maximum(share * LEAST_STRANGER_SHARE, NOTHING))
            continue
        rest = np.where(np.arange(field.levels) < field.first_equal, counts + PSEUDO_COUNT, 0.0)
        unequal = max(1.0 - float(equal[place].sum()), NOTHING)
        share = equal[place] + (rest / max(float(rest.sum()), NOTHING)) * unequal
        shares.append(share / share.sum())
        floors.append(np.maximum(share * LEAST_STRANGER_SHARE, NOTHING))
    return Naive(tuple(shares), tuple(floors), tuple(scales))


def equal_shares(column: CodedColumn, level_of_value: Levels, sources: NDArray[np.int64], is_link: bool) -> Reals:
    """Return the probability that two records drawn at random have equal values, by the level that equality gets."""
    by_source = source_counts(column, sources) if is_link else np.zeros((len(column.texts), 0))
    counts = column.counts.astype(float)
    total = counts.sum()
    if is_link:
        agreeing = counts**2 - (by_source**2).sum(1)
        pairs = total**2 - float((by_source.sum(0) ** 2).sum())
    else:
        agreeing = counts * (counts - 1)
        pairs = total * (total - 1)
    size = int(level_of_value.max(initial=0)) + 1
    result: Reals = np.bincount(level_of_value, weights=agreeing, minlength=size) / max(pairs, 1.0)
    return result
