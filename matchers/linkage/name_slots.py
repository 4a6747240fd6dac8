"""Given names and surnames that stand in each other's column."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.coded import CodedColumn
from matchers.linkage.signatures import MISSING

Rows = NDArray[np.int32]
Level = NDArray[np.int8]
OTHER_SLOT, NAME_EQUAL = 4, 5


def settle_slots(columns: Mapping[str, CodedColumn], levels: tuple[Level, Level], rows: tuple[Rows, Rows]) -> None:
    """Mark, in place, the pairs where one record's given name stands as the other's surname.

    Where only one of the two is found in the other slot, that is one piece of evidence: the surname says nothing.
    """
    given, surname = levels
    first, last = columns["given_name"], columns["surname_as_given"]
    (left, right), apart = rows, np.flatnonzero((given != NAME_EQUAL) & (surname != NAME_EQUAL))
    left, right = left[apart], right[apart]
    one = (first.codes[left] >= 0) & (first.codes[left] == last.codes[right])
    other = (first.codes[right] >= 0) & (first.codes[right] == last.codes[left])
    given[apart[one | other]] = OTHER_SLOT
    surname[apart[one | other]] = MISSING
    surname[apart[one & other]] = OTHER_SLOT
