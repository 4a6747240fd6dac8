"""Pairs that say nothing inside a cluster: two rows that both go with a third and do not speak against each other.

A row is joined to a cluster by what its pairs weigh on average. A pair that has too little in common to be told from two
strangers by itself would count against joining, though nothing in it does: that a record in letters and one in characters
share no more than a surname is no reason to doubt a third that goes with both. Missing is not disagreement.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.clustering import TOLD_APART, Edges
from matchers.linkage.compiled import compiled
from matchers.linkage.scoring import Scorer

Rows = NDArray[np.int32]
Ints = NDArray[np.int64]
ROW_BITS = 32
LAST_ROW = (1 << ROW_BITS) - 1
NOBODY = 1e-300  # the share of a class without any pairs
ROUNDING = 1e-9  # nats
MOST_BESIDE = 20  # of the rows that go with a row, each is held against so many that follow it; bounds the work


def with_silent(edges: Edges, threshold: float, scorer: Scorer) -> Edges:
    """Return the pairs with those that say nothing at the threshold, where they change no average's side of it.

    A pair that was weighed says nothing where no field differs; one that was not, where its fields together speak for it.
    """
    joining = edges.weight > threshold
    pairs = np.unique(open_pairs(*neighbours(np.sort(packed(edges.left[joining], edges.right[joining])))))
    if not len(pairs):
        return edges
    weighed = packed(edges.left, edges.right)
    place = np.searchsorted(pairs, weighed).clip(max=len(pairs) - 1)
    is_open = (pairs[place] == weighed) & (edges.weight != TOLD_APART)
    is_new = np.ones(len(pairs), bool)
    is_new[place[pairs[place] == weighed]] = False
    is_silent = np.empty(len(pairs), bool)
    is_silent[is_new] = speak_for(scorer, *unpacked(pairs[is_new]))
    is_silent[~is_new] = ~differ(scorer, *unpacked(pairs[~is_new]))
    left, right = unpacked(pairs[is_silent & is_new])
    return Edges(
        np.concatenate([edges.left, left]),
        np.concatenate([edges.right, right]),
        np.append(np.where(is_open & is_silent[place], threshold, edges.weight), np.full(len(left), threshold)),
    )


def packed(left: Rows, right: Rows) -> Ints:
    """Return each pair as one number, whichever row comes first."""
    return (np.minimum(left, right).astype(np.int64) << ROW_BITS) | np.maximum(left, right)


def unpacked(pairs: Ints) -> tuple[Rows, Rows]:
    """Return both rows of each pair."""
    return (pairs >> ROW_BITS).astype(np.int32), (pairs & LAST_ROW).astype(np.int32)


@compiled
def neighbours(pairs: Ints) -> tuple[Ints, Rows]:
    """Return where each row's neighbours by these pairs begin, and the neighbours, in order as the pairs are."""
    rows = 0
    for pair in pairs:
        rows = max(rows, (pair & LAST_ROW) + 1)
    starts = np.zeros(rows + 2, np.int64)
    for pair in pairs:
        starts[(pair >> ROW_BITS) + 2] += 1
        starts[(pair & LAST_ROW) + 2] += 1
    starts = np.cumsum(starts)
    beside = np.empty(2 * len(pairs), np.int32)
    for pair in pairs:
        one, other = pair >> ROW_BITS, pair & LAST_ROW
        beside[starts[one + 1]], beside[starts[other + 1]] = other, one
        starts[one + 1] += 1
        starts[other + 1] += 1
    return starts[:-1], beside


@compiled
def open_pairs(starts: Ints, beside: Rows) -> Ints:
    """Return the pairs of rows that have a neighbour in common and are none themselves, once for each such neighbour."""
    found, count = np.empty(len(beside), np.int64), 0
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            one = beside[place]
            at, end = starts[one], starts[one + 1]  # neighbours are in order: both rows' are gone through at once
            for later in range(place + 1, min(place + 1 + MOST_BESIDE, starts[row + 1])):
                other = beside[later]
                while at < end and beside[at] < other:
                    at += 1
                if at < end and beside[at] == other:
                    continue
                if count == len(found):
                    found = np.append(found, np.empty_like(found))
                found[count] = (np.int64(one) << ROW_BITS) | other
                count += 1
    return found[:count].copy()


def differ(scorer: Scorer, left: Rows, right: Rows) -> NDArray[np.bool_]:
    """Return the pairs with a field that both rows state and that speaks against one person, however weakly."""
    result = np.zeros(len(left), bool)
    for is_cheap in (True, False):  # texts are compared where nothing else differs
        rest = np.flatnonzero(~result)
        levels = scorer.comparer.matrix(scorer.fields, left[rest], right[rest], is_cheap=is_cheap)
        for place, part in enumerate(scorer.model.fields):
            level = levels[:, place]
            result[rest[(level >= 0) & (part.bits < 0)[level.clip(min=0)]]] = True
    return result


def speak_for(scorer: Scorer, left: Rows, right: Rows) -> NDArray[np.bool_]:
    """Return the pairs no less likely as one person's than as what else they would be, how rare each is left aside."""
    model = scorer.model
    found = scorer.classes(scorer.comparer.matrix(scorer.fields, left, right), left)
    shares = model.same_share, max(model.housemate_share, NOBODY), 1.0 - model.same_share - model.housemate_share
    same, housemate, stranger = (logs - np.log(share) for logs, share in zip(found, shares, strict=True))
    result: NDArray[np.bool_] = same >= np.where(found[1] > found[2], housemate, stranger) - ROUNDING
    return result
