"""What people are to one another, in the words departments write."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from flows.synthetic.deliveries.chance import Mask, Numbers
from flows.synthetic.deliveries.people import People

SELF, SPOUSE, CHILD, PARENT, GRANDCHILD, GRANDPARENT, CHILD_IN_LAW, OTHER = range(8)
TO_HEAD = {
    SELF: ("本人", "本人"), SPOUSE: ("丈夫", "妻子"), CHILD: ("儿子", "女儿"), PARENT: ("父亲", "母亲"),
    GRANDCHILD: ("孙子", "孙女"), GRANDPARENT: ("祖父", "祖母"), CHILD_IN_LAW: ("女婿", "儿媳"), OTHER: ("其他", "其他"),
}  # fmt: skip
GUARDIAN = {**TO_HEAD, SELF: ("本人", "本人"), OTHER: ("其他亲属", "其他亲属")}


def parent_of(people: People, who: Numbers, column: str) -> Numbers:
    """Return the position of the father or mother, -1 where unknown."""
    return np.where(who >= 0, people.related(column)[who], -1)


def is_parent(people: People, parent: Numbers, child: Numbers) -> Mask:
    """Return where the one is father or mother of the other."""
    known = (parent >= 0) & (child >= 0)
    either = (parent_of(people, child, "father_no") == parent) | (parent_of(people, child, "mother_no") == parent)
    return np.asarray(known & either, dtype=np.bool_)


def is_grandparent(people: People, elder: Numbers, child: Numbers) -> Mask:
    """Return where the one is a grandparent of the other."""
    sides = [is_parent(people, elder, parent_of(people, child, column)) for column in ("father_no", "mother_no")]
    return np.asarray(sides[0] | sides[1], dtype=np.bool_)


def relation(people: People, who: Numbers, to: Numbers) -> Numbers:
    """Return what the one is to the other, as the codes above."""
    spouse_of = np.where(to >= 0, people.related("spouse_no")[to], -1)
    own_spouse = np.where(who >= 0, people.related("spouse_no")[who], -1)
    tests = (
        (SELF, who == to),
        (SPOUSE, (who == spouse_of) & (who >= 0)),
        (CHILD, is_parent(people, to, who) | is_parent(people, spouse_of, who)),
        (PARENT, is_parent(people, who, to)),
        (GRANDCHILD, is_grandparent(people, to, who) | is_grandparent(people, spouse_of, who)),
        (GRANDPARENT, is_grandparent(people, who, to)),
        (CHILD_IN_LAW, is_parent(people, to, own_spouse)),
    )
    return np.select([test for _, test in tests], [code for code, _ in tests], OTHER).astype(np.int64)


def relation_words(people: People, pairs: tuple[Numbers, Numbers], words: dict[int, tuple[str, str]]) -> pa.Array:
    """Return the words for what the first is to the second; null where there is no first."""
    who, to = pairs
    codes = relation(people, who, to) * 2 + ~people.is_male[who]
    flat = [word for code in sorted(words) for word in words[code]]
    return pa.array(flat).take(pa.array(codes, mask=who < 0))
