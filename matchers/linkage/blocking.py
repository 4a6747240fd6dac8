"""Which pairs are worth comparing: records that agree on something rare, in blocks that never grow large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from matchers.linkage.atoms import NAMES, WORD, Atom
from matchers.stage import stage
from schemas.links import LINK_ATOM, LINK_BLOCK, LINK_PROPOSAL

BROADEST_SHARE = 0.05  # a value that one record in twenty shares says nothing alone


@dataclass(frozen=True)
class Rule:
    """One way to propose pairs: `keys` is SQL over `link_atom` for the key of a record, or for the list of its keys."""

    name: str
    keys: str
    is_list: bool = False


@dataclass(frozen=True)
class Choice:
    """What rules are chosen from: the atoms the data has, how broad each is, and how broad a rule may be."""

    atoms: tuple[Atom, ...]
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
    places = {atom.name: place for place, atom in enumerate(choice.atoms, start=1)}
    known = [atom for atom in choice.atoms if atom.name in choice.breadth]
    alone = [atom for atom in known if is_single(atom, choice)]
    covered = {
        name for atom in alone if choice.breadth[atom.name] <= choice.broadest for name in (atom.name, *atom.within)
    }
    rules = [Rule(atom.name, f"atoms[{places[atom.name]}]") for atom in alone]
    loose = [atom for atom in known if atom.name not in covered]
    if WORD in choice.breadth:
        rules.append(TWO_WORDS)
        loose = [atom for atom in loose if atom.name not in NAMES] + [Atom(WORD, WORD, "", NAMES)]
    pairs = [
        (a, b)
        for a, b in combinations(loose, 2)
        if may_pair(a, b) and choice.expected(a.name, b.name) <= choice.broadest
    ]
    named = {frozenset((a.name, b.name)) for a, b in pairs}
    return tuple(rules + [pair_rule(a, b, places) for a, b in pairs if not is_dominated((a, b), named, known)])


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


def pair_rule(one: Atom, other: Atom, places: dict[str, int]) -> Rule:
    """Return the rule: two atoms the same at once; a word of the name counts wherever it stands."""
    name = f"{one.name} + {other.name}"
    if other.name == WORD:
        return Rule(name, f"list_transform(words, lambda word: xor(word, atoms[{places[one.name]}]))", is_list=True)
    return Rule(name, f"xor(atoms[{places[one.name]}], atoms[{places[other.name]}])")


TWO_WORDS = Rule(
    "two name words",
    "flatten(list_transform(words, lambda one: list_transform("
    "list_filter(words, lambda other: other > one), lambda other: hash(one, other))))",
    is_list=True,
)


@stage(reads=(LINK_ATOM,), writes=LINK_BLOCK)
def collect_blocks(rules: tuple[tuple[int, Rule], ...], largest: int, *, has_certain: bool = False) -> str:
    """Put records that agree on a rule into a block; blocks of one and blocks above the largest are dropped.

    Where many records have certain ids, only keys that some record without one has can make a pair.
    """
    keyed = " union all ".join(
        f"select {number}::smallint as rule, {f'unnest({rule.keys})' if rule.is_list else rule.keys} as key, row, "
        f"certain_id is null as is_free from link_atom"
        for number, rule in rules
    )
    free = "near as (select * from keyed semi join (select distinct key from keyed where is_free) using (key))"
    return f"""
        with keyed as materialized (
            select rule, xor(key, hash(rule)) as key, row, is_free from ({keyed}) where key is not null
        ),
        {free if has_certain else "near as (select * from keyed)"},
        sized as (select key, count(*)::integer as size from near group by key having count(*) between 2 and {largest})
        select near.rule, near.key, near.row, sized.size from near join sized using (key)"""


@stage(reads=(LINK_BLOCK, LINK_ATOM), writes=LINK_PROPOSAL)
def propose_pairs(caps: tuple[tuple[int, int], ...], allowed: str | None) -> str:
    """Pair the records of each block no larger than its rule's cap, where the two may be one person at all."""
    limits = ", ".join(f"({rule}::smallint, {cap})" for rule, cap in caps)
    if allowed is None:
        member, condition = "select b.rule, b.key, b.row from kept b", "true"
    else:
        member = "select b.rule, b.key, a.row, a.source, a.exclusive, a.certain_id from kept b join link_atom a on a.row = b.row"
        condition = allowed
    return f"""
        with cap(rule, largest) as (values {limits}),
        kept as (select b.* from link_block b join cap on cap.rule = b.rule and b.size <= cap.largest),
        member as ({member})
        select l.row as row_l, r.row as row_r, l.rule
        from member l join member r on r.key = l.key and l.row < r.row
        where {condition}"""


def allowed_pairs(is_link: bool) -> str:
    """Return the condition that two records may be one person: sources and citizen numbers do not forbid it."""
    across = "l.source <> r.source" if is_link else "(l.exclusive < 0 or l.exclusive <> r.exclusive)"
    return f"{across} and coalesce(l.certain_id = r.certain_id, true)"
