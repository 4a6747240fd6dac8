"""Estimates the model from the data alone: EM over counted agreement patterns with three classes of pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matchers.linkage.fields import Field
from matchers.linkage.model import FieldModel, LinkModel, Reals
from matchers.linkage.names_alone import held_shares
from matchers.linkage.random_pairs import NOTHING, PSEUDO_COUNT, Naive

Levels = NDArray[np.int8]
ROUNDS = 200
SETTLED = 1e-5
MOSTLY = 0.9
GRAIN, MOST_GRAINS = 0.25, 1 << 12  # nats within which what values say beyond their levels is held to be the same
TWIN_SHARE = 0.003  # of the pairs of people in one household; twin births are one in 60 to 90


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of agreement levels and how many pairs show each, scaled to all proposed pairs.

    `beyond` is what the values themselves say beyond their levels, in nats: rarer or more usual among strangers, and among
    housemates. `place` says which pattern each counted pair has.
    """

    levels: Levels
    counts: Reals
    record_count: int
    beyond: tuple[Reals, Reals]
    place: NDArray[np.int64]
    says_values: bool = False  # whether `beyond` was given

    @cached_property
    def columns(self) -> tuple[NDArray[np.intp], ...]:
        """The levels field by field, one higher than they are: 0 where a value is missing."""
        return tuple(column.astype(np.intp) + 1 for column in self.levels.T)


@dataclass(frozen=True)
class State:
    """One round's estimates; one array per field."""

    same: tuple[Reals, ...]
    housemate: tuple[Reals, ...]
    stranger: tuple[Reals, ...]
    same_share: float
    housemate_share: float


def count_patterns(
    levels: Levels, scale: float, record_count: int, beyond: tuple[Reals, Reals] | None = None
) -> Patterns:
    """Return the distinct rows of a matrix of levels with their counts, in a fixed order."""
    key = np.zeros(len(levels), np.int64)
    for field in range(levels.shape[1]):
        key = key * 8 + (levels[:, field] + 1)
    stranger, housemate = beyond or (np.zeros(len(levels)), np.zeros(len(levels)))
    if beyond is not None:
        key = distinct(key)[0]
        for nats in beyond:
            key = key * MOST_GRAINS + np.round(nats / GRAIN).astype(np.int64) + MOST_GRAINS // 2
    place, first = distinct(key)
    weights = np.bincount(place, minlength=len(first)).astype(np.float64) * scale
    return Patterns(
        levels[first], weights, record_count, (stranger[first], housemate[first]), place, beyond is not None
    )


def distinct(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which of the distinct keys, in order, each is, and where each first stands."""
    encoded = pa.array(keys).dictionary_encode()
    order = np.argsort(encoded.dictionary.to_numpy())
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    place = rank[encoded.indices.to_numpy()]
    first = np.empty(len(order), np.int64)
    first[place[::-1]] = np.arange(len(keys))[::-1]  # of several keys the first is written last, and stays
    return place, first


def estimate(fields: tuple[Field, ...], patterns: Patterns, naive: Naive, known: float | LinkModel) -> LinkModel:
    """Return the model that explains the counted patterns best; `known` is the number of pairs, or a model to go on from."""
    pair_total = known.pair_total if isinstance(known, LinkModel) else known
    state = state_of(known) if isinstance(known, LinkModel) else first_guess(fields, naive, patterns, pair_total)
    rounds, moved = 0, 1.0
    while rounds < ROUNDS and moved >= SETTLED:
        rounds += 1
        following = improve(fields, patterns, naive, (state, pair_total))
        moved = max(float(np.abs(a - b).max()) for a, b in zip(state.same, following.same, strict=True))
        state = following
    models = zip(fields, state.same, state.housemate, state.stranger, strict=True)
    parts = tuple(FieldModel(*model) for model in models)
    if isinstance(known, LinkModel):
        parts = tuple(
            replace(old, same=a.same, housemate=a.housemate, stranger=a.stranger)
            for old, a in zip(known.fields, parts, strict=True)
        )
        return replace(
            known,
            fields=parts,
            same_share=state.same_share,
            housemate_share=state.housemate_share,
            iterations=known.iterations + rounds,
        )
    return LinkModel(parts, state.same_share, state.housemate_share, pair_total, rounds)


def guessed(fields: tuple[Field, ...], patterns: Patterns, naive: Naive, pair_total: float) -> LinkModel:
    """Return a model to judge pairs by before anything is learnt: one person mostly agrees, strangers as counted."""
    state = first_guess(fields, naive, patterns, pair_total)
    housemate, stranger = (
        tuple(np.maximum(shares, NOTHING) for shares in each) for each in (state.housemate, state.stranger)
    )
    same = tuple(np.where(np.arange(f.levels) == f.levels - 1, MOSTLY, (1 - MOSTLY) / (f.levels - 1)) for f in fields)
    parts = tuple(FieldModel(*each) for each in zip(fields, same, housemate, stranger, strict=True))
    return LinkModel(parts, state.same_share, state.housemate_share, pair_total, 0)


def state_of(model: LinkModel) -> State:
    """Return the estimates a model holds."""
    same, housemate, stranger = (
        tuple(getattr(part, what) for part in model.fields) for what in ("same", "housemate", "stranger")
    )
    return State(same, housemate, stranger, model.same_share, model.housemate_share)


def first_guess(fields: tuple[Field, ...], naive: Naive, patterns: Patterns, pair_total: float) -> State:
    """Return where EM starts: the same person mostly agrees, a housemate agrees on what a household shares."""
    same = tuple(np.linspace(0.2, 3.0 * field.levels, field.levels) for field in fields)
    same = tuple(level / level.sum() for level in same)
    housemate = tuple(m if field.is_shared else u for field, m, u in zip(fields, same, naive.shares, strict=True))
    has_household = any(field.is_shared and field.name != "surname" for field in fields)
    start = min(max(patterns.record_count * 0.5, 1.0) / pair_total, 0.01)
    return State(same, housemate, naive.shares, start, start if has_household else 0.0)


def log_likelihood(patterns: Patterns, probabilities: tuple[Reals, ...]) -> Reals:
    """Return the log probability of each pattern; a missing value says nothing."""
    total = np.zeros(len(patterns.counts))
    for column, probability in zip(patterns.columns, probabilities, strict=True):
        total += np.append(0.0, np.log(np.maximum(probability, NOTHING)))[column]
    return total


def improve(fields: tuple[Field, ...], patterns: Patterns, naive: Naive, now: tuple[State, float]) -> State:
    """Return the next round's estimates."""
    state, pair_total = now
    share_same, share_housemate = responsibilities(patterns, state)
    same_count, housemate_count = patterns.counts * share_same, patterns.counts * share_housemate
    same = tuple(level_shares(patterns.columns[i], same_count, f.levels) for i, f in enumerate(fields))
    pair_same = min(max(float(same_count.sum()) / pair_total, 1e-12), 0.2)
    pair_housemate = min(float(housemate_count.sum()) / pair_total, 0.2)
    strangers = patterns.counts * (1.0 - share_same - share_housemate)
    met = tuple(strangers_met(patterns.columns[i], strangers / pair_total, f.levels) for i, f in enumerate(fields))
    stranger = tuple(
        corrected(u, np.maximum(floor, seen * scale), (m, pair_same))
        for u, floor, scale, seen, m in zip(naive.shares, naive.floors, naive.scales, met, same, strict=True)
    )
    if naive.is_of_strangers:
        same, stranger = tuple(held_shares(m) for m in same), naive.shares
    if patterns.says_values:
        stranger = tuple(keeping_equals(f, u, old) for f, u, old in zip(fields, stranger, state.stranger, strict=True))
    housemate = tuple(
        of_housemates(f, level_shares(patterns.columns[i], housemate_count, f.levels), stranger[i])
        for i, f in enumerate(fields)
    )
    return replace(
        state, same=same, housemate=housemate, stranger=stranger, same_share=pair_same, housemate_share=pair_housemate
    )


def of_housemates(field: Field, found: Reals, stranger: Reals) -> Reals:
    """Return how housemates agree: as found on what they share, as strangers do on what is personal.

    The surname in a full name is shared and the rest of it is not: the levels a family reaches are as found, all others
    as strangers reach them.
    """
    if field.is_shared:
        return found
    if not field.family_levels:
        return with_twins(field, stranger)
    family, own = slice(None, field.family_levels), slice(field.family_levels, None)
    shares = stranger.copy()
    shares[family] = found[family] / found[family].sum() * (1.0 - float(stranger[own].sum()))
    return shares


def with_twins(field: Field, stranger: Reals) -> Reals:
    """Return how housemates agree on what is personal: as strangers do, but that a few are twins."""
    if field.kind != "date":
        return stranger
    agreeing = np.maximum(stranger, np.where(np.arange(field.levels) == field.levels - 1, TWIN_SHARE, 0.0))
    shares: Reals = agreeing / agreeing.sum()
    return shares


def responsibilities(patterns: Patterns, state: State) -> tuple[Reals, Reals]:
    """Return the probability that a pair with each pattern is one person, and that it is two housemates."""
    of_strangers, of_housemates = patterns.beyond
    same = np.log(state.same_share) + log_likelihood(patterns, state.same)
    household = np.log(max(state.housemate_share, NOTHING)) + log_likelihood(patterns, state.housemate)
    strangers = np.log1p(-state.same_share - state.housemate_share) + log_likelihood(patterns, state.stranger)
    household, strangers = household + of_housemates, strangers + of_strangers
    total = np.logaddexp(np.logaddexp(same, household), strangers)
    return np.exp(same - total), np.exp(household - total) if state.housemate_share > 0 else np.zeros(len(same))


def strangers_met(levels: NDArray[np.intp], shares: Reals, size: int) -> Reals:
    """Return the share of all pairs that are proposed strangers at each level.

    Strangers agree at least that often. A random sample of pairs hardly meets what one pair in a million does.
    """
    return np.bincount(levels, weights=shares, minlength=size + 1)[1:].astype(np.float64)


def level_shares(levels: NDArray[np.intp], counts: Reals, size: int) -> Reals:
    """Return how the counted pairs spread over a field's levels."""
    sums = np.bincount(levels, weights=counts, minlength=size + 1)[1:].astype(np.float64) + PSEUDO_COUNT
    shares: Reals = sums / sums.sum()
    return shares


def corrected(naive: Reals, floor: Reals, same: tuple[Reals, float]) -> Reals:
    """Return the stranger's probabilities: the naive ones without the share that true matches contribute."""
    matched, share = same
    cleaned = np.maximum((naive - share * matched) / (1.0 - share), floor)
    result: Reals = cleaned / cleaned.sum()
    return result


def keeping_equals(field: Field, stranger: Reals, before: Reals) -> Reals:
    """Return the stranger's probabilities with those of equality as they were.

    What values say beyond their levels is relative to them: where they rose, every value would be held for as much more usual.
    """
    if not field.is_counted:
        return stranger
    unequal, equal = slice(None, field.first_equal), slice(field.first_equal, None)
    kept = before.copy()
    kept[unequal] = stranger[unequal] / stranger[unequal].sum() * (1.0 - float(before[equal].sum()))
    return kept
