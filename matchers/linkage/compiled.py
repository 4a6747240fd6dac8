"""Loops over rows and pairs that no array operation says well, compiled on first use and kept compiled beside the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

AHEAD = 12  # pairs: so long one is worked on while the memory of a later one is on its way
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


def ask_for_memory(_: Any, array: Any, place: Any) -> tuple[Any, Callable[..., Any]]:
    """Return the machine code of `fetch_ahead`: LLVM's `llvm.prefetch`."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind = signature.args[0]
        laid = context.make_array(kind)(context, builder, values[0])
        unpack: Any = cgutils.unpack_tuple
        pointer: Any = cgutils.get_item_pointer2
        shape, strides = (unpack(builder, part, kind.ndim) for part in (laid.shape, laid.strides))
        at = unpack(builder, values[1], kind.ndim) if kind.ndim > 1 else [values[1]]
        at = [builder.sext(one, ir.IntType(64)) if one.type.width < 64 else one for one in at]
        item = pointer(context, builder, laid.data, shape, strides, kind.layout, at)
        item = builder.bitcast(item, ir.IntType(8).as_pointer())
        flag = ir.IntType(32)
        ask = ir.FunctionType(ir.VoidType(), [item.type, flag, flag, flag])
        to_read, keep, data_cache = flag(0), flag(3), flag(1)
        called = builder.module.declare_intrinsic("llvm.prefetch", [item.type], ask)
        builder.call(called, [item, to_read, keep, data_cache])
        return context.get_dummy_value()

    return types.void(array, place), generate


# fetch_ahead(array, place) asks for the memory of a place that is read soon; any place may be named. The rows of a pair lie
# far apart: without it a loop over pairs mostly waits.
fetch_ahead = cast(Callable[[Any, Any], None], intrinsic(ask_for_memory))
