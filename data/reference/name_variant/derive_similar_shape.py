"""Derives similar_shape.csv: `python derive_similar_shape.py cjk-decomp.txt Unihan_OtherMappings.txt > similar_shape.csv`.

The first file says of which parts a character is made (CJK Decomposition Data File), the second which characters are in general
use (kTGH: 通用规范汉字表, 2013). Takes four minutes.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# Shares of the strokes of the longer character.
MOST_APART = 0.25  # what differs, wherever it stands
LEAST_TAIL = 0.5  # the same parts at the end, where the radical seldom stands
LEAST_SHARED = 0.6  # the same parts at both ends
FEW_STROKES = 5  # characters that have no build to speak of
OTHER_BUILD = 2.0  # strokes that count for being built otherwise
OTHER_JOIN = 0.5  # a stroke that is bent, or parts that are joined otherwise
REPEATED = {
    **dict.fromkeys(("rrefr", "rrefl", "ra"), ("a", 2)), "rd": ("d", 2), **dict.fromkeys(("rstl", "rrotu"), ("x", 2)),
    "r3a": ("a", 3), "r3d": ("d", 3), **dict.fromkeys(("r3tr", "r3gw", "r3st"), ("x", 3)), "r4a": ("a", 4),
    **dict.fromkeys(("r4sq", "r4dia"), ("x", 4)), "r5x": ("x", 5),
}  # fmt: skip
Parts = tuple[str, ...]
RECORD = re.compile(r"^(.+?):(.*?)\((.*)\)$")
PARTS: dict[str, tuple[str, Parts]] = {}


def read(path: Path) -> None:
    """Read how each character is built: of which parts, and how they stand to each other."""
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if found := RECORD.match(line.strip()):
            how, parts = found[2].split("/")[0], tuple(part for part in found[3].split(",") if part)
            way, times = REPEATED.get(how, (how, 1))
            PARTS[found[1]] = (way, parts * times)


def built(character: str) -> tuple[str, Parts]:
    """Return how a character is built, and its parts; a stroke has none."""
    return PARTS.get(character, ("c", ()))


def build(how: str) -> str:
    """Return a way to build without its details: across, down, a part changed, or one part around another."""
    known = {"a": "a", "ba": "a", "d": "d", "bd": "d", "refh": "m", "refv": "m", "rot": "m"}
    return known.get(how, "m" if how.startswith("m") else "s")


@cache
def strokes(character: str) -> Parts:
    """Return the strokes of a character, part by part."""
    parts = built(character)[1]
    return tuple(stroke for part in parts for stroke in strokes(part)) if parts else (character,)


@cache
def row(character: str) -> tuple[str, Parts]:
    """Return how a character is built, and its parts in one row: those of a part that is built likewise stand in its place."""
    how, parts = build(built(character)[0]), built(character)[1]
    if how not in "ad" or len(parts) < 2:
        return how, parts
    return how, tuple(each for part in parts for each in (row(part)[1] if row(part)[0] == how else (part,)))


def slips(one: Parts, other: Parts) -> int:
    """Return the fewest strokes that must be changed, dropped or added."""
    above = list(range(len(other) + 1))
    for place, stroke in enumerate(one, start=1):
        line = [place]
        for beside, theirs in enumerate(other, start=1):
            line.append(min(above[beside] + 1, line[-1] + 1, above[beside - 1] + (stroke != theirs)))
        above = line
    return above[-1]


@cache
def apart(one: str, other: str) -> float:
    """Return how many strokes tell two characters apart, as a reader sees them: part by part where they are built alike."""
    if one == other:
        return 0.0
    if one > other:
        return apart(other, one)
    return min(by_strokes(one, other), by_parts(one, other), by_one_part(one, other), by_one_part(other, one))


def by_strokes(one: str, other: str) -> float:
    """Return the strokes that must be changed, and more where the two are built otherwise."""
    sizes = len(strokes(one)), len(strokes(other))
    is_alike = row(one)[0] == row(other)[0] or min(len(built(one)[1]), len(built(other)[1])) < 2
    return slips(strokes(one), strokes(other)) + (0.0 if is_alike or max(sizes) <= FEW_STROKES else OTHER_BUILD)


def by_parts(one: str, other: str) -> float:
    """Return what tells the parts of two characters of one build apart; endless for others."""
    (how, parts), (way, theirs) = row(one), row(other)
    if how != way or len(parts) != len(theirs) or len(parts) < 2:
        return float("inf")
    joined = OTHER_JOIN if built(one)[0] != built(other)[0] else 0.0
    return sum(map(apart, parts, theirs)) + joined


def by_one_part(whole: str, other: str) -> float:
    """Return what tells a part of the first character from the second, with what else the first has."""
    parts = built(whole)[1]
    if len(parts) == 1:
        return OTHER_JOIN + apart(parts[0], other)
    if len(parts) != 2:
        return float("inf")
    return min(apart(parts[place], other) + len(strokes(parts[1 - place])) for place in (0, 1))


def shared(one: str, other: str) -> tuple[float, float]:
    """Return the shares of the longer character's strokes in the same parts at the end of both, and at either end."""
    (how, parts), (way, theirs) = row(one), row(other)
    if how != way or min(len(parts), len(theirs)) < 2:
        return 0.0, 0.0
    head = common(parts, theirs)
    tail = common(parts[head:][::-1], theirs[head:][::-1])
    sizes = [len(strokes(part)) for part in parts]
    longer = max(len(strokes(one)), len(strokes(other)))
    last = sum(sizes[len(sizes) - tail :]) / longer
    return last, last + sum(sizes[:head]) / longer


def common(one: Parts, other: Parts) -> int:
    """Return how many parts two rows have in common from their beginning."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (mine, theirs) in enumerate(pairs) if mine != theirs), min(len(one), len(other)))


def is_similar(one: str, other: str) -> bool:
    """Return whether two characters are of similar shape."""
    tail, both = shared(one, other)
    longer = max(len(strokes(one)), len(strokes(other)))
    return tail >= LEAST_TAIL or both >= LEAST_SHARED or apart(one, other) <= MOST_APART * longer


def worth_a_look(characters: list[str]) -> Iterator[tuple[str, str]]:
    """Return the pairs that may be similar: strokes in common, whatever their order, for one reason or the other."""
    counts = {character: Counter(strokes(character)) for character in characters}
    by_size: dict[int, list[str]] = defaultdict(list)
    for character in characters:
        by_size[len(strokes(character))].append(character)
    for size, group in by_size.items():
        for other_size in range(size, int(size / LEAST_TAIL) + 1):
            for one in group:
                for other in by_size.get(other_size, ()):
                    if (size < other_size or one < other) and may_be(
                        counts[one], counts[other], (row(one), row(other))
                    ):
                        yield min(one, other), max(one, other)


def may_be(one: Counter[str], other: Counter[str], rows: tuple[tuple[str, Parts], tuple[str, Parts]]) -> bool:
    """Return whether the strokes two characters have in common leave it open that they are similar."""
    longer, same = max(one.total(), other.total()), (one & other).total()
    if longer - same <= MOST_APART * longer:
        return True
    (how, parts), (way, theirs) = rows
    return how == way and same >= LEAST_TAIL * longer and (parts[:1] == theirs[:1] or parts[-1:] == theirs[-1:])


def general_use(path: Path) -> list[str]:
    """Return the 8,105 characters of the table of general use."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if "\tkTGH\t" in line)
    return sorted(chr(int(row[0][2:], 16)) for row in rows)


def main() -> None:
    """Write each character and the similar ones that come after it."""
    read(Path(sys.argv[1]))
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in sorted(worth_a_look(general_use(Path(sys.argv[2])))):
        if is_similar(one, other):
            found[one].append(other)
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("character", "similar"))
    table.writerows((one, "".join(others)) for one, others in sorted(found.items()))


if __name__ == "__main__":
    main()
