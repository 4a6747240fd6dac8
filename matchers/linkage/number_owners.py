"""Whose a citizen number is, where records under it have different names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any

from rapidfuzz.distance import OSA

from matchers.linkage.certain import GROUPS
from matchers.linkage.typed_columns import hashes_of, texts, wholes
from matchers.stage import Engine, keep
from schemas.identities import LINK_NUMBER_GROUP

# Names of the unborn-named and of relatives: the name in front is somebody else's.
RELATIVE_ENDINGS = ("之子", "之女", "之母", "之父", "之妻", "之夫")


@dataclass(frozen=True)
class NumberName:
    """One name under a number, as `link_number_name` has it."""

    number: int
    name: int
    full_name: str
    name_pinyin: str | None
    agrees: bool | None
    contradicts: bool
    is_registered: bool
    has_namesake: bool


def group_number_names(db: Engine) -> int:
    """Make `link_number_group`; return how many names under disputed numbers there are."""
    columns = ", ".join(field.name for field in fields(NumberName))
    rows = db.rows(
        f"select {columns} from link_number_name "
        "order by number, trust, agrees is not true, record_count desc, full_name"
    )
    names = [NumberName(*row) for row in rows]
    grouped = [entry for _, same in groupby(names, key=lambda name: name.number) for entry in groups(list(same))]
    numbers, hashes, places, reasons = zip(*grouped, strict=True) if grouped else ((), (), (), ())
    values: dict[str, Any] = {
        "number": wholes(numbers),
        "name": hashes_of(hashes),
        "group_no": wholes(places),
        "reason": texts(reasons),
    }
    return keep(db, LINK_NUMBER_GROUP, values)


def groups(names: list[NumberName]) -> Iterator[tuple[int, int, int, str | None]]:
    """Yield each name under one number with its group; the best-supported name of a group leads it."""
    leaders: list[NumberName] = []
    for name in names:
        place = next((at for at, leader in enumerate(leaders) if are_one(leader, name)), len(leaders))
        if place == len(leaders) < GROUPS - 1:
            leaders.append(name)
        place = min(place, len(leaders) - 1)
        differs = "name and birth date or sex differ" if name.contradicts else "name differs"
        yield name.number, name.name, place, differs if place else None


def are_one(leader: NumberName, name: NumberName) -> bool:
    """Return whether two names under one number are one person's.

    A name that differs is a former name where the number's own birth date stands beside it, or where no relative or
    neighbour of that name can be whose record took the number by mistake. Where both names stand in a source that knows
    everybody once, the number was given out twice.
    """
    likeness = name_likeness(leader, name)
    if likeness == "same":
        return True
    both_registered = leader.is_registered and name.is_registered
    if likeness == "near":
        return not name.contradicts and not (both_registered and len(name.full_name) <= 2)
    if both_registered or name.contradicts:
        return False
    return bool(name.agrees) or (not name.has_namesake and name.full_name[:1] == leader.full_name[:1])


def name_likeness(one: NumberName, other: NumberName) -> str:
    """Return same, near or different."""
    first, second = one.full_name, other.full_name
    if first == second:
        return "same"
    if first.endswith(RELATIVE_ENDINGS) or second.endswith(RELATIVE_ENDINGS):
        return "different"
    if one.name_pinyin and one.name_pinyin == other.name_pinyin:
        return "same"
    if min(len(first), len(second)) >= 2 and (first in second or second in first):
        return "same"
    slips = OSA.distance(first, second, score_cutoff=1)
    if slips > 1 or min(len(first), len(second)) < 2:
        return "different"
    return "same" if max(len(first), len(second)) >= 4 else "near"
