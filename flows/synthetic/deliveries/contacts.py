"""Telephones and addresses as departments write them down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Chance, Mask, Numbers
from flows.synthetic.deliveries.citizen_numbers import Entry
from flows.synthetic.deliveries.columns import change, either, join, mask, put, rewrite, same, take
from flows.synthetic.deliveries.errors import Rates
from flows.synthetic.deliveries.people import People

COUNTY = "黑龙江省依兰县"
PREFIXES = (COUNTY, "黑龙江省哈尔滨市依兰县", "依兰县", "")
NUMERALS = dict(zip("123456789", "一二三四五六七八九", strict=True))


def write_phones(people: People, entry: Entry, chance: Chance, rates: Rates) -> pa.Array:
    """Return the telephone this source holds: one's own, the family's, one given up long ago, or none."""
    shared = chance.happens("family_phone", entry.keys, rates.family_phone)
    heads = people.head[entry.positions]
    owners = np.where(shared & (entry.positions >= 0) & (heads >= 0), heads, entry.positions)
    phones = take(people.text("phone"), owners)
    there = mask(phones.is_valid())
    given_up = there & chance.happens("old_phone", entry.keys, rates.old_phone)
    phones = put(phones, given_up, given_up_numbers(chance, entry.keys[given_up]))
    loose = there & chance.happens("loose_phone", entry.keys, rates.loose_phone)
    phones = rewrite(phones, loose, lambda phone: f"{phone[:3]}-{phone[3:7]}-{phone[7:]}")
    return either(chance.happens("no_phone", entry.keys, rates.no_phone), None, phones)


def given_up_numbers(chance: Chance, keys: Numbers) -> pa.Array:
    """Return mobile numbers nobody in the county has any more."""
    tails = pa.array(10_000_000_000 + chance.whole("given up", keys, 9_999_999)).cast(pa.string())
    return join(chance.choose("given up head", keys, ("130", "131", "145", "153")), pc.utf8_slice_codeunits(tails, 3))


class Places:
    """Where the entries of one source live, as the source has it: address and village code agree with each other."""

    def __init__(
        self, people: People, entry: Entry, luck: tuple[Chance, Rates], villages: Numbers | None = None
    ) -> None:
        self._people, self._keys = people, entry.keys
        self._chance, self._rates = chance, rates = luck
        moved = chance.happens("old_address", entry.keys, rates.old_address) & (entry.positions >= 0)
        before = chance.whole("old home", entry.keys, max(1, len(people)))
        self._homes = np.where(moved, before, entry.positions)
        self._villages = np.where(moved, before, entry.positions if villages is None else villages)

    def village_codes(self) -> pa.Array:
        """Return the village codes; a few are of before a merger of villages and no longer in use."""
        codes = take(self._people.text("village_code"), self._villages)
        stale = self._chance.happens("old_village_code", self._keys, self._rates.old_village_code)
        return rewrite(codes, stale, lambda code: code[:9] + f"{(int(code[9:]) + 500) % 1000:03d}")

    def addresses(self) -> pa.Array:
        """Return the addresses from the province down to the house."""
        villages = take(self._people.text("village_name"), self._villages)
        whole = join(self._prefixes(), self._towns(), villages, self._below())
        return pc.if_else(villages.is_valid(), whole, None)

    def _prefixes(self) -> pa.Array:
        """Return province and county, as much of them as this clerk writes."""
        ways = self._chance.whole("prefix", self._keys, len(PREFIXES))
        return pa.array(PREFIXES).take(pa.array(np.where(self._loosely("prefix"), ways, 0)))

    def _towns(self) -> pa.Array:
        """Return the township: mostly in full, else without its last character, as the seat of its government, or not."""
        towns = take(self._people.text("township_name"), self._villages)
        way, loosely = self._chance.whole("town", self._keys, 4), self._loosely("town")
        towns = change(towns, loosely & (way == 0), lambda some: pc.replace_substring_regex(some, "(镇|乡)$", ""))
        towns = change(towns, loosely & (way == 1), lambda some: join(some, "人民政府"))
        return change(towns, loosely & (way == 2), lambda some: same("", len(some)))

    def _below(self) -> pa.Array:
        """Return group and house number, written as this clerk likes."""
        homes = take(self._people.text("address"), self._homes)
        way, loosely = self._chance.whole("below", self._keys, 4), self._loosely("below")
        homes = change(homes, loosely & (way == 0), lambda some: pc.replace_substring(some, "组", "村民组"))
        homes = rewrite(homes, loosely & (way == 1), in_numerals)
        homes = change(homes, loosely & (way == 2), lambda some: pc.replace_substring_regex(some, "号$", ""))
        return change(
            homes, loosely & (way == 3), lambda some: pc.replace_substring_regex(some, "^([0-9]+组)", r"第\1")
        )

    def _loosely(self, part: str) -> Mask:
        return self._chance.happens(f"loose {part}", self._keys, self._rates.loose_address)


def in_numerals(address: str) -> str:
    """Return an address whose group is written 三组 and not 3组; longer numbers stay."""
    if len(address) > 1 and address[1] == "组" and address[0] in NUMERALS:
        return NUMERALS[address[0]] + address[1:]
    return address
