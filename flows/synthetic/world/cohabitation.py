"""Who lives with whom: couples and single people, their children, and the generations that share a roof."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import NOBODY, Columns, Flags, Whole, follow, of
from flows.synthetic.world.days import NEVER, age_on
from flows.synthetic.world.plan import Part

LEAVE_HOME = np.array([18, 22, 25, 30, 40, 60])
STILL_HOME = np.array([0.97, 0.88, 0.78, 0.70, 0.68, 0.7])
"""Share of single grown children living with a parent, by age."""
WITH_HUSBANDS_PARENTS = 0.24
WITH_WIFES_PARENTS = 0.04
DIVORCED_WITH_PARENTS = 0.4
OLD_SINGLE_WITH_CHILD = 0.38
BOTH_PARENTS_AWAY = 0.13
"""Share of couples with minor children who both work elsewhere and leave the children with grandparents."""


def settle(part: Part, people: Columns) -> None:
    """Add `household` (a position that stands for it), `works_away` and `left_behind`."""
    start = part.start
    draws = part.draws("cohabitation")
    age = age_on(people["birth"], start)
    unit = _units(people)
    minor = age < 18
    _send_parents_away(draws, people, minor, unit)
    carer = _carer_of(draws, people, minor)
    anchor = np.full(people.size, NOBODY)
    anchor = _join_old_singles(draws, people, (age, unit), anchor)
    anchor = _join_grown_children(draws, people, (age, unit), anchor)
    own = np.where(minor & (carer >= 0), of(unit, carer, NOBODY), unit)
    people["household"] = follow(anchor, 6)[own]
    people["unit"] = own


def _units(people: Columns) -> Whole:
    """A couple is one unit under the lower position; everybody else is a unit alone."""
    couple = (people["spouse"] >= 0) & (people["divorce"] == NEVER)
    alive = (people["death"] == NEVER) & of(people["death"] == NEVER, people["spouse"], False)
    self = np.arange(people.size)
    together = couple & (alive | True)
    return np.where(together, np.minimum(self, people["spouse"]), self)


def _send_parents_away(draws: np.random.Generator, people: Columns, minor: Flags, unit: Whole) -> None:
    """Couples who both work elsewhere while a grandparent keeps the children: `works_away` for the parents."""
    grandparent = _grandparent(people)
    keeps = minor & (grandparent >= 0)
    candidates = np.zeros(people.size, dtype=bool)
    candidates[unit[people["mother"][keeps]]] = True
    gone = candidates & (draws.random(people.size) < BOTH_PARENTS_AWAY)
    young = people["birth"] > people["birth"].max() - 50 * 365
    people["works_away"] = gone[unit] & young & (people["death"] == NEVER)
    people["left_behind"] = keeps & of(people["works_away"], people["mother"], False)


def _grandparent(people: Columns) -> Whole:
    """A living grandparent in the county, the father's parents first."""
    found = np.full(people.size, NOBODY)
    for parent in ("mother", "father"):
        for elder in ("father", "mother"):
            who = of(people[elder], people[parent], NOBODY)
            alive = (who >= 0) & of(people["death"] == NEVER, who, False)
            found = np.where(alive, who, found)
    return found


def _carer_of(draws: np.random.Generator, people: Columns, minor: Flags) -> Whole:
    """With whom each minor lives: both parents, one of the divorced, or a grandparent."""
    mother, father = people["mother"], people["father"]
    has_mother = of(people["death"] == NEVER, mother, False)
    has_father = of(people["death"] == NEVER, father, False)
    with_father = ~has_mother | (has_father & (draws.random(people.size) < 0.55)[np.maximum(mother, 0)])
    carer = np.where(with_father & has_father, father, np.where(has_mother, mother, NOBODY))
    return np.where(minor & ((carer < 0) | people["left_behind"]), _grandparent(people), carer)


def _join_old_singles(draws: np.random.Generator, people: Columns, ages: tuple[Whole, Whole], anchor: Whole) -> Whole:
    """Widowed and single old people who moved in with a grown child."""
    age, unit = ages
    single = (people["spouse"] == NOBODY) | of(people["death"] != NEVER, people["spouse"], False)
    moves = (age >= 66) & single & (draws.random(people.size) < OLD_SINGLE_WITH_CHILD)
    child = np.flatnonzero((people["mother"] >= 0) & (age >= 25) & (people["death"] == NEVER))
    child = child[draws.permutation(len(child))]
    for parent in ("mother", "father"):
        elder = people[parent][child]
        ok = (elder >= 0) & moves[np.maximum(elder, 0)]
        anchor[unit[elder[ok]]] = unit[child[ok]]
    return anchor


def _join_grown_children(
    draws: np.random.Generator, people: Columns, ages: tuple[Whole, Whole], anchor: Whole
) -> Whole:
    """Single grown children at home, and couples under the roof of his (rarely her) parents."""
    age, unit = ages
    chance = draws.random(people.size)
    couple = (people["spouse"] >= 0) & (people["divorce"] == NEVER)
    divorced = (people["divorce"] < NEVER) & (chance < DIVORCED_WITH_PARENTS)
    single = (people["wedding"] == NEVER) & (chance < np.interp(age, LEAVE_HOME, STILL_HOME))
    moved_in = np.where(people["sex"] == 1, WITH_HUSBANDS_PARENTS, WITH_WIFES_PARENTS)
    home = (age >= 18) & (divorced | single | (couple & (chance < moved_in)) | people["works_away"])
    parent = _living_parent(people)
    target = of(unit, parent, NOBODY)
    free = home & (target >= 0) & (of(anchor, target, NOBODY) == NOBODY) & (anchor[unit] == NOBODY)
    # one married child per parental home: the last written wins, the others keep their own
    mover = np.flatnonzero(free & couple)
    chosen = np.full(people.size, NOBODY)
    chosen[target[mover]] = mover
    stays = ~couple | (of(chosen, target, NOBODY) == np.arange(people.size)) | people["works_away"]
    joins = np.flatnonzero(free & stays)
    anchor[unit[joins]] = target[joins]
    return anchor


def _living_parent(people: Columns) -> Whole:
    """The father if he lives, else the mother, else nobody."""
    father = of(people["death"] == NEVER, people["father"], False)
    mother = of(people["death"] == NEVER, people["mother"], False)
    return np.where(father, people["father"], np.where(mother, people["mother"], NOBODY))
