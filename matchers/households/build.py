"""Households of a month: people, ties, nuclear families, who lives with whom, households."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matchers.households.composition import describe_households, place_members
from matchers.households.dwellers import describe_dwellers, read_books
from matchers.households.joins import choose_joins
from matchers.households.nuclei import choose_spouses, form_nuclei
from matchers.households.ties import gather_evidence, gather_ties
from matchers.stage import Engine, keep, require
from schemas.living import NUCLEUS, NUCLEUS_HOME, NUCLEUS_JOIN


def build_households(db: Engine, day: datetime.date) -> dict[str, int]:
    """Make TIE, HOUSEHOLD_MEMBER and HOUSEHOLD from persons and their records; return row counts.

    Reads std_record, person, person_record and the raw_ tables of the register, marriages, students, certificates,
    the subsistence roll and the child roll.
    """
    read_books(db)
    describe_dwellers(db, day)
    gather_evidence(db)
    counts = {"ties": gather_ties(db)}
    choose_spouses(db)
    counts["nuclear_families"] = form_nuclei(db)
    counts["joins"] = choose_joins(db)
    join_nuclei(db)
    counts["household_members"] = place_members(db)
    counts["households"] = describe_households(db)
    return counts


def join_nuclei(db: Engine) -> int:
    """Make NUCLEUS_HOME: each nuclear family picked at most one other, so a household is a star or a short branch."""
    require(db, NUCLEUS, NUCLEUS_JOIN)
    names = db.arrays("select distinct nucleus_id from nucleus order by nucleus_id")["nucleus_id"]
    picks = db.arrays("""
        with numbered as (
            select nucleus_id, row_number() over (order by nucleus_id) - 1 as place
            from (select distinct nucleus_id from nucleus)
        )
        select l.place as l, r.place as r
        from nucleus_join j join numbered l using (nucleus_id) join numbered r on r.nucleus_id = j.other_id
        order by 1, 2
    """)
    return keep(db, NUCLEUS_HOME, {"nucleus_id": names, "root_id": names[first_of_component(len(names), picks)]})


def first_of_component(size: int, picks: dict[str, Any]) -> Any:
    """Return for each node the smallest node of its connected component."""
    ones = np.ones(len(picks["l"]), dtype=np.int8)
    graph = coo_matrix((ones, (picks["l"], picks["r"])), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    first = np.full(count, size, dtype=np.int64)
    np.minimum.at(first, label, np.arange(size))
    return first[label]
