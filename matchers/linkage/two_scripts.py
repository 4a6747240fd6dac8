"""One name in Chinese characters and in Latin letters: compared syllable by syllable, by how each may be spelt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.han_names import in_simplified
from matchers.linkage.readings import HAN_ONLY, Cantonese, spellings_of, syllables
from matchers.linkage.spellings import cantonese_spellings, mandarin_spellings

Rows = NDArray[np.int32]
LONGEST = 5  # syllables of a name that are looked at
TURNS = (0, 1, 2)  # how many syllables of surname stand last instead of first
SURNAME_ALONE, ALL_BUT_ONE, EVERY_SYLLABLE = 1, 2, 3
TOKEN = re.compile(rf"{HAN_ONLY.pattern[:-1]}|[^ ]+")


@dataclass(frozen=True)
class Universe:
    """Every spelling of a syllable that occurs, by language: Mandarin, then Cantonese."""

    mandarin: frozenset[str]
    cantonese: frozenset[str]

    def syllables(self, name: str, *, is_joined: bool) -> tuple[str, ...]:
        """Return a Latin name's Chinese syllables in order; `is_joined` cuts words that are several of them."""
        cuts = (self.cut(token) for token in TOKEN.findall(name))
        return tuple(part for parts in cuts if is_joined or len(parts) == 1 for part in parts)

    def cut(self, token: str) -> tuple[str, ...]:
        """Return the syllables a word is written of, all in one language; nothing where it is no Chinese name."""
        both = (self.mandarin, self.cantonese)
        if any(token in known for known in both) or HAN_ONLY.fullmatch(token):
            return (token,)
        found = (parts for known in both for parts in splits(token) if known.issuperset(parts))
        return next(found, ())


def splits(token: str) -> Iterator[tuple[str, ...]]:
    """Return the ways to cut a token into two or three parts."""
    for one in range(1, len(token)):
        yield token[:one], token[one:]
    for one in range(1, len(token) - 1):
        for other in range(one + 1, len(token)):
            yield token[:one], token[one:other], token[other:]


def every_spelling(cantonese: Cantonese) -> Universe:
    """Return all spellings of all syllables that characters are read with."""
    north = {reading for character in cantonese for reading in syllables(character)}
    south = {reading for readings in cantonese.values() for reading in readings}
    return Universe(
        frozenset(text for reading in sorted(north) for text in mandarin_spellings(reading)),
        frozenset(text for reading in sorted(south) for text in cantonese_spellings(reading)),
    )


@dataclass(frozen=True)
class TwoScripts:
    """Distinct names as syllables: `places[r][v]` are the characters or the Latin syllables of value v, 0 where it ends.

    There are two readings r: a Latin word that is several syllables may be them (Jianwei) or a name of another kind
    (Angela). `spells[language][c, t]` says that character c may be spelt t.
    """

    is_han: NDArray[np.bool_]
    places: NDArray[np.int32]
    length: NDArray[np.int8]
    spells: tuple[NDArray[np.bool_], ...]

    def levels(self, one: Rows, other: Rows) -> NDArray[np.int8]:
        """Return how far two names agree; -1 where both are in one script, or the Latin one has no Chinese syllable."""
        level = np.full(len(one), -1, np.int8)
        says = self.length.max(0) > 0
        spoken = (one >= 0) & (other >= 0) & says[one] & says[other]
        cross = np.flatnonzero(spoken & (self.is_han[one] != self.is_han[other]))
        first, second = one[cross], other[cross]
        han = np.where(self.is_han[first], first, second)
        latin = np.where(self.is_han[first], second, first)
        level[cross] = self.agreement(han, latin)
        return level

    def frequencies(self, counts: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return of each value how many records have these syllables, and how many its script has."""
        is_cut = self.length[0] > 1
        said = np.where(is_cut[:, None], self.places[0], self.places[1])
        _, name = np.unique(np.column_stack([self.is_han, said]), axis=0, return_inverse=True)
        alike = np.bincount(name.ravel(), weights=counts)[name.ravel()].astype(float)
        totals = np.bincount(self.is_han, weights=counts, minlength=2)
        return alike, np.maximum(totals, 2.0)[self.is_han.astype(np.int64)].astype(float)

    def agreement(self, han: Rows, latin: Rows) -> NDArray[np.int8]:
        """Return the level of a name in characters and one in letters, read in the order and language that fit best."""
        level = np.zeros(len(han), np.int8)
        for places, length in zip(self.places, self.length, strict=True):
            longest = np.maximum(length[han], length[latin])
            for turn in TURNS:
                turned = turn_round(places[latin], length[latin], turn)
                for spells in self.spells:
                    said = spells[places[han], turned]
                    reached = said_level(longest - said.sum(1), longest, said[:, 0] & (length[latin] == 1))
                    np.maximum(level, reached, out=level)
        return level


def said_level(missing: NDArray[Any], longest: NDArray[Any], is_surname: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the level by how many syllables do not agree."""
    near = np.where((missing == 1) & (longest > 2), ALL_BUT_ONE, np.where(is_surname, SURNAME_ALONE, 0))
    return np.where(missing == 0, EVERY_SYLLABLE, near).astype(np.int8)


def turn_round(places: NDArray[np.int32], length: NDArray[np.int8], turn: int) -> NDArray[np.int32]:
    """Return the syllables of names with the last ones put first; shorter names stay as they are."""
    size = length.astype(np.int64)[:, None]
    order = np.arange(LONGEST)[None, :]
    moved = np.where((order < size) & (size > turn), (order - turn) % np.maximum(size, 1), order)
    result: NDArray[np.int32] = np.take_along_axis(places, moved, 1)
    return result


def read_two_scripts(written: NDArray[Any], cantonese: Cantonese) -> TwoScripts:
    """Return distinct names as syllables, with what may spell what."""
    universe = every_spelling(cantonese)
    values = in_simplified([str(text) for text in written])
    is_han = np.array([HAN_ONLY.fullmatch(text) is not None for text in values], dtype=bool)
    parts = [
        [
            tuple(text) if han else universe.syllables(text, is_joined=is_joined)
            for text, han in zip(values, is_han, strict=True)
        ]
        for is_joined in (False, True)
    ]
    characters = numbered(part for said, han in zip(parts[0], is_han, strict=True) if han for part in said)
    tokens = numbered(part for said, han in zip(parts[1], is_han, strict=True) if not han for part in said)
    places = np.zeros((len(parts), len(values), LONGEST), np.int32)
    for reading, said in enumerate(parts):
        for row, syllables_of_one in enumerate(said):
            number = characters if is_han[row] else tokens
            for place, text in enumerate(syllables_of_one[:LONGEST]):
                places[reading, row, place] = number[text]
    return TwoScripts(
        is_han, places, (places > 0).sum(2).astype(np.int8), spelling_tables(characters, tokens, cantonese)
    )


def numbered(texts: Iterable[str]) -> dict[str, int]:
    """Return a number for each distinct text, from 1."""
    return {text: place for place, text in enumerate(sorted(set(texts)), start=1)}


def spelling_tables(
    characters: dict[str, int], tokens: dict[str, int], cantonese: Cantonese
) -> tuple[NDArray[np.bool_], ...]:
    """Return for each language which character may be spelt as which token."""
    tables = tuple(np.zeros((len(characters) + 1, len(tokens) + 1), bool) for _ in range(2))
    for character, place in characters.items():
        for table, spelt in zip(tables, spellings_of(character, cantonese), strict=True):
            table[place, [tokens[text] for text in spelt if text in tokens]] = True
    return tables
