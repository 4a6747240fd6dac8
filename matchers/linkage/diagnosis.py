"""What a linkage says about itself: weights of all pairs, records nothing could link, and what blocking misses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.engine import Linkage, LinkSettings
from matchers.linkage.scoring import Scorer

LOWEST_BIN, HIGHEST_BIN = -6, 40  # below, pairs are only known to be "no"
SELF_SAMPLE = 200_000
SEARCH_BUDGET = 5_000_000  # pairs compared to learn what blocking misses
LEAST_SEARCHED, MOST_SEARCHED = 50, 1_000
MOST_RECORDS = 200_000  # above, the search would take longer than the linkage
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Search:
    """Records drawn and compared with all others: the links found, those no rule had proposed, those still joined."""

    searched: int
    links: int
    unproposed: int
    joined_anyway: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share of links no rule proposes (Wilson 1927, JASA 22)."""
        count = max(self.links, 1)
        share, square = self.unproposed / count, NORMAL_95**2
        centre = (share + square / (2 * count)) / (1 + square / count)
        half = NORMAL_95 * float(np.sqrt(share * (1 - share) / count + square / (4 * count**2))) / (1 + square / count)
        return max(centre - half, 0.0), min(centre + half, 1.0)


@dataclass(frozen=True)
class Diagnosis:
    """Pairs by whole bits, pairs settled early, records looked at and unlinkable among them, sizes, and the search."""

    weights: dict[int, int]
    settled_early: int
    looked_at: int
    unlinkable: int
    sizes: dict[int, int]
    search: Search | None


def diagnose(linkage: Linkage, settings: LinkSettings) -> Diagnosis:
    """Return what a finished linkage says about itself."""
    scored = linkage.scored
    bins = np.clip(np.floor(scored.weight[scored.is_exact]), LOWEST_BIN, HIGHEST_BIN).astype(int)
    weights = dict(zip(*(each.tolist() for each in np.unique(bins, return_counts=True)), strict=True))
    looked_at, unlinkable = unlinkables(linkage, settings) if linkage.scorer else (0, 0)
    sizes = np.unique(np.unique(linkage.labels, return_counts=True)[1], return_counts=True)
    by_size = dict(zip(*(each.tolist() for each in sizes), strict=True))
    search = search_all(linkage, settings) if linkage.scorer else None
    return Diagnosis(weights, int((~scored.is_exact).sum()), looked_at, unlinkable, by_size, search)


def spread(count: int, wanted: int) -> NDArray[np.int32]:
    """Return rows spread evenly over the table, which is in order of record ids."""
    if count <= wanted:
        return np.arange(count, dtype=np.int32)
    return (np.arange(wanted) * (count / wanted)).astype(np.int32)


def unlinkables(linkage: Linkage, settings: LinkSettings) -> tuple[int, int]:
    """Return how many records were looked at, and how many would not be linked even to a copy of themselves."""
    scorer = linkage.scorer
    rows = spread(len(linkage.table), SELF_SAMPLE)
    if scorer is None or not len(rows):
        return 0, 0
    levels = scorer.comparer.matrix(scorer.fields, rows, rows)
    return len(rows), int((scorer.weigh(levels, rows) <= settings.threshold_bits).sum())


def search_all(linkage: Linkage, settings: LinkSettings) -> Search | None:
    """Compare some records with all others; None where every pair was compared anyway or the table is too large."""
    count = len(linkage.table)
    is_complete = any(rule.name == "every pair" for rule in linkage.rules)
    if is_complete or count > MOST_RECORDS or linkage.scorer is None:
        return None
    searched = spread(count, min(max(SEARCH_BUDGET // count, LEAST_SEARCHED), MOST_SEARCHED))
    pairs = scored_pairs(linkage)
    links = unproposed = joined = 0
    for row in searched:
        others = linked_to(linkage, (linkage.scorer, settings), int(row))
        low, high = np.minimum(others, row).astype(np.int64), np.maximum(others, row)
        key = low * count + high
        place = np.minimum(np.searchsorted(pairs, key), max(len(pairs) - 1, 0))
        missed = pairs[place] != key if len(pairs) else np.ones(len(key), bool)
        links += len(others)
        unproposed += int(missed.sum())
        joined += int((missed & (linkage.labels[others] == linkage.labels[row])).sum())
    return Search(len(searched), links, unproposed, joined)


def scored_pairs(linkage: Linkage) -> NDArray[np.int64]:
    """Return the proposed pairs as sorted numbers."""
    pairs = linkage.scored.pairs
    return np.sort(pairs.left.astype(np.int64) * len(linkage.table) + pairs.right)


def linked_to(linkage: Linkage, tools: tuple[Scorer, LinkSettings], row: int) -> NDArray[Any]:
    """Return the rows whose pair with a row weighs more than the threshold, out of all that may be one person."""
    scorer, settings = tools
    others = np.arange(len(linkage.table), dtype=np.int32)
    here = np.full(len(others), row, np.int32)
    others = others[linkage.table.allowed(here, others, settings.is_link)]
    here = here[: len(others)]
    weight, is_exact = scorer.score_chunk(np.minimum(here, others), np.maximum(here, others))
    return others[is_exact & (weight > settings.threshold_bits)]
