"""How Chinese characters are read: toneless pinyin, and the words a reading may be spelt with in Latin letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from matchers.linkage.spellings import Spelt, cantonese_spellings, mandarin_spellings

# Chinese characters, the compatibility ones and the rare planes included.
HAN_ONLY = re.compile("[\u3400-\u9fff\uf900-\ufaff\u3007\U00020000-\U000323af]+")
# Simplified character → its readings in toneless Jyutping, the commonest first.
Cantonese = Mapping[str, Spelt]
READINGS = 3  # of a character in one language


def sound(text: str) -> str:
    """Return toneless pinyin, syllables joined by a blank; a character nobody reads stands for itself."""
    return " ".join(map(syllable, text))


def syllable(character: str) -> str:
    """Return the first reading of a character without its tone."""
    return syllables(character)[0]


@cache
def pinyin() -> Mapping[int, str]:
    """Return the readings of each character by its number; loaded only where there is one to read, as it takes a second."""
    from pypinyin.constants import PINYIN_DICT

    readings: Mapping[int, str] = PINYIN_DICT
    return readings


@lru_cache(maxsize=65536)
def syllables(character: str) -> tuple[str, ...]:
    """Return every reading of a character without tones, the commonest first; itself where nobody reads it."""
    readings = pinyin().get(ord(character))
    if readings is None:
        return (character,)
    letters = unicodedata.normalize("NFD", readings)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(dict.fromkeys(bare.split(",")))


def spellings_of(character: str, cantonese: Cantonese) -> tuple[frozenset[str], frozenset[str]]:
    """Return how a character may be spelt by its Mandarin readings, and by its Cantonese ones; itself in both."""
    north = (text for reading in syllables(character)[:READINGS] for text in mandarin_spellings(reading))
    south = (text for reading in cantonese.get(character, ())[:READINGS] for text in cantonese_spellings(reading))
    return frozenset((*north, character)), frozenset((*south, character))


def common_spellings(name: str, cantonese: Cantonese) -> str:
    """Return the words a Chinese name is most likely to be spelt with in Latin letters, joined by blanks."""
    spelt: list[str] = []
    for character in name:
        north = syllables(character)[0]
        south = cantonese.get(character, ())[:1]
        spelt += [north, *(text for reading in south for text in (*cantonese_spellings(reading)[:2], reading))]
    return " ".join(dict.fromkeys(spelt))
