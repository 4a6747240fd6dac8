"""Blocks: the records that agree on all atoms of a rule, and the pairs inside them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import MOST_WORDS, WORD, Hashes, Keys, first_of_runs, mixed
from matchers.linkage.blocking import TWO_WORDS, Rule

SMALLEST_CAP = 4
LARGEST_NUMBER = 1 << 64
RULE_BITS = 9
LAST_RULE = (1 << RULE_BITS) - 1
ROW_BITS = 27  # tables of up to 134 million records
LAST_ROW = (1 << ROW_BITS) - 1
Rows = NDArray[np.int32]
Packed = NDArray[np.int64]  # left row, right row and rule in one number: sorting pairs is sorting numbers


@dataclass(frozen=True)
class Limits:
    """How many records there are, how large a block may be, how many pairs a rule may propose, and who needs pairs."""

    row_count: int
    largest_block: int
    budget: float
    is_free: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Blocks:
    """The blocks of one rule, one behind the other: their rows, in order inside a block, and how many of it still follow.

    `may_repeat` says that two records may share several blocks, and one record stand in a block twice.
    """

    rule: int
    rows: Rows
    later: NDArray[np.uint8 | np.int64]
    may_repeat: bool

    def pair_counts(self, shift: int) -> NDArray[np.int64]:
        """Return how many pairs have their smaller row in each run of 2 ** `shift` rows."""
        return np.bincount(self.rows >> shift, weights=self.later).astype(np.int64)

    def pairs(self, begin: int, end: int) -> Packed:
        """Return the pairs, packed, whose smaller row is one of those from `begin` up to `end`."""
        place = np.flatnonzero((self.rows >= begin) & (self.rows < end))
        later = self.later[place]
        place = place[np.argsort(later, kind="stable")[::-1]]
        reaching = len(place) - np.cumsum(np.bincount(later, minlength=1))  # rows with more than 0, 1, 2 … behind them
        result = np.empty(int(reaching.sum()), np.int64)
        left = self.rows[place].astype(np.int64) << (ROW_BITS + RULE_BITS) | self.rule
        done = 0
        for apart, count in enumerate(reaching[:-1].tolist(), start=1):
            right = self.rows[place[:count] + apart].astype(np.int64)
            np.bitwise_or(left[:count], right << RULE_BITS, out=result[done : done + count])
            done += count
        return without_repeats(result) if self.may_repeat else result


def without_repeats(found: Packed) -> Packed:
    """Return pairs of two different rows, each once."""
    found.sort()
    left, right = found >> (ROW_BITS + RULE_BITS), found >> RULE_BITS & LAST_ROW
    kept: Packed = found[first_of_runs(found) & (left != right)]
    return kept


def blocks_of(number: int, rule: Rule, keys: dict[str, Keys], limits: Limits) -> Blocks:
    """Return the blocks of a rule that are small enough for the budget."""
    rows, numbers = two_words(keys[WORD]) if rule == TWO_WORDS else keys_of_rule(rule, keys)
    found, later = sized_blocks(rows, numbers, limits)
    return Blocks(number, found, later, WORD in rule.atoms)


def keys_of_rule(rule: Rule, keys: dict[str, Keys]) -> tuple[Rows, Hashes]:
    """Return the records that have all atoms of a rule, and one number for them all."""
    words = [keys[name] for name in rule.atoms if name == WORD]
    others = [keys[name] for name in rule.atoms if name != WORD]
    rows = words[0].rows if words else None
    columns = [words[0].codes] if words else []
    columns += [found.codes if rows is None else found.codes[rows] for found in others]
    there = np.flatnonzero(np.logical_and.reduce([codes >= 0 for codes in columns]))
    values, size = np.zeros(len(there), np.uint64), 1
    for codes, found in zip(columns, (*words, *others), strict=True):
        if size * found.size > LARGEST_NUMBER:
            values, size = mixed(values), 1
        values = values * np.uint64(found.size) + codes[there].astype(np.uint64)
        size *= found.size
    return (there.astype(np.int32) if rows is None else rows[there]), values


def two_words(words: Keys) -> tuple[Rows, Hashes]:
    """Return, for each pair of words in a record's names, the record and a number for the pair."""
    if words.rows is None:
        return np.zeros(0, np.int32), np.zeros(0, np.uint64)
    starts = np.flatnonzero(first_of_runs(words.rows))
    sizes = np.minimum(np.diff(np.append(starts, len(words.rows))), MOST_WORDS)
    rows, values = [np.zeros(0, np.int32)], [np.zeros(0, np.uint64)]
    for size in range(2, int(sizes.max(initial=0)) + 1):
        begin = starts[sizes == size]
        some = words.codes[begin[:, None] + np.arange(size)].astype(np.uint64)  # of a record, in order
        for one, other in combinations(range(size), 2):
            rows.append(words.rows[begin])
            values.append(some[:, one] * np.uint64(words.size) + some[:, other])
    return np.concatenate(rows), np.concatenate(values)


def sized_blocks(rows: Rows, numbers: Hashes, limits: Limits) -> tuple[Rows, NDArray[Any]]:
    """Return the rows of the blocks of one rule, in their order, and how many of its block follow each.

    A block is the records with one number. Number and row are sorted as one; where both together are too long, the number
    is mixed and cut, and what two strangers may share by that accident is compared like every other pair.
    """
    width = np.uint64(max(limits.row_count - 1, 1).bit_length())
    if int(numbers.max(initial=0)) >> (64 - int(width)):
        numbers = mixed(numbers) >> width
    ordered = numbers << width | rows.astype(np.uint64)
    ordered.sort()
    members = (ordered & ((np.uint64(1) << width) - np.uint64(1))).astype(np.int32)
    starts = np.flatnonzero(first_of_runs(ordered >> width))
    sizes = np.append(starts[1:], len(ordered)) - starts
    wanted = (sizes >= 2) & (sizes <= limits.largest_block)
    if limits.is_free is not None and len(starts):
        wanted &= np.logical_or.reduceat(limits.is_free[members], starts)
    wanted &= affordable(sizes, wanted, limits.budget)
    kept = np.repeat(wanted, sizes)
    size = np.repeat(sizes[wanted], sizes[wanted])
    ends = np.repeat(np.cumsum(sizes[wanted]), sizes[wanted])
    later = ends - 1 - np.arange(len(size))
    return members[kept], later.astype(np.min_scalar_type(limits.largest_block))


def affordable(sizes: NDArray[np.signedinteger], wanted: NDArray[np.bool_], budget: float) -> NDArray[np.bool_]:
    """Return the blocks of the sizes, from the smallest, whose pairs together stay in the budget."""
    counts = np.bincount(sizes[wanted])
    possible = np.arange(len(counts))
    spent = np.cumsum(counts * (possible * (possible - 1) // 2))
    is_affordable = np.append((spent <= budget) | (possible <= SMALLEST_CAP), False)
    result: NDArray[np.bool_] = is_affordable[np.minimum(sizes, len(counts))]
    return result
