"""What one department delivers of one chunk, and what happens to whole rows on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from flows.synthetic.deliveries.chance import Chance, Mask, Numbers
from flows.synthetic.deliveries.columns import put, same
from flows.synthetic.deliveries.errors import Rates

NOBODY = -1
BLANK, IMPOSSIBLE_DATE, UNKNOWN_CODE = range(3)
IMPOSSIBLE = {10: "2026-13-45", 8: "20261345", 6: "202613"}


@dataclass(frozen=True)
class Delivery:
    """Rows of one source: the columns under their delivered headers, and who each row's identities truly are.

    `keys` tell the rows apart, the same from month to month; `order` sorts the rows, which else lie in no order.
    `identity` are the columns that a row of nobody leaves empty; `date` and `code` those that a broken row breaks.
    """

    columns: dict[str, pa.Array]
    people: dict[str, Numbers]
    keys: Numbers
    identity: tuple[str, ...]
    date: str | None = None
    code: str | None = None
    order: npt.NDArray[np.uint64] | None = None

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Sheet:
    """Rows in the order they are delivered, and whose they are by role; -1 is nobody."""

    table: pa.Table
    people: dict[str, Numbers]


def finish(delivery: Delivery, chance: Chance, rates: Rates) -> Sheet:
    """Return the rows as they leave: some twice, a few that are rubbish, in the order of the department."""
    twice = np.flatnonzero(chance.happens("twice", delivery.keys, rates.twice))
    rubbish = np.flatnonzero(chance.happens("rubbish", delivery.keys, rates.rubbish))
    chosen = np.concatenate([np.arange(len(delivery)), twice, rubbish])
    kinds = np.full(len(chosen), NOBODY, dtype=np.int64)
    kinds[len(chosen) - len(rubbish) :] = chance.whole("rubbish kind", delivery.keys[rubbish], 3)
    order = np.argsort(places(delivery, chance, twice, rubbish), kind="stable")
    chosen, kinds = chosen[order], kinds[order]
    broken = spoilable(delivery, kinds)
    table = pa.table({name: column.take(pa.array(chosen)) for name, column in delivery.columns.items()})
    for name, where, text in spoils(delivery, broken):
        values = table[name].combine_chunks()
        spoilt = put(values, where, same(text, int(where.sum())).cast(values.type))
        table = table.set_column(table.column_names.index(name), name, spoilt)
    return Sheet(
        table, {role: np.where(broken == BLANK, NOBODY, whose[chosen]) for role, whose in delivery.people.items()}
    )


def places(delivery: Delivery, chance: Chance, twice: Numbers, rubbish: Numbers) -> npt.NDArray[np.uint64]:
    """Return what the rows are sorted by: a repeated row lies beside its like only where the department sorts."""
    if delivery.order is not None:
        return np.concatenate([delivery.order, delivery.order[twice], delivery.order[rubbish]])
    labelled = (("row", delivery.keys), ("row again", delivery.keys[twice]), ("rubbish row", delivery.keys[rubbish]))
    return np.concatenate([chance.bits(label, keys) for label, keys in labelled])


def spoilable(delivery: Delivery, kinds: Numbers) -> Numbers:
    """Return how each row is broken: a source without a code or a text date to break blanks the row instead."""
    for kind, column in ((IMPOSSIBLE_DATE, delivery.date), (UNKNOWN_CODE, delivery.code)):
        if column is None or not pa.types.is_string(delivery.columns[column].type):
            kinds = np.where(kinds == kind, BLANK, kinds)
    return kinds


def spoils(delivery: Delivery, broken: Numbers) -> list[tuple[str, Mask, str | None]]:
    """Return column, rows and new text for everything that is broken."""
    wrong: list[tuple[str, Mask, str | None]] = [(name, broken == BLANK, None) for name in delivery.identity]
    if delivery.date is not None:
        shape = delivery.columns[delivery.date].drop_null()
        text = IMPOSSIBLE.get(len(str(shape[0])) if len(shape) else 10, "2026-13-45")
        wrong.append((delivery.date, broken == IMPOSSIBLE_DATE, text))
    if delivery.code is not None:
        wrong.append((delivery.code, broken == UNKNOWN_CODE, "其它"))
    return [each for each in wrong if each[1].any()]
