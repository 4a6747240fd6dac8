"""Weighs pairs: cheap equalities first, string comparisons only for pairs that can still matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.bounds import LEVEL_RANGE, LOWEST_LEVEL, Bounds, know
from matchers.linkage.comparison import SPOKEN, Comparer
from matchers.linkage.fields import Field
from matchers.linkage.model import LN2, LinkModel, Reals
from matchers.linkage.proposing import Pairs
from matchers.linkage.signatures import MISSING, UNDECIDED
from matchers.linkage.threads import in_threads
from matchers.linkage.weighing import NO_CAUSE, Sums, begin, log_table

CHUNK = 400_000  # many enough for values to repeat, which are compared once
FIRST = 1_000
FLOOR_BITS = -6.0  # below this a pair is only known to be "no", not by how much
MOST_POSSIBLE = 0.85  # above, taking the pairs that can still matter out of the others costs more than it saves
# What one comparison finds may settle the level of another of these: they are compared together.
TOGETHER = (("given_name", "surname", "full_name", SPOKEN), ("national_id", "birth_date"))


@dataclass(frozen=True)
class Scored:
    """Pairs with their weight in bits; where `is_exact` is false the weight is only known not to be higher.

    `levels` holds what each exact pair reached in every field.
    """

    pairs: Pairs
    weight: Reals
    is_exact: NDArray[np.bool_]
    levels: NDArray[np.int8]

    def take(self, chosen: NDArray[np.bool_]) -> Scored:
        """Return the chosen pairs."""
        levels = self.levels[chosen[self.is_exact]]
        return Scored(self.pairs.take(chosen), self.weight[chosen], self.is_exact[chosen], levels)


def bits_by_level(bits: Reals) -> Reals:
    """Return bits to be looked up by level: [-1] missing, [-2 - n] undecided but at most level n."""
    ceiling = np.maximum.accumulate(bits)
    return np.concatenate([bits, ceiling[:0:-1], [0.0, 0.0]])


@dataclass(frozen=True)
class Scorer:
    """Applies a model to pairs of rows."""

    model: LinkModel
    comparer: Comparer
    rarity: list[Reals]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields compared, in the order of the model."""
        return tuple(part.field for part in self.model.fields)

    def score(self, pairs: Pairs) -> Scored:
        """Return the weight of every pair, chunk by chunk."""

        weight, is_exact = np.empty(len(pairs)), np.empty(len(pairs), bool)

        def chunk(start: int) -> NDArray[np.int8]:
            some = slice(start, start + CHUNK)
            weight[some], is_exact[some], levels = self.weigh_chunk(pairs.left[some], pairs.right[some])
            return levels

        # A few alone first: they fill what is known of the values, which all others read.
        self.weigh_chunk(pairs.left[:FIRST], pairs.right[:FIRST])
        nothing = np.zeros((0, len(self.fields)), np.int8)
        levels = np.concatenate([nothing, *in_threads(chunk, range(0, len(pairs), CHUNK))])
        return Scored(pairs, weight, is_exact, levels)

    def score_chunk(self, left: NDArray[np.int32], right: NDArray[np.int32]) -> tuple[Reals, NDArray[np.bool_]]:
        """Return weights in bits and whether each is exact or an upper bound."""
        return self.weigh_chunk(left, right)[:2]

    def weigh_chunk(
        self, left: NDArray[np.int32], right: NDArray[np.int32]
    ) -> tuple[Reals, NDArray[np.bool_], NDArray[np.int8]]:
        """Return weights in bits, whether each is exact or an upper bound, and the levels of the exact ones."""
        start = self.model.prior_bits + sum(self.tops)
        weight, quick = self.bounds.weigh(left, right, start, FLOOR_BITS)
        is_exact = np.zeros(len(left), bool)
        alive = np.flatnonzero(weight >= FLOOR_BITS)
        bound, left, right = weight[alive], left[alive], right[alive]
        levels = np.full((len(self.fields), len(alive)), MISSING, np.int8)
        levels[list(self.bounds.fields)] = quick[alive].T
        for places in self.turns:
            if places[0] in self.bounds.fields:
                continue
            found = self.comparer.matrix(tuple(self.fields[place] for place in places), left, right, is_cheap=True)
            for place, column in zip(places, found.T, strict=True):
                levels[place] = column
                self.add_highest(bound, place, column, left)
            possible = np.flatnonzero(bound >= FLOOR_BITS)
            if len(possible) < len(bound) * MOST_POSSIBLE:
                weight[alive] = bound
                alive, bound, levels = alive[possible], bound[possible], levels[:, possible]
                left, right = left[possible], right[possible]
        self.settle(levels, bound, (left, right))
        possible = np.flatnonzero(bound >= FLOOR_BITS)
        reached = np.ascontiguousarray(levels[:, possible].T)
        bound[possible] = self.weigh(reached, left[possible])
        weight[alive] = bound
        is_exact[alive[possible]] = True
        return weight, is_exact, reached

    @cached_property
    def bounds(self) -> Bounds:
        """What is known of the rows without comparing texts, and what it can be worth."""
        worth = [np.concatenate([self.worth(place), rare]) for place, rare in enumerate(self.rarity)]
        return know(self.comparer, self.fields, self.turns, worth)

    def worth(self, place: int) -> Reals:
        """Return what each level of a field adds to the most a pair can weigh, from LOWEST_LEVEL on."""
        by_level = bits_by_level(self.spared_bits(place))
        result = np.zeros(LEVEL_RANGE)
        for level in range(-len(self.spared_bits(place)) - 1, len(self.spared_bits(place))):
            result[level - LOWEST_LEVEL] = by_level[level]
        return result - self.tops[place]

    def settle(
        self, levels: NDArray[np.int8], bound: Reals, pairs: tuple[NDArray[np.int32], NDArray[np.int32]]
    ) -> None:
        """Compare the texts, in place, of pairs that can still matter, and lower their bounds by what is found."""
        left, right = pairs
        for place in self.dearest_first():
            todo = np.flatnonzero((levels[place] < UNDECIDED) & (bound >= FLOOR_BITS))
            if not len(todo):
                continue
            found = self.comparer.levels(self.fields[place], left[todo], right[todo])
            highest = bits_by_level(self.spared_bits(place))  # none of these is equal, so that no value counts
            bound[todo] += highest[found] - highest[levels[place, todo]]
            levels[place, todo] = found

    @cached_property
    def tops(self) -> list[float]:
        """The most each field can add to any pair."""
        return [self.top_bits(place) for place in range(len(self.fields))]

    def top_bits(self, place: int) -> float:
        """Return the most a field can add to any pair."""
        what, bits = self.fields[place], self.spared_bits(place)
        counts = self.comparer.columns[what.name].counts
        shared = counts >= 2 if what.is_counted else np.ones(len(counts), bool)
        rarest = float(self.rarity[place][shared].min(initial=0.0))
        unequal, equal = bits[: what.first_equal], bits[what.first_equal :]
        return max(0.0, float(unequal.max(initial=0.0)), float(equal.max()) - rarest / LN2)

    @cached_property
    def turns(self) -> list[tuple[int, ...]]:
        """The fields in the order in which they tell strangers apart, those that hang together in one turn."""
        group = {name: group for group in TOGETHER for name in group}
        turns: dict[tuple[str, ...], list[int]] = {}
        for place, what in enumerate(self.fields):
            turns.setdefault(group.get(what.name, (what.name,)), []).append(place)
        fall = [top - float(self.spared_bits(place).min()) for place, top in enumerate(self.tops)]
        return sorted(map(tuple, turns.values()), key=lambda places: (-sum(fall[place] for place in places), places))

    def add_highest(self, bound: Reals, place: int, levels: NDArray[np.int8], left: NDArray[np.int32]) -> None:
        """Add, in place, the most a field can add against strangers, in bits; undecided counts as the best it can be."""
        bound += self.worth(place)[levels.astype(np.int64) - LOWEST_LEVEL]
        equal = np.flatnonzero(self.is_equal(place, levels))
        bound[equal] -= self.rarity[place][self.comparer.columns[self.fields[place].name].codes[left[equal]]] / LN2

    def spared_bits(self, place: int) -> Reals:
        """Return the most each level of a field adds, in bits, whatever the fields it depends on say."""
        part = self.model.fields[place]
        spared = np.zeros(len(part.bits))
        for _, effect, nats in self.dependences:
            if effect == place:
                spared = np.maximum(spared, -nats / LN2)
        bits: Reals = part.bits + spared
        return bits

    def rare(self, place: int, levels: NDArray[np.int8], left: NDArray[np.int32]) -> Reals:
        """Return how much rarer or more usual, in nats, strangers agree on a pair's value than on any value."""
        result = np.zeros(len(levels))
        equal = np.flatnonzero(self.is_equal(place, levels))
        result[equal] = self.rarity[place][self.comparer.columns[self.fields[place].name].codes[left[equal]]]
        return result

    @property
    def dependences(self) -> list[tuple[int, int, Reals]]:
        """What strangers equal in one field add in another: the places of both, and nats by level."""
        places = {what.name: place for place, what in enumerate(self.fields)}
        return [(places[one.cause], places[one.effect], one.nats) for one in self.model.dependences]

    def dependent(self, place: int, levels: NDArray[np.int8]) -> Reals:
        """Return the nats strangers get in a field for being equal in another."""
        cause, equal, nats = self.cause_of(place)
        if cause == NO_CAUSE:
            return np.zeros(len(levels))
        return np.where(levels[:, cause] >= equal, np.append(nats, 0.0)[levels[:, place]], 0.0)

    def sums(self, levels: NDArray[np.int8], left: NDArray[np.int32]) -> Sums:
        """Return what all fields say of each pair, class by class."""
        sums = begin(len(levels), (self.model.same_share, self.model.housemate_share))
        for place, part in enumerate(self.model.fields):
            codes = self.comparer.columns[part.field.name].codes
            said = (log_table(part), codes, self.rarity[place], part.field.first_equal)
            cause, equal, nats = self.cause_of(place)
            is_personal = cause != NO_CAUSE and not (self.fields[cause].is_shared or part.field.is_shared)
            sums.add(levels, left, place, (said, (cause, equal, nats), (not part.field.is_shared, is_personal)))
        return sums

    def cause_of(self, place: int) -> tuple[int, int, Reals]:
        """Return the field that another depends on, its level of equality, and the nats by level; NO_CAUSE where none."""
        for cause, effect, nats in self.dependences:
            if effect == place:
                return cause, self.fields[cause].first_equal, nats
        return NO_CAUSE, 0, np.zeros(0)

    def beyond(self, levels: NDArray[np.int8], left: NDArray[np.int32]) -> tuple[Reals, Reals]:
        """Return what the values themselves say beyond their levels, in nats, of strangers and of housemates."""
        sums = self.sums(levels, left)
        return sums.beyond_stranger, sums.beyond_housemate

    def is_equal(self, place: int, levels: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Return where the values themselves are equal, so that their frequency counts."""
        equal: NDArray[np.bool_] = levels >= self.model.fields[place].field.first_equal
        return equal

    def dearest_first(self) -> list[int]:
        """Return the fields by how far they can pull a pair down, so that most pairs are settled early."""
        spread = [-(part.bits[:-1].max() - part.bits.min()) for part in self.model.fields]
        return [int(place) for place in np.argsort(spread, kind="stable")]

    def classes(self, levels: NDArray[np.int8], left: NDArray[np.int32]) -> tuple[Reals, Reals, Reals]:
        """Return the log probability of each pair as one person, two housemates and two strangers."""
        sums = self.sums(levels, left)
        return sums.same, sums.housemate + sums.beyond_housemate, sums.stranger + sums.beyond_stranger

    def weigh(self, levels: NDArray[np.int8], left: NDArray[np.int32]) -> Reals:
        """Return the log2 odds that each pair is one person, against housemates and strangers together."""
        same, housemate, stranger = self.classes(levels, left)
        result: Reals = (same - np.logaddexp(housemate, stranger)) / LN2
        return result

    def completed(self, scored: Scored) -> Scored:
        """Return the pairs with levels and weights for those settled early as well."""
        early, left = ~scored.is_exact, scored.pairs.left
        levels, weight = np.empty((len(left), len(self.fields)), np.int8), scored.weight.copy()
        levels[~early] = scored.levels
        levels[early] = self.comparer.matrix(self.fields, left[early], scored.pairs.right[early])
        weight[early] = self.weigh(levels[early], left[early])
        return Scored(scored.pairs, weight, np.ones(len(left), bool), levels)

    def forget(self) -> None:
        """Let go of what only scoring needs of the rows and values: it is worked out anew where it is asked for again."""
        self.__dict__.pop("bounds", None)
        self.comparer.forget()

    def explain(self, pairs: Pairs, levels: NDArray[np.int8]) -> tuple[Reals, list[Reals]]:
        """Return the bits taken off for housemates, and each field's bits, NaN where a value is missing."""
        total = np.full(len(pairs), self.model.prior_bits)
        columns = []
        for place in range(len(self.fields)):
            level = levels[:, place]
            beyond = self.rare(place, level, pairs.left) + self.dependent(place, levels)
            bits = bits_by_level(self.model.fields[place].bits)[level] - beyond / LN2
            total += bits
            columns.append(np.where(level < 0, np.nan, bits))
        return self.weigh(levels, pairs.left) - total, columns
