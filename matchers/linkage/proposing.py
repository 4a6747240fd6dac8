"""Proposes pairs by the blocking rules, in blocks that never grow large, and keeps those that several rules speak for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import ATOMS, MOST_WORDS, SOUND, WORD, Hashes, Keys, first_of_runs, key_records, mixed
from matchers.linkage.blocking import TWO_WORDS, Choice, Rule, choose_rules
from matchers.linkage.coded import CodedColumn
from matchers.linkage.plan import NO_PLAN, Plan
from matchers.linkage.threads import in_threads

SMALLEST_CAP = 4
RULE_BITS = 9
LAST_RULE = (1 << RULE_BITS) - 1
AT_ONCE = 8_000_000  # proposals looked at together; bounds memory, not what is found
ROW_BITS = 27  # tables of up to 134 million records
LAST_ROW = (1 << ROW_BITS) - 1
LEAST_BUDGET = 16_000_000.0
PAIRS_PER_RECORD = 160.0
KEPT_PER_RECORD = 10.0
LEAST_KEPT = 4_000_000
FEW_PAIRS = 2_000_000  # so many are all compared
USUAL_RULES = 40  # rules over which the budget is spread when rules are chosen
BROADEST_FACTOR = 2.0
# Rules share atoms, so that a further one says less than its own; it says something all the same.
FURTHER_RULE_BITS, FURTHER_RULES = 4, 5
HIGHEST_COUNT = 1 << 15
FINE = 32  # bits are counted in 32nds, as whole numbers
DIGIT_BITS = 8
LAST_DIGIT = (1 << DIGIT_BITS) - 1
Rows = NDArray[np.int32]
Packed = NDArray[
    np.int64
]  # left row, right row and, once joined, the rule in one number: sorting pairs is sorting numbers
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


@dataclass(frozen=True)
class Evidence:
    """How rare agreement on each atom is, in bits, and the atoms of each rule.

    What a pair agrees on is a set of atoms, written as a number with a bit per atom. The atoms of a role lie side by side in
    one of its digits, so that a small table per digit says what the rarest of them are worth together.
    """

    masks: NDArray[np.int64]
    tables: tuple[NDArray[np.int16], ...]

    def bits(self, part: Packed, first: Rows) -> NDArray[np.int16]:
        """Return, in 32nds of a bit, what each pair is known to agree on: its rarest atom of every role, by all its rules."""
        agreed = np.bitwise_or.reduceat(self.masks[rules_of(part)], first)
        times = np.diff(np.append(first, np.int32(len(part))))
        total: NDArray[np.int16] = np.minimum(times - 1, FURTHER_RULES).astype(np.int16) * np.int16(
            FURTHER_RULE_BITS * FINE
        )
        for table in self.tables:
            total += table[agreed & LAST_DIGIT]
            agreed >>= DIGIT_BITS
        return total


def weigh_rules(atom_bits: dict[str, float], rules: tuple[Rule, ...]) -> Evidence:
    """Return what rules say about a pair, from how rare agreement on each atom is."""
    place: dict[str, int] = {}
    tables: list[NDArray[np.int16]] = []
    for digit, roles in enumerate(in_digits(list(by_role(atom_bits).values()))):
        table = np.zeros(1 << DIGIT_BITS, np.int16)
        names = [name for role in roles for name in role]
        place.update({name: digit * DIGIT_BITS + number for number, name in enumerate(names)})
        numbers = np.arange(len(table))
        for role in roles:
            held = [(numbers >> names.index(name) & 1) * round(atom_bits[name] * FINE) for name in role]
            table += np.maximum.reduce(held).astype(np.int16)
        tables.append(table)
    masks = np.array([sum(1 << place[name] for name in set(rule.atoms)) for rule in rules], np.int64)
    return Evidence(masks, tuple(tables))


def in_digits(roles: list[list[str]]) -> list[list[list[str]]]:
    """Return the roles in groups whose atoms fit a digit, none parted."""
    digits: list[list[list[str]]] = [[]]
    for role in roles:
        if sum(map(len, digits[-1])) + len(role) > DIGIT_BITS:
            digits.append([])
        digits[-1].append(role)
    return digits


def by_role(atoms: Iterable[str]) -> dict[str, list[str]]:
    """Return the names of the atoms by role; words have one of their own."""
    roles = {atom.name: atom.role for atom in (*ATOMS, SOUND)}
    result: dict[str, list[str]] = {}
    for name in atoms:
        result.setdefault(roles.get(name, name), []).append(name)
    return result


def propose(columns: dict[str, CodedColumn], blocking: Blocking) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return the pairs worth comparing and the rules that proposed them."""
    keys = key_records(columns, blocking.row_count, blocking.plan.roles)
    broadest = BROADEST_FACTOR * blocking.budget / USUAL_RULES / max(blocking.row_count, 1)
    breadth = {name: found.breadth for name, found in keys.items()}
    rules = blocking.plan.blocking(choose_rules(Choice(breadth, blocking.row_count, broadest)), keys)
    each = blocking.budget / max(len(rules), 1)

    def numbered(number: int) -> Packed:
        return propose_by(rules[number], keys, (blocking, each)) << RULE_BITS | number

    found = in_threads(numbered, range(len(rules)))
    bits = {name: max(float(np.log2(blocking.row_count / max(broad, 0.5))), 0.0) for name, broad in breadth.items()}
    return unpacked(worth_comparing(joined(found), blocking.kept, weigh_rules(bits, rules))), rules


def every_pair(row_count: int) -> tuple[Pairs, tuple[Rule, ...]]:
    """Return all pairs of rows, for tables so small that choosing costs more than comparing."""
    left, right = np.triu_indices(row_count, 1)
    pairs = Pairs(left.astype(np.int32), right.astype(np.int32), np.zeros(len(left), np.int16))
    return pairs, (Rule(("every pair",)),)


def propose_by(rule: Rule, keys: dict[str, Keys], limits: tuple[Blocking, float]) -> Packed:
    """Return the pairs, packed, that agree on a rule in blocks small enough for the budget."""
    blocking, budget = limits
    rows, hashes = two_words(keys[WORD]) if rule == TWO_WORDS else keys_of_rule(rule, keys, blocking.row_count)
    found = paired_blocks(rows, hashes, (blocking, budget))
    if WORD in rule.atoms:  # two records may share several words, and one record stand in a block twice
        found.sort()
        found = found[first_of_runs(found) & (found >> ROW_BITS != found & LAST_ROW)]
    if blocking.is_allowed is None or not len(found):
        return found
    return found[blocking.is_allowed(found >> ROW_BITS, found & LAST_ROW)]


def keys_of_rule(rule: Rule, keys: dict[str, Keys], row_count: int) -> tuple[Rows, Hashes]:
    """Return the records that have all atoms of a rule, and one hash of them all."""
    first, *others = sorted((keys[name] for name in rule.atoms), key=lambda found: -len(found.rows))
    rows, values = first.rows, first.codes.astype(np.uint64)
    for other in others:
        dense = np.full(row_count, -1, np.int32)
        dense[other.rows] = other.codes
        beside = dense[rows]
        there = beside >= 0
        rows, values = rows[there], values[there] * np.uint64(other.size) + beside[there].astype(np.uint64)
    return rows, mixed(values)


def two_words(words: Keys) -> tuple[Rows, Hashes]:
    """Return, for each pair of words in a record's names, the record and a hash of the pair."""
    starts = np.flatnonzero(first_of_runs(words.rows))
    sizes = np.minimum(np.diff(np.append(starts, len(words.rows))), MOST_WORDS)
    rows, values = [np.zeros(0, np.int32)], [np.zeros(0, np.uint64)]
    for size in range(2, int(sizes.max(initial=0)) + 1):
        begin = starts[sizes == size]
        some = words.codes[begin[:, None] + np.arange(size)].astype(np.uint64)  # of a record, in order
        for one, other in combinations(range(size), 2):
            rows.append(words.rows[begin])
            values.append(some[:, one] * np.uint64(words.size) + some[:, other])
    return np.concatenate(rows), mixed(np.concatenate(values))


def paired_blocks(rows: Rows, hashes: Hashes, limits: tuple[Blocking, float]) -> Packed:
    """Return the pairs inside the blocks of one rule, smaller blocks first, as long as the budget lasts.

    A block is the records with one hash. Hash and row are sorted as one number, so a few bits of the hash are lost:
    what two strangers may share by that accident is compared like every other pair.
    """
    blocking, budget = limits
    width = np.uint64(max(blocking.row_count - 1, 1).bit_length())
    ordered = np.sort((hashes >> width << width) | rows.astype(np.uint64))
    members = (ordered & ((np.uint64(1) << width) - np.uint64(1))).astype(np.int64)
    starts = np.flatnonzero(first_of_runs(ordered >> width))
    sizes = np.diff(np.append(starts, len(ordered)))
    wanted = (sizes >= 2) & (sizes <= blocking.largest_block)
    if blocking.is_free is not None and len(starts):
        wanted &= np.logical_or.reduceat(blocking.is_free[members], starts)
    starts, sizes = starts[wanted], sizes[wanted]
    found = [np.zeros(0, np.int64)]
    for size in affordable_sizes(sizes, budget):
        block = members[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        found.append((block[:, one] << ROW_BITS | block[:, other]).ravel())
    return np.concatenate(found)


def affordable_sizes(sizes: NDArray[np.int64], budget: float) -> list[int]:
    """Return the sizes of blocks, from the smallest, whose pairs together stay in the budget."""
    counts = np.bincount(sizes) if len(sizes) else np.zeros(0, np.int64)
    possible = np.flatnonzero(counts)
    spent = np.cumsum(counts[possible] * (possible * (possible - 1) // 2))
    return [int(size) for size, total in zip(possible, spent, strict=True) if total <= budget or size <= SMALLEST_CAP]


def joined(found: list[Packed]) -> Packed:
    """Return all proposals in order; the list is emptied on the way, since both together need much room."""
    every = np.empty(sum(map(len, found)), np.int64)
    end = len(every)
    while found:
        part = found.pop()
        every[end - len(part) : end] = part
        end -= len(part)
    every.sort()
    return every


def worth_comparing(every: Packed, most: int, evidence: Evidence) -> Packed:
    """Return each pair once, with the first rule that proposed it; where there are too many, the likeliest.

    How likely a pair is shows in how rare the things are that it is known to agree on.
    """
    if not len(every):
        return every
    parts = cut_between_pairs(every)
    starts = in_threads(lambda part: np.flatnonzero(first_of_runs(part >> RULE_BITS)).astype(np.int32), parts)
    if sum(map(len, starts)) <= most:
        return np.concatenate([part[first] for part, first in zip(parts, starts, strict=True)])
    bits = in_threads(lambda number: evidence.bits(parts[number], starts[number]), range(len(parts)))
    counted = np.sum([np.bincount(found, minlength=HIGHEST_COUNT) for found in bits], axis=0)
    bar = int(np.flatnonzero(np.cumsum(counted[::-1])[::-1] >= most)[-1])
    return np.concatenate([part[first[found >= bar]] for part, first, found in zip(parts, starts, bits, strict=True)])


def cut_between_pairs(every: Packed) -> list[Packed]:
    """Return the proposals in parts of bearable size, those of one pair together."""
    cuts = [0]
    for place in range(AT_ONCE, len(every), AT_ONCE):
        same = every[place] >> RULE_BITS << RULE_BITS
        cuts.append(int(np.searchsorted(every, same)))
    return [every[begin:end] for begin, end in zip(cuts, [*cuts[1:], len(every)], strict=True) if end > begin]


def rules_of(part: Packed) -> NDArray[np.int16]:
    """Return the numbers of the rules of packed proposals."""
    return (part & LAST_RULE).astype(np.int16)


def unpacked(every: Packed) -> Pairs:
    """Return packed pairs with their rules as columns."""
    left, right = every >> (ROW_BITS + RULE_BITS), every >> RULE_BITS & LAST_ROW
    return Pairs(left.astype(np.int32), right.astype(np.int32), rules_of(every))
