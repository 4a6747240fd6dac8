"""Average-link agglomeration word for word: all neighbours weighed anew after each join. Slow, and what the fast ones are held to."""

from __future__ import annotations

import heapq

from matchers.linkage.clustering import UNPROPOSED_BITS, Conflicts


class PlainAgglomeration:
    """Average-link agglomeration of one component; ties go to the smaller rows, so the result has one order only."""

    def __init__(self, conflicts: Conflicts, threshold: float) -> None:
        self.conflicts = conflicts
        self.threshold = threshold
        self.near: dict[int, dict[int, tuple[float, int]]] = {}
        self.members: dict[int, list[int]] = {}
        self.exclusive: dict[int, frozenset[int]] = {}
        self.ids: dict[int, frozenset[int]] = {}
        self.heap: list[tuple[float, int, int, int]] = []

    def read(self, left: list[int], right: list[int], weight: list[float]) -> None:
        """Take in the pairs and what they count for."""
        for one, other, held in zip(left, right, weight, strict=True):
            for row in (one, other):
                if row not in self.near:
                    self.begin(row)
            self.near[one][other] = self.near[other][one] = (held, 1)
            if held > self.threshold:
                self.heap.append((-held, one, other, 2))
        heapq.heapify(self.heap)

    def begin(self, row: int) -> None:
        """Start a cluster of one row."""
        self.near[row] = {}
        self.members[row] = [row]
        source, certain = int(self.conflicts.exclusive[row]), int(self.conflicts.certain_id[row])
        self.exclusive[row] = frozenset({source} if source >= 0 else ())
        self.ids[row] = frozenset({certain} if certain else ())

    def run(self) -> dict[int, int]:
        """Return for each row the smallest row of its cluster."""
        while self.heap:
            _, one, other, size = heapq.heappop(self.heap)
            if self.is_current(one, other, size) and not self.forbidden(one, other):
                self.join(one, other)
        return {row: min(rows) for rows in self.members.values() for row in rows}

    def is_current(self, one: int, other: int, size: int) -> bool:
        """Return whether both clusters still are what they were when the pair was weighed."""
        if one not in self.members or other not in self.members:
            return False
        return len(self.members[one]) + len(self.members[other]) == size

    def forbidden(self, one: int, other: int) -> bool:
        """Return whether a conflict keeps two clusters apart."""
        return bool(self.exclusive[one] & self.exclusive[other]) or len(self.ids[one] | self.ids[other]) > 1

    def join(self, one: int, other: int) -> None:
        """Merge the cluster with fewer neighbours into the other and weigh its neighbours anew."""
        kept, gone = (one, other) if len(self.near[one]) >= len(self.near[other]) else (other, one)
        self.members[kept] += self.members.pop(gone)
        self.exclusive[kept] |= self.exclusive.pop(gone)
        self.ids[kept] |= self.ids.pop(gone)
        around = self.near.pop(gone)
        del self.near[kept][gone]
        for third, (total, count) in around.items():
            if third == kept:
                continue
            before, already = self.near[kept].get(third, (0.0, 0))
            del self.near[third][gone]
            self.near[kept][third] = self.near[third][kept] = (before + total, already + count)
        self.push_neighbours(kept)

    def push_neighbours(self, row: int) -> None:
        """Offer every neighbour whose average weight to the cluster still speaks for joining."""
        size = len(self.members[row])
        for third, (total, count) in self.near[row].items():
            possible = size * len(self.members[third])
            average = (total + UNPROPOSED_BITS * (possible - count)) / possible
            if average > self.threshold:
                low, high = (row, third) if row < third else (third, row)
                heapq.heappush(self.heap, (-average, low, high, size + len(self.members[third])))
