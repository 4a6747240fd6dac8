"""Learns a model in rounds: by levels alone first, then with what the values themselves say and what strangers share at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.comparison import Comparer
from matchers.linkage.dependence import Equals, find_dependences
from matchers.linkage.frequencies import coincidence, rarity
from matchers.linkage.model import LinkModel, Reals
from matchers.linkage.random_pairs import Naive
from matchers.linkage.scoring import Scorer
from matchers.linkage.threads import in_threads
from matchers.linkage.training import Levels, Patterns, count_patterns, estimate, responsibilities, state_of

ROUNDS = 3


@dataclass(frozen=True)
class Drawn:
    """The proposed pairs a model is learnt from: their levels and left rows, and how many pairs each stands for."""

    levels: Levels
    left: NDArray[np.int32]
    scale: float
    record_count: int

    @cached_property
    def by_levels(self) -> Patterns:
        """Their patterns by levels alone."""
        return self.patterns()

    def patterns(self, beyond: tuple[Reals, Reals] | None = None) -> Patterns:
        """Return their patterns, counted."""
        return count_patterns(self.levels, self.scale, self.record_count, beyond)


def refine(model: LinkModel, drawn: Drawn, naive: Naive, known: tuple[Comparer, Equals]) -> LinkModel:
    """Return a model learnt by levels alone, refined by the values and by what strangers equal in one field share."""
    comparer, equal = known
    patterns = drawn.by_levels
    for _ in range(ROUNDS):
        scorer = with_values(model, comparer, (drawn, patterns))
        dependences = find_dependences(scorer, equal)
        model = replace(scorer.model, dependences=dependences)
        beyond = replace(scorer, model=model).beyond(drawn.levels, drawn.left)
        patterns = drawn.patterns(beyond)
        model = estimate(scorer.fields, patterns, naive, model)
    return with_values(model, comparer, (drawn, patterns)).model


def neighbourly(guess: LinkModel, drawn: Drawn, known: tuple[Comparer, Equals]) -> Patterns:
    """Return the drawn pairs' patterns with what strangers of one place share at once, before anything is learnt.

    Where a school or a prison is the address of many, EM would take them for one person: nothing else is agreed on as often.
    """
    comparer, equal = known
    nothing = [np.zeros(len(comparer.columns[part.field.name].texts)) for part in guess.fields]
    scorer = Scorer(guess, comparer, nothing)
    found = find_dependences(
        scorer, {place: each for place, each in equal.items() if guess.fields[place].field.is_shared}
    )
    beyond = replace(scorer, model=replace(guess, dependences=found)).beyond(drawn.levels, drawn.left)
    return replace(drawn.patterns(beyond), says_values=False)


def with_values(model: LinkModel, comparer: Comparer, counted: tuple[Drawn, Patterns]) -> Scorer:
    """Return a scorer whose model says how many of those who agree on a value of so many records are strangers."""
    drawn, patterns = counted
    same, housemate = responsibilities(patterns, state_of(model))
    stranger = (1.0 - same - housemate)[patterns.place]
    scorer = Scorer(model, comparer, [])
    shares = coincidences(scorer, drawn, stranger)
    parts = tuple(replace(part, coincidence=share) for part, share in zip(model.fields, shares, strict=True))
    model = replace(model, fields=parts)
    return Scorer(model, comparer, rarity(model, comparer))


def coincidences(scorer: Scorer, drawn: Drawn, stranger: Reals) -> list[Reals]:
    """Return per field the share of strangers among pairs with equal values, by the class of their counts."""

    def of_field(place: int) -> Reals:
        what = scorer.fields[place]
        equal = np.flatnonzero(scorer.is_equal(place, drawn.levels[:, place]))
        codes = scorer.comparer.columns[what.name].codes[drawn.left[equal]]
        weight = np.full(len(equal), drawn.scale)
        return coincidence(scorer.comparer, what, (codes, weight, stranger[equal]))

    return in_threads(of_field, range(len(scorer.fields)))


def spread_sample(count: int, wanted: int) -> NDArray[np.int64]:
    """Return places spread evenly over a list of pairs that is sorted by row, hence by nothing that matters."""
    if count <= wanted:
        return np.arange(count)
    return (np.arange(wanted) * (count / wanted)).astype(np.int64)
