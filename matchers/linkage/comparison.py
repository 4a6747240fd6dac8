"""Levels of agreement, field by field, worked out once per distinct pair of values."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.citizen_numbers import SAME_BIRTH, CitizenNumbers, cut_citizen_numbers
from matchers.linkage.code_pairs import CodePairs
from matchers.linkage.coded import CodedColumn, first_words
from matchers.linkage.dates import Packed, compare_dates, pack_dates
from matchers.linkage.fields import Field
from matchers.linkage.inside import Worded, read_words
from matchers.linkage.likeness import WAYS, bounded_levels, once_per_pair
from matchers.linkage.name_slots import settle_slots
from matchers.linkage.near_numbers import compare_numbers, pack_numbers
from matchers.linkage.readings import Cantonese
from matchers.linkage.shapes import Shapes, pair_similar_shapes
from matchers.linkage.short_forms import ShortForms, pair_short_forms
from matchers.linkage.signatures import (
    CEILINGS,
    FIRST_LETTER,
    INITIAL,
    LAST_LENGTH,
    LENGTH,
    MISSING,
    Hidden,
    Signed,
    alike,
    ceilings,
    exact_levels,
    of_rows,
    quick_levels,
    sign,
)
from matchers.linkage.threads import in_threads
from matchers.linkage.two_scripts import TwoScripts, read_two_scripts

Rows = NDArray[np.int32]
Level = NDArray[np.int8]
SHORT_FORM = 3
MANY_PAIRS = 150_000  # worth a thread per field; scoring, whose pieces are smaller, has threads of its own
USUAL_REPEATS = 4  # of a pair of values; where fewer are to be expected, looking for them costs more than it saves
# Compared in full at once: by numbers alone, or because another field's meaning hangs on the outcome.
SETTLED_AT_ONCE = ("date", "near_number", "citizen_number", "spoken_name")
SPOKEN = "spoken_name"
SIMILAR_SHAPE, SOUNDS_EQUAL, SAME_HEAD = 3, 4, 2
WRITTEN_NAMES = ("given_name", "surname", "full_name")


@dataclass
class Comparer:
    """Compares records by their coded values; `sounds` holds the pinyin of Chinese name columns."""

    columns: dict[str, CodedColumn]
    source: NDArray[np.int64] | None = None  # of each row, where only rows of different sources may be one person
    dates: dict[str, Packed] = field(default_factory=dict)
    digits: dict[str, NDArray[np.uint64]] = field(default_factory=dict)
    signed: dict[str, Signed] = field(default_factory=dict)  # of each row
    heads: dict[str, NDArray[np.int32]] = field(default_factory=dict)
    numbers: dict[str, CitizenNumbers] = field(default_factory=dict)
    cantonese: Cantonese = field(default_factory=dict)
    short_forms: ShortForms = frozenset()
    short: dict[str, CodePairs] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=dict)
    similar: dict[str, CodePairs] = field(default_factory=dict)
    spoken: dict[str, TwoScripts] = field(default_factory=dict)
    hidden: dict[str, Hidden] = field(default_factory=dict)
    classes: dict[str, tuple[Level, NDArray[np.float64]]] = field(default_factory=dict)  # see frequencies
    by_words: dict[str, Worded] = field(default_factory=dict)

    def forget(self) -> None:
        """Let go of the signatures of rows and of the values as Python's texts."""
        self.signed.clear()
        for column in self.columns.values():
            column.forget()

    def matrix(self, fields: tuple[Field, ...], left: Rows, right: Rows, *, is_cheap: bool = False) -> Level:
        """Return the level of every field for every pair; `is_cheap` leaves undecided what needs a look at the texts.

        A citizen number holds the day of birth: where two numbers agree on it, the birth dates say nothing more. Names
        in two scripts are compared by sound alone.
        """
        compare = self.cheap_levels if is_cheap else self.levels
        spread = in_threads if len(left) >= MANY_PAIRS else map
        columns = list(spread(lambda what: compare(what, left, right), fields))
        names = [what.name for what in fields]
        if "national_id" in names and "birth_date" in names:
            columns[names.index("birth_date")][columns[names.index("national_id")] >= SAME_BIRTH] = MISSING
        if "surname_as_given" in self.columns and {"given_name", "surname"} <= set(names):
            levels = columns[names.index("given_name")], columns[names.index("surname")]
            settle_slots(self.columns, levels, (left, right))
        if SPOKEN in names:
            in_two_scripts = columns[names.index(SPOKEN)] != MISSING
            for name in set(WRITTEN_NAMES) & set(names):
                columns[names.index(name)][in_two_scripts] = MISSING
        return np.stack(columns, 1) if columns else np.empty((len(left), 0), np.int8)

    def levels(self, what: Field, left: Rows, right: Rows) -> Level:
        """Return how far each pair of rows agrees on a field."""
        codes = self.columns[what.name].codes
        if what.kind == SPOKEN:
            return self.two_scripts(what.name).levels(codes[left], codes[right])
        level = exact_levels(codes, left, right)
        equal, rest = np.flatnonzero(level == 1), np.flatnonzero(level == 0)
        level[equal] = self.equal_levels(what, codes[left[equal]])
        if len(rest) and what.levels > 2:
            level[rest] = self.unequal_levels(what, left[rest], right[rest])
        return level

    def cheap_levels(self, what: Field, left: Rows, right: Rows) -> Level:
        """Return the levels that need no comparison of texts; -2 - n where one is needed that can reach n at most."""
        if what.kind == "exact":
            return exact_levels(self.columns[what.name].codes, left, right)
        if what.kind in SETTLED_AT_ONCE:
            return self.levels(what, left, right)
        table = np.zeros(0, np.int8) if what.bounds else ceilings(what.kind)
        if what.name not in self.hidden:
            self.hidden[what.name] = self.hidden_ways(what)
        signed = (self.signs(what.name), table)
        return quick_levels((left, right), signed, self.hidden[what.name], what.levels - 1)

    def hidden_ways(self, what: Field) -> Hidden:
        """Return how values can be alike in what their letters do not show: a number of each row, the same for those alike.

        With it goes the level that such pairs may reach; without rows where a kind knows no such way.
        """
        if what.kind == "han_name":
            sounds = self.sounds(what.name)
            return (np.zeros(0, np.int32) if sounds is None else sounds.codes), SOUNDS_EQUAL
        if what.kind == "postcode":
            return np.append(self.head_codes(what.name), np.int32(MISSING))[self.columns[what.name].codes], SAME_HEAD
        if what.kind == "name" and what.name == "given_name" and self.short_forms:
            known = np.append(self.short_pairs(what.name).known, np.False_)
            return np.where(known[self.columns[what.name].codes], 0, MISSING).astype(np.int32), SHORT_FORM
        return np.zeros(0, np.int32), 0

    def other_ways(self, what: Field, left: Rows, right: Rows) -> Level:
        """Return the level that unequal values reach by what their letters do not show; 0 where none."""
        if what.kind == "han_name":
            return self.han_ways(what.name, left, right)
        if what.kind == "name":
            return self.abbreviated(what.name, left, right)
        if what.kind == "postcode":
            return np.where(self.same_head(what.name, left, right), SAME_HEAD, 0).astype(np.int8)
        if what.kind == "text":
            return self.inside(what.name, left, right)
        if what.kind == "citizen_number":
            codes = self.columns[what.name].codes
            return self.citizen_numbers(what.name).levels(codes[left], codes[right])
        return np.zeros(len(left), np.int8)

    def abbreviated(self, name: str, left: Rows, right: Rows) -> Level:
        """Return the level of pairs of Latin names in which one is the other's initial, or its usual short form."""
        signs = self.signs(name)[:, 1]
        one, other = signs[left], signs[right]
        length = np.minimum(one >> LENGTH & LAST_LENGTH, other >> LENGTH & LAST_LENGTH)
        is_initial = (length == 1) & (((one ^ other) & FIRST_LETTER) == 0)
        level = np.where(is_initial, INITIAL, 0).astype(np.int8)
        if name == "given_name" and self.short_forms:
            codes = self.columns[name].codes
            level[self.short_pairs(name).hold(codes[left], codes[right])] = SHORT_FORM
        return level

    def inside(self, name: str, left: Rows, right: Rows) -> Level:
        """Return the level of pairs of texts of which one is inside the other; letters rule most pairs out."""
        column, level = self.columns[name], np.zeros(len(left), np.int8)
        maybe = np.flatnonzero(alike(ceilings("inside"), self.signs(name), (left, right)))
        codes = column.codes[left[maybe]], column.codes[right[maybe]]
        level[maybe] = self.worded(name).levels(*codes)
        return level

    def worded(self, name: str) -> Worded:
        """Return a column's texts by their words."""
        if name not in self.by_words:
            self.by_words[name] = read_words(self.columns[name].texts)
        return self.by_words[name]

    def short_pairs(self, name: str) -> CodePairs:
        """Return the pairs of a column's values of which one is the other's short form."""
        if name not in self.short:
            self.short[name] = pair_short_forms(self.columns[name].values, self.short_forms)
        return self.short[name]

    def same_head(self, name: str, left: Rows, right: Rows) -> NDArray[np.bool_]:
        """Return the pairs whose postcodes, written in two words, begin with the same one."""
        codes, heads = self.columns[name].codes, self.head_codes(name)
        one, other = heads[codes[left]], heads[codes[right]]
        same: NDArray[np.bool_] = (one >= 0) & (one == other)
        return same

    def head_codes(self, name: str) -> NDArray[np.int32]:
        """Return the number of the first word of each value; -1 for a value of one word."""
        if name not in self.heads:
            self.heads[name] = first_words(self.columns[name].values)
        return self.heads[name]

    def citizen_numbers(self, name: str) -> CitizenNumbers:
        """Return the parts of a column's citizen numbers."""
        if name not in self.numbers:
            self.numbers[name] = cut_citizen_numbers(self.columns[name].values)
        return self.numbers[name]

    def signs(self, name: str) -> Signed:
        """Return the signature of each row's value."""
        if name not in self.signed:
            self.signed[name] = of_rows(sign(self.columns[name].texts), self.columns[name].codes)
        return self.signed[name]

    def equal_levels(self, what: Field, codes: Rows) -> Level:
        """Return the level of equal values: the highest, but for dates that are not whole or look like placeholders."""
        if what.kind != "date":
            return np.full(len(codes), what.levels - 1, np.int8)
        dates = self.packed_dates(what.name)[codes]
        return compare_dates(dates, dates)

    def unequal_levels(self, what: Field, left: Rows, right: Rows) -> Level:
        """Return the level of values that are both there and not equal."""
        column = self.columns[what.name]
        one, other = column.codes[left], column.codes[right]
        if what.kind == "date":
            dates = self.packed_dates(what.name)
            return compare_dates(dates[one], dates[other])
        if what.kind == "near_number":
            digits = self.packed_numbers(what.name)
            return compare_numbers(digits[one], digits[other])
        level = self.compare_values(what, one, other) if what.bounds else self.compare_alike(what, left, right)
        if what.kind == "citizen_number":
            level[self.citizen_numbers(what.name).both_valid(one, other)] = 0
        return np.maximum(level, self.other_ways(what, left, right))

    def compare_alike(self, what: Field, left: Rows, right: Rows) -> Level:
        """Return the level of pairs of rows by their texts; those too unlike to reach any are not compared."""
        codes, level = self.columns[what.name].codes, np.zeros(len(left), np.int8)
        if what.kind not in CEILINGS:
            return self.compare_values(what, codes[left], codes[right])
        maybe = np.flatnonzero(alike(ceilings(what.kind), self.signs(what.name), (left, right)))
        level[maybe] = self.compare_values(what, codes[left[maybe]], codes[right[maybe]])
        return level

    def compare_values(self, what: Field, one: Rows, other: Rows) -> Level:
        """Return the level of pairs of values; each distinct pair is compared once where pairs repeat."""
        column = self.columns[what.name]
        way = partial(bounded_levels, what.steps) if what.bounds else WAYS[what.kind]
        if len(column.texts) * USUAL_REPEATS > len(one):
            return way(column, one, other)
        return once_per_pair(way, column, (one, other))

    def han_ways(self, name: str, left: Rows, right: Rows) -> Level:
        """Return the level of pairs of Chinese names by their sound, else by the shape of the one character that differs."""
        codes = self.columns[name].codes
        if name not in self.similar:
            self.similar[name] = pair_similar_shapes(self.columns[name].values, self.shapes)
        level = np.where(self.similar[name].hold(codes[left], codes[right]), SIMILAR_SHAPE, 0).astype(np.int8)
        sounds = self.sounds(name)
        if sounds is not None:
            level[(sounds.codes[left] >= 0) & (sounds.codes[left] == sounds.codes[right])] = SOUNDS_EQUAL
        return level

    def sounds(self, name: str) -> CodedColumn | None:
        """Return the pinyin of a name column; None where it has none."""
        return self.columns.get({"given_name": "given_sound", "surname": "surname_sound"}.get(name, ""))

    def frequencies(self, what: Field) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return of each value how many records have it, and how many have any; by sound within a script where told to."""
        counts = self.columns[what.name].counts.astype(float)
        if what.kind == SPOKEN:
            return self.two_scripts(what.name).frequencies(counts)
        return counts, np.full(len(counts), max(float(counts.sum()), 2.0))

    def two_scripts(self, name: str) -> TwoScripts:
        """Return the names of data in two scripts as syllables."""
        if name not in self.spoken:
            self.spoken[name] = read_two_scripts(self.columns[name].values, self.cantonese)
        return self.spoken[name]

    def packed_dates(self, name: str) -> Packed:
        """Return a date column's distinct values in packed form."""
        if name not in self.dates:
            self.dates[name] = pack_dates(self.columns[name].values)
        return self.dates[name]

    def packed_numbers(self, name: str) -> NDArray[np.uint64]:
        """Return the digits of a column's distinct values in packed form."""
        if name not in self.digits:
            self.digits[name] = pack_numbers(self.columns[name].values)
        return self.digits[name]
