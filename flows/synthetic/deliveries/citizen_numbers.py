"""Citizen numbers as departments write them down."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Chance, Mask, Numbers
from flows.synthetic.deliveries.columns import mask, put, rewrite, take
from flows.synthetic.deliveries.errors import Rates
from flows.synthetic.deliveries.people import People

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
TO_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def check_digit(body: str) -> str:
    """Return the 18th character that GB 11643 asks for after these seventeen."""
    return CHECK[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def fails(number: str) -> str:
    """Return the number, its last character moved on where it would pass the check by accident."""
    if check_digit(number[:17]) != number[17]:
        return number
    return number[:17] + CHECK[(CHECK.index(number[17]) + 3) % 11]


def wrong_digit(number: str, luck: int) -> str:
    """Return the number with one digit misread."""
    place = 4 + luck % 13
    digit = str((int(number[place]) + 1 + luck // 13 % 9) % 10)
    return fails(number[:place] + digit + number[place + 1 :])


def swapped(number: str, luck: int) -> str:
    """Return the number with two neighbouring digits swapped, of those that differ."""
    places = [place for place in range(5, 16) if number[place] != number[place + 1]] or [15]
    at = places[luck % len(places)]
    return fails(number[:at] + number[at + 1] + number[at] + number[at + 2 :])


def short(number: str, luck: int) -> str:
    """Return the number with one digit lost."""
    place = 6 + luck % 11
    return number[:place] + number[place + 1 :]


def masked(number: str, luck: int) -> str:
    """Return the number as lists that go out show it."""
    return number[:6] + "********" + number[14:] if luck % 3 else number[:4] + "***********" + number[15:]


def excel(number: str, luck: int) -> str:
    """Return the number as a workbook keeps it that took it for a number: fifteen digits survive."""
    return number[:15] + "000" if luck % 4 else f"{int(number[:17] + '0') / 1e17:.5f}E+17"


def other(number: str, luck: int) -> str:
    """Return a number of nobody or somebody else that passes the check."""
    body = number[:14] + f"{(int(number[14:17]) + 2 + luck % 400 * 2) % 1000:03d}"
    return body + check_digit(body)


def blanks(number: str, luck: int) -> str:
    """Return the number with blanks or a workbook's apostrophe around or inside."""
    return (f" {number}", f"{number} ", f"{number[:6]} {number[6:14]} {number[14:]}", f"'{number}")[luck % 4]


def missing(number: str, luck: int) -> str | None:
    """Return nothing, or what clerks write for nothing."""
    return ("无", "0", "不详", "—")[luck // 10 % 4] if number and luck % 10 == 0 else None


Change = Callable[[str, int], str | None]
SLIPS: tuple[tuple[str, Change], ...] = (
    ("no_id", missing),
    ("wrong_id", wrong_digit),
    ("swapped_id", swapped),
    ("short_id", short),
    ("masked_id", masked),
    ("excel_id", excel),
    ("other_id", other),
    ("full_width_id", lambda number, luck: number.translate(TO_FULL_WIDTH)),
    ("blank_in_id", blanks),
)


class Entry(NamedTuple):
    """Who is written down: positions among the people, and a key per entry that its luck hangs on."""

    positions: Numbers
    keys: Numbers

    def few(self, where: Mask) -> Entry:
        """Return the entries under the mask."""
        return Entry(self.positions[where], self.keys[where])


def write_numbers(people: People, entry: Entry, chance: Chance, rates: Rates) -> pa.Array:
    """Return the citizen number as this source states it for each entry; null where it states none."""
    numbers = take(people.text("national_id"), entry.positions)
    for column, rate in (("old_national_id", rates.old_id), ("id15", rates.id15)):
        stale = has(people, column, entry) & chance.happens(column, entry.keys, rate)
        numbers = put(numbers, stale, take(people.text(column), entry.positions[stale]))
    mine = people.relative[entry.positions]
    theirs = (entry.positions >= 0) & (mine >= 0) & chance.happens("relative_id", entry.keys, rates.relative_id)
    numbers = put(numbers, theirs, take(people.text("national_id"), mine[theirs]))
    folded = chance.happens("lower_x", entry.keys, rates.lower_x)
    numbers = rewrite(numbers, folded & ends_in_x(numbers), str.lower)
    return slip(numbers, entry.keys, chance, rates)


def has(people: People, column: str, entry: Entry) -> Mask:
    """Return which entries are of somebody who has a value in this column."""
    return np.asarray(people.has(column)[entry.positions] & (entry.positions >= 0))


def ends_in_x(numbers: pa.Array) -> Mask:
    """Return which numbers end in X."""
    return mask(pc.ends_with(numbers, "X"))


def slip(numbers: pa.Array, keys: Numbers, chance: Chance, rates: Rates) -> pa.Array:
    """Return the numbers with the slips of the pen this source's clerks make, at most one per number."""
    edges = np.cumsum([getattr(rates, name) for name, _ in SLIPS])
    kinds = np.searchsorted(edges, chance.share("id", keys), side="right")
    hit = (kinds < len(SLIPS)) & mask(numbers.is_valid())
    if not hit.any():
        return numbers
    written = zip(
        numbers.filter(pa.array(hit)).to_pylist(),
        kinds[hit].tolist(),
        chance.whole("luck", keys[hit], 1 << 20).tolist(),
        strict=True,
    )
    slips = [
        SLIPS[kind][1](number, luck) if len(number) == 18 and number[17] != "x" else number
        for number, kind, luck in written
    ]
    return put(numbers, hit, pa.array(slips, pa.string()))
