"""Blocks: the records that agree on all atoms of a rule, and the pairs inside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import MOST_WORDS, WORD, Hashes, Keys, first_of_runs, mixed
from matchers.linkage.blocking import TWO_WORDS, Rule
from matchers.linkage.compiled import compiled

SMALLEST_CAP = 4
LARGEST_NUMBER = 1 << 64
RULE_BITS = 9
LAST_RULE = (1 << RULE_BITS) - 1
ROW_BITS = 27  # tables of up to 134 million records
LAST_ROW = (1 << ROW_BITS) - 1
Rows = NDArray[np.int32]
Later = NDArray[np.uint8] | NDArray[np.int32]
Packed = NDArray[np.int64]  # left row, right row and rule in one number: sorting pairs is sorting numbers


@dataclass(frozen=True)
class Limits:
    """How many records there are, how large a block may be, how many pairs a rule may propose, and who needs pairs."""

    row_count: int
    largest_block: int
    budget: float
    free: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))  # empty where all do


@dataclass(frozen=True)
class Blocks:
    """The blocks of one rule, one behind the other: their rows, in order inside a block, and how many of it still follow."""

    rows: Rows
    later: Later


def blocks_of(rule: Rule, keys: dict[str, Keys], limits: Limits) -> Blocks:
    """Return the blocks of a rule that are small enough for the budget.

    Two records may share several blocks of a rule about words, and one record stand in such a block twice.
    """
    rows, numbers = two_words(keys[WORD]) if rule == TWO_WORDS else keys_of_rule(rule, keys)
    return sized_blocks(rows, numbers, limits)


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


def sized_blocks(rows: Rows, numbers: Hashes, limits: Limits) -> Blocks:
    """Return the blocks of one rule: the records with one number.

    Number and row are sorted as one; where both together are too long, the number is mixed and cut, and what two strangers
    may share by that accident is compared like every other pair.
    """
    width = np.uint64(max(limits.row_count - 1, 1).bit_length())
    if int(numbers.max(initial=0)) >> (64 - int(width)):
        numbers = mixed(numbers) >> width
    ordered = numbers << width | rows.astype(np.uint64)
    ordered.sort()
    counts = count_blocks(ordered, width, limits.largest_block, limits.free)
    wanted = affordable(counts, limits.budget)
    found = np.empty(int((counts * np.arange(len(counts)))[wanted].sum()), np.int32)
    is_small = limits.largest_block <= np.iinfo(np.uint8).max
    later: Later = np.empty(len(found), np.uint8) if is_small else np.empty(len(found), np.int32)
    cut_blocks(ordered, width, (wanted, limits.free), (found, later))
    return Blocks(found, later)


def affordable(counts: NDArray[np.int64], budget: float) -> NDArray[np.bool_]:
    """Return which sizes of blocks are kept, given how many blocks have each: from the smallest, what the budget bears."""
    possible = np.arange(len(counts))
    spent = np.cumsum(counts * (possible * (possible - 1) // 2))
    return (possible >= 2) & ((spent <= budget) | (possible <= SMALLEST_CAP))


@compiled
def end_of_run(ordered: Hashes, start: int, width: np.uint64) -> int:
    """Return where the block that begins at `start` ends."""
    end, number = start + 1, ordered[start] >> width
    while end < len(ordered) and ordered[end] >> width == number:
        end += 1
    return end


@compiled
def has_free(ordered: Hashes, run: tuple[int, int], width: np.uint64, free: NDArray[np.bool_]) -> bool:
    """Return whether a record of a block still needs pairs; where none is marked, all do."""
    if not len(free):
        return True
    last = (np.uint64(1) << width) - np.uint64(1)
    found = False
    for place in range(run[0], run[1]):
        found = found or bool(free[ordered[place] & last])
    return found


@compiled
def count_blocks(ordered: Hashes, width: np.uint64, largest: int, free: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many blocks there are of every size up to the largest."""
    counts = np.zeros(largest + 1, np.int64)
    start = 0
    while start < len(ordered):
        end = end_of_run(ordered, start, width)
        if 2 <= end - start <= largest and has_free(ordered, (start, end), width, free):
            counts[end - start] += 1
        start = end
    return counts


@compiled
def cut_blocks(
    ordered: Hashes, width: np.uint64, wanted: tuple[NDArray[np.bool_], NDArray[np.bool_]], out: tuple[Rows, Later]
) -> None:
    """Write, in place, the rows of the blocks of wanted sizes and how many of its block follow each."""
    is_wanted, free = wanted
    rows, later = out
    last = (np.uint64(1) << width) - np.uint64(1)
    start = written = 0
    while start < len(ordered):
        end = end_of_run(ordered, start, width)
        if end - start < len(is_wanted) and is_wanted[end - start] and has_free(ordered, (start, end), width, free):
            for place in range(start, end):
                rows[written] = ordered[place] & last
                later[written] = end - 1 - place
                written += 1
        start = end
