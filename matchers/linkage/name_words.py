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
from matchers.linkage.signatures import bytes_of
from matchers.linkage.threads import in_threads

NAMES = ("surname", "given_name", "middle_name", "full_name")
WORDED = (*NAMES, "place", "area", "address", "category")
ADDRESSED = r"\b(?:mr|mrs|ms|miss|dr|prof|rev) "
CYRILLIC, LATIN = "[\u0400-\u04ff]", "[a-z]"
LAST_ASCII = 0x7F
LEAST_SHARE = 0.01  # of a column's values in each of two scripts: fewer are slips
# Russian by BGN/PCGN 1947 without its marks, and the letters of Ukrainian (1965) and Belarusian it does not have.
SPELT = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i yi ye g u".replace(
    "-", ""
).split(" ")
ROMAN = str.maketrans(dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў", SPELT, strict=True)))
Columns = dict[str, CodedColumn]


def plainly_written(columns: Columns) -> Columns:
    """Return the columns with names without Mr or Dr, and words in Latin letters where a column is in two scripts."""

    def plain(role: str) -> CodedColumn:
        column = columns[role]
        if role in NAMES:
            column = rewritten(column, ADDRESSED, unaddressed)
        return rewritten(column, CYRILLIC, romanised) if is_in_two_scripts(column) else column

    worded = [role for role in WORDED if role in columns]
    return columns | dict(zip(worded, in_threads(plain, worded), strict=True))


def unaddressed(name: str) -> str:
    """Return a name without forms of address."""
    return re.sub(ADDRESSED, "", name)


def romanised(text: str) -> str:
    """Return Cyrillic letters as Latin ones."""
    return text.translate(ROMAN)


def is_in_two_scripts(column: CodedColumn) -> bool:
    """Return whether some values are in Cyrillic letters and some in Latin ones, both more than here and there."""
    if bytes_of(column.texts)[1].max(initial=0) <= LAST_ASCII:
        return False
    cyrillic = len(holding(column, CYRILLIC))
    return bool(cyrillic) and min(cyrillic, len(holding(column, LATIN))) > LEAST_SHARE * len(column.texts)


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
    found: Any = pc.match_substring_regex(column.texts, pattern)
    return np.flatnonzero(found.to_numpy(zero_copy_only=False))
