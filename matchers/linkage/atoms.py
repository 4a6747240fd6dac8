"""The values, and parts of values, that two records of one person are likely to agree on, as numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.linkage.coded import CodedColumn, Codes
from matchers.linkage.threads import in_threads

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int64]
Texts = Any  # an Arrow array of texts
Part = Callable[[Texts], Texts]  # '' where a value has no such part

WORD = "name word"
NAMES = ("given_name", "surname", "full_name")
NUMBERS = ("national_id", "other_id", "phone")
SHORTEST_CUT = 6  # a shorter number is not cut in two: its halves would say nothing
SPELLINGS = "spellings"  # words a name in the other script may be spelt with
MOST_WORDS = 60  # of a record's name are paired with each other


@dataclass(frozen=True)
class Atom:
    """A value of a role or part of one; whoever agrees on one of `within` agrees on this atom too."""

    name: str
    role: str
    part: Part | None = None
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Keys:
    """What the records have of an atom: the number of a value below `size` for each of `rows`; words repeat rows.

    Where `rows` is None there is a number for every record, -1 where it has no value. `breadth` is how many other records
    a record agrees with by the atom, on average over all records.
    """

    rows: NDArray[np.int32] | None
    codes: Codes
    size: int
    breadth: float


def first_half(numbers: Texts) -> Texts:
    """Return the first half of numbers, so that one wrong digit leaves one of the halves whole."""
    return halves(numbers, lambda text, length: pc.utf8_slice_codeunits(text, 0, length // 2))


def last_half(numbers: Texts) -> Texts:
    """Return the last half of numbers."""
    return halves(numbers, lambda text, length: pc.utf8_slice_codeunits(text, length - length // 2, length))


def halves(numbers: Texts, cut: Callable[[Texts, int], Texts]) -> Texts:
    """Return the part of each number that is long enough to be cut and in which nothing is hidden."""
    length = pc.if_else(pc.match_substring(numbers, "*"), 0, pc.utf8_length(numbers))
    result = pa.nulls(len(numbers), pa.string())
    for size in pc.unique(length).sort().to_pylist():
        if size >= SHORTEST_CUT:
            chosen = pc.equal(length, size)
            result = pc.replace_with_mask(result, chosen, cut(numbers.filter(chosen), size))
    return result


def year(dates: Texts) -> Texts:
    """Return the year of YYYYMMDD."""
    return pc.utf8_slice_codeunits(dates, 0, 4)


def month_and_day(dates: Texts) -> Texts:
    """Return MMDD of YYYYMMDD; nothing where neither is given."""
    both = pc.utf8_slice_codeunits(dates, 4, 8)
    return pc.if_else(pc.equal(both, "0000"), "", both)


def head(texts: Texts) -> Texts:
    """Return the first three letters."""
    return pc.utf8_slice_codeunits(texts, 0, 3)


def initial(texts: Texts) -> Texts:
    """Return the first letter."""
    return pc.utf8_slice_codeunits(texts, 0, 1)


def long_head(codes: Texts) -> Texts:
    """Return the first three letters of a code of at least five."""
    return pc.if_else(pc.greater_equal(pc.utf8_length(codes), 5), head(codes), "")


def first_word(texts: Texts) -> Texts:
    """Return what stands before the first blank."""
    return pc.list_element(pc.split_pattern(texts, " ", max_splits=1), 0)


def user(emails: Texts) -> Texts:
    """Return what stands before the at sign."""
    return pc.list_element(pc.split_pattern(emails, "@", max_splits=1), 0)


ATOMS: tuple[Atom, ...] = (
    *(Atom(role, role) for role in (*NUMBERS, "email", "household_no", "birth_date")),
    *(Atom(f"{role}_head", role, first_half, (role,)) for role in NUMBERS),
    *(Atom(f"{role}_tail", role, last_half, (role,)) for role in NUMBERS),
    Atom("email_user", "email", user, ("email",)),
    Atom("birth_year", "birth_date", year, ("birth_date",)),
    Atom("birth_day", "birth_date", month_and_day, ("birth_date",)),
    *(Atom(role, role) for role in NAMES),
    Atom("given_sound", "given_name", None, ("given_name",)),
    Atom("given_head", "given_name", head, ("given_name",)),
    Atom("surname_head", "surname", head, ("surname",)),
    Atom("given_initial", "given_name", initial, ("given_name", "given_head")),
    *(Atom(role, role) for role in ("postcode", "place", "area", "area_code", "address", "street_number", "category")),
    Atom("postcode_head", "postcode", long_head, ("postcode",)),
    Atom("address_head", "address", first_word, ("address",)),
)
SOUND = Atom("sound", "sound")
COLUMNS = {"given_sound": "given_sound"}  # atoms whose column is not their role's


def key_records(columns: dict[str, CodedColumn], row_count: int, roles: tuple[str, ...] = ()) -> dict[str, Keys]:
    """Return the keys of every atom that some record has, in the order of the atoms, words of names and `roles` last."""
    stated = {atom: columns.get(COLUMNS.get(atom.name, atom.role)) for atom in ATOMS}
    there = [(atom, column) for atom, column in stated.items() if column is not None and len(column.texts)]
    keys = in_threads(lambda one: keys_of_codes(part_codes(one[1], one[0].part), row_count), there)
    found = {atom.name: own for (atom, _), own in zip(there, keys, strict=True)}
    if {"given_sound", "surname_sound"} <= set(columns):
        found[SOUND.name] = sound_keys(columns["surname_sound"], columns["given_sound"], row_count)
    names = [columns[name] for name in (*NAMES, SPELLINGS) if name in columns]
    if names:
        found[WORD] = word_keys(names, row_count)
    for role in roles:
        if role in columns and role not in found:
            found[role] = keys_of_codes(columns[role].codes, row_count)
    return {name: keys for name, keys in found.items() if keys.size}


def part_codes(column: CodedColumn, part: Part | None) -> Codes:
    """Return for each record the number of its part of the value; -1 where there is none."""
    if part is None:
        return column.codes
    parts = part(column.texts)
    encoded = pc.if_else(pc.equal(parts, ""), pa.scalar(None, pa.string()), parts).dictionary_encode()
    numbers = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return np.append(numbers, np.int32(-1))[column.codes]


def keys_of_codes(codes: Codes, row_count: int) -> Keys:
    """Return the keys of an atom by the number of each record's value."""
    return Keys(None, codes, int(codes.max(initial=-1)) + 1, breadth(codes[codes >= 0], row_count))


def sound_keys(surname: CodedColumn, given: CodedColumn, row_count: int) -> Keys:
    """Return the keys of whole names by their sound."""
    both = (surname.codes >= 0) & (given.codes >= 0)
    codes = np.where(both, surname.codes.astype(np.int64) * len(given.texts) + given.codes, -1)
    _, numbers = np.unique(codes, return_inverse=True)
    return keys_of_codes(np.where(both, numbers, -1).astype(np.int32), row_count)


def word_keys(names: list[CodedColumn], row_count: int) -> Keys:
    """Return the keys of the distinct words of each record's names, whatever column they stand in."""
    cut = [pc.utf8_split_whitespace(column.texts) for column in names]
    every = pa.concat_arrays([some.flatten() for some in cut]).dictionary_encode()
    number, end = every.indices.to_numpy(), 0
    size_of_all = max(len(every.dictionary), 1)
    rows, words = [], []
    for column, some in zip(names, cut, strict=True):
        sizes = np.diff(some.offsets.to_numpy())
        flat, end = number[end : end + int(sizes.sum())], end + int(sizes.sum())
        stated = np.flatnonzero(column.codes >= 0)
        size = sizes[column.codes[stated]]
        first = (np.cumsum(sizes) - sizes)[column.codes[stated]]
        place = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
        rows.append(np.repeat(stated, size))
        words.append(flat[np.repeat(first, size) + place])
    packed = np.concatenate(rows) * size_of_all + np.concatenate(words)
    packed.sort()
    packed = packed[first_of_runs(packed)]
    row, word = (part.astype(np.int32) for part in np.divmod(packed, size_of_all))
    return Keys(row, word, len(every.dictionary), breadth(word, row_count))


def breadth(codes: NDArray[np.signedinteger], row_count: int) -> float:
    """Return how many other records a record agrees with, on average."""
    counts = np.bincount(codes).astype(float)
    return float((counts * (counts - 1)).sum()) / max(row_count, 1)


def first_of_runs(ordered: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Return where a new value begins in an ordered array."""
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return is_first
