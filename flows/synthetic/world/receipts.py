"""Who is enrolled in what: take-up by group at first, then people joining and leaving the rolls month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.synthetic.entitlement import (
    CHILD,
    EXTREME,
    LIVING,
    NURSING,
    OLD_AGE,
    ORPHAN,
    SINGLE,
    SUBSISTENCE,
    Entitlements,
    Receipts,
    State,
    assess_means,
    assess_supplements,
    means_of,
)
from flows.synthetic.world.columns import Array, Columns, Flags, Whole
from flows.synthetic.world.days import NEVER
from flows.synthetic.world.plan import Part

TAKE_UP = {
    SUBSISTENCE: 0.78, SINGLE: 0.66, EXTREME: 0.87, LIVING: 0.79, NURSING: 0.76, CHILD: 0.75, OLD_AGE: 0.78, ORPHAN: 0.99,
}  # fmt: skip
"""Share of the entitled who apply sooner or later, before the groups below lower it."""
OLDER_ALONE, MIGRANT, MINORITY, DISABLED = 0.84, 0.72, 0.82, 0.90
"""What is left of the chance for each group that hears of programmes less."""
JOINS_A_MONTH = 0.16
"""Chance a month that somebody newly entitled who will apply is enrolled: half a year on average."""
LEAVES_A_MONTH = {
    SUBSISTENCE: 0.12,
    SINGLE: 0.12,
    EXTREME: 0.15,
    LIVING: 0.2,
    NURSING: 0.2,
    CHILD: 0.2,
    OLD_AGE: 0.45,
    ORPHAN: 0.3,
}
"""Chance a month that somebody no longer entitled is taken off: deaths are noticed within months, incomes at the recheck."""
STILL_ON = 0.06
"""Share of households between the standard and 1.6 times the standard that are still on the subsistence roll."""
FIRST = (SUBSISTENCE, SINGLE, EXTREME, CHILD, ORPHAN)
THEN = (LIVING, NURSING, OLD_AGE)
CODES = {SUBSISTENCE: 1, SINGLE: 2, EXTREME: 3, LIVING: 4, NURSING: 5, CHILD: 6, OLD_AGE: 7, ORPHAN: 8}


@dataclass
class Roll:
    """One programme's roll over people or homes: who will apply, who receives, since when (day) and how much."""

    will_apply: Flags
    receives: Flags
    since: Whole
    amount: Array

    def begin(self, draws: np.random.Generator, entitled: Flags, amount: Array, bounds: tuple[Whole, int]) -> None:
        """The roll as the simulation finds it: begun up to six years before a day, not before each unit's earliest."""
        earliest, day = bounds
        self.receives = entitled & self.will_apply
        months = np.minimum(draws.geometric(0.035, len(entitled)), 72)
        since = np.minimum(np.maximum(day - months * 30, earliest), day)
        self.since = np.where(self.receives, first_of_month(since), NEVER)
        self.amount = np.where(self.receives, amount, 0.0)

    def step(self, draws: np.random.Generator, entitled: Flags, amount: Array, timing: tuple[float, int]) -> None:
        """One month: some of those newly entitled join, some of those no longer entitled are taken off."""
        leaves_a_month, day = timing
        joins = entitled & self.will_apply & ~self.receives & (draws.random(len(entitled)) < JOINS_A_MONTH)
        leaves = self.receives & ~entitled & (draws.random(len(entitled)) < leaves_a_month)
        self.receives = (self.receives | joins) & ~leaves
        self.since = np.where(joins, day, np.where(self.receives, self.since, NEVER))
        self.amount = np.where(self.receives, np.where(entitled, amount, self.amount), 0.0)


class Rolls:
    """All rolls of a chunk."""

    def __init__(self, part: Part, state: State) -> None:
        """Decide who would apply for what, and fill the rolls for the month of `state`."""
        self._draws = part.draws("receipts")
        self._rolls: dict[str, Roll] = {}
        of_person, of_home = _chances(state)
        for programme, base in TAKE_UP.items():
            chance = of_home if programme == SUBSISTENCE else of_person
            size = len(chance)
            applies = self._draws.random(size) < base * np.where(programme == ORPHAN, 1.0, chance)
            nobody = np.zeros(size, dtype=bool)
            self._rolls[programme] = Roll(applies, nobody, np.full(size, NEVER), np.zeros(size))
        self._begin(state)

    def step(self, state: State) -> Entitlements:
        """One month on the rolls; what everybody is entitled to afterwards."""
        found = assess_means(state, self._receipts())
        self._move(FIRST, found, state.day)
        found = assess_means(state, self._receipts())
        assess_supplements(state, self._receipts(), found)
        self._move(THEN, found, state.day)
        return found

    def roll(self, programme: str) -> Roll:
        """One programme's roll as it is now."""
        return self._rolls[programme]

    def _receipts(self) -> Receipts:
        flags = {name: self._rolls[name].receives for name in FIRST}
        return Receipts(flags[SUBSISTENCE], flags[SINGLE], flags[EXTREME], flags[CHILD], flags[ORPHAN])

    def _begin(self, state: State) -> None:
        """Fill the rolls in the order in which one programme looks at another."""
        for programme in (EXTREME, CHILD, ORPHAN, SUBSISTENCE, SINGLE):
            found = assess_means(state, self._receipts())
            self._fill(programme, found, state)
        self._keep_some(state)
        assess_supplements(state, self._receipts(), found)
        for programme in THEN:
            self._fill(programme, found, state)

    def _fill(self, programme: str, found: Entitlements, state: State) -> None:
        bounds = _earliest(programme, state), state.day
        self._rolls[programme].begin(self._draws, found.is_entitled[programme], found.amount[programme], bounds)

    def _keep_some(self, state: State) -> None:
        """Households whose income rose above the standard and who are still on the roll."""
        means, roll = means_of(state), self._rolls[SUBSISTENCE]
        near = (means.per_head >= means.standard) & (means.per_head < 1.6 * means.standard) & means.conforms
        stays = near & ~roll.receives & (self._draws.random(len(near)) < STILL_ON)
        roll.receives = roll.receives | stays
        roll.since = np.where(stays, first_of_month(np.array([state.day - 600])), roll.since)
        roll.amount = np.where(
            stays, np.maximum(np.round(0.35 * means.standard), 100) * np.maximum(means.members, 1), roll.amount
        )

    def _move(self, programmes: tuple[str, ...], found: Entitlements, day: int) -> None:
        first = int(first_of_month(np.array([day]))[0])
        for programme in programmes:
            timing = (LEAVES_A_MONTH[programme], first)
            self._rolls[programme].step(self._draws, found.is_entitled[programme], found.amount[programme], timing)


def first_of_month(days: Whole) -> Whole:
    """The first day of the month each day lies in."""
    firsts: Whole = days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return firsts


def _earliest(programme: str, state: State) -> Whole:
    """The day before which nobody can have been enrolled: the 80th birthday, the certificate."""
    people = state.people
    if programme == SUBSISTENCE:
        return np.zeros(state.homes.size, dtype=np.int64)
    if programme == OLD_AGE:
        return people["birth"] + round(80 * 365.25) + 31
    return people["cert_from"] + 31 if programme in (LIVING, NURSING) else people["birth"] + 31


def _chances(state: State) -> tuple[Array, Array]:
    """What is left of the chance to apply, per person and per household."""
    people, size = state.people, state.homes.size
    alone = np.bincount(people["home"], weights=people["alive"] & ~people["away"], minlength=size) == 1
    older = people["alive"] & (state.age >= 65)
    older_alone = older & alone[people["home"]]
    migrant = people["away"] | people["came_in"]
    severe = (people["disability_level"] > 0) & (people["disability_level"] <= 2)
    groups = ((older_alone, OLDER_ALONE), (migrant, MIGRANT), (people["minority"], MINORITY), (severe, DISABLED))
    of_person, of_home = np.ones(people.size), np.ones(size)
    for members, factor in groups:
        of_person = np.where(members, of_person * factor, of_person)
        touched = np.bincount(people["home"], weights=members & people["alive"], minlength=size) > 0
        of_home = np.where(touched, of_home * factor, of_home)
    return of_person, of_home


def roll_numbers(programme: str, first_number: int, positions: Whole) -> list[str | None]:
    """The number a roll files a unit under: area, programme, unit."""
    return [f"230123{CODES[programme]}{first_number + position:09d}" for position in positions.tolist()]


__all__ = ["Columns", "Roll", "Rolls", "roll_numbers"]
