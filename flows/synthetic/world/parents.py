"""Whose child everybody is, as far as the parents live or lived in the county."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import NOBODY, Array, Columns, Whole, of, pair_up
from flows.synthetic.world.days import NEVER, age_on, years_of
from flows.synthetic.world.marriages import MARRIED, NEVER_MARRIED
from flows.synthetic.world.plan import Part

YOUNGEST_PARENT_DAYS = 17 * 366
COHORTS = np.array([1920, 1945, 1955, 1965, 1980, 1990, 2000])
CHILDREN = np.array([4.3, 4.0, 2.7, 1.9, 1.5, 1.45, 1.2])
"""Children per ever-married woman by her year of birth; the one-child policy came in 1980."""
GROWN_STAYS = 0.66
"""Share of grown children who still live or are registered in the county."""
MOST_CHILDREN = 6
TWINS = 0.012
"""Share of further children who are born with the one before."""


def find_parents(part: Part, people: Columns) -> None:
    """Add mother, father and `children_away`; a child takes the day of birth its mother's life has for it."""
    start = part.start
    draws = part.draws("parents")
    people["mother"] = np.full(people.size, NOBODY)
    people["father"] = np.full(people.size, NOBODY)
    mothers, births = _expected_births(draws, people, start)
    grown = births < start - 18 * 365
    stays = ~grown | (draws.random(len(births)) < GROWN_STAYS)
    used = ~stays
    for width in (1, 4):
        _match(draws, people, (mothers, births, used), width)
    away = mothers[grown & (~stays | ~used)]
    people["children_away"] = _children_away(draws, people, np.bincount(away, minlength=people.size))
    _place_leftover_minors(draws, people, start)
    _name_fathers(draws, people)


def _expected_births(draws: np.random.Generator, people: Columns, start: int) -> tuple[Whole, Whole]:
    """Every child each woman would have had by now: the mother's position and the day."""
    women = np.flatnonzero((people["sex"] == 2) & (people["status"] != NEVER_MARRIED))
    expected = np.interp(years_of(people["birth"][women]), COHORTS, CHILDREN)
    number = np.minimum(
        draws.binomial(4, np.minimum(expected / 4, 0.97)) + (draws.random(len(women)) < 0.15), MOST_CHILDREN
    )
    number = np.where((number == 0) & (draws.random(len(women)) < 0.62), 1, number)
    first = people["wedding"][women] + draws.integers(260, 1500, len(women))
    gaps = draws.integers(560, 2000, (len(women), MOST_CHILDREN))
    gaps[draws.random(gaps.shape) < TWINS] = 0
    gaps[:, 0] = 0
    days = first[:, None] + np.cumsum(gaps, axis=1)
    last_possible = np.minimum(people["divorce"], people["death"])[women] - 1
    limit = np.minimum(np.minimum(last_possible, people["birth"][women] + 45 * 365), start - 1)
    born = (np.arange(MOST_CHILDREN) < number[:, None]) & (days <= limit[:, None])
    row, place = np.nonzero(born)
    return women[row], days[row, place]


def _match(draws: np.random.Generator, people: Columns, slots: tuple[Whole, Whole, Array], width: int) -> None:
    """Give parentless people the expected births of their year (or a nearby one), and that day as birthday."""
    mothers, births, used = slots
    free_slot = np.flatnonzero(~used)
    orphan = np.flatnonzero((people["mother"] == NOBODY) & (people["wedding"] - births.min() > 0))
    year_of_slot = years_of(births[free_slot]) // width
    year_of_child = years_of(people["birth"][orphan]) // width
    at_slot, at_child = pair_up(draws, year_of_slot, year_of_child)
    slot, child = free_slot[at_slot], orphan[at_child]
    fits = births[slot] < np.minimum(people["wedding"], people["death"])[child] - 19 * 365
    fits |= (people["wedding"][child] == NEVER) & (births[slot] < people["death"][child])
    slot, child = slot[fits], child[fits]
    people["mother"][child] = mothers[slot]
    people["birth"][child] = births[slot]
    used[slot] = True


def _children_away(draws: np.random.Generator, people: Columns, of_mother: Whole) -> Whole:
    """Grown children who left the county: the wife's are the husband's; men who lost theirs long ago have some too."""
    of_both = np.where(people["sex"] == 1, of(of_mother, people["spouse"], 0), of_mother)
    alone = (people["sex"] == 1) & (people["status"] > MARRIED) & (people["spouse"] == NOBODY)
    return np.where(alone, draws.binomial(3, 0.55, people.size), of_both)


def _place_leftover_minors(draws: np.random.Generator, people: Columns, start: int) -> None:
    """Minors still without a mother get a woman of fitting age who has no child yet."""
    minors = np.flatnonzero((people["mother"] == NOBODY) & (age_on(people["birth"], start) < 18))
    has_child = np.bincount(np.maximum(people["mother"], 0), minlength=people.size) > 0
    married = (people["status"] != NEVER_MARRIED) & (people["sex"] == 2) & ~has_child
    women = np.flatnonzero(married & (people["death"] == NEVER))
    gap = draws.integers(21, 35, len(minors))
    wanted = years_of(people["birth"][minors]) - gap
    for width in (3, 12):
        lonely = people["mother"][minors] == NOBODY
        at_child, at_woman = pair_up(draws, wanted[lonely] // width, years_of(people["birth"][women]) // width)
        child, woman = minors[lonely][at_child], women[at_woman]
        fits = people["birth"][child] - people["birth"][woman] > YOUNGEST_PARENT_DAYS
        people["mother"][child[fits]] = woman[fits]
        women = np.setdiff1d(women, woman[fits])


def _name_fathers(draws: np.random.Generator, people: Columns) -> None:
    """The mother's husband or former husband; unknown where she was never married or he is too young."""
    father = of(people["spouse"], people["mother"], NOBODY)
    born = people["birth"] - of(people["birth"], father, 0)
    unknown = (father >= 0) & ((born < YOUNGEST_PARENT_DAYS) | (draws.random(people.size) < 0.002))
    people["father"] = np.where(unknown, NOBODY, father)
