"""Reads the records to be linked: what is written in each role once, then what of it is comparable.

A text is brought into comparable form once, however many records have it: people share names, places and birth dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.errors import LinkInputError
from matchers.linkage.coded import CodedColumn, Codes, Texts, coded, first_stated, number_texts
from matchers.linkage.threads import in_threads
from matchers.linkage.values import cut_texts, standard_dates, standard_texts, whole_names
from matchers.linkage.written_dates import LAST_OF_CENTURY
from matchers.stage import Engine, keep, require
from schemas.links import LINK_INPUT, LINK_INPUT_ROLES, LINK_ROW, LINK_WHOLE_NAME, LINK_WRITTEN

Written = Mapping[str, Texts]
NAMES = ("full_name", "surname", "given_name")
# A role's values: the part of a Chinese name written there, the part of one written as full name, or the role's own text.
CUT = {
    "given_name": ("given_name", "given_name"),
    "surname": ("surname", "surname"),
    "given_sound": ("given_name", "given_sound"),
    "surname_sound": ("surname", "surname_sound"),
}


@dataclass(frozen=True)
class Rows:
    """The records in order of record_id: where each stands in `link_input`, its source, and what its source says.

    `place` is None where they stand in that order. `exclusive` is the source where it holds a person once, -1 otherwise.
    """

    place: Codes | None
    source: NDArray[np.int64]
    exclusive: NDArray[np.int64]

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.source)


@dataclass(frozen=True)
class Forms:
    """What comparable form depends on: the source numbers that write month first, and the scripts of names.

    `is_standard` says that the values are in comparable form already, `has_han` that some names are Chinese characters,
    `in_two_scripts` that others are Latin letters. Years of two digits after `newest_year` are of the century before.
    """

    month_first: tuple[int, ...] = ()
    is_standard: bool = False
    has_han: bool = False
    in_two_scripts: bool = False
    newest_year: int = LAST_OF_CENTURY


def number_rows(db: Engine, single_sources: tuple[str, ...]) -> Rows:
    """Make `link_row` and return the records in its order.

    Raises LinkInputError where a record has no id, or two have the same.
    """
    require(db, LINK_INPUT)
    found = db.columns("select record_id, source_id from link_input")
    names = found["record_id"].combine_chunks()
    refuse_missing(names)
    is_sorted = pc.all(pc.less(names[:-1], names[1:])).as_py() is not False
    place = None if is_sorted else pc.sort_indices(names).to_numpy().astype(np.int32)
    names = names if place is None else names.take(pa.array(place))
    refuse_repeated(names)
    keep(db, LINK_ROW, {"record_id": names, "row": np.arange(len(names), dtype=np.int32)})
    given = number_texts(found["source_id"], place)
    sources = given.texts.to_pylist()
    number = {source: place for place, source in enumerate(sorted(sources))}
    source = np.array([number[name] for name in sources], np.int64)[given.codes]
    single = [number[name] for name in single_sources if name in number]
    return Rows(place, source, np.where(np.isin(source, single), source, -1))


def refuse_missing(names: Any) -> None:
    """Raise LinkInputError where a record has no id."""
    if names.null_count:
        raise LinkInputError(
            f"record_id is missing in {names.null_count:,} of {len(names):,} rows. Give every row one."
        )


def refuse_repeated(names: Any) -> None:
    """Raise LinkInputError where an id stands twice among sorted ones."""
    repeated = int(pc.sum(pc.equal(names[1:], names[:-1])).as_py() or 0)
    if repeated:
        raise LinkInputError(
            f"record_id is not unique: {repeated:,} of {len(names):,} rows repeat one. Make it unique."
        )


def read_written(db: Engine, rows: Rows) -> dict[str, Texts]:
    """Return what is written in each role that is filled, and make `link_written`; one is numbered while the next is read."""
    filled = [r for r in LINK_INPUT_ROLES if db.rows(f"select 1 from link_input where {r} is not null limit 1")]
    read = (db.columns(f"select {role} from link_input")[role] for role in filled)
    written = dict(zip(filled, in_threads(partial(number_texts, order=rows.place), read), strict=True))
    texts = pa.chunked_array([column.texts for column in written.values()], pa.string())
    roles = np.repeat(np.arange(len(filled), dtype=np.int32), [len(column.texts) for column in written.values()])
    named = pa.DictionaryArray.from_arrays(roles, pa.array(filled, pa.string()))
    keep(db, LINK_WRITTEN, {"role": named, "written": texts})
    return written


def read_person_keys(db: Engine, rows: Rows) -> NDArray[np.int64]:
    """Return a number for the person_key of each row, 0 where nothing is known."""
    if not db.rows("select 1 from link_input where person_key is not null limit 1"):
        return np.zeros(len(rows), np.int64)
    keys = number_texts(db.columns("select person_key from link_input")["person_key"], rows.place)
    return keys.codes.astype(np.int64) + 1


def read_values(db: Engine, written: Written, rows: Rows, forms: Forms) -> dict[str, CodedColumn]:
    """Return the comparable values of every role that has any; one is numbered while the next is brought into form."""
    names = (
        *LINK_INPUT_ROLES,
        *(("given_sound", "surname_sound", "spoken_name", "spellings") if forms.has_han else ()),
    )
    spoken = read_whole_names(db, written) if forms.in_two_scripts else {}
    parts = ((spoken[name],) if name in spoken else parts_of(db, written, rows, (name, forms)) for name in names)
    found = zip(names, in_threads(coded_parts, parts), strict=True)
    return {name: column for name, column in found if column is not None and len(column.texts)}


def coded_parts(parts: Sequence[Texts]) -> CodedColumn | None:
    """Return the first of the texts each row states as numbers; None without any part."""
    return coded(first_stated(parts)) if parts else None


def parts_of(db: Engine, written: Written, rows: Rows, asked: tuple[str, Forms]) -> tuple[Texts, ...]:
    """Return the texts a role's value is taken from, the first stated one of them."""
    role, forms = asked
    cut = cut_names(db, written, role) if forms.has_han and role in CUT else ()
    if role not in written:
        return cut
    if role == "birth_date" and not forms.is_standard:
        return dates(db, written[role], rows, forms)
    is_latin = role == "full_name" and forms.in_two_scripts
    query = standard_texts(role, is_standard=forms.is_standard, is_latin=is_latin)
    return (*cut, in_form(db, written[role], query))


def in_form(db: Engine, column: Texts, query: str) -> Texts:
    """Return a column with what a query makes of its texts."""
    found = db.columns(query)
    place, texts = found["place"].to_numpy(), found["value"].combine_chunks()
    if (place[1:] < place[:-1]).any():  # a long list to look a text up in is a join, and a join keeps no order
        texts = texts.take(pa.array(np.argsort(place)))
    return column.standard(texts)


def dates(db: Engine, column: Texts, rows: Rows, forms: Forms) -> tuple[Texts, ...]:
    """Return birth dates as YYYYMMDD, day and month in the order of each source."""
    if not forms.month_first:
        return (in_form(db, column, standard_dates(is_month_first=False, newest=forms.newest_year)),)
    is_first = np.isin(rows.source, forms.month_first)
    parts = ((is_first, True), (~is_first, False))
    return tuple(
        in_form(db, column.only(of), standard_dates(is_month_first=first, newest=forms.newest_year))
        for of, first in parts
    )


def cut_names(db: Engine, written: Written, name: str) -> tuple[Texts, ...]:
    """Return what Chinese names say: the one in the role of the part itself, then the full name."""
    own, part = CUT[name]
    roles = [role for role in (own, "full_name") if role in written]
    return tuple(in_form(db, written[role], cut_texts(role, part)) for role in roles)


def read_whole_names(db: Engine, written: Written) -> dict[str, Texts]:
    """Return how the whole name of each row is written, and how it may be spelt, where names stand in two scripts."""
    named = [written[role] for role in NAMES if role in written]
    key = np.zeros(len(named[0].codes), np.int64)
    for column in named:
        key = key * (len(column.texts) + 1) + column.codes + 1
    encoded = pa.array(key).dictionary_encode()
    left, values = encoded.dictionary.to_numpy(), {}
    for role in reversed([role for role in NAMES if role in written]):
        left, code = np.divmod(left, len(written[role].texts) + 1)
        values[role] = written[role].texts.take(pa.array(code - 1, mask=code == 0))
    count = len(encoded.dictionary)
    empty = dict.fromkeys(NAMES, pa.nulls(count, pa.string()))
    keep(db, LINK_WHOLE_NAME, {"place": np.arange(count, dtype=np.int32), **empty, **values})
    found = db.columns(whole_names())
    db.drop(LINK_WHOLE_NAME.name)
    codes = encoded.indices.to_numpy().astype(np.int32, copy=False)
    return {name: Texts(codes, column.combine_chunks()) for name, column in found.items()}
