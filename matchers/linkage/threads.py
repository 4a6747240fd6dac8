"""Work on whole arrays, spread over threads: numpy lets go of the interpreter while it sorts, gathers and counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
THREADS = 2


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the results in the order of the items, whichever ends first."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))
