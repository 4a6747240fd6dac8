"""Certain links of records without a valid citizen number: one name and one number of a source's own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matchers.linkage.certain import GROUPS
from matchers.stage import Engine, keep, require
from schemas.identities import LINK_NUMBER_GROUP, LINK_RECORD, LINK_STATEMENT, LINK_UNNUMBERED

# An insurance, certificate or student number is at least this long; shorter ones are numbered within a source only.
SHORTEST_OWN_NUMBER = 8
SHORTEST_UNUSABLE = 14
Ints = NDArray[np.int64]

OWN_KEY = f"case when length(other_id) >= {SHORTEST_OWN_NUMBER} then hash('own', other_id, full_name) end"
DIGITS_KEY = (
    f"case when length(id_digits) >= {SHORTEST_UNUSABLE} and not contains(id_digits, '*') "
    "then hash('digits', id_digits, full_name) end"
)

SHARED_KEYS = f"""
    with keyed as (
        select rec, {OWN_KEY} as own, {DIGITS_KEY} as digits from link_record where full_name is not null
    ),
    unnumbered as (select rec from link_statement where number is null),
    wanted as (
        select distinct unnest([own, digits]) as key from keyed semi join unnumbered using (rec)
    ),
    found as (
        select rec, own as key from keyed where own is not null
        union all
        select rec, digits as key from keyed where digits is not null
    )
    select f.key, f.rec, coalesce(s.number * {GROUPS} + coalesce(g.group_no, 0), 0) as node_key
    from found f
    semi join wanted using (key)
    join link_statement s using (rec)
    left join link_number_group g on g.number = s.number and g.name = s.name
    order by f.rec, f.key"""


def group_unnumbered(db: Engine) -> int:
    """Make `link_unnumbered`: records that share name and number of a source's own, with whom they are one.

    Where such a group touches two different citizen numbers it joins neither.
    """
    require(db, LINK_RECORD, LINK_STATEMENT, LINK_NUMBER_GROUP)
    recs = column(db.arrays("select rec from link_statement where number is null order by rec"), "rec")
    found = db.arrays(SHARED_KEYS)
    _, keys = np.unique(np.asarray(found["key"]), return_inverse=True)
    shared, node_keys = column(found, "rec"), column(found, "node_key")
    own = node_keys == 0
    component = components(np.searchsorted(recs, shared[own]), keys[own], len(recs))
    size = np.bincount(component)
    names = nodes_of_components(
        component, (np.searchsorted(recs, shared[own]), keys[own]), (keys[~own], node_keys[~own])
    )
    values: dict[str, Any] = {
        "rec": recs.astype(np.int32),
        "node_key": names[component] if len(recs) else recs,
        "is_joined": (size[component] > 1) | (names[component] > 0) if len(recs) else np.zeros(0, bool),
    }
    return keep(db, LINK_UNNUMBERED, values)


def column(found: dict[str, Any], name: str) -> Ints:
    """Return a fetched column as whole numbers."""
    return np.asarray(found[name]).astype(np.int64)


def components(rows: Ints, keys: Ints, count: int) -> Ints:
    """Return for each unnumbered record the group of records it shares keys with, numbered from 0."""
    size = count + (int(keys.max()) + 1 if len(keys) else 0)
    links = (np.ones(len(rows), np.int8), (rows, count + keys))
    _, labels = connected_components(coo_matrix(links, shape=(size, size)), directed=False)
    _, component = np.unique(labels[:count], return_inverse=True)
    return component.astype(np.int64)


def nodes_of_components(component: Ints, own: tuple[Ints, Ints], numbered: tuple[Ints, Ints]) -> Ints:
    """Return for each group the key of the one numbered node it touches, else a negative number of its own."""
    count = int(component.max()) + 1 if len(component) else 0
    names = -1 - np.arange(count, dtype=np.int64)
    rows, keys = own
    group_of_key = np.full(int(max(keys.max(initial=0), numbered[0].max(initial=0))) + 1, -1, np.int64)
    group_of_key[keys] = component[rows]
    groups, nodes = group_of_key[numbered[0]], numbered[1]
    touched = np.unique(np.stack([groups[groups >= 0], nodes[groups >= 0]], 1), axis=0)
    once = np.bincount(touched[:, 0], minlength=count) == 1
    clear = touched[once[touched[:, 0]]]
    names[clear[:, 0]] = clear[:, 1]
    return names
