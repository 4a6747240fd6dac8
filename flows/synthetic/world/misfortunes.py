"""Parents who died, sit in prison or left without a word: what makes orphans and children nobody brings up."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import Array, Columns, Flags, Whole, of
from flows.synthetic.world.days import NEVER, age_on
from flows.synthetic.world.plan import Part

BROKEN = 0.006
"""Share of families with minor children in which both parents are dead or gone in one way or another."""
FATHER_DIED, MOTHER_DIED = 0.014, 0.005
IMPRISONED_MEN, IMPRISONED_WOMEN = 0.0022, 0.0002
MOTHER_VANISHED = 0.012
DEAD, IN_PRISON, VANISHED = 0, 1, 2
BOTH_FATES = np.array([[0.10, 0.16, 0.40], [0.03, 0.02, 0.12], [0.04, 0.03, 0.10]])
"""In a broken family: the father's fate (row) beside the mother's (column)."""


def strike_families(part: Part, people: Columns) -> None:
    """Add `prison_from` and `vanished_from` (days); some parents of minors die."""
    start = part.start
    draws = part.draws("misfortunes")
    for fate in ("prison_from", "vanished_from"):
        people[fate] = np.full(people.size, NEVER)
    age = age_on(people["birth"], start)
    minor = np.flatnonzero((age < 18) & (people["mother"] >= 0))
    mothers, eldest = np.unique(people["mother"][minor], return_index=True)
    youngest_birth = np.zeros(people.size, dtype=np.int64)
    np.maximum.at(youngest_birth, people["mother"][minor], people["birth"][minor])
    fathers = people["father"][minor[eldest]]
    born = youngest_birth[mothers]
    chance = draws.random(len(mothers))
    fate_of_father, fate_of_mother = _fates(draws, chance, fathers >= 0)
    _strike(draws, people, (fathers, fate_of_father, born), start)
    _strike(draws, people, (mothers, fate_of_mother, born), start)
    _imprison_others(draws, people, age, start)


def _fates(draws: np.random.Generator, chance: Array, has_father: Flags) -> tuple[Whole, Whole]:
    """Fate of father and mother per family, -1 for the many nothing happened to."""
    count = len(chance)
    both = np.searchsorted(np.cumsum(BOTH_FATES / BOTH_FATES.sum()), draws.random(count)).clip(0, 8)
    broken = (chance < BROKEN) & has_father
    father = np.where(broken, both // 3, -1)
    mother = np.where(broken, both % 3, -1)
    single = draws.random((count, 3))
    father[~broken & has_father & (single[:, 0] < FATHER_DIED)] = DEAD
    mother[~broken & (father < 0) & (single[:, 1] < MOTHER_DIED)] = DEAD
    mother[~broken & (single[:, 2] < MOTHER_VANISHED) & (mother < 0)] = VANISHED
    return father, mother


def _strike(draws: np.random.Generator, people: Columns, struck: tuple[Whole, Whole, Whole], start: int) -> None:
    """Let the fates happen some day after the youngest child's birth and before the first month."""
    who, fate, born = struck
    day = born + 30 + (draws.random(len(who)) * np.maximum(start - 40 - born, 1)).astype(np.int64)
    day = np.minimum(day, start - 2)
    recent = start - 30 - draws.integers(0, 4 * 365, len(who))
    for kind, column, when in (
        (DEAD, "death", day),
        (IN_PRISON, "prison_from", recent),
        (VANISHED, "vanished_from", day),
    ):
        hit = (fate == kind) & (who >= 0)
        alive = hit & (of(people["death"], who, 0) == NEVER)
        people[column][who[alive]] = np.maximum(when, born + 1)[alive]


def _imprison_others(draws: np.random.Generator, people: Columns, age: Whole, start: int) -> None:
    """Prisoners who need not have children."""
    share = np.where(people["sex"] == 1, IMPRISONED_MEN, IMPRISONED_WOMEN)
    taken = (age >= 19) & (age < 60) & (draws.random(people.size) < share)
    taken &= (people["death"] == NEVER) & (people["prison_from"] == NEVER)
    people["prison_from"][taken] = start - draws.integers(20, 5 * 365, int(taken.sum()))
