"""Blocks: the records that agree on all atoms of a rule, and the pairs inside them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import MOST_WORDS, WORD, Hashes, Keys, first_of_runs
from matchers.linkage.blocking import TWO_WORDS, Rule
from matchers.linkage.compiled import compiled, inlined

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


@dataclass(frozen=True)
class Room:
    """Memory that rules take turns in: a number for every record that has a rule's atoms, and its row."""

    numbers: Hashes
    rows: Rows


def room_for(keys: dict[str, Keys], row_count: int) -> Room:
    """Return room for any rule."""
    words = keys.get(WORD)
    size = row_count if words is None else max(row_count, len(words.codes), pair_count(starts_of(words)))
    return Room(np.empty(size, np.uint64), np.empty(size, np.int32))


def blocks_of(rule: Rule, keys: dict[str, Keys], limits: Limits, room: Room) -> Blocks:
    """Return the blocks of a rule that are small enough for the budget.

    Two records may share several blocks of a rule about words, and one record stand in such a block twice.
    """
    found = number_two_words(keys[WORD], room) if rule == TWO_WORDS else number_rule(rule, keys, room)
    return sized_blocks(room.numbers[:found], room.rows[:found], limits)


def number_rule(rule: Rule, keys: dict[str, Keys], room: Room) -> int:
    """Write the records that have all atoms of a rule, and one number for them all; return how many there are."""
    atoms = [keys[name] for name in sorted(rule.atoms, key=lambda name: name != WORD)]
    mixes, size = [], 1
    for found in atoms:
        mixes.append(size * found.size > LARGEST_NUMBER)
        size = found.size * (1 if mixes[-1] else size)
    sizes = np.array([found.size for found in atoms], np.uint64)
    rows = np.zeros(0, np.int32) if atoms[0].rows is None else atoms[0].rows
    codes = tuple(found.codes for found in atoms)
    return number_records(rows, codes, (sizes, np.array(mixes)), (room.numbers, room.rows))


@inlined
def mixed(value: np.uint64) -> np.uint64:
    """Return a number whose bits are mixed well: the finishing step of SplitMix64 (Steele, Lea and Flood 2014)."""
    value += np.uint64(0x9E3779B97F4A7C15)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@compiled
def mix_in(numbers: Hashes, codes: Rows) -> None:
    """Make, in place, one number of the number and the code of each record."""
    for row in range(len(numbers)):
        numbers[row] = mixed(numbers[row]) ^ np.uint64(codes[row])


@compiled
def number_records(
    rows: Rows, codes: tuple[Rows, ...], parts: tuple[Hashes, NDArray[np.bool_]], room: tuple[Hashes, Rows]
) -> int:
    """Write, in place, the records that have all of some codes; `rows` says whose the first codes are where not everybody's."""
    sizes, mixes = parts
    numbers, found = room
    written = 0
    for place in range(len(codes[0])):
        row = rows[place] if len(rows) else np.int32(place)
        number, is_there = np.uint64(0), True
        for atom in range(len(codes)):
            code = codes[atom][row if atom else place]
            is_there = is_there and code >= 0
            if mixes[atom]:
                number = mixed(number)
            number = number * sizes[atom] + np.uint64(code)
        if is_there:
            numbers[written], found[written] = number, row
            written += 1
    return written


def starts_of(words: Keys) -> NDArray[np.int64]:
    """Return where the words of each record begin, and the end of all; no record has a second one where there are no rows."""
    if words.rows is None:
        return np.zeros(1, np.int64)
    return np.append(np.flatnonzero(first_of_runs(words.rows)), len(words.rows))


def pair_count(starts: NDArray[np.int64]) -> int:
    """Return how many pairs of words the records have."""
    sizes = np.minimum(np.diff(starts), MOST_WORDS)
    return int((sizes * (sizes - 1) // 2).sum())


def number_two_words(words: Keys, room: Room) -> int:
    """Write, for each pair of words in a record's names, the record and a number for the pair; return how many there are."""
    rows = np.zeros(0, np.int32) if words.rows is None else words.rows
    return pair_words(starts_of(words), (rows, words.codes, np.uint64(words.size)), (room.numbers, room.rows))


@compiled
def pair_words(starts: NDArray[np.int64], words: tuple[Rows, Rows, np.uint64], room: tuple[Hashes, Rows]) -> int:
    """Write, in place, the pairs of each record's words, in order, and the record."""
    rows, codes, size = words
    numbers, found = room
    written = 0
    for record in range(len(starts) - 1):
        begin, end = starts[record], min(starts[record + 1], starts[record] + MOST_WORDS)
        for one in range(begin, end):
            for other in range(one + 1, end):
                numbers[written] = np.uint64(codes[one]) * size + np.uint64(codes[other])
                found[written] = rows[one]
                written += 1
    return written


@compiled
def pack(numbers: Hashes, rows: Rows, width: np.uint64) -> None:
    """Write, in place, number and row as one; where both are too long, the number is mixed and cut."""
    rest = np.uint64(64) - width
    highest = np.uint64(0)
    for place in range(len(numbers)):
        highest = max(highest, numbers[place])
    is_cut = highest >> rest > 0
    for place in range(len(numbers)):
        number = mixed(numbers[place]) >> width if is_cut else numbers[place]
        numbers[place] = number << width | np.uint64(rows[place])


def sized_blocks(numbers: Hashes, rows: Rows, limits: Limits) -> Blocks:
    """Return the blocks of one rule: the records with one number. The numbers are sorted in place, and changed.

    Number and row are sorted as one; where both together are too long, the number is mixed and cut, and what two strangers
    may share by that accident is compared like every other pair.
    """
    width = np.uint64(max(limits.row_count - 1, 1).bit_length())
    pack(numbers, rows, width)
    numbers.sort()
    counts = count_blocks(numbers, width, limits.largest_block, limits.free)
    wanted = affordable(counts, limits.budget)
    found = np.empty(int((counts * np.arange(len(counts)))[wanted].sum()), np.int32)
    is_small = limits.largest_block <= np.iinfo(np.uint8).max
    later: Later = np.empty(len(found), np.uint8) if is_small else np.empty(len(found), np.int32)
    cut_blocks(numbers, width, (wanted, limits.free), (found, later))
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
