"""Whom each source is about: how old, of which sex, and whether it has somebody once.

A record without a number says little about its person, but its source says more: nobody of ten pays pension contributions, a
mother on a school form is a woman of about thirty-five, and who stands in the insurance file under their own number already does
not stand there a second time without one. How far that goes is counted, source by source, on the records that have a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.clustering import Ints
from matchers.linkage.model import LN2, Reals
from matchers.stage import Engine, require
from schemas.identities import LINK_MEMBER, LINK_RECORD, NODE_FACT

FIRST_YEAR, YEARS = 1900, 5  # years of birth of one class
CLASSES = 30  # of years of birth, for each sex
PSEUDO_RECORDS = 10.0
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Clientele:
    """What is known of each node beyond its values, and what that says of whose a record is.

    `streams` has a bit for each source and role a node has records of; `cell` is the class of age and sex of a node with a
    number, -1 for one without; `nats` says by stream, cell and whether the node has a record of the stream already, how much
    oftener records of the stream are about such people than people are such.
    """

    streams: Ints
    cell: Ints
    nats: NDArray[np.float64]

    @property
    def is_numbered(self) -> NDArray[np.bool_]:
        """Which nodes have a number."""
        result: NDArray[np.bool_] = self.cell >= 0
        return result

    def bits(self, left: Rows, right: Rows) -> Reals:
        """Return what the source of a record without a number says about its being a numbered node's; 0 for other pairs."""
        result = np.zeros(len(left))
        for one, other in ((left, right), (right, left)):
            place = np.flatnonzero(~self.is_numbered[one] & self.is_numbered[other])
            result[place] = self.bits_of_owner(one[place], other[place])
        return result

    def bits_of_owner(self, row: Rows, owner: Rows) -> Reals:
        """Return, on average over the streams of each row, the bits for its being the numbered node's beside it."""
        total, count = np.zeros(len(row)), np.zeros(len(row))
        for stream, nats in enumerate(self.nats):
            place = np.flatnonzero(self.streams[row] >> stream & 1)
            has_one = self.streams[owner[place]] >> stream & 1
            total[place] += nats[self.cell[owner[place]], has_one]
            count[place] += 1
        result: Reals = total / np.maximum(count, 1) / LN2
        return result


def learn_clientele(db: Engine) -> Clientele:
    """Return whom each source is about, counted on the records of nodes with a number; nodes are in the order of their rows."""
    require(db, NODE_FACT, LINK_RECORD, LINK_MEMBER)
    node = db.arrays(
        f"""select node, case when number is null then -1 else
            greatest(least((year(birth_date) - {FIRST_YEAR}) // {YEARS}, {CLASSES - 1}), 0) * 2
            + (sex_code = '2')::integer end as cell
        from node_fact order by node"""
    )
    held = db.arrays(
        """with stream as (
            select source_id, role, row_number() over (order by source_id, role) - 1 as stream
            from (select distinct source_id, role from link_record)
        )
        select m.node, s.stream, count(*) as record_count
        from link_record r join link_member m using (rec) join stream s using (source_id, role)
        group by m.node, s.stream order by m.node, s.stream"""
    )
    nodes, cell = np.asarray(node["node"]).astype(np.int64), np.asarray(node["cell"]).astype(np.int64)
    row = np.searchsorted(nodes, np.asarray(held["node"]).astype(np.int64))
    stream, number = (np.asarray(held[name]).astype(np.int64) for name in ("stream", "record_count"))
    streams = np.zeros(len(nodes), np.int64)
    np.bitwise_or.at(streams, row, np.int64(1) << stream)
    return Clientele(streams, cell, count_clientele(cell, (row, stream, number)))


def count_clientele(cell: Ints, held: tuple[Ints, Ints, Ints]) -> NDArray[np.float64]:
    """Return the nats by stream, cell and whether a node has a record of the stream; `held` is node, stream and records."""
    row, stream, number = held
    numbered = cell[row] >= 0
    row, stream, number = row[numbered], stream[numbered], number[numbered]
    size, width = int(stream.max(initial=-1)) + 1, CLASSES * 2
    people = np.bincount(cell[cell >= 0], minlength=width).astype(np.float64)
    place = stream * width + cell[row]
    listed = np.bincount(place, minlength=size * width).reshape(size, width).astype(np.float64)
    once, again = (
        np.bincount(place[chosen], number[chosen], size * width).reshape(size, width)
        for chosen in (number == 1, number > 1)
    )
    random = np.stack([people - listed, listed], 2) + 0.5
    random /= random.sum((1, 2), keepdims=True)
    about = np.stack([once, again], 2)
    share = (about + PSEUDO_RECORDS * random) / (about.sum((1, 2), keepdims=True) + PSEUDO_RECORDS)
    result: NDArray[np.float64] = np.log(share / random)
    return result
