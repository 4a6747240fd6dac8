"""Where people live: villages, addresses, households that came from elsewhere, left as a whole, or move."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import NOBODY, Array, Columns, Flags, Whole, joined, of, pick, texts, words
from flows.synthetic.world.days import NEVER, age_on
from flows.synthetic.world.places import Places
from flows.synthetic.world.plan import Part

NEAR_PARENTS = 0.55
"""Share of households in the village of the husband's parents."""
WHOLE_HOUSEHOLD_OUT = 0.05
WHOLE_HOUSEHOLD_IN = {True: 0.035, False: 0.13}
"""Rural, urban."""
MOVES_PER_YEAR = 0.008
STREETS = words("通江路 健康路 建设街 中央大街 五国城路 文化路 牡丹江街 靖康街 松花江路 拥军路")


def reside(part: Part, people: Columns, places: Places) -> Columns:
    """The homes: village and address, before and after a move on `moves_on`; adds `came_in`, `out_with_household`.

    A household's number is a position in `people`; households that begin during the span have numbers beyond it, so
    there is a home for twice as many numbers as there are people.
    """
    span = part.span
    draws = part.draws("residence")
    numbers = 2 * people.size
    village = _villages(draws, people, places)
    moves = draws.random(numbers) < MOVES_PER_YEAR * (span[1] - span[0]) / 365.25
    target = np.where(moves, pick(draws, places.weight, numbers), village)
    lived_in = np.zeros(numbers, dtype=bool)
    lived_in[people["household"]] = lived_in[people["household_after"]] = True
    homes = Columns(
        village=village,
        village_after=target,
        moves_on=np.where(moves, draws.integers(span[0], span[1] + 1, numbers), NEVER),
        address=_addresses(draws, places.is_rural[village], lived_in),
    )
    homes["address_after"] = homes["address"].copy()
    homes["address_after"][moves] = _addresses(draws, places.is_rural[target], lived_in & moves)[moves]
    _move_whole_households(draws, people, places.is_rural[village], span[0])
    return homes


def _move_whole_households(draws: np.random.Generator, people: Columns, rural: Flags, start: int) -> None:
    """Whole households that came from elsewhere, and registered ones that live elsewhere."""
    chance, mobile = draws.random(2 * people.size), _mobile(people, start)
    inward = np.where(rural, WHOLE_HOUSEHOLD_IN[True], WHOLE_HOUSEHOLD_IN[False])
    people["out_with_household"] = (mobile & (chance < WHOLE_HOUSEHOLD_OUT))[people["household"]]
    people["came_in"] = (mobile & ~_rooted(people) & (chance > 1 - inward))[people["household"]]


def _rooted(people: Columns) -> Flags:
    """Households with a member whose parents have another household in the county: they did not come from elsewhere."""
    rooted = np.zeros(2 * people.size, dtype=bool)
    for parent in ("father", "mother"):
        home_of_parent = of(people["household"], people[parent], NOBODY)
        apart = (home_of_parent >= 0) & (home_of_parent != people["household"])
        rooted[people["household"][apart]] = True
    return rooted


def _mobile(people: Columns, start: int) -> Flags:
    """Households that may have moved as a whole: somebody of working age, nobody past it."""
    age, numbers = age_on(people["birth"], start), 2 * people.size
    alive = people["death"] == NEVER
    workers = np.bincount(people["household"], weights=alive & (age >= 22) & (age < 58), minlength=numbers)
    old = np.bincount(people["household"], weights=alive & (age >= 62), minlength=numbers)
    mobile: Flags = (workers > 0) & (old == 0)
    return mobile


def _villages(draws: np.random.Generator, people: Columns, places: Places) -> Whole:
    """A village per household; many a household stays in the village of his parents."""
    numbers = 2 * people.size
    village = pick(draws, places.weight, numbers)
    near = draws.random(numbers) < NEAR_PARENTS
    parent = np.where(people["father"] >= 0, people["father"], people["mother"])
    parental = of(people["household"], parent, NOBODY)
    follows = (parental >= 0) & (parental != people["household"]) & near[people["household"]]
    child = np.flatnonzero(follows)
    for _ in range(3):
        village[people["household"][child]] = village[parental[child]]
    return village


def _addresses(draws: np.random.Generator, rural: Flags, wanted: Flags) -> Array:
    """Group and house number in a village; street, building, staircase and flat in a community."""
    numbers = draws.integers(0, 2**31, (len(rural), 5))
    address = np.empty(len(rural), dtype=object)
    here = numbers[rural & wanted]
    groups = texts([f"{i}组" for i in range(1, 8)])
    address[rural & wanted] = joined(groups[here[:, 0] % 7], here[:, 1] % 160 + 1, "号")
    here = numbers[~rural & wanted]
    flat = (here[:, 4] % 6 + 1) * 100 + here[:, 1] % 3 + 1
    street = STREETS[here[:, 2] % len(STREETS)]
    address[~rural & wanted] = joined(street, here[:, 3] % 39 + 1, "号楼", here[:, 0] % 6 + 1, "单元", flat, "室")
    return address
