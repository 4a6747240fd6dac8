"""The most a pair of rows can weigh, from what is known of both without comparing texts: most pairs are settled by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.comparison import SPOKEN, WRITTEN_NAMES, Comparer
from matchers.linkage.compiled import AHEAD, compiled, fetch_ahead, inlined
from matchers.linkage.dates import level_of
from matchers.linkage.fields import Field
from matchers.linkage.model import LN2, Reals
from matchers.linkage.name_slots import NAME_EQUAL, OTHER_SLOT
from matchers.linkage.near_numbers import nearness
from matchers.linkage.signatures import CEILINGS, CODE, MISSING, NO_CODE, UNDECIDED, ceilings, place_in_ceilings
from matchers.linkage.threads import in_threads

TEXT, DATE, EXACT, NUMBER = range(4)
KIND = {**dict.fromkeys(CEILINGS, TEXT), "date": DATE, "exact": EXACT, "near_number": NUMBER}
NONE = -1
LOWEST_LEVEL = -10  # levels reach from here, "undecided up to 8", to the highest
LEVEL_RANGE = 20
LINE = 8  # numbers in a line of memory
ROWS_AT_ONCE = 4096
Rows = NDArray[np.int32]
Levels = NDArray[np.int8]
Numbers = NDArray[np.int64]
Both = tuple[np.uint64, np.uint64]  # of two rows
Known = NDArray[np.uint64]  # of each row and field: its signature, or what a date or code needs in its place

Tables = tuple[Known, Numbers, NDArray[np.int8], NDArray[np.int32], Reals, Reals]


@dataclass(frozen=True)
class Bounds:
    """What is known of every row, field by field side by side, and what agreement can be worth.

    `fields` are places among the fields compared, in the order in which they are looked at. `rules` has a line per field:
    kind, level of equality, first level of equality, its table of ceilings, its line of `groups` (-1 none), the level
    equal groups may reach, whether the fields of a turn end with it, and where its values begin in `rarity`.
    """

    fields: tuple[int, ...]
    known: Known
    rules: Numbers
    ceilings: NDArray[np.int8]
    groups: NDArray[np.int32]
    slots: tuple[int, int, Rows, Rows]
    bits: Reals
    rarity: Reals

    def weigh(self, left: Rows, right: Rows, start: float, floor: float) -> tuple[Reals, Levels]:
        """Return the most each pair can weigh, and its levels; those of a pair below the floor are not all looked at."""
        tables = (self.ceilings, self.groups, self.bits, self.rarity)
        return weigh_at_most((left, right), (self.known, self.rules, *tables), self.slots, (start, floor))


def may_be_bounded(what: Field, names: set[str]) -> bool:
    """Return whether a field is settled by itself; what another field's outcome settles is compared beside it."""
    if what.kind not in KIND or (SPOKEN in names and what.name in WRITTEN_NAMES):
        return False
    return not ("national_id" in names and what.name == "birth_date")


def know(comparer: Comparer, fields: Sequence[Field], turns: Sequence[tuple[int, ...]], worth: list[Reals]) -> Bounds:
    """Return what is known of the rows in the fields that settle themselves, turn by turn.

    `worth` holds for each field the bits by level, as they are looked up, with the top bits taken off, and behind them the
    rarity of each value.
    """
    names = {what.name for what in fields}
    kept = [[place for place in turn if may_be_bounded(fields[place], names)] for turn in turns]
    kept = [turn for turn, whole in zip(kept, turns, strict=True) if len(turn) == len(whole)]
    order = tuple(place for turn in kept for place in turn)
    ends = {turn[-1] for turn in kept}
    kinds = sorted({fields[place].kind for place in order if KIND[fields[place].kind] == TEXT})
    hidden = {place: comparer.hidden_ways(fields[place]) for place in order}
    grouped = [place for place in order if len(hidden[place][0])]
    rules = np.zeros((len(order), 8), np.int64)
    starts = np.cumsum([0, *(len(worth[place]) - LEVEL_RANGE for place in order)])
    for line, place in enumerate(order):
        what = fields[place]
        table = NONE if what.bounds or what.kind not in kinds else kinds.index(what.kind)
        group = grouped.index(place) if place in grouped else NONE
        rules[line] = (
            KIND[what.kind], what.levels - 1, what.first_equal, table, group, hidden[place][1], place in ends, starts[line]
        )  # fmt: skip
    return Bounds(
        order,
        side_by_side(comparer, [fields[place] for place in order]) if order else np.zeros((0, 0, 2), np.uint64),
        rules,
        np.stack([ceilings(kind) for kind in kinds]) if kinds else np.zeros((0, 0), np.int8),
        np.stack([hidden[place][0] for place in grouped]) if grouped else np.zeros((0, 0), np.int32),
        slots_of(comparer, [fields[place].name for place in order]),
        np.stack([worth[place][:LEVEL_RANGE] for place in order]) if order else np.zeros((0, LEVEL_RANGE)),
        np.concatenate([np.zeros(0), *(worth[place][LEVEL_RANGE:] for place in order)]),
    )


def side_by_side(comparer: Comparer, fields: list[Field]) -> Known:
    """Return of each row and field what is known of its value without reading it; signatures are kept there alone."""
    apart = in_threads(lambda what: known_of(comparer, what), fields)
    known = np.empty((len(apart[0]), len(fields), 2), np.uint64)

    def place_rows(start: int) -> None:  # as many rows as the nearest memory holds: each line of it is written whole
        for place, of_field in enumerate(apart):
            known[start : start + ROWS_AT_ONCE, place] = of_field[start : start + ROWS_AT_ONCE]

    in_threads(place_rows, range(0, len(known), ROWS_AT_ONCE))
    for place, what in enumerate(fields):
        if what.name in comparer.signed:
            comparer.signed[what.name] = known[:, place]
    return known


def known_of(comparer: Comparer, what: Field) -> Known:
    """Return of each row what is known of its value: a signature, or a packed date or number and a code."""
    if KIND[what.kind] == TEXT:
        return comparer.signs(what.name)
    codes = comparer.columns[what.name].codes
    known = np.zeros((len(codes), 2), np.uint64)
    known[:, 1] = codes.astype(np.uint32).astype(np.uint64) << CODE
    if what.kind == "date":
        known[:, 0] = np.append(comparer.packed_dates(what.name), np.uint32(0))[codes]
    if what.kind == "near_number":
        known[:, 0] = np.append(comparer.packed_numbers(what.name), np.uint64(0))[codes]
    return known


def slots_of(comparer: Comparer, names: list[str]) -> tuple[int, int, Rows, Rows]:
    """Return which lines are given name and surname, and their codes in common; -1 where slots are not compared."""
    if "surname_as_given" not in comparer.columns or not {"given_name", "surname"} <= set(names):
        return NONE, NONE, np.zeros(0, np.int32), np.zeros(0, np.int32)
    first, last = comparer.columns["given_name"].codes, comparer.columns["surname_as_given"].codes
    return names.index("given_name"), names.index("surname"), first, last


@inlined
def settled_level(letters: Both, rest: Both, kind: int, equal: int) -> int:
    """Return the level of two values that need not be read for it; UNDECIDED for two different texts."""
    level = UNDECIDED if kind == TEXT else 0
    if rest[0] >> CODE == NO_CODE or rest[1] >> CODE == NO_CODE:
        level = MISSING
    elif kind == DATE:
        level = level_of(letters[0], letters[1])
    elif rest[0] >> CODE == rest[1] >> CODE:
        level = equal
    elif kind == NUMBER:
        level = nearness(letters[0], letters[1])
    return level


@inlined
def slot_levels(given: int, surname: int, here: bool, there: bool) -> tuple[int, int]:
    """Return the levels of both names, told that one's given name is the other's surname on one side, or on both."""
    if (here or there) and given != NAME_EQUAL and surname != NAME_EQUAL:
        return OTHER_SLOT, OTHER_SLOT if here and there else MISSING
    return given, surname


@inlined
def fetch_row(row: int, known: Known, slots: tuple[Rows, Rows], groups: NDArray[np.int32]) -> None:
    """Ask for the memory of all that is known of a row."""
    for begin in range(0, known.shape[1], LINE):
        fetch_ahead(known, (row, begin))
    fetch_ahead(known, (row, known.shape[1] - 1))
    fetch_ahead(slots[0], row)
    fetch_ahead(slots[1], row)
    for line in range(len(groups)):
        fetch_ahead(groups, (line, row))


@compiled
def weigh_at_most(  # noqa: C901  (one loop: handing arrays to a function for every pair costs more than what it does)
    pairs: tuple[Rows, Rows], tables: Tables, slots: tuple[int, int, Rows, Rows], limits: tuple[float, float]
) -> tuple[Reals, Levels]:
    """Return the most each pair can weigh, and its levels; see Bounds.weigh."""
    known, rules, ceiling, groups, bits, rarity = tables
    given, surname, first, last = slots
    bound, levels = np.empty(len(pairs[0])), np.empty((len(pairs[0]), len(rules)), np.int8)
    flat = known.reshape(-1, known.shape[1] * known.shape[2])
    for pair in range(len(bound)):
        one, other = pairs[0][pair], pairs[1][pair]
        fetch_row(pairs[1][min(pair + AHEAD, len(bound) - 1)], flat, (first, last), groups)
        total, begin = limits[0], 0
        for line in range(len(rules)):
            letters, rest = (known[one, line, 0], known[other, line, 0]), (known[one, line, 1], known[other, line, 1])
            level = settled_level(letters, rest, rules[line, 0], rules[line, 1])
            if level == UNDECIDED:
                table, group = rules[line, 3], rules[line, 4]
                level = rules[line, 1] - 1 if table == NONE else ceiling[table, place_in_ceilings(letters, rest)]
                if group != NONE and groups[group, one] >= 0 and groups[group, one] == groups[group, other]:
                    level = max(level, rules[line, 5])
                level = UNDECIDED - level if level > 0 else 0
            levels[pair, line] = level
            if not rules[line, 6]:
                continue
            if begin <= given <= line:
                here = first[one] >= 0 and first[one] == last[other]
                there = first[other] >= 0 and first[other] == last[one]
                found = slot_levels(levels[pair, given], levels[pair, surname], here, there)
                levels[pair, given], levels[pair, surname] = found
            for done in range(begin, line + 1):
                total += bits[done, levels[pair, done] - LOWEST_LEVEL]
                if levels[pair, done] >= rules[done, 2]:
                    total -= rarity[rules[done, 7] + int(known[one, done, 1] >> CODE)] / LN2
            begin = line + 1
            if total < limits[1]:
                break
        bound[pair] = total
    return bound, levels
