"""How big the simulated county is, which months it lives through, and from which seed."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

NUMBERS_PER_HEAD = 5
"""Person numbers reserved per person of a chunk: the dead, the new-born and households that split need some too."""


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

    def first_number(self, chunk: int) -> int:
        """The lowest person, household and book number of the chunk."""
        return chunk * self.chunk_size * NUMBERS_PER_HEAD

    def draws(self, chunk: int, topic: str) -> np.random.Generator:
        """The generator of one topic: what one topic draws never shifts what another draws."""
        return np.random.default_rng(np.random.SeedSequence([self.seed, chunk + 1, zlib.crc32(topic.encode())]))


@dataclass(frozen=True)
class Part:
    """One chunk of the county, and the first and last day it is lived through."""

    plan: WorldPlan
    chunk: int
    span: tuple[int, int]

    @property
    def start(self) -> int:
        """The first day."""
        return self.span[0]

    def draws(self, topic: str) -> np.random.Generator:
        """The generator of one topic."""
        return self.plan.draws(self.chunk, topic)
