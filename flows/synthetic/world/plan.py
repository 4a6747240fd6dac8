"""How big the simulated county is, which months it lives through, and from which seed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WorldPlan:
    """One county to simulate; people are made in chunks that never need to know each other."""

    people: int
    months: tuple[str, ...] = ("2026-08", "2026-09", "2026-10")
    seed: int = 1
    area_code: str = "230123"
    chunk_size: int = 20_000

    @property
    def chunk_count(self) -> int:
        """Chunks the county is made of; the last one may be smaller."""
        return max(1, -(-self.people // self.chunk_size))

    def people_in(self, chunk: int) -> int:
        """People alive in the chunk when the first month begins."""
        return min(self.chunk_size, self.people - chunk * self.chunk_size)
