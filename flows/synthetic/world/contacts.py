"""Telephone numbers and insurance numbers."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import Array, Columns, Whole, joined, only, texts, words
from flows.synthetic.world.days import NEVER
from flows.synthetic.world.plan import Part

PREFIXES = words(
    "130 131 132 133 134 135 136 137 138 139 150 151 152 155 156 157 158 159 166 173 176 177 178 180 181 182 183 185 187 "
    "188 189 191 198 199"
)
AGES = np.array([8, 12, 16, 20, 60, 70, 80, 95])
HAS_PHONE = np.array([0, 0.08, 0.55, 0.95, 0.92, 0.70, 0.40, 0.15])


def connect(part: Part, people: Columns) -> None:
    """Add `phone` (some share one in the family, some have none) and `insured_no`."""
    start = part.start
    draws = part.draws("contacts")
    size = people.size
    age = (start - people["birth"]) / 365.25
    digits = np.char.zfill(draws.integers(0, 10**8, size).astype(str), 8)
    own = joined(PREFIXES[draws.integers(0, len(PREFIXES), size)], digits)
    has = draws.random(size) < np.interp(age, AGES, HAS_PHONE)
    phone = only(has, own)
    keeper = _keepers(people, age, has)
    shares = ~has & (keeper >= 0) & (draws.random(size) < np.where(age < 60, 0.3, 0.55))
    people["phone"] = np.where(shares, phone[np.maximum(keeper, 0)], phone)
    first = part.plan.first_number(part.chunk) + np.arange(size)
    people["insured_no"] = joined(texts([part.plan.area_code]).repeat(size), np.char.zfill(first.astype(str), 14))


def _keepers(people: Columns, age: Array, has: Array) -> Whole:
    """Whose telephone the others of a household give as theirs: somebody of working age who has one."""
    keeper = np.full(2 * people.size, -1)
    rows = np.flatnonzero(has & (age >= 20) & (age < 66) & (people["death"] == NEVER))
    keeper[people["household"][rows]] = rows
    return keeper[people["household"]]
