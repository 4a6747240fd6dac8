"""The blocks of all rules by record: from each record, every pair it begins, with all that the rules say of the pair."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.blocks import LAST_RULE, ROW_BITS, RULE_BITS, Blocks, Later, Packed, Rows
from matchers.linkage.compiled import compiled, fetch_ahead, inlined
from matchers.linkage.ranking import (
    DIGIT_BITS,
    FINE,
    FURTHER_RULE_BITS,
    FURTHER_RULES,
    HIGHEST_COUNT,
    LAST_DIGIT,
    Bits,
    Evidence,
)
from matchers.linkage.threads import THREADS, in_threads

AT_ONCE = 4_000_000  # proposals looked at together; bounds memory, not what is found
GOLDEN = np.uint64(
    0x9E3779B97F4A7C15
)  # 2 ** 64 by the golden ratio: spreads rows that follow each other (Knuth 1973, 6.4)
NOBODY = -1
FEW = 48
COUNT_BITS = 15  # of HIGHEST_COUNT
LAST_COUNT = (1 << COUNT_BITS) - 1
# Where a record stands in a block with others behind it: its place among the members, the rule, and how many are behind.
BEHIND_BITS = 18
LARGEST_BLOCK = (1 << BEHIND_BITS) - 1
Ints = NDArray[np.int64]
Apart = tuple[Ints, Ints]
Masks = NDArray[np.uint64]
# The members, starts, places and counts of Proposals.
Blocked = tuple[Rows, Ints, Ints, NDArray[np.int32]]
# A small hash table of those met: who, the atoms both agree on, the rules packed (first, last, how many), slots in use.
Seen = tuple[NDArray[np.int32], Masks, Ints, Masks]
TIMES_BITS = 10
LAST_TIMES = (1 << TIMES_BITS) - 1
ONE = np.uint64(1)


@dataclass(frozen=True)
class Proposals:
    """The members of all blocks of all rules, and by record where it stands among them with others behind it.

    A record's places are `places[starts[row] : starts[row + 1]]`, in the order of the rules, packed; `proposed` says how
    many pairs it begins, repeats included.
    """

    members: Rows
    starts: Ints
    places: Ints
    proposed: NDArray[np.int32]

    def parts(self) -> list[tuple[int, int]]:
        """Return runs of records that begin about equally many pairs, so that each is of bearable size."""
        ahead = np.cumsum(self.proposed, dtype=np.int64)
        cuts = np.flatnonzero(np.diff(ahead // AT_ONCE, prepend=0))
        bounds = [0, *cuts.tolist(), len(ahead)]
        return [(begin, end) for begin, end in pairwise(bounds) if begin < end]

    def pairs(self, part: tuple[int, int], evidence: Evidence, apart: Apart, bar: int) -> tuple[Packed, Bits, Ints]:
        """Return the pairs that a part's records begin, in order, with their bits, and how many pairs have which bits.

        Pairs with fewer bits than the bar are only counted.
        """
        blocks = (self.members, self.starts, self.places, self.proposed)
        return gather((*part, bar), blocks, (evidence.masks, evidence.tables, *apart))


def by_record(blocks: list[Blocks], row_count: int) -> Proposals:
    """Return the blocks of all rules by record; the list is emptied on the way, as both together are large."""
    bounds = np.cumsum([0, *(len(found.rows) for found in blocks)])
    small = np.result_type(np.uint8, *(found.later.dtype for found in blocks))
    rows, later = np.empty(bounds[-1], np.int32), np.empty(bounds[-1], small)
    nothing = Blocks(rows[:0], later[:0])
    # A thread takes some rules: each record's places begin with those of the first thread's rules.
    shares = list(pairwise(np.searchsorted(bounds, np.linspace(0, bounds[-1], THREADS + 1)).tolist()))
    behind, proposed = np.zeros((THREADS, row_count), np.int32), np.zeros((THREADS, row_count), np.int32)

    def take(thread: int) -> None:
        for rule in range(*shares[thread]):
            some = slice(bounds[rule], bounds[rule + 1])
            rows[some], later[some] = blocks[rule].rows, blocks[rule].later
            blocks[rule] = nothing
            count_places((rows[some], later[some]), (behind[thread], proposed[thread]))

    in_threads(take, range(THREADS))
    starts = np.append(0, np.cumsum(behind.sum(0, dtype=np.int64)))
    cursor = starts[:-1] + np.cumsum(behind, 0, dtype=np.int64) - behind
    places = np.empty(starts[-1], np.int64)
    in_threads(
        lambda thread: fill_places(shares[thread], (rows, later, bounds), (cursor[thread], places)), range(THREADS)
    )
    return Proposals(rows, starts, places, proposed.sum(0, dtype=np.int32))


@compiled
def count_places(members: tuple[Rows, Later], out: tuple[NDArray[np.int32], NDArray[np.int32]]) -> None:
    """Count, in place, in how many of some blocks each record has others behind it, and how many in all."""
    rows, later = members
    places, proposed = out
    for place in range(len(rows)):
        places[rows[place]] += later[place] > 0
        proposed[rows[place]] += later[place]


@compiled
def fill_places(rules: tuple[int, int], members: tuple[Rows, Later, Ints], out: tuple[Ints, Ints]) -> None:
    """Write, in place, where each record has others behind it in the blocks of some rules, rule by rule."""
    rows, later, bounds = members
    cursor, places = out
    for rule in range(rules[0], rules[1]):
        for place in range(bounds[rule], bounds[rule + 1]):
            if later[place] > 0:
                row = rows[place]
                places[cursor[row]] = (np.int64(place) << RULE_BITS | rule) << BEHIND_BITS | np.int64(later[place])
                cursor[row] += 1


@inlined
def slot_of(keys: NDArray[np.int32], other: int, shift: np.uint64) -> np.uint64:
    """Return where in a small hash table a record stands, or can be put."""
    slot = (np.uint64(other) * GOLDEN) >> shift
    while keys[slot] != NOBODY and keys[slot] != other:
        slot = (slot + ONE) & ((ONE << (np.uint64(64) - shift)) - ONE)
    return slot


@inlined
def bits_of(agreed: np.uint64, times: int, tables: Bits) -> int:
    """Return what a pair is known to agree on, in 32nds of a bit: its rarest atom of every role, by all its rules."""
    total = min(times - 1, FURTHER_RULES) * (FURTHER_RULE_BITS * FINE)
    for digit in range(len(tables)):
        total += tables[digit, agreed & LAST_DIGIT]
        agreed >>= DIGIT_BITS
    return total


@inlined
def may_be_one(row: int, other: int, certain: Ints, group: Ints) -> bool:
    """Return whether two records may be one person: not with two certain ids, and not in one group."""
    if certain[row] != 0 and certain[other] != 0 and certain[row] != certain[other]:
        return False
    return bool(group[row] < 0 or group[row] != group[other])


@inlined
def meet(row: int, blocks: Blocked, seen: Seen, masks: Masks) -> int:
    """Note everybody behind a record in its blocks, and what the rules say of both; return how many there are."""
    members, starts, places, proposed = blocks
    keys, agreed, rules, used = seen
    shift = np.uint64(60)
    while ONE << (np.uint64(64) - shift) < 2 * proposed[row]:
        shift -= ONE
    found = 0
    for number in range(starts[row], starts[row + 1]):
        packed = places[number]
        place, rule = packed >> (RULE_BITS + BEHIND_BITS), packed >> BEHIND_BITS & LAST_RULE
        for behind in range(place + 1, place + 1 + (packed & LARGEST_BLOCK)):
            other = members[behind]
            slot = slot_of(keys, other, shift)
            if keys[slot] == NOBODY:
                keys[slot], agreed[slot], used[found] = other, masks[rule], slot
                rules[slot] = (rule << RULE_BITS | rule) << TIMES_BITS | 1
                found += 1
            elif rules[slot] >> TIMES_BITS & LAST_RULE != rule:
                agreed[slot] |= masks[rule]
                first, times = rules[slot] >> (RULE_BITS + TIMES_BITS), rules[slot] & LAST_TIMES
                rules[slot] = (first << RULE_BITS | rule) << TIMES_BITS | (times + 1)
    return found


@inlined
def sort_few(order: Ints, count: int) -> None:
    """Sort, in place, the first few numbers by insertion: calling a sort for every record costs more."""
    for number in range(1, count):
        value, place = order[number], number
        while place > 0 and order[place - 1] > value:
            order[place] = order[place - 1]
            place -= 1
        order[place] = value


@compiled
def nobody_met(most: int) -> Seen:
    """Return an empty table that holds so many."""
    size = 16
    while size < 2 * most:
        size *= 2
    return (
        np.full(size, NOBODY, np.int32),
        np.empty(size, np.uint64),
        np.empty(size, np.int64),
        np.empty(most, np.uint64),
    )


@compiled
def gather(
    part: tuple[int, int, int], blocks: Blocked, judge: tuple[Masks, Bits, Ints, Ints]
) -> tuple[Packed, Bits, Ints]:
    """Return packed pairs in order, their bits, and how many pairs have which bits; see Proposals.pairs."""
    begin, end, bar = part
    proposed = blocks[3]
    masks, tables, certain, group = judge
    is_bound = len(group) > 0
    total, most = proposed[begin:end].sum(), max(proposed[begin:end].max(), 8)
    seen = nobody_met(most)
    keys, agreed, rules, used = seen
    order = np.empty(most, np.int64)
    pairs, bits, counted = np.empty(total, np.int64), np.empty(total, np.int16), np.zeros(HIGHEST_COUNT, np.int64)
    written = 0
    starts, places = blocks[1], blocks[2]
    for row in range(begin, end):
        kept = 0
        for number in range(starts[min(row + 1, end)], starts[min(row + 2, end)]):
            fetch_ahead(blocks[0], (places[number] >> (RULE_BITS + BEHIND_BITS)) + 1)
        for number in range(meet(row, blocks, seen, masks)):
            slot = used[number]
            other = int(keys[slot])
            keys[slot] = NOBODY
            if other == row or (is_bound and not may_be_one(row, other, certain, group)):
                continue
            sure = bits_of(agreed[slot], rules[slot] & LAST_TIMES, tables)
            counted[sure] += 1
            if sure >= bar:
                order[kept] = (other << RULE_BITS | rules[slot] >> (RULE_BITS + TIMES_BITS)) << COUNT_BITS | sure
                kept += 1
        if kept <= FEW:
            sort_few(order, kept)
        else:
            order[:kept].sort()
        for number in range(kept):
            pairs[written] = np.int64(row) << (ROW_BITS + RULE_BITS) | order[number] >> COUNT_BITS
            bits[written] = order[number] & LAST_COUNT
            written += 1
    return pairs[:written].copy(), bits[:written].copy(), counted
