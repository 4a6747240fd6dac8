"""One opened delivery → raw_<source> and its refused rows, with every row accounted for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, show_as_arrived
from flows.sources.parquet_file import can_be_read
from flows.sources.rounding import mask_rounded
from matchers.errors import BrokenContractError, DeliveryError, StorageError
from matchers.standardise.lexicon import Lexicon
from matchers.standardise.quarantine import refused_name, refused_rows
from matchers.standardise.rows import (
    arrived_name,
    county_codes_query,
    loaded_rows,
    outcome_query,
    promising_columns,
    read_rows,
    unread_query,
)
from schemas.raw import raw_name
from schemas.source import SourceContract

log = logging.getLogger(__name__)
# A delivery of which more than this share is refused is not the file its contract describes.
REFUSED_SHARE_AT_MOST = 0.5
# A reason is believed to be about the file, not about its rows, only where there are rows to speak of.
ROWS_TO_JUDGE = 10
UNREADABLE = "its rows cannot be read. Ask the department to send it again."
# What the engine says of bytes that are no Parquet; the last two are its own checks, and end its session.
OF_THE_FILE = (duckdb.InvalidInputException, duckdb.InternalException, duckdb.FatalException)
# So many rows are named where all of them would be too many for a letter.
ROWS_NAMED = 20


@dataclass(frozen=True)
class Loaded:
    """One source after loading: rows delivered, loaded and refused by reason; unreadable values by column.

    `carried` are rows of the last complete state that still hold, `replaced` loaded rows that a correction put right;
    `merging` says so in words. `unread_rows` are the places of the first rows with an unreadable value, by column. `rounded` are citizen numbers whose last digits a spreadsheet made up.
    """

    delivered: int
    loaded: int
    reasons: dict[str, int] = field(default_factory=dict)
    unusable: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    carried: int = 0
    replaced: int = 0
    merging: str | None = None
    rounded: int = 0
    unread_rows: dict[str, tuple[int, ...]] = field(default_factory=dict)


def load_source(db: DuckEngine, contract: SourceContract, arrival: Arrival | None, words: Lexicon) -> Loaded:
    """Make raw_<source> (a view of read_<source>) and refused_<source>.

    Raises DeliveryError where most rows cannot be used, or the file is damaged.
    """
    with refuse_damaged(arrival):
        return load_rows(db, contract, arrival, words)


def load_rows(db: DuckEngine, contract: SourceContract, arrival: Arrival | None, words: Lexicon) -> Loaded:
    """Make raw_<source> and refused_<source> of what can be read."""
    delivered = arrival.reader.load(db) if arrival else show_nothing(db, contract)
    rounded = mask_rounded(db, contract)
    kinds = db.column_types(arrived_name(contract.source_id))
    read_rows(contract)(db, words, kinds, unknown_areas(db, contract, words, kinds))
    result = outcome(delivered, contract, db.rows(outcome_query(contract)), rounded)
    refuse_mostly_unusable(contract, delivered, result.reasons)
    refuse_unaccounted(contract, arrival, result)
    if result.refused:
        db.create(refused_name(contract.source_id), refused_rows(contract))
    db.run(f"create or replace view {raw_name(contract.source_id)} as {loaded_rows(contract)}")
    db.run(f"drop view {arrived_name(contract.source_id)}")
    db.drop(f"delivered_{contract.source_id}", f"rounded_{contract.source_id}")
    log.info("%s: %s rows delivered, %s refused", contract.source_id, f"{delivered:,}", f"{result.refused:,}")
    return replace(result, unread_rows=first_unread(db, contract, result.unusable))


@contextmanager
def refuse_damaged(arrival: Arrival | None) -> Iterator[None]:
    """Raise DeliveryError where the rows of a Parquet file turn out to be damaged, which its footer does not show."""
    try:
        yield
    except (duckdb.Error, StorageError) as error:
        if arrival is None or arrival.encoding != "parquet":
            raise
        told_so = isinstance(error, OF_THE_FILE) or type(error) is duckdb.Error
        if told_so or (arrival.file.suffix == ".parquet" and not can_be_read(arrival.file)):
            raise DeliveryError(f"is damaged: {UNREADABLE}") from None
        raise


def refuse_unaccounted(contract: SourceContract, arrival: Arrival | None, result: Loaded) -> None:
    """Raise where rows are neither loaded nor refused: the file promises more or fewer than it has, or we lost some."""
    if result.delivered == result.loaded + result.refused:
        return
    if arrival is not None and arrival.encoding == "parquet":
        raise DeliveryError(f"is damaged: it says it has {result.delivered:,} rows; {UNREADABLE}")
    raise BrokenContractError(
        f"{contract.source_id}: {result.delivered:,} rows delivered, but {result.loaded:,} loaded and "
        f"{result.refused:,} quarantined. Nothing was kept; give the file to whoever maintains zhaoren."
    )


def first_unread(db: DuckEngine, contract: SourceContract, unusable: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return for each column with unreadable values where the first of them stand in the delivery."""
    return {
        name: tuple(int(number) for (number,) in db.rows(unread_query(contract, name, ROWS_NAMED))) for name in unusable
    }


def outcome(delivered: int, contract: SourceContract, alike: list[tuple[str | None, int, int]], rounded: int) -> Loaded:
    """Return what became of the rows, from the counts of rows that came out alike."""
    reasons: Counter[str] = Counter()
    unusable: Counter[str] = Counter()
    loaded = 0
    for reason, unread, count in alike:
        if reason is not None:
            reasons[reason] += count
            continue
        loaded += count
        unusable.update({c.name: count for place, c in enumerate(promising_columns(contract)) if unread >> place & 1})
    most_first = dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0])))
    in_order = {column.name: unusable[column.name] for column in contract.columns if unusable[column.name]}
    return Loaded(delivered, loaded, most_first, in_order, sum(reasons.values()), rounded=rounded)


def show_nothing(db: DuckEngine, contract: SourceContract) -> int:
    """Let arrived_<source> be empty, for a source that did not come this month."""
    rows = "select 0::bigint as row_number, null::varchar as row_fault, null::varchar as row_fields where false"
    show_as_arrived(db, contract, {}, rows)
    return 0


def unknown_areas(
    db: DuckEngine, contract: SourceContract, words: Lexicon, kinds: dict[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return the county codes in each column of village codes that no revision of GB/T 2260 has."""
    found = {}
    for column in contract.columns:
        if column.type == "village_code":
            named = {code for (code,) in db.rows(county_codes_query(contract, column, words, kinds))}
            found[column.name] = tuple(sorted(named - words.area_codes))
    return found


def refuse_mostly_unusable(contract: SourceContract, delivered: int, reasons: dict[str, int]) -> None:
    """Raise DeliveryError where a delivery has no row, or most of its rows cannot be used."""
    refused = sum(reasons.values())
    if delivered >= ROWS_TO_JUDGE and refused > REFUSED_SHARE_AT_MOST * delivered:
        said = "; ".join(f"{reason}: {count:,}" for reason, count in list(reasons.items())[:3])
        raise DeliveryError(
            f"has {delivered:,} rows and {refused:,} of them cannot be used ({said}). "
            f"Ask the department whether it is the {contract.source_id} delivery and to send it again."
        )
