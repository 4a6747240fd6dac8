"""Runs the blocking rules in batches and gathers the pairs they propose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import filled_atoms, hash_atoms, measure_breadth, stated_atoms
from matchers.linkage.blocking import (
    Choice,
    Rule,
    allowed_pairs,
    choose_rules,
    collect_blocks,
    propose_pairs,
)
from matchers.linkage.plan import NO_PLAN, Plan
from matchers.stage import Engine

# Keys hashed at once; bounds memory, not what is found.
KEYS_AT_ONCE = 12_000_000
SMALLEST_CAP = 4
RULE_BITS = 9


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
    """What blocking may cost: the largest block, and about how many pairs in all.

    `is_free` says that nothing forbids any pair, `has_certain` that many records have certain ids; both save work.
    """

    is_link: bool
    largest_block: int
    is_free: bool = False
    has_certain: bool = False
    plan: Plan = NO_PLAN

    def budget(self, row_count: int) -> float:
        """Return how many pairs all rules together may propose: plenty where records are few."""
        return max(LEAST_BUDGET, row_count * PAIRS_PER_RECORD)


LEAST_BUDGET = 16_000_000.0
PAIRS_PER_RECORD = 16.0
FEW_PAIRS = 2_000_000  # so many are all compared
USUAL_RULES = 40  # rules over which the budget is spread when rules are chosen


def propose(db: Engine, row_count: int, blocking: Blocking) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return the pairs worth comparing and the rules that proposed them."""
    atoms = filled_atoms(db)
    every_atom = (*atoms, *stated_atoms(db, blocking.plan.atoms(atoms)))
    hash_atoms(db, every_atom)
    budget = blocking.budget(row_count)
    broadest = 2.0 * budget / USUAL_RULES / max(row_count, 1)
    rules = choose_rules(Choice(atoms, measure_breadth(db, atoms, row_count), row_count, broadest))
    rules = blocking.plan.blocking(rules, every_atom)
    allowed = None if blocking.is_free else allowed_pairs(blocking.is_link)
    found: list[NDArray[np.int64]] = []
    numbered = tuple(enumerate(rules))
    at_once = max(KEYS_AT_ONCE // max(row_count, 1), 1)
    for start in range(0, len(numbered), at_once):
        collect_blocks(db, numbered[start : start + at_once], blocking.largest_block, has_certain=blocking.has_certain)
        caps = choose_caps(db, budget / max(len(rules), 1))
        if caps and propose_pairs(db, caps, allowed):
            found.append(packed(db.arrays("select row_l, row_r, rule from link_proposal")))
    return unpacked(found), rules


def every_pair(row_count: int) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return all pairs of rows, for tables so small that choosing costs more than comparing."""
    left, right = np.triu_indices(row_count, 1)
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32), np.zeros(len(left), np.int16))
    return pairs, (Rule("every pair", "0"),)


def choose_caps(db: Engine, budget: float) -> tuple[tuple[int, int], ...]:
    """Return for each rule the largest block whose pairs, with those of all smaller ones, stay in the budget."""
    counted = db.rows(
        "select rule, size, count(*) // size * (size * (size - 1) // 2) from link_block "
        "group by rule, size order by rule, size"
    )
    caps: dict[int, int] = {}
    spent: dict[int, int] = {}
    for rule, size, pair_count in counted:
        spent[rule] = spent.get(rule, 0) + pair_count
        if spent[rule] <= budget or size <= SMALLEST_CAP:
            caps[rule] = size
    return tuple(sorted(caps.items()))


def packed(proposal: dict[str, Any]) -> NDArray[np.int64]:
    """Return pairs as one number each, so that sorting them is sorting numbers."""
    left, right, rule = (np.asarray(proposal[name]).astype(np.int64) for name in ("row_l", "row_r", "rule"))
    packed_pairs: NDArray[np.int64] = np.sort((left << (27 + RULE_BITS)) | (right << RULE_BITS) | rule)
    return packed_pairs


def unpacked(found: list[NDArray[np.int64]]) -> Pairs:
    """Return each pair once, with the first rule that proposed it."""
    every = np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)
    is_first = np.ones(len(every), bool)
    is_first[1:] = (every[1:] >> RULE_BITS) != (every[:-1] >> RULE_BITS)
    every = every[is_first]
    right = (every >> RULE_BITS) & ((1 << 27) - 1)
    return Pairs(
        (every >> (27 + RULE_BITS)).astype(np.int32),
        right.astype(np.int32),
        (every & ((1 << RULE_BITS) - 1)).astype(np.int16),
    )
