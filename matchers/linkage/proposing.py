"""Proposes pairs by the blocking rules, in blocks that never grow large, and keeps those that several rules speak for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import key_records
from matchers.linkage.blocking import Choice, Rule, choose_rules
from matchers.linkage.blocks import (
    LAST_ROW,
    LAST_RULE,
    ROW_BITS,
    RULE_BITS,
    Blocks,
    Limits,
    Packed,
    Room,
    blocks_of,
    mix_in,
    room_for,
)
from matchers.linkage.coded import CodedColumn
from matchers.linkage.compiled import compiled
from matchers.linkage.plan import NO_PLAN, Plan
from matchers.linkage.proposals import LARGEST_BLOCK, Apart, Ints, by_record
from matchers.linkage.ranking import Bits, Likeliest, weigh_rules
from matchers.linkage.threads import THREADS, in_threads

LEAST_BUDGET = 16_000_000.0
PAIRS_PER_RECORD = 160.0
KEPT_PER_RECORD = 10.0
LEAST_KEPT = 4_000_000
FEW_PAIRS = 2_000_000  # so many are all compared
USUAL_RULES = 40  # rules over which the budget is spread when rules are chosen
BROADEST_FACTOR = 2.0
USUAL_CAP, HIGHEST_CAP = 60, 1000
CAPPED_AT = 10_000_000  # records times the largest block, where records are few
NOTHING_APART: Apart = (np.zeros(0, np.int64), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows, the smaller first, in order, each with the number of the first rule that proposed it."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    rule: NDArray[np.int16]

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.left)

    def take(self, chosen: NDArray[Any] | slice) -> Pairs:
        """Return the chosen pairs, by mask, place or run."""
        return Pairs(self.left[chosen], self.right[chosen], self.rule[chosen])


@dataclass(frozen=True)
class Blocking:
    """What blocking may cost, and which pairs it need not propose.

    `apart` holds the certain id of each record (0 none) and its group (-1 none): two records with different ids, or of one
    group, make no pair; both are empty where all may. `free` marks the records without a certain id where many have one:
    two records that both have one make no new pair; empty where all are.
    """

    row_count: int
    largest_block: int
    apart: Apart = NOTHING_APART
    free: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
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
        return Limits(
            self.row_count, min(self.largest_block, LARGEST_BLOCK), self.budget / max(rule_count, 1), self.free
        )


def usual_cap(columns: list[CodedColumn], row_count: int) -> int:
    """Return how large a block may be: larger where one person has hundreds of records, and records are few.

    They have where so many rows are the same in every respect. Elsewhere large blocks are of neighbours.
    """
    affordable = min(CAPPED_AT // max(row_count, 1), HIGHEST_CAP)
    if affordable <= USUAL_CAP or not columns:
        return USUAL_CAP
    rows = np.zeros(row_count, np.uint64)
    for column in columns:
        mix_in(rows, column.codes)
    said = np.logical_or.reduce([column.codes >= 0 for column in columns])
    alike = int(np.unique(rows[said], return_counts=True)[1].max(initial=0))
    return affordable if alike > USUAL_CAP // 2 else USUAL_CAP


def propose(columns: dict[str, CodedColumn], blocking: Blocking) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return the pairs worth comparing and the rules that proposed them."""
    blocks, rules, breadth = cut_blocks(columns, blocking)
    bits = {name: max(float(np.log2(blocking.row_count / max(broad, 0.5))), 0.0) for name, broad in breadth.items()}
    evidence, likeliest = weigh_rules(bits, rules), Likeliest(blocking.kept)
    proposals = by_record(blocks, blocking.row_count)

    def find(part: tuple[int, int]) -> tuple[Packed, Bits, Ints]:
        return proposals.pairs(part, evidence, blocking.apart, likeliest.bar)

    with ThreadPoolExecutor(THREADS) as pool:  # the bar only rises: one read while a part is added is too low at most
        for found in pool.map(find, proposals.parts()):
            likeliest.add(*found)
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
    rooms: SimpleQueue[Room] = SimpleQueue()
    for _ in range(THREADS):
        rooms.put(room_for(keys, blocking.row_count))

    def blocks(rule: Rule) -> Blocks:
        room = rooms.get()
        try:
            return blocks_of(rule, keys, limits, room)
        finally:
            rooms.put(room)

    return in_threads(blocks, rules), rules, breadth


def every_pair(row_count: int) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return all pairs of rows, for tables so small that choosing costs more than comparing."""
    left, right = np.triu_indices(row_count, 1)
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32), np.zeros(len(left), np.int16))
    return pairs, (Rule(("every pair",)),)


def unpacked(parts: list[Packed]) -> Pairs:
    """Return packed pairs with their rules as columns."""
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    count = int(ends.max(initial=0))
    left, right, rule = np.empty(count, np.int32), np.empty(count, np.int32), np.empty(count, np.int16)

    def write(place: int) -> None:
        some = slice(ends[place] - len(parts[place]), ends[place])
        unpack(parts[place], left[some], right[some], rule[some])

    in_threads(write, range(len(parts)))
    return Pairs(left, right, rule)


@compiled
def unpack(every: Packed, left: NDArray[np.int32], right: NDArray[np.int32], rule: NDArray[np.int16]) -> None:
    """Write packed pairs, in place, as columns."""
    for place in range(len(every)):
        left[place] = every[place] >> (ROW_BITS + RULE_BITS)
        right[place] = every[place] >> RULE_BITS & LAST_ROW
        rule[place] = every[place] & LAST_RULE
