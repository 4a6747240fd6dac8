"""Average-link agglomeration of large components: every cluster knows its best neighbour and looks round anew only when asked.

Two clusters that are joined weigh no more with a third than the heavier of them did, so what a cluster once found best stays
the most it can find: of all that is offered for joining, only what comes first has to be right.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.compiled import compiled, inlined

Rows = NDArray[np.int32]
Ints = NDArray[np.int64]
Reals = NDArray[np.float64]
# Pairs of clusters with a weighed pair of rows between them: at twice a pair's number and the place after it the two
# clusters (-1: joined, or counted with another pair); the sum of the weights; their number.
Pairs = tuple[Ints, Reals, Ints]
# The places of a cluster's pairs: its first and last one, how many there are, and the place after each place.
Lists = tuple[Ints, Ints, Ints, Ints]
# Of each cluster: its size, its certain id (0 none), and a bit for every exclusive source it has a row of.
Clusters = tuple[Ints, Ints, NDArray[np.uint64]]
# Of each cluster: the highest average with a neighbour, that neighbour (-1 none), and whether both may be out of date.
Best = tuple[Reals, Ints, NDArray[np.bool_]]
State = tuple[Pairs, Lists, Clusters, Best]
Offers = list[tuple[float, int, int, int]]  # average with its sign turned, both clusters, and the one that offers


@inlined
def forbidden(clusters: Clusters, one: int, other: int) -> bool:
    """Return whether a conflict keeps two clusters apart."""
    certain, sources = clusters[1], clusters[2]
    apart = bool(certain[one] != 0 and certain[other] != 0 and certain[one] != certain[other])
    for word in range(sources.shape[1]):
        apart = apart or bool((sources[one, word] & sources[other, word]) != 0)
    return apart


@inlined
def average(state: State, place: int, unproposed: float) -> float:
    """Return what the pairs of rows of the two clusters at a place weigh on average."""
    pairs, size = state[0], state[2][0]
    possible = size[pairs[0][place]] * size[pairs[0][place ^ 1]]
    return float((pairs[1][place >> 1] + unproposed * (possible - pairs[2][place >> 1])) / possible)


@compiled
def tidy(cluster: int, ends: Ints, lists: Lists) -> None:
    """Take out of a cluster's list, in place, what is gone."""
    first, last, _, after = lists
    place, kept = first[cluster], -1
    first[cluster] = last[cluster] = -1
    while place >= 0:
        if ends[place] >= 0:
            if kept < 0:
                first[cluster] = place
            else:
                after[kept] = place
            kept = place
        place = after[place]
    if kept >= 0:
        last[cluster] = kept
        after[kept] = -1


@compiled
def offer(cluster: int, found: tuple[float, int], best: Best, offers: Offers) -> None:
    """Note a cluster's best neighbour, in place, and offer the two for joining."""
    value, other = found
    best[0][cluster], best[1][cluster], best[2][cluster] = value, other, False
    heapq.heappush(offers, (-value, min(cluster, other), max(cluster, other), cluster))


@compiled
def look_round(cluster: int, state: State, bounds: tuple[float, float], offers: Offers) -> None:
    """Find a cluster's best neighbour, the smallest of equal ones, and offer the two for joining."""
    (ends, _, _), lists, clusters, best = state
    tidy(cluster, ends, lists)
    value, other = bounds[0], -1
    place = lists[0][cluster]
    while place >= 0:
        third = ends[place ^ 1]
        found = average(state, place, bounds[1])
        if (found > value or (found == value and third < other)) and not forbidden(clusters, cluster, third):
            value, other = found, third
        place = lists[3][place]
    best[1][cluster] = -1
    if other >= 0:
        offer(cluster, (value, other), best, offers)


@compiled
def tell_neighbours(cluster: int, gone: int, state: State, told: tuple[tuple[float, float], Offers]) -> None:
    """Tell every neighbour of a joined cluster what the two weigh now: it may be their best, or no longer be."""
    (ends, _, _), lists, clusters, best = state
    bounds, offers = told
    place = lists[0][cluster]
    while place >= 0:
        third = ends[place ^ 1]
        found = average(state, place, bounds[1])
        most, known = best[0][third], best[1][third]
        is_better = found > bounds[0] if known < 0 else found > most or (found == most and cluster <= known)
        if is_better and not forbidden(clusters, cluster, third):
            offer(third, (found, cluster), best, offers)
        elif known in (cluster, gone):
            best[2][third] = True
        place = lists[3][place]


@compiled
def join(kept: int, gone: int, state: State, place_of: Ints) -> None:
    """Add a cluster to another, in place: what both have in common with a third counts together.

    `place_of` has room for a place of each cluster, -1 before and after.
    """
    (ends, total, count), (first, last, length, after), (size, certain, sources), _ = state
    place = first[kept]
    while place >= 0:
        place_of[ends[place ^ 1]] = place
        place = after[place]
    place = first[gone]
    while place >= 0:
        third = ends[place ^ 1]
        same = place_of[third]
        if third == kept or same >= 0:
            if third != kept:
                total[same >> 1] += total[place >> 1]
                count[same >> 1] += count[place >> 1]
            length[third] -= 1
            ends[place] = ends[place ^ 1] = -1
        else:
            ends[place] = kept
            length[kept] += 1
        place = after[place]
    place = first[kept]
    while place >= 0:
        if ends[place] >= 0:
            place_of[ends[place ^ 1]] = -1
        place = after[place]
    place_of[gone] = -1
    after[last[kept]] = first[gone]
    last[kept] = last[gone]
    size[kept] += size[gone]
    size[gone] = 0
    certain[kept] = max(certain[kept], certain[gone]) if min(certain[kept], certain[gone]) == 0 else certain[kept]
    sources[kept] |= sources[gone]


@compiled
def agglomerate(state: State, bounds: tuple[float, float]) -> Ints:
    """Return for each cluster of one row the cluster it ends in; the lists and all else are used up."""
    (ends, _, _), lists, (size, _, _), best = state
    home, place_of = np.arange(len(size)), np.full(len(size), -1)
    offers = [(0.0, 0, 0, 0) for _ in range(0)]
    for cluster in range(len(size)):
        look_round(cluster, state, bounds, offers)
    while len(offers):
        value, one, other, cluster = heapq.heappop(offers)
        if not size[cluster] or best[1][cluster] != one + other - cluster or best[0][cluster] != -value:
            continue
        if best[2][cluster]:
            look_round(cluster, state, bounds, offers)
            continue
        kept, gone = (one, other) if lists[2][one] >= lists[2][other] else (other, one)
        tidy(one, ends, lists)
        tidy(other, ends, lists)
        join(kept, gone, state, place_of)
        home[gone] = kept
        look_round(kept, state, bounds, offers)
        tell_neighbours(kept, gone, state, (bounds, offers))
    for cluster in range(len(size)):
        while home[cluster] != home[home[cluster]]:
            home[cluster] = home[home[cluster]]
    return home


def agglomerate_large(
    edges: tuple[Rows, Rows, Reals], conflicts: tuple[Ints, Ints], bounds: tuple[float, float]
) -> tuple[Ints, Ints]:
    """Return the rows of one component in order, and for each the smallest row of its cluster; a pair of rows stands once.

    `conflicts` are the exclusive source of every row of the table (-1 none) and its certain id (0 none); `bounds` are the
    threshold and what a pair that was not proposed counts for.
    """
    rows, places = np.unique(np.concatenate(edges[:2]), return_inverse=True)
    pair_count, size = len(edges[2]), len(rows)
    ends = np.ascontiguousarray(places.reshape(2, pair_count).T.ravel()).astype(np.int64)
    best = np.zeros(size), np.full(size, -1), np.zeros(size, bool)
    clusters = np.ones(size, np.int64), conflicts[1][rows].astype(np.int64), source_bits(conflicts[0][rows])
    pairs = ends, edges[2].astype(np.float64), np.ones(pair_count, np.int64)
    home = agglomerate((pairs, lists_of(ends, size), clusters, best), bounds)
    smallest = np.full(size, size)
    np.minimum.at(smallest, home, np.arange(size))
    return rows, rows[smallest[home]]


def source_bits(exclusive: Ints) -> NDArray[np.uint64]:
    """Return of each row a bit for its exclusive source; none for -1."""
    known, number = np.unique(exclusive, return_inverse=True)
    bits = np.zeros((len(exclusive), len(known) // 64 + 1), np.uint64)
    has = np.flatnonzero(exclusive >= 0)
    bits[has, number[has] // 64] = np.uint64(1) << (number[has] % 64).astype(np.uint64)
    return bits


def lists_of(ends: Ints, size: int) -> Lists:
    """Return the places of each cluster's pairs as lists."""
    order = np.argsort(ends, kind="stable")
    length = np.bincount(ends, minlength=size)
    stops = np.cumsum(length)
    after = np.full(len(ends), -1)
    after[order[:-1]] = order[1:]
    after[order[stops - 1]] = -1
    return order[stops - length], order[stops - 1], length, after
