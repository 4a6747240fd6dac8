"""How strangers agree where full names are all there is: nothing else in the table can tell who is one person.

With one field, any share of links explains the pairs as well as any other. What strangers would agree on is known all the same:
they bear names whose words have nothing to do with each other's. Pairs beyond that are one person's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.coded import CodedColumn
from matchers.linkage.fields import Field
from matchers.linkage.full_names import full_name_levels
from matchers.linkage.model import Reals

DRAWS = 100_000
# How often one person's two names are different, or have a word or some words alike: that cannot be learnt here, as words
# that go together (an Ivan and an Ivanov) make strangers agree so far.
HARDLY_ALIKE = (0.01, 0.02, 0.05)


@dataclass(frozen=True)
class Pool:
    """The words that stand at each place of names of each length, and how usual each is there."""

    words: dict[tuple[int, int], tuple[NDArray[np.object_], Reals]]
    lengths: tuple[NDArray[np.int64], Reals]

    def draw(self, count: int, seed: int) -> NDArray[np.object_]:
        """Return so many names made of words drawn one by one."""
        draw = np.random.default_rng(seed)
        sizes = draw.choice(self.lengths[0], count, p=self.lengths[1])
        names = np.empty(count, dtype=object)
        for size in self.lengths[0].tolist():
            rows = np.flatnonzero(sizes == size)
            parts = [
                draw.choice(*self.words[size, place][:1], len(rows), p=self.words[size, place][1])
                for place in range(size)
            ]
            names[rows] = [" ".join(each) for each in zip(*parts, strict=True)]
        return names

    def chance(self, name: str) -> float:
        """Return how likely a name made of words drawn one by one is this one."""
        words = name.split(" ")
        result = float(self.lengths[1][self.lengths[0] == len(words)].sum())
        for place, word in enumerate(words):
            known, shares = self.words[len(words), place]
            result *= float(shares[np.searchsorted(known, word)])
        return result


def is_alone(fields: tuple[Field, ...]) -> bool:
    """Return whether full names are all there is to compare."""
    return len(fields) == 1 and fields[0].kind == "full_name" and not fields[0].bounds


def pool_of(column: CodedColumn) -> Pool:
    """Return the words of a column's names."""
    cut = [str(name).split(" ") for name in column.values]
    counts = column.counts.astype(float)
    sizes = np.array([len(words) for words in cut], np.int64)
    words: dict[tuple[int, int], tuple[NDArray[np.object_], Reals]] = {}
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        for place in range(size):
            # Objects: as numpy's own texts all words would be as long as the longest.
            said = np.array([cut[row][place] for row in rows.tolist()], dtype=object)
            known, number = np.unique(said, return_inverse=True)
            shares = np.bincount(number, counts[rows])
            words[size, place] = known, shares / max(float(shares.sum()), 1.0)
    lengths, number = np.unique(sizes, return_inverse=True)
    shares = np.bincount(number, counts)
    return Pool(words, (lengths, shares / max(float(shares.sum()), 1.0)))


def strangers_levels(column: CodedColumn, seed: int) -> tuple[NDArray[np.int8], float]:
    """Return the levels that names of strangers reach which are not equal, by a sample, and how often they are equal."""
    pool = pool_of(column)
    names = np.random.default_rng(seed).choice(column.values, DRAWS, p=column.shares)
    others = pool.draw(DRAWS, seed)
    unequal = names != others
    equal = sum(float(share) * pool.chance(str(name)) for name, share in zip(column.values, column.shares, strict=True))
    return full_name_levels(names[unequal], others[unequal]), equal


def held_shares(same: Reals) -> Reals:
    """Return how one person's names agree, with what cannot be learnt as it is known to be."""
    hardly = np.array(HARDLY_ALIKE)
    rest = same[len(hardly) :]
    return np.concatenate([hardly, rest / rest.sum() * (1.0 - hardly.sum())])
