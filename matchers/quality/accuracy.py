"""How right the links and households are: pairs counted from overlaps, never listed; measures by recordlinkage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import recordlinkage

from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.truth import OVERLAP, PAIR_COUNT

# Which pairs of a whole belong to a group, by how many of its records are outside the group: those with an end in it, unless
# named here, those with both ends in it or with one.
WITH_AN_END_INSIDE = "whole * (whole - 1) // 2 - outside * (outside - 1) // 2"
PAIRS = {
    "with_valid_id": "(whole - outside) * (whole - outside - 1) // 2",
    "one_valid_id": "(whole - outside) * outside",
}
NEEDS_BOTH = "one_valid_id"


@dataclass(frozen=True)
class Subset:
    """One group of records or persons: what is held against truth, what tells the group apart, and its value.

    The topic `with_valid_id` is about pairs of two records with a valid citizen number, `one_valid_id` about pairs of which
    one record has one, `without_valid_id` about pairs of which at least one has none.
    """

    what: str
    topic: str
    item: str

    @property
    def condition(self) -> str:
        """The rows of `overlap` that belong to the group."""
        if self.topic == "overall":
            return "true"
        if self.topic == "without_valid_id":
            return "not has_valid_id"
        if self.topic in PAIRS:
            return "has_valid_id"
        return f"{identifier(self.topic)} = {literal(self.item)}"

    @property
    def is_touched(self) -> str:
        """Whether a whole has records the group is about."""
        return "outside < whole and outside > 0" if self.topic == NEEDS_BOTH else "outside < whole"

    def pairs(self, table: str) -> str:
        """The count of the group's pairs inside the rows of a table."""
        return f"coalesce((select sum({PAIRS.get(self.topic, WITH_AN_END_INSIDE)}) from {table}), 0)::bigint"


@stage(reads=(OVERLAP,), writes=PAIR_COUNT)
def count_pairs(subsets: tuple[Subset, ...]) -> str:
    """One group with its pairs and clusters, found and true.

    Pairs with an end in the group are all pairs less the pairs with both ends outside it; no pair is ever listed.
    """
    return " union all ".join(f"select * from ({pairs_of(subset)})" for subset in subsets)


def pairs_of(subset: Subset) -> str:
    """Return a select of one row of counts."""
    cell_is_touched = subset.is_touched.replace("outside", "cell.outside").replace("whole", "cell.whole")
    return f"""
        with cell as (
            select predicted_id, true_no, sum(unit_count) as whole,
                coalesce(sum(unit_count) filter (where not ({subset.condition})), 0) as outside
            from overlap where what = {literal(subset.what)} group by predicted_id, true_no
        ),
        found as (
            select predicted_id, sum(whole) as whole, sum(outside) as outside, count(*) as part_count
            from cell group by predicted_id
        ),
        actual as (
            select true_no, sum(whole) as whole, sum(outside) as outside, count(*) as part_count from cell group by true_no
        ),
        exact as (
            select count(*) as right_clusters
            from cell join found using (predicted_id) join actual using (true_no)
            where found.part_count = 1 and actual.part_count = 1 and {cell_is_touched}
        )
        select {literal(subset.what)} as what, {literal(subset.topic)} as topic, {literal(subset.item)} as item,
            coalesce((select sum(whole - outside) from cell), 0)::bigint as unit_count,
            {subset.pairs("cell")} as right_pairs, {subset.pairs("found")} as found_pairs, {subset.pairs("actual")} as true_pairs,
            (select right_clusters from exact) as right_clusters,
            (select count(*) from found where {subset.is_touched}) as found_clusters,
            (select count(*) from actual where {subset.is_touched}) as true_clusters
    """


def measures(right: int, found: int, actual: int) -> dict[str, float | int | None]:
    """Return precision, recall and F1 of `right` among `found` and `actual`; null where there is nothing to measure."""
    confusion: Any = np.array([[right, actual - right], [found - right, 0]], dtype=float)
    precision = recordlinkage.precision(confusion) if found else None
    recall = recordlinkage.recall(confusion) if actual else None
    both = recordlinkage.fscore(confusion) if right else 0.0 if found and actual else None
    return {
        "right": right,
        "found": found,
        "true": actual,
        "precision": None if precision is None else round(precision, 6),
        "recall": None if recall is None else round(recall, 6),
        "f1": None if both is None else round(both, 6),
    }
