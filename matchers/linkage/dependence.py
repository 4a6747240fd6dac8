"""Which fields strangers agree on together: one given name means one sex, and often one generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.coded import CodedColumn
from matchers.linkage.comparison import Comparer
from matchers.linkage.compiled import compiled
from matchers.linkage.fields import Field
from matchers.linkage.frequencies import agreeing_pairs
from matchers.linkage.model import Dependence, LinkModel, Reals
from matchers.linkage.scoring import Scorer
from matchers.linkage.threads import in_threads

DRAWS = 30_000
FEWEST = 500.0  # strangers among the pairs drawn, for their other fields to say anything
MOST_KNOWN = 0.05  # of the pairs equal in a field may be one person or housemates: their agreement is not coincidence
PSEUDO_PAIRS = 30.0
LEAST_GAIN = 0.05  # nats a dependence takes off a true pair on average; less is noise
LOWEST, HIGHEST = -4.0, 8.0  # nats
Rows = NDArray[np.int32]
Allowed = Callable[[Rows, Rows], NDArray[np.bool_]]


@dataclass(frozen=True)
class EqualPairs:
    """Pairs drawn among all that are equal in one field: their levels in every field, and their left rows."""

    levels: NDArray[np.int8]
    left: Rows


Equals = dict[int, EqualPairs]  # by the place of the field


def may_depend(field: Field) -> bool:
    """Return whether a field may depend on others."""
    return field.is_counted


def draw_equal(column: CodedColumn, draw: np.random.Generator) -> tuple[Rows, Rows]:
    """Return different pairs drawn evenly among all that have the same value; none where nobody shares one."""
    weights = np.cumsum(column.counts.astype(float) * (column.counts - 1))
    if not len(weights) or weights[-1] <= 0:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    order = rows_by_value(column.codes, column.counts)
    start = np.cumsum(column.counts) - column.counts
    value = np.searchsorted(weights, draw.random(DRAWS) * weights[-1], side="right").clip(max=len(weights) - 1)
    one = (draw.random(DRAWS) * column.counts[value]).astype(np.int64)
    other = (draw.random(DRAWS) * (column.counts[value] - 1)).astype(np.int64)
    other += other >= one
    packed = np.unique(order[start[value] + one].astype(np.int64) * len(column.codes) + order[start[value] + other])
    left, right = np.divmod(packed, len(column.codes))
    return left.astype(np.int32), right.astype(np.int32)


@compiled
def rows_by_value(codes: Rows, counts: NDArray[np.int64]) -> Rows:
    """Return the rows that have a value, in order of their values."""
    place = np.cumsum(counts) - counts
    order = np.empty(counts.sum(), np.int32)
    for row in range(len(codes)):
        if codes[row] >= 0:
            order[place[codes[row]]] = row
            place[codes[row]] += 1
    return order


@dataclass(frozen=True)
class EqualDraws:
    """Pairs equal in one field each, drawn when a model first asks for them."""

    fields: tuple[Field, ...]
    comparer: Comparer
    allowed: Allowed
    seed: int
    drawn: Equals = field(default_factory=dict)

    def by_chance(self, model: LinkModel) -> Equals:
        """Return pairs equal in each of those fields in which nearly all equal pairs are strangers."""
        chosen = [
            place
            for place, what in enumerate(self.fields)
            if may_depend(what) and is_by_chance(model, place, float(agreeing_pairs(self.comparer, what)[0].sum()))
        ]
        missing = [place for place in chosen if place not in self.drawn]
        self.drawn.update(zip(missing, in_threads(self.draw, missing), strict=True))
        return {place: self.drawn[place] for place in chosen}

    def draw(self, place: int) -> EqualPairs:
        """Return pairs equal in a field."""
        column = self.comparer.columns[self.fields[place].name]
        left, right = draw_equal(column, np.random.default_rng((self.seed, place)))
        kept = self.allowed(left, right)
        return EqualPairs(self.comparer.matrix(self.fields, left[kept], right[kept]), left[kept])


def is_by_chance(model: LinkModel, place: int, pair_count: float) -> bool:
    """Return whether nearly all of the pairs equal in a field are strangers."""
    part = model.fields[place]
    equal = slice(part.field.first_equal, None)
    known = model.same_share * part.same[equal].sum() + model.housemate_share * part.housemate[equal].sum()
    return bool(known * model.pair_total <= MOST_KNOWN * pair_count)


def find_dependences(scorer: Scorer, drawn: Equals) -> tuple[Dependence, ...]:
    """Return the dependences that take most off true pairs, each field depending on one other at most, in no circle."""
    found = sorted(candidates(scorer, drawn), key=lambda one: (-one[0], one[1], one[2]))
    causes: dict[str, str] = {}
    result = []
    for _, cause, effect, nats in found:
        if effect not in causes and effect not in line_of(cause, causes):
            causes[effect] = cause
            result.append(Dependence(cause, effect, nats))
    return tuple(result)


def line_of(name: str, causes: dict[str, str]) -> set[str]:
    """Return a field and all it depends on."""
    line = {name}
    while name in causes:
        name = causes[name]
        line.add(name)
    return line


def candidates(scorer: Scorer, drawn: Equals) -> Iterator[tuple[float, str, str, Reals]]:
    """Yield each dependence worth having: the nats it takes off true pairs, its fields, and its nats by level."""
    for cause, pairs in sorted(drawn.items()):
        same, housemate, stranger = scorer.classes(pairs.levels, pairs.left)
        chance = np.exp(stranger - np.logaddexp(np.logaddexp(same, housemate), stranger))
        if chance.mean() < 1.0 - MOST_KNOWN:
            continue
        part = scorer.model.fields[cause]
        is_equal = float(part.same[part.field.first_equal :].sum())
        for effect, other in enumerate(scorer.model.fields):
            counts = strangers_by_level(pairs.levels[:, effect], chance, other.field.levels)
            if effect == cause or not may_depend(other.field) or counts.sum() < FEWEST:
                continue
            share = (counts + PSEUDO_PAIRS * other.stranger) / (counts.sum() + PSEUDO_PAIRS)
            alone = other.stranger * told_by_values(scorer, effect, pairs)
            nats = np.clip(np.log(share / alone), LOWEST, HIGHEST)
            gain = is_equal * float((other.same * nats).sum())
            if gain > LEAST_GAIN:
                yield gain, part.field.name, other.field.name, nats


def told_by_values(scorer: Scorer, place: int, pairs: EqualPairs) -> Reals:
    """Return by level how much more often strangers agree for the usual values that drawn pairs have: that is counted once."""
    part, levels = scorer.model.fields[place], pairs.levels[:, place]
    equal = levels >= part.field.first_equal
    told = np.exp(scorer.rare(place, levels, pairs.left)[equal])
    more = max(float(told.mean()), 1.0) if len(told) else 1.0
    return np.where(np.arange(part.field.levels) >= part.field.first_equal, more, 1.0)


def strangers_by_level(levels: NDArray[Any], chance: Reals, size: int) -> Reals:
    """Return how many strangers stand at each level."""
    there = levels >= 0
    return np.bincount(levels[there], weights=chance[there], minlength=size).astype(np.float64)
