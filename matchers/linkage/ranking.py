"""Which of the proposed pairs are worth comparing: those known to agree on the rarest things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import ATOMS, SOUND
from matchers.linkage.blocking import Rule
from matchers.linkage.blocks import LAST_RULE, Packed, Rows

# Rules share atoms, so that a further one says less than its own; it says something all the same.
FURTHER_RULE_BITS, FURTHER_RULES = 4, 5
HIGHEST_COUNT = 1 << 15
FINE = 32  # bits are counted in 32nds, as whole numbers
DIGIT_BITS = 8
LAST_DIGIT = (1 << DIGIT_BITS) - 1
AT_ONCE = 1 << 16  # pairs looked at together, so that what is known of them stays in the processor's cache
Bits = NDArray[np.int16]


@dataclass(frozen=True)
class Evidence:
    """How rare agreement on each atom is, in bits, and the atoms of each rule.

    What a pair agrees on is a set of atoms, written as a number with a bit per atom. The atoms of a role lie side by side in
    one of its digits, so that a small table per digit says what the rarest of them are worth together.
    """

    masks: NDArray[np.int64]
    tables: tuple[Bits, ...]

    def bits(self, part: Packed, first: Rows) -> Bits:
        """Return, in 32nds of a bit, what each pair is known to agree on: its rarest atom of every role, by all its rules.

        `part` holds proposals in order, and `first` the place of each pair's first one.
        """
        ends = np.append(first[AT_ONCE::AT_ONCE], np.int32(len(part)))
        found = [np.zeros(0, np.int16)]
        for start, end in zip(range(0, len(first), AT_ONCE), ends.tolist(), strict=False):
            some = first[start : start + AT_ONCE]
            found.append(self.bits_of(part[some[0] : end], some - some[0]))
        return np.concatenate(found)

    def bits_of(self, part: Packed, first: Rows) -> Bits:
        """Return the bits of a few pairs."""
        agreed = np.bitwise_or.reduceat(self.masks[part & LAST_RULE], first)
        times = np.diff(np.append(first, np.int32(len(part))))
        total: Bits = np.minimum(times - 1, FURTHER_RULES).astype(np.int16) * np.int16(FURTHER_RULE_BITS * FINE)
        for table in self.tables:
            total += table[agreed & LAST_DIGIT]
            agreed >>= DIGIT_BITS
        return total


@dataclass
class Likeliest:
    """Takes in proposals part by part and keeps each pair once, with the first rule that proposed it.

    Where there are more than `most`, the likeliest are kept. Only a pair that cannot be among them at the end is dropped
    on the way, so what is kept does not depend on how the proposals were cut.
    """

    most: int
    evidence: Evidence
    counted: NDArray[np.int64] = field(default_factory=lambda: np.zeros(HIGHEST_COUNT, np.int64))
    kept: list[tuple[Packed, Bits]] = field(default_factory=list)

    def weighed(self, every: Packed) -> tuple[Packed, Bits]:
        """Return the pairs of ordered proposals and their bits."""
        is_first = np.ones(len(every), bool)
        np.greater(every[1:] ^ every[:-1], LAST_RULE, out=is_first[1:])
        first = np.flatnonzero(is_first).astype(np.int32)
        return every[first], self.evidence.bits(every, first)

    def add(self, found: tuple[Packed, Bits]) -> None:
        """Take in the pairs of one part, which come behind those of the parts before."""
        self.counted += np.bincount(found[1], minlength=HIGHEST_COUNT)
        self.kept.append(found)
        if sum(len(bits) for _, bits in self.kept) > 2 * self.most:
            self.prune()

    def prune(self) -> None:
        """Drop the pairs below the bar that `most` pairs reach already."""
        reaching = np.flatnonzero(np.cumsum(self.counted[::-1])[::-1] >= self.most)
        bar = int(reaching[-1]) if len(reaching) else 0
        for place, (pairs, bits) in enumerate(self.kept):
            likely = bits >= bar
            if not likely.all():
                self.kept[place] = pairs[likely], bits[likely]

    def pairs(self) -> Packed:
        """Return all pairs worth comparing, in order."""
        self.prune()
        return np.concatenate([np.zeros(0, np.int64), *(pairs for pairs, _ in self.kept)])


def weigh_rules(atom_bits: dict[str, float], rules: tuple[Rule, ...]) -> Evidence:
    """Return what rules say about a pair, from how rare agreement on each atom is."""
    place: dict[str, int] = {}
    tables: list[Bits] = []
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
