"""By what pairs are proposed: agreement on something rare, chosen from what the data has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from matchers.linkage.atoms import ATOMS, NAMES, SOUND, WORD, Atom

BROADEST_SHARE = 0.05  # a value that one record in twenty shares says nothing alone


@dataclass(frozen=True)
class Rule:
    """One way to propose pairs: records that agree on all of its atoms at once."""

    atoms: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the rule is called in reports."""
        return "two name words" if self.atoms == (WORD, WORD) else " + ".join(self.atoms)


TWO_WORDS = Rule((WORD, WORD))


@dataclass(frozen=True)
class Choice:
    """What rules are chosen from: how broad each atom the data has is, and how broad a rule may be."""

    breadth: dict[str, float]
    row_count: int
    broadest: float

    def expected(self, one: str, other: str) -> float:
        """Return how many records a record agrees with on both atoms by chance."""
        return self.breadth[one] * self.breadth[other] / max(self.row_count, 1)


def choose_rules(choice: Choice) -> tuple[Rule, ...]:
    """Return the rules to propose pairs by: whole values alone, and the loosest pairs of atoms that stay narrow enough.

    A pair of atoms is left out where a looser one, which finds everything it finds, is narrow enough too.
    """
    known = [atom for atom in (*ATOMS, SOUND) if atom.name in choice.breadth]
    alone = [atom for atom in known if is_single(atom, choice)]
    covered = {
        name for atom in alone if choice.breadth[atom.name] <= choice.broadest for name in (atom.name, *atom.within)
    }
    rules = [Rule((atom.name,)) for atom in alone]
    loose = [atom for atom in known if atom.name not in covered]
    if WORD in choice.breadth:
        rules.append(TWO_WORDS)
        loose = [atom for atom in loose if atom.name not in NAMES] + [Atom(WORD, WORD, None, NAMES)]
    pairs = [
        (a, b)
        for a, b in combinations(loose, 2)
        if may_pair(a, b) and choice.expected(a.name, b.name) <= choice.broadest
    ]
    named = {frozenset((a.name, b.name)) for a, b in pairs}
    return tuple(rules + [Rule((a.name, b.name)) for a, b in pairs if not is_dominated((a, b), named, known)])


def is_single(atom: Atom, choice: Choice) -> bool:
    """Return whether an atom proposes pairs alone: whole values do where they are rare, parts where all of them are."""
    breadth = choice.breadth[atom.name]
    return breadth <= choice.broadest or (not atom.within and breadth <= choice.row_count * BROADEST_SHARE)


def may_pair(one: Atom, other: Atom) -> bool:
    """Return whether two atoms say two things."""
    about_name = {"given_name", "surname", "full_name", "sound", WORD}
    return one.role != other.role and not (WORD in (one.name, other.name) and {one.role, other.role} <= about_name)


def is_dominated(pair: tuple[Atom, Atom], named: set[frozenset[str]], atoms: list[Atom]) -> bool:
    """Return whether a chosen looser pair of atoms finds everything this one finds."""
    one, other = pair
    looser_one = [one.name, *(atom.name for atom in atoms if one.name in atom.within)]
    looser_other = [other.name, *(atom.name for atom in atoms if other.name in atom.within)]
    looser = {frozenset((a, b)) for a in looser_one for b in looser_other} - {frozenset((one.name, other.name))}
    return not looser.isdisjoint(named)
