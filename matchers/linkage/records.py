"""The records of a linkage job as the engine compares them: coded columns, what is compared, and what forbids pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.linkage.clustering import Conflicts
from matchers.linkage.coded import CodedColumn
from matchers.linkage.fields import FIELDS, Field
from matchers.linkage.placeholders import PERSONAL

HAN_SHARE = 0.5


@dataclass(frozen=True)
class Records:
    """The records as the engine compares them: coded columns, what of them is compared, and what forbids pairs.

    A record speaks where it says something about whom it is about; rows of blanks and placeholders are nobody's and say
    nothing about how often people agree.
    """

    columns: dict[str, CodedColumn]
    fields: tuple[Field, ...]
    source: NDArray[np.int64]
    conflicts: Conflicts
    speaks: NDArray[np.bool_]

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.source)

    def allowed(self, left: NDArray[Any], right: NDArray[Any], is_link: bool) -> NDArray[np.bool_]:
        """Return which pairs may be one person at all."""
        ids = self.conflicts.certain_id
        free = (left != right) & ~((ids[left] != 0) & (ids[right] != 0) & (ids[left] != ids[right]))
        if is_link:
            across: NDArray[np.bool_] = free & (self.source[left] != self.source[right])
            return across
        single = self.conflicts.exclusive
        result: NDArray[np.bool_] = free & ~((single[left] >= 0) & (single[left] == single[right]))
        return result

    def both_shares(self, is_link: bool) -> dict[str, float]:
        """Return for each column the share of pairs in which both records have a value, among records that speak."""
        sizes = np.bincount(self.source[self.speaks]).astype(float)
        result = {}
        for name, column in self.columns.items():
            stated = self.source[self.speaks & (column.codes >= 0)]
            there = np.bincount(stated, minlength=len(sizes)).astype(float)
            both, pairs = there.sum() ** 2, sizes.sum() ** 2
            if is_link:
                both, pairs = both - (there**2).sum(), pairs - (sizes**2).sum()
            result[name] = float(both / max(pairs, 1.0))
        return result

    def apart(self, is_link: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the certain id of each record (0 none) and the group no two of which are one person (-1 none).

        Both are empty where nothing forbids any pair.
        """
        bound = bool((self.conflicts.certain_id != 0).any() or (self.conflicts.exclusive >= 0).any())
        if not is_link and not bound:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        return self.conflicts.certain_id, self.source if is_link else self.conflicts.exclusive

    def allowed_total(self, is_link: bool) -> float:
        """Return how many pairs of records that speak may be one person at all."""
        sizes = np.bincount(self.source[self.speaks]).astype(float)
        count = float(self.speaks.sum())
        total = (count**2 - float((sizes**2).sum())) / 2 if is_link else count * (count - 1) / 2
        held = float((self.conflicts.certain_id[self.speaks] != 0).sum())
        distinct = held * (held - 1) / 2
        return max(total - (0.0 if is_link else distinct), 1.0)


def recoded(column: CodedColumn, onto: CodedColumn) -> CodedColumn:
    """Return a column with another's codes; -2 for values the other does not have."""
    place = pc.index_in(column.texts, onto.texts)
    mapped = np.append(place.fill_null(-2).to_numpy(), np.int32(-1))
    return CodedColumn(mapped[column.codes], onto.texts, onto.counts)


def who_speaks(columns: dict[str, CodedColumn], row_count: int) -> NDArray[np.bool_]:
    """Return which records say anything personal; all of them where nothing personal is stated at all."""
    found = np.zeros(row_count, bool)
    for field in FIELDS:
        if field.kind in PERSONAL and field.name in columns:
            found |= columns[field.name].codes >= 0
    return found if found.any() else ~found


def han_roles(columns: dict[str, CodedColumn]) -> frozenset[str]:
    """Return the name roles that are mostly Chinese."""
    sounds = {"given_name": "given_sound", "surname": "surname_sound"}
    return frozenset(
        role
        for role, sound in sounds.items()
        if role in columns and sound in columns and columns[sound].filled_share > HAN_SHARE * columns[role].filled_share
    )
