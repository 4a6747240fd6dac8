"""Who is or was married to whom, and since when."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from flows.synthetic.world.columns import NOBODY, Array, Columns, Whole, pair_up
from flows.synthetic.world.days import NEVER, age_on
from flows.synthetic.world.plan import Part

Curve = npt.NDArray[np.float64]
AGES = np.array([0, 20, 22, 25, 30, 35, 40, 50, 60, 70, 80, 100])
EVER_MARRIED = {
    1: np.array([0, 0, 0.02, 0.18, 0.60, 0.80, 0.88, 0.93, 0.945, 0.955, 0.96, 0.96]),
    2: np.array([0, 0, 0.10, 0.42, 0.82, 0.925, 0.96, 0.985, 0.99, 0.995, 0.995, 0.995]),
}
DIVORCED = np.array([0, 0, 0.01, 0.03, 0.07, 0.095, 0.10, 0.085, 0.055, 0.025, 0.01, 0.0])
WIDOWED = {
    1: np.array([0, 0, 0, 0, 0.001, 0.002, 0.005, 0.02, 0.05, 0.13, 0.28, 0.55]),
    2: np.array([0, 0, 0, 0.001, 0.002, 0.005, 0.012, 0.04, 0.12, 0.30, 0.60, 0.93]),
}
"""Shares by age, read between the ages above. The widowed here lost a spouse long ago, whom no list names."""
NEVER_MARRIED, MARRIED, DIVORCE, WIDOW = 0, 1, 2, 3


def marry(part: Part, people: Columns) -> None:
    """Add spouse (also of the divorced), wedding and divorce; leftover men stay single, leftover women lost somebody."""
    start = part.start
    draws = part.draws("marriages")
    status = _status(draws, people, start)
    people["spouse"] = np.full(people.size, NOBODY)
    for kind, gap in ((MARRIED, 2), (DIVORCE, 4)):
        _pair(draws, people, status == kind, gap)
    lonely = (status == MARRIED) & (people["spouse"] == NOBODY)
    old = age_on(people["birth"], start) >= 60
    status[lonely] = np.where(people["sex"][lonely] == 1, NEVER_MARRIED, np.where(old[lonely], WIDOW, DIVORCE))
    people["status"] = status
    _date(draws, people, start)


def _status(draws: np.random.Generator, people: Columns, start: int) -> Whole:
    """Never married, married, divorced or long widowed, by sex and age."""
    age = (start - people["birth"]) / 365.25
    ever, divorced, widowed = (_by_sex(people["sex"], age, curves) for curves in (EVER_MARRIED, DIVORCED, WIDOWED))
    chance = draws.random(people.size)
    status = np.full(people.size, NEVER_MARRIED)
    status[chance < ever] = MARRIED
    status[chance < ever * (divorced + widowed)] = DIVORCE
    status[chance < ever * widowed] = WIDOW
    return status


def _by_sex(sex: Array, age: Array, curves: dict[int, Curve] | Curve) -> Array:
    """A share by age, for each sex its own curve."""
    if not isinstance(curves, dict):
        return np.interp(age, AGES, curves)
    return np.where(sex == 1, np.interp(age, AGES, curves[1]), np.interp(age, AGES, curves[2]))


def _pair(draws: np.random.Generator, people: Columns, wanted: Array, gap: int) -> None:
    """Pair men and women of `wanted`, first of nearly the same age, then more loosely."""
    years = people["birth"] / 365.25 + draws.normal(0, 1.6, people.size) + np.where(people["sex"] == 2, -1.8, 0)
    for width in (gap, 3 * gap, 5 * gap):
        free = np.flatnonzero(wanted & (people["spouse"] == NOBODY))
        men, women = free[people["sex"][free] == 1], free[people["sex"][free] == 2]
        key = np.floor(years / width).astype(np.int64)
        left, right = pair_up(draws, key[men], key[women])
        people["spouse"][men[left]] = women[right]
        people["spouse"][women[right]] = men[left]


def _date(draws: np.random.Generator, people: Columns, start: int) -> None:
    """Wedding and divorce days; both of a couple have the same, and nobody marries before 20."""
    size = people.size
    spouse = np.where(people["spouse"] >= 0, people["spouse"], np.arange(size))
    younger = np.maximum(people["birth"], people["birth"][spouse])
    later_born = np.clip((younger / 365.25 + 1970 - 1950) / 50, 0, 1)
    wait = np.maximum(draws.gamma(2.2, 1.6 + 1.2 * later_born), 0) + 20.3
    wedding = np.minimum(younger + (wait * 365.25).astype(np.int64), start - 20 - draws.integers(0, 400, size))
    lead = np.minimum(np.arange(size), spouse)
    married = people["status"] != NEVER_MARRIED
    people["wedding"] = np.where(married, wedding[lead], NEVER)
    apart = wedding + 200 + (draws.beta(1.1, 1.3, size) * np.maximum(start - 60 - wedding - 200, 0)).astype(np.int64)
    people["divorce"] = np.where(people["status"] == DIVORCE, np.minimum(apart, start - 2)[lead], NEVER)
