"""What happens to people and families while the county is watched: deaths, weddings, divorces, births, moves."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import NOBODY, Array, Columns, Flags, Whole, of, pair_up
from flows.synthetic.world.days import NEVER, age_on
from flows.synthetic.world.plan import Part

WEDDINGS, DIVORCES, BIRTHS, LEAVES = 0.09, 0.011, 0.075, 0.012
"""Per year: weddings per single person of 22–38, divorces per couple under 55, births per couple with a wife of 21–38,
departures for work elsewhere per person of 19–50."""


def live(part: Part, people: Columns) -> Columns:
    """People with their future from the first to the last day of `span`, those born in it appended in order of birth."""
    span = part.span
    draws = part.draws("life events")
    people["household_after"] = people["household"].copy()
    people["moves_on"] = np.full(people.size, NEVER)
    _die(draws, people, span)
    _wed(draws, people, span)
    _part(draws, people, span)
    _leave(draws, people, span)
    return _give_birth(draws, people, span)


def _happens(draws: np.random.Generator, per_year: float | Array, count: int, span: tuple[int, int]) -> Flags:
    """Whether an event of this yearly rate comes within the span."""
    return draws.random(count) < np.asarray(per_year) * (span[1] - span[0]) / 365.25


def _day_in(draws: np.random.Generator, count: int, span: tuple[int, int]) -> Whole:
    """A day of the span."""
    return draws.integers(span[0], span[1] + 1, count)


def _die(draws: np.random.Generator, people: Columns, span: tuple[int, int]) -> None:
    """Mortality doubles about every eight years of age."""
    age = (span[0] - people["birth"]) / 365.25
    dies = _happens(draws, np.minimum(0.00004 * np.exp(0.092 * age), 0.6), people.size, span)
    dies &= people["death"] == NEVER
    people["death"] = np.where(dies, _day_in(draws, people.size, span), people["death"])


def _wed(draws: np.random.Generator, people: Columns, span: tuple[int, int]) -> None:
    """Single people marry somebody of the county; the bride moves in with the groom."""
    age = age_on(people["birth"], span[0])
    single = (people["wedding"] == NEVER) & (age >= 22) & (age <= 38) & (people["death"] == NEVER)
    single &= (people["prison_from"] == NEVER) & (people["vanished_from"] == NEVER)
    wants = np.flatnonzero(single & _happens(draws, WEDDINGS, people.size, span))
    men, women = wants[people["sex"][wants] == 1], wants[people["sex"][wants] == 2]
    at_man, at_woman = pair_up(draws, age[men] // 5, (age[women] + 2) // 5)
    groom, bride = men[at_man], women[at_woman]
    related = (people["mother"][groom] == people["mother"][bride]) | (
        people["household"][groom] == people["household"][bride]
    )
    groom, bride = groom[~related], bride[~related]
    day = _day_in(draws, len(groom), span)
    people["spouse"][groom], people["spouse"][bride] = bride, groom
    for person in (groom, bride):
        people["wedding"][person] = day
    people["household_after"][bride] = people["household"][groom]
    people["moves_on"][bride] = day


def _part(draws: np.random.Generator, people: Columns, span: tuple[int, int]) -> None:
    """Couples divorce; one of them leaves alone for a household of their own."""
    age = age_on(people["birth"], span[0])
    couple = (people["spouse"] >= 0) & (people["wedding"] < span[0]) & (people["divorce"] == NEVER)
    couple &= (people["death"] == NEVER) & of(people["death"] == NEVER, people["spouse"], False)
    wives = np.flatnonzero(couple & (people["sex"] == 2) & (age < 55))
    wives = wives[_happens(draws, DIVORCES, len(wives), span)]
    day = _day_in(draws, len(wives), span)
    husbands = people["spouse"][wives]
    people["divorce"][wives] = day
    people["divorce"][husbands] = day
    leaver = np.where(draws.random(len(wives)) < 0.7, wives, husbands)
    people["household_after"][leaver] = people.size + leaver
    people["moves_on"][leaver] = day


def _leave(draws: np.random.Generator, people: Columns, span: tuple[int, int]) -> None:
    """Add `away_from`, `away_to`: since when a person works elsewhere, and until when."""
    age = age_on(people["birth"], span[0])
    free = (people["death"] == NEVER) & (people["prison_from"] == NEVER) & (people["vanished_from"] == NEVER)
    long_gone = free & (
        people["works_away"] | ((age >= 19) & (age < 58) & (draws.random(people.size) < _away_share(age)))
    )
    since = span[0] - draws.integers(40, 3000, people.size)
    newly = free & ~long_gone & (age >= 19) & (age <= 50) & _happens(draws, LEAVES, people.size, span)
    since = np.where(newly, _day_in(draws, people.size, span), since)
    people["away_from"] = np.where(long_gone | newly, since, NEVER)
    comes_back = long_gone & ~people["works_away"] & _happens(draws, 0.08, people.size, span)
    people["away_to"] = np.where(comes_back, _day_in(draws, people.size, span), NEVER)


def _away_share(age: Whole) -> Array:
    """Share of people working elsewhere while registered here, by age."""
    return np.interp(age, [18, 22, 30, 40, 50, 58], [0.05, 0.24, 0.21, 0.14, 0.08, 0.04])


def _give_birth(draws: np.random.Generator, people: Columns, span: tuple[int, int]) -> Columns:
    """Append the children born in the span, oldest first."""
    age = age_on(people["birth"], span[0])
    fertile = (
        (people["sex"] == 2) & (people["wedding"] < span[0]) & (people["divorce"] == NEVER) & (age >= 21) & (age <= 38)
    )
    fertile &= (people["death"] == NEVER) & of(people["death"] == NEVER, people["spouse"], False)
    last = np.full(people.size, np.int64(-NEVER))
    has_mother = people["mother"] >= 0
    np.maximum.at(last, people["mother"][has_mother], people["birth"][has_mother])
    fertile &= last < span[0] - 550
    mothers = np.flatnonzero(fertile)
    mothers = mothers[_happens(draws, BIRTHS, len(mothers), span)]
    days = np.sort(_day_in(draws, len(mothers), span))
    return _append(draws, people, mothers, days)


def _append(draws: np.random.Generator, people: Columns, mothers: Whole, days: Whole) -> Columns:
    """The people and their new-born: like anybody without a past, in the mother's household."""
    count = len(mothers)
    own: dict[str, Array] = {
        "sex": np.where(draws.random(count) < 0.525, 1, 2),
        "birth": days,
        "mother": mothers,
        "father": people["spouse"][mothers],
    }
    for name in ("household", "household_after", "unit"):
        own[name] = people[name][mothers]
    blank: dict[str, object] = {
        "spouse": NOBODY,
        "status": 0,
        "children_away": 0,
        "works_away": False,
        "left_behind": False,
    }
    grown = Columns()
    for name, column in people.items():
        fill = np.full(count, blank.get(name, NEVER), dtype=column.dtype)
        grown[name] = np.concatenate([column, own.get(name, fill)])
    shifted = (grown["household_after"] >= people.size) & (grown["household_after"] < 2 * people.size)
    grown["household_after"] = np.where(shifted, grown["household_after"] + count, grown["household_after"])
    return grown
