"""The words standardisation is told, read from data/reference by whoever calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class NameWords:
    """What is known about writing names.

    `dots`: every middle dot ever typed. `private_use`: private-use character → the character it stands for.
    `kept`: characters the converter would simplify although they are in use as they are. `simplified`: characters the
    converter leaves, with their simplified form. `surnames`: surname → its pinyin, where it is read its own way.
    """

    dots: frozenset[str]
    private_use: Mapping[str, str]
    kept: frozenset[str]
    simplified: Mapping[str, str]
    surnames: Mapping[str, str]


@dataclass(frozen=True)
class Lexicon:
    """Every word list of standardisation; `placeholders` by kind: any, name, national_id, phone, date."""

    placeholders: Mapping[str, tuple[str, ...]]
    ethnicity: Mapping[str, str]
    relation: Mapping[str, str]
    area_codes: frozenset[str]
    names: NameWords
