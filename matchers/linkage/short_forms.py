"""Short forms of given names (Bob for Robert), as pairs of a column's values."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from matchers.linkage.code_pairs import CodePairs, code_pairs

ShortForms = frozenset[tuple[str, str]]


def pair_short_forms(values: NDArray[Any], short_forms: ShortForms) -> CodePairs:
    """Return the pairs among distinct values that are a name and its short form."""
    place = {str(value): code for code, value in enumerate(values)}
    found = ((place[name], place[short]) for name, short in short_forms if name in place and short in place)
    return code_pairs(found, len(values))
