"""Register books (户口簿): who is in whose book, which need not be the household, and as what relative of its head."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import NOBODY, Array, Columns, Flags, Whole, of, place_in_run
from flows.synthetic.world.days import NEVER, age_on
from flows.synthetic.world.plan import Part

OWN_BOOK_UNDER_ONE_ROOF = 0.62
"""Share of couples and single elders who share a roof with relatives but have a register book of their own."""
AT_PARENTS = {1: 0.10, 2: 0.17}
"""Share of husbands and wives still in their parents' book, where the parents are in the county."""
GROWN_AT_PARENTS = 0.5
"""The same for single grown children who live elsewhere."""
REGISTERED_ELSEWHERE = 0.025
"""Share of wives whose registration never followed them to the county."""
STUDENT_ELSEWHERE = 0.3
"""Share of university students who took their registration to the university."""
COLLECTIVE = 0.025


def register(part: Part, people: Columns, homes: Columns) -> None:
    """Add `book` (a number like a household's, NOBODY if registered elsewhere), `collective`, `hukou_village`, `relation`."""
    start = part.start
    draws = part.draws("registration")
    age = age_on(people["birth"], start)
    village = homes["village"][people["household"]]
    book, collective = _books_of_grown(draws, people, age, start)
    # 2 × size and beyond: one collective book per village, out of the way of every household number
    book = np.where(collective, 2 * people.size + village, book)
    of_father, of_mother = (of(book, people[parent], NOBODY) for parent in ("father", "mother"))
    child = (age < 18) & (people["mother"] >= 0)
    book = np.where(child, np.where(of_father >= 0, of_father, of_mother), book)
    book = np.where(people["came_in"], NOBODY, book)
    people["book"], people["collective"] = book, collective & ~child
    keeper = np.where((book >= 0) & (book < people.size), book, np.arange(people.size))
    people["hukou_village"] = np.where(book >= 0, village[keeper], NOBODY)
    people["relation"] = _relations(people, age)


def _books_of_grown(draws: np.random.Generator, people: Columns, age: Whole, start: int) -> tuple[Whole, Flags]:
    """The book of everybody who is not a child, and who is in a collective one."""
    size = people.size
    couple = (people["spouse"] >= 0) & (people["divorce"] == NEVER) & (people["wedding"] < start)
    separate = draws.random(size) < OWN_BOOK_UNDER_ONE_ROOF
    own = (couple | (age >= 60)) & separate[people["unit"]]
    book = np.where(own, people["unit"], people["household"])
    parent = np.where(people["father"] >= 0, people["father"], people["mother"])
    stays = np.where(people["sex"] == 1, AT_PARENTS[1], AT_PARENTS[2])
    stays = np.where(couple, stays, GROWN_AT_PARENTS)
    at_parents = (parent >= 0) & (age >= 18) & (draws.random(size) < stays)
    book = np.where(at_parents, of(book, parent, NOBODY), book)
    chance = draws.random(size)
    single = people["wedding"] == NEVER
    elsewhere = couple & (people["sex"] == 2) & (parent < 0) & (age < 60) & (chance < REGISTERED_ELSEWHERE)
    elsewhere |= single & (age >= 18) & (age <= 21) & people["to_university"] & (chance < STUDENT_ELSEWHERE)
    elsewhere |= people["came_in"]
    collective = ~elsewhere & single & (age >= 23) & (age < 50) & (chance < COLLECTIVE)
    return np.where(elsewhere, NOBODY, book), collective


def _relations(people: Columns, age: Whole) -> Array:
    """The GB/T 4761 code of everybody towards the head of their book."""
    head = _heads(people, age)
    self = np.arange(people.size)
    spouse = np.where(people["divorce"] == NEVER, people["spouse"], NOBODY)
    male = people["sex"] == 1
    spouse_of_head = of(spouse, head, NOBODY)

    def is_child(who: Whole, parent: Whole) -> Flags:
        known = (who >= 0) & (parent >= 0)
        found: Flags = known & ((of(people["father"], who, -2) == parent) | (of(people["mother"], who, -2) == parent))
        return found

    def of_head(who: Whole) -> Flags:
        return is_child(who, head) | is_child(who, spouse_of_head)

    order = _birth_order(people)
    cases: list[tuple[Flags, Array | str]] = [
        (people["collective"], "99"),
        (head == self, "02"),
        (spouse_of_head == self, np.where(male, "11", "12")),
        (of_head(self), np.where(male, _numbered(order, 20), _numbered(order, 30))),
        (is_child(head, self), np.where(male, "51", "52")),
        (of_head(spouse), np.where(male, "28", "38")),
        (is_child(spouse_of_head, self), _parents_in_law(people, head, male)),
        (of_head(people["father"]), np.where(male, "41", "42")),
        (of_head(people["mother"]), np.where(male, "43", "44")),
        (_siblings(people, self, head), _sibling_code(people, head, male)),
    ]
    return np.select([case[0] for case in cases], [case[1] for case in cases], "97").astype(object)


def _heads(people: Columns, age: Whole) -> Whole:
    """The head of each person's book: a grown man before a woman, the older first."""
    grown = (age >= 18) & (age < 88) & (people["death"] == NEVER)
    order = np.lexsort((people["birth"], people["sex"] != 1, ~grown, people["book"]))
    start = place_in_run(people["book"][order]) == 0
    first = order[np.flatnonzero(start)[np.cumsum(start) - 1]]
    head = np.empty(people.size, dtype=np.int64)
    head[order] = first
    return head


def _birth_order(people: Columns) -> Whole:
    """1 for a mother's eldest son or daughter, 2 for the next one of the sex …; 0 if the mother is unknown."""
    order = np.lexsort((people["birth"], people["sex"], people["mother"]))
    family = people["mother"][order] * 4 + people["sex"][order]
    rank = np.empty(people.size, dtype=np.int64)
    rank[order] = place_in_run(family) + 1
    return np.where(people["mother"] >= 0, rank, 0)


def _numbered(order: Whole, base: int) -> Array:
    """长子 is 22, 次子 23 …; beyond the fifth and without a mother just 子."""
    return np.where((order > 0) & (order <= 5), base + 1 + order, base).astype(str)


def _parents_in_law(people: Columns, head: Whole, male: Flags) -> Array:
    """岳父, 岳母 of a male head, 公公, 婆婆 of a female one."""
    man_heads = people["sex"][head] == 1
    return np.where(man_heads, np.where(male, "55", "56"), np.where(male, "53", "54"))


def _siblings(people: Columns, self: Whole, head: Whole) -> Flags:
    """Whether somebody shares a known mother with the head."""
    mother = people["mother"]
    siblings: Flags = (mother >= 0) & (mother == mother[head]) & (self != head)
    return siblings


def _sibling_code(people: Columns, head: Whole, male: Flags) -> Array:
    """兄, 弟, 姐姐, 妹妹 as seen by the head."""
    older = people["birth"] < people["birth"][head]
    return np.where(male, np.where(older, "71", "73"), np.where(older, "75", "77"))
