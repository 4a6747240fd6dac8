"""Editions of data/reference → the word lists standardisation is told."""

from __future__ import annotations

import csv
from functools import cache
from itertools import permutations
from pathlib import Path

from gb2260.data import data as revisions

from matchers.errors import ReferenceMissingError
from matchers.standardise.lexicon import Lexicon, NameWords

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
# The edition in use of each list; a new one is a new file and a change here.
ETHNICITY = "ethnicity/gbt3304-1991.csv"
RELATION = "relation_word/gbt4761-2008.csv"
PLACEHOLDER = "placeholder_value/2026.csv"
AREA = "area_code/later_than_2013.csv"
MIDDLE_DOT = "name_variant/middle_dot.csv"
PRIVATE_USE = "name_variant/private_use.csv"
KEPT = "name_variant/kept_character.csv"
SIMPLIFIED = "name_variant/hand_made.csv"
SURNAME = "name_variant/surname_pinyin.csv"
CANTONESE = "name_variant/cantonese_reading.csv"
SHORT_FORM = "name_variant/short_form.csv"
SIMILAR_SHAPE = "name_variant/similar_shape.csv"
LISTED_SHAPE = "name_variant/similar_shape_listed.csv"


def read_edition(place: str, folder: Path = REFERENCE) -> list[dict[str, str]]:
    """Return the rows of one edition; raises ReferenceMissingError where it is not there."""
    file = folder / place
    if not file.is_file():
        raise ReferenceMissingError(f"data/reference/{place} is not there. Put the edition back, then run again.")
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@cache
def read_lexicon(folder: Path = REFERENCE) -> Lexicon:
    """Return every word list of standardisation."""
    placeholders: dict[str, tuple[str, ...]] = {}
    for row in read_edition(PLACEHOLDER, folder):
        placeholders[row["kind"]] = (*placeholders.get(row["kind"], ()), row["value"])
    return Lexicon(
        placeholders=placeholders,
        ethnicity={row["word"]: row["code"] for row in read_edition(ETHNICITY, folder)},
        relation={row["word"]: row["code"] for row in read_edition(RELATION, folder)},
        area_codes=frozenset(area_names(folder)),
        names=name_words(folder),
    )


def name_words(folder: Path) -> NameWords:
    """Return what is known about writing names."""
    return NameWords(
        dots=frozenset(chr(int(row["code_point"], 16)) for row in read_edition(MIDDLE_DOT, folder)),
        private_use={
            chr(int(row["private_use"], 16)): chr(int(row["character"], 16))
            for row in read_edition(PRIVATE_USE, folder)
        },
        kept=frozenset(row["character"] for row in read_edition(KEPT, folder)),
        simplified={row["character"]: row["simplified"] for row in read_edition(SIMPLIFIED, folder)},
        surnames={row["surname"]: row["pinyin"] for row in read_edition(SURNAME, folder)},
    )


@cache
def area_periods(folder: Path = REFERENCE) -> dict[str, tuple[int | None, int | None]]:
    """Return for every known area code the years of the first and last revision it stands in; no last year where it still does.

    A code that only our own list has stands still; the year it came is in the list where it is known.
    """
    dated = {
        int(str(year)[:4]): codes for year, codes in sorted(revisions.items(), key=lambda each: str(each[0])) if year
    }
    newest = {str(code) for code in revisions[None]}
    periods: dict[str, tuple[int | None, int | None]] = {}
    for year in sorted(dated):
        for code in map(str, dated[year]):
            first = periods.get(code, (year, None))[0]
            periods[code] = (first, None if code in newest else year)
    for code in newest - set(periods):
        periods[code] = (max(dated) + 1, None)
    for row in read_edition(AREA, folder):
        first = periods.get(row["area_code"], (int(row["year"]) if row["year"] else None, None))[0]
        periods[row["area_code"]] = (first, None)
    return dict(sorted(periods.items()))


@cache
def cantonese_readings(folder: Path = REFERENCE) -> dict[str, tuple[str, ...]]:
    """Return how simplified characters are read in Cantonese: toneless Jyutping, the commonest reading first."""
    return {row["character"]: tuple(row["jyutping"].split()) for row in read_edition(CANTONESE, folder)}


@cache
def short_forms(folder: Path = REFERENCE) -> frozenset[tuple[str, str]]:
    """Return Latin given names with the short forms people use for them."""
    return frozenset((row["name"], row["short_form"]) for row in read_edition(SHORT_FORM, folder))


@cache
def similar_shapes(folder: Path = REFERENCE) -> dict[str, str]:
    """Return each simplified character that is taken for others by its shape, with those others."""
    found: dict[str, str] = {}
    for row in read_edition(SIMILAR_SHAPE, folder):
        found[row["character"]] = found.get(row["character"], "") + row["similar"]
        for other in row["similar"]:
            found[other] = found.get(other, "") + row["character"]
    for row in read_edition(LISTED_SHAPE, folder):
        for one, other in permutations(row["characters"], 2):
            if other not in found.get(one, ""):
                found[one] = found.get(one, "") + other
    return found


@cache
def area_names(folder: Path = REFERENCE) -> dict[str, str]:
    """Return every area code of any revision of GB/T 2260, with its newest name."""
    names: dict[str, str] = {}
    # The package keeps its newest revision under None.
    for revision in sorted(revisions, key=lambda year: (year is None, int(str(year or 0)[:4]), year or 0)):
        names.update({str(code): name for code, name in revisions[revision].items()})
    names.update({row["area_code"]: row["area_name"] for row in read_edition(AREA, folder)})
    return dict(sorted(names.items()))
