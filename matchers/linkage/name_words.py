"""Names as they are without forms of address, and in Latin letters where others of the column are written so."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.linkage.coded import CodedColumn, Texts, coded

NAMES = ("surname", "given_name", "middle_name", "full_name")
WORDED = (*NAMES, "place", "area", "address", "category")
ADDRESSED = r"\b(?:mr|mrs|ms|miss|dr|prof|rev) "
CYRILLIC, LATIN = "[\u0400-\u04ff]", "[a-z]"
LEAST_SHARE = 0.01  # of a column's values in each of two scripts: fewer are slips
# Russian by BGN/PCGN 1947 without its marks, and the letters of Ukrainian (1965) and Belarusian it does not have.
ROMAN = str.maketrans(
    dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў",
            [
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "e",
                "zh",
                "z",
                "i",
                "y",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "kh",
                "ts",
                "ch",
                "sh",
                "shch",
                "",
                "y",
                "",
                "e",
                "yu",
                "ya",
                "i",
                "yi",
                "ye",
                "g",
                "u",
            ],
            strict=True,
        )
    )
)
Columns = dict[str, CodedColumn]


def plainly_written(columns: Columns) -> Columns:
    """Return the columns with names without Mr or Dr, and words in Latin letters where a column is in two scripts."""
    named = {role: rewritten(columns[role], ADDRESSED, unaddressed) for role in NAMES if role in columns}
    columns = columns | named
    mixed = {role for role in WORDED if role in columns and is_in_two_scripts(columns[role])}
    return columns | {role: rewritten(columns[role], CYRILLIC, romanised) for role in mixed}


def unaddressed(name: str) -> str:
    """Return a name without forms of address."""
    return re.sub(ADDRESSED, "", name)


def romanised(text: str) -> str:
    """Return Cyrillic letters as Latin ones."""
    return text.translate(ROMAN)


def is_in_two_scripts(column: CodedColumn) -> bool:
    """Return whether some values are in Cyrillic letters and some in Latin ones, both more than here and there."""
    cyrillic = len(holding(column, CYRILLIC))
    return bool(cyrillic) and min(cyrillic, len(holding(column, LATIN))) > LEAST_SHARE * len(column.values)


def rewritten(column: CodedColumn, pattern: str, rewrite: Callable[[str], str]) -> CodedColumn:
    """Return a column with the values that hold a pattern written anew."""
    places = holding(column, pattern)
    if not len(places):
        return column
    values = column.values.copy()
    values[places] = [rewrite(str(value)) for value in values[places]]
    return coded(Texts(column.codes, pa.array(values, pa.string())))


def holding(column: CodedColumn, pattern: str) -> NDArray[np.int64]:
    """Return the places of the values that hold a pattern."""
    found: Any = pc.match_substring_regex(pa.array(column.values, pa.string()), pattern)
    return np.flatnonzero(found.to_numpy(zero_copy_only=False))
