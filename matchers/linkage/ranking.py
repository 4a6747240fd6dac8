"""Which of the proposed pairs are worth comparing: those known to agree on the rarest things."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.atoms import ATOMS, SOUND
from matchers.linkage.blocking import Rule
from matchers.linkage.blocks import Packed

# Rules share atoms, so that a further one says less than its own; it says something all the same.
FURTHER_RULE_BITS, FURTHER_RULES = 4, 5
HIGHEST_COUNT = 1 << 15
FINE = 32  # bits are counted in 32nds, as whole numbers
DIGIT_BITS = np.uint64(8)
LAST_DIGIT = np.uint64(255)
ATOMS_OF_A_DIGIT = int(DIGIT_BITS)
Bits = NDArray[np.int16]


@dataclass(frozen=True)
class Evidence:
    """How rare agreement on each atom is, in bits, and the atoms of each rule.

    What a pair agrees on is a set of atoms, written as a number with a bit per atom. The atoms of a role lie side by side in
    one of its digits, so that a small table per digit says what the rarest of them are worth together.
    """

    masks: NDArray[np.uint64]
    tables: Bits


@dataclass
class Likeliest:
    """Takes in pairs part by part, and keeps the likeliest where there are more than `most`.

    Only a pair that cannot be among them at the end is dropped on the way, so what is kept does not depend on how the
    proposals were cut.
    """

    most: int
    counted: NDArray[np.int64] = field(default_factory=lambda: np.zeros(HIGHEST_COUNT, np.int64))
    kept: list[tuple[Packed, Bits]] = field(default_factory=list)

    @property
    def bar(self) -> int:
        """The bits that `most` pairs reach already: whoever has fewer cannot be among the likeliest."""
        reaching = np.flatnonzero(np.cumsum(self.counted[::-1])[::-1] >= self.most)
        return int(reaching[-1]) if len(reaching) else 0

    def add(self, pairs: Packed, bits: Bits, counted: NDArray[np.int64]) -> None:
        """Take in the pairs of one part, behind those of the parts before, and how many of all its pairs have which bits."""
        self.counted += counted
        self.kept.append((pairs, bits))
        if sum(len(bits) for _, bits in self.kept) > 2 * self.most:
            self.prune()

    def prune(self) -> None:
        """Drop the pairs below the bar."""
        bar = self.bar
        for place, (pairs, bits) in enumerate(self.kept):
            likely = bits >= bar
            if not likely.all():
                self.kept[place] = pairs[likely], bits[likely]

    def pairs(self) -> list[Packed]:
        """Return all pairs worth comparing, in order, part by part."""
        self.prune()
        return [pairs for pairs, _ in self.kept]


def weigh_rules(atom_bits: dict[str, float], rules: tuple[Rule, ...]) -> Evidence:
    """Return what rules say about a pair, from how rare agreement on each atom is."""
    place: dict[str, int] = {}
    tables: list[Bits] = []
    for digit, roles in enumerate(in_digits(list(by_role(atom_bits).values()))):
        table = np.zeros(1 << ATOMS_OF_A_DIGIT, np.int16)
        names = [name for role in roles for name in role]
        place.update({name: digit * ATOMS_OF_A_DIGIT + number for number, name in enumerate(names)})
        numbers = np.arange(len(table))
        for role in roles:
            held = [(numbers >> names.index(name) & 1) * round(atom_bits[name] * FINE) for name in role]
            table += np.maximum.reduce(held).astype(np.int16)
        tables.append(table)
    masks = np.array([sum(1 << place[name] for name in set(rule.atoms)) for rule in rules], np.uint64)
    return Evidence(masks, np.stack(tables))


def in_digits(roles: list[list[str]]) -> list[list[list[str]]]:
    """Return the roles in groups whose atoms fit a digit, none parted."""
    digits: list[list[list[str]]] = [[]]
    for role in roles:
        if sum(map(len, digits[-1])) + len(role) > ATOMS_OF_A_DIGIT:
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
