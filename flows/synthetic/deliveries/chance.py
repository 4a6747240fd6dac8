"""Luck without state: a draw depends on the seed, a label and a key, never on the order or place of the work.

So the same department makes the same mistake about the same person every month, in whichever process the chunk is
worked on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@lru_cache(maxsize=4096)
def salt(seed: int, label: str) -> np.uint64:
    """Return 64 bits that stand for this label under this seed."""
    return np.uint64(int.from_bytes(blake2b(f"{seed}:{label}".encode(), digest_size=8).digest(), "little"))


def mix(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return well-stirred bits (the finaliser of splitmix64)."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


class Chance:
    """The luck of one source."""

    def __init__(self, seed: int, source_id: str) -> None:
        self._seed = seed
        self._source_id = source_id

    def bits(self, label: str, keys: Numbers) -> npt.NDArray[np.uint64]:
        """Return 64 random bits per key."""
        start = salt(self._seed, f"{self._source_id}:{label}")
        return mix(mix(keys.astype(np.uint64) * GOLDEN + start) + GOLDEN)

    def share(self, label: str, keys: Numbers) -> Shares:
        """Return a number in [0, 1) per key."""
        return (self.bits(label, keys) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def whole(self, label: str, keys: Numbers, count: int) -> Numbers:
        """Return a whole number in [0, count) per key."""
        return (self.bits(label, keys) % np.uint64(count)).astype(np.int64)

    def happens(self, label: str, keys: Numbers, rate: float) -> Mask:
        """Return whether it happens, per key."""
        if rate <= 0:
            return np.zeros(len(keys), dtype=np.bool_)
        return self.share(label, keys) < rate

    def choose(self, label: str, keys: Numbers, options: Sequence[str]) -> pa.Array:
        """Return one of the options per key; write an option twice to make it twice as likely."""
        return pa.array(options).take(pa.array(self.whole(label, keys, len(options))))
