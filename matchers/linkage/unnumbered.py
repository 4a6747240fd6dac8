"""Certain links of records without a valid citizen number: one name and one number of a source's own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matchers.linkage.typed_columns import texts
from matchers.stage import Engine, keep
from schemas.identities import LINK_UNNUMBERED

# An insurance, certificate or student number is at least this long; shorter ones are numbered within a source only.
SHORTEST_OWN_NUMBER = 8
SHORTEST_UNUSABLE = 14

SHARED_KEYS = f"""
    with keyed as (
        select record_id, number, hash('own', other_id, full_name) as key from link_statement
        where length(other_id) >= {SHORTEST_OWN_NUMBER} and full_name is not null
        union all
        select record_id, number, hash('digits', id_digits, full_name) as key from link_statement
        where length(id_digits) >= {SHORTEST_UNUSABLE} and not contains(id_digits, '*') and full_name is not null
    ),
    shared as (select key from keyed group by key having count(*) > 1 and count(*) filter (where number is null) > 0)
    select k.key, k.record_id, coalesce(k.number || case when coalesce(g.group_no, 0) = 0 then '' else '/' || g.group_no end, '')
        as node_key
    from keyed k
    join shared using (key)
    left join link_statement s on s.record_id = k.record_id and k.number is not null
    left join link_number_group g on g.number = k.number and g.full_name = s.full_name
    order by k.record_id, k.key"""


def group_unnumbered(db: Engine) -> int:
    """Make `link_unnumbered`: records that share name and number of a source's own, with whom they are one.

    Where such a group touches two different citizen numbers it joins neither.
    """
    records = np.asarray(
        db.arrays("select record_id from link_statement where number is null order by record_id")["record_id"],
        dtype=object,
    )
    found = db.arrays(SHARED_KEYS)
    shared = {name: np.asarray(found[name]) for name in ("key", "record_id", "node_key")}
    component, count = unnumbered_components(records, shared)
    named = names_of_components(component, count, (records, shared))
    size = np.bincount(component, minlength=count)
    joined = (size[component] > 1) | np.array([not key.startswith("=") for key in named[component]], dtype=bool)
    values: dict[str, Any] = {"record_id": texts(records), "node_key": texts(named[component]), "is_joined": joined}
    return keep(db, LINK_UNNUMBERED, values)


def unnumbered_components(records: NDArray[Any], shared: dict[str, NDArray[Any]]) -> tuple[NDArray[np.int32], int]:
    """Return for each unnumbered record the group of records it shares keys with."""
    own = shared["node_key"] == ""
    _, keys = np.unique(shared["key"], return_inverse=True)
    rows = np.searchsorted(records.astype(str), shared["record_id"][own].astype(str)) if own.any() else np.zeros(0, int)
    size = len(records) + (int(keys.max()) + 1 if len(keys) else 0)
    links = (np.ones(len(rows), np.int8), (rows, len(records) + keys[own]))
    _, labels = connected_components(coo_matrix(links, shape=(size, size)), directed=False)
    _, component = np.unique(labels[: len(records)], return_inverse=True)
    return component.astype(np.int32), int(component.max()) + 1 if len(component) else 0


def names_of_components(
    component: NDArray[np.int32], count: int, tables: tuple[NDArray[Any], dict[str, NDArray[Any]]]
) -> NDArray[Any]:
    """Return for each group the one numbered node it touches, else `=` and its own smallest record."""
    records, shared = tables
    names = np.empty(count, dtype=object)
    first = np.full(count, -1)
    first[component[::-1]] = np.arange(len(records))[::-1]
    names[:] = [f"={records[row]}" for row in first]
    own = shared["node_key"] == ""
    place = dict(zip(records.tolist(), component.tolist(), strict=True))
    by_key: dict[int, int] = {
        int(key): place[record] for key, record in zip(shared["key"][own], shared["record_id"][own], strict=True)
    }
    touched: dict[int, set[str]] = {}
    for key, node in zip(shared["key"][~own], shared["node_key"][~own], strict=True):
        touched.setdefault(by_key[int(key)], set()).add(str(node))
    for group, nodes in touched.items():
        if len(nodes) == 1:
            names[group] = next(iter(nodes))
    return names
