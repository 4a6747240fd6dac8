"""Chinese names that differ in one character, written as one that looks like it, as pairs of a column's values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from matchers.linkage.code_pairs import CodePairs, code_pairs

Shapes = Mapping[str, str]  # simplified character → those of similar shape
LONGEST = 8  # characters of a name that are looked at; whatever is longer is no name


def pair_similar_shapes(values: NDArray[Any], shapes: Shapes) -> CodePairs:
    """Return the pairs among distinct values of which one character alone differs, and looks like the other's."""
    place = {str(value): code for code, value in enumerate(values)}
    return code_pairs(similar_to_each(place, shapes), len(values))


def similar_to_each(place: Mapping[str, int], shapes: Shapes) -> Iterator[tuple[int, int]]:
    """Yield the place of each value with those of the later ones that it may be misread as."""
    for value, code in place.items():
        for at, character in enumerate(value[:LONGEST]):
            for similar in shapes.get(character, ""):
                other = place.get(f"{value[:at]}{similar}{value[at + 1 :]}", -1)
                if other > code:
                    yield code, other
