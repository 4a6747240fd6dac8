"""Loops over rows and pairs that no array operation says well, compiled on first use and kept compiled beside the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return the function as machine code; it lets go of the interpreter, so that threads run it at once.

    Integers wrap and nothing checks the bounds of an array: whoever calls it sees to both.
    """
    try:
        return cast(Function, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # neither the code's folder nor a home can be written: every process compiles anew
        return cast(Function, njit(nogil=True)(function))


def inlined(function: Function) -> Function:
    """Return a small function that becomes part of whichever compiled function calls it: a call for every pair costs more."""
    return cast(Function, njit(inline="always")(function))
