"""Proposes pairs by the blocking rules, in blocks that never grow large, and keeps those that several rules speak for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import key_records
from matchers.linkage.blocking import Choice, Rule, choose_rules
from matchers.linkage.blocks import LAST_ROW, LAST_RULE, ROW_BITS, RULE_BITS, Blocks, Limits, Packed, blocks_of
from matchers.linkage.coded import CodedColumn
from matchers.linkage.plan import NO_PLAN, Plan
from matchers.linkage.ranking import Bits, Likeliest, weigh_rules
from matchers.linkage.threads import THREADS, in_threads

AT_ONCE = 4_000_000  # proposals looked at together; bounds memory, not what is found
MOST_PARTS = 64  # every part looks through all blocks, so that very many parts cost more than they save
RUNS = 12  # as a power of two: into how many runs of rows the proposals are counted, to cut them into equal parts
LEAST_BUDGET = 16_000_000.0
PAIRS_PER_RECORD = 160.0
KEPT_PER_RECORD = 10.0
LEAST_KEPT = 4_000_000
FEW_PAIRS = 2_000_000  # so many are all compared
USUAL_RULES = 40  # rules over which the budget is spread when rules are chosen
BROADEST_FACTOR = 2.0
Allowed = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows, the smaller first, in order, each with the number of the first rule that proposed it."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    rule: NDArray[np.int16]

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.left)

    def take(self, chosen: NDArray[Any]) -> Pairs:
        """Return the chosen pairs, by mask or place."""
        return Pairs(self.left[chosen], self.right[chosen], self.rule[chosen])


@dataclass(frozen=True)
class Blocking:
    """What blocking may cost, and which pairs it need not propose.

    `is_allowed` says which pairs may be one person at all, None that all may. `is_free` marks the records without a
    certain id where many have one: two records that both have one make no new pair.
    """

    row_count: int
    largest_block: int
    is_allowed: Allowed | None = None
    is_free: NDArray[np.bool_] | None = None
    plan: Plan = NO_PLAN

    @property
    def budget(self) -> float:
        """How many pairs all rules together may propose: plenty where records are few."""
        return max(LEAST_BUDGET, self.row_count * PAIRS_PER_RECORD)

    @property
    def kept(self) -> int:
        """How many pairs are worth comparing."""
        return int(max(LEAST_KEPT, self.row_count * KEPT_PER_RECORD))

    def limits(self, rule_count: int) -> Limits:
        """Return what each of so many rules may cost."""
        return Limits(self.row_count, self.largest_block, self.budget / max(rule_count, 1), self.is_free)


def propose(columns: dict[str, CodedColumn], blocking: Blocking) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return the pairs worth comparing and the rules that proposed them."""
    blocks, rules, breadth = cut_blocks(columns, blocking)
    bits = {name: max(float(np.log2(blocking.row_count / max(broad, 0.5))), 0.0) for name, broad in breadth.items()}
    likeliest = Likeliest(blocking.kept, weigh_rules(bits, rules))
    parts = cut_rows(blocks, blocking.row_count)
    for place in range(0, len(parts), THREADS):
        wave = in_threads(lambda part: part_of(blocks, part, (likeliest, blocking)), parts[place : place + THREADS])
        for found in wave:
            likeliest.add(found)
    return unpacked(likeliest.pairs()), rules


def cut_blocks(
    columns: dict[str, CodedColumn], blocking: Blocking
) -> tuple[list[Blocks], tuple[Rule, ...], dict[str, float]]:
    """Return the blocks of every rule, the rules, and how many records a record agrees with by each atom."""
    keys = key_records(columns, blocking.row_count, blocking.plan.roles)
    broadest = BROADEST_FACTOR * blocking.budget / USUAL_RULES / max(blocking.row_count, 1)
    breadth = {name: found.breadth for name, found in keys.items()}
    rules = blocking.plan.blocking(choose_rules(Choice(breadth, blocking.row_count, broadest)), keys)
    limits = blocking.limits(len(rules))
    return in_threads(lambda number: blocks_of(number, rules[number], keys, limits), range(len(rules))), rules, breadth


def every_pair(row_count: int) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return all pairs of rows, for tables so small that choosing costs more than comparing."""
    left, right = np.triu_indices(row_count, 1)
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32), np.zeros(len(left), np.int16))
    return pairs, (Rule(("every pair",)),)


def part_of(blocks: list[Blocks], part: tuple[int, int], tools: tuple[Likeliest, Blocking]) -> tuple[Packed, Bits]:
    """Return the pairs whose smaller row lies in a part of the table, with their bits."""
    likeliest, blocking = tools
    every = np.concatenate([np.zeros(0, np.int64), *(found.pairs(*part) for found in blocks)])
    every.sort()
    pairs, bits = likeliest.weighed(every)
    if blocking.is_allowed is None or not len(pairs):
        return pairs, bits
    allowed = blocking.is_allowed(pairs >> (ROW_BITS + RULE_BITS), pairs >> RULE_BITS & LAST_ROW)
    return pairs[allowed], bits[allowed]


def cut_rows(blocks: list[Blocks], row_count: int) -> list[tuple[int, int]]:
    """Return runs of rows that begin about equally many pairs, so that each is of bearable size."""
    shift = max(row_count.bit_length() - RUNS, 0)
    counts = np.zeros((row_count >> shift) + 1, np.int64)
    for found in in_threads(lambda some: some.pair_counts(shift), blocks):
        counts[: len(found)] += found
    total = int(counts.sum())
    each = max(AT_ONCE, total // MOST_PARTS)
    cuts = np.flatnonzero(np.diff(np.cumsum(counts) // each, prepend=0)) + 1
    bounds = [0, *(cuts << shift).tolist(), row_count]
    return [(begin, end) for begin, end in pairwise(bounds) if begin < end]


def unpacked(every: Packed) -> Pairs:
    """Return packed pairs with their rules as columns."""
    left, right = every >> (ROW_BITS + RULE_BITS), every >> RULE_BITS & LAST_ROW
    return Pairs(left.astype(np.int32), right.astype(np.int32), (every & LAST_RULE).astype(np.int16))
