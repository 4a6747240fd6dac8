"""One opened delivery → raw_<source> and its refused rows, with every row accounted for."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from flows.engines.duckdb import DuckEngine
from flows.sources.arrival import Arrival, show_as_arrived
from matchers.errors import BrokenContractError, DeliveryError
from matchers.standardise.lexicon import Lexicon
from matchers.standardise.quarantine import refused_name, refused_rows
from matchers.standardise.rows import (
    arrived_name,
    county_codes_query,
    promising_columns,
    read_rows,
    refuse_rows,
    stated_counts_query,
    typed_counts_query,
)
from schemas.records import REFUSAL
from schemas.source import SourceContract

log = logging.getLogger(__name__)
# A delivery of which more than this share is refused is not the file its contract describes.
REFUSED_SHARE_AT_MOST = 0.5
# A reason is believed to be about the file, not about its rows, only where there are rows to speak of.
ROWS_TO_JUDGE = 10


@dataclass(frozen=True)
class Loaded:
    """One source after loading: rows delivered, loaded and refused by reason; unreadable values by column."""

    delivered: int
    loaded: int
    reasons: dict[str, int] = field(default_factory=dict)
    unusable: dict[str, int] = field(default_factory=dict)
    refused: int = 0


def load_source(db: DuckEngine, contract: SourceContract, arrival: Arrival | None, words: Lexicon) -> Loaded:
    """Make raw_<source> and refused_<source>; raises DeliveryError where most rows cannot be used."""
    delivered = arrival.reader.load(db) if arrival else show_nothing(db, contract)
    refuse_rows(db, contract, words, unknown_areas(db, contract, words))
    reasons = dict(db.rows(f"select reason, count(*) from {REFUSAL.name} group by reason order by 2 desc, 1"))
    refused = sum(reasons.values())
    refuse_mostly_unusable(contract, delivered, reasons)
    loaded = read_rows(contract)(db, words)
    if delivered != loaded + refused:
        raise BrokenContractError(
            f"{contract.source_id}: {delivered:,} rows delivered, but {loaded:,} loaded and {refused:,} quarantined. "
            "Nothing was kept; give the file to whoever maintains zhaoren."
        )
    result = Loaded(delivered, loaded, reasons, unusable_values(db, contract, words), refused)
    if refused:
        db.create(refused_name(contract.source_id), refused_rows(contract))
    db.run(f"drop view {arrived_name(contract.source_id)}")
    db.drop(f"delivered_{contract.source_id}", REFUSAL.name)
    log.info("%s: %s rows delivered, %s refused", contract.source_id, f"{delivered:,}", f"{refused:,}")
    return result


def show_nothing(db: DuckEngine, contract: SourceContract) -> int:
    """Let arrived_<source> be empty, for a source that did not come this month."""
    rows = "select 0::bigint as row_number, null::varchar as row_fault, null::varchar as row_fields where false"
    show_as_arrived(db, contract, {}, rows)
    return 0


def unknown_areas(db: DuckEngine, contract: SourceContract, words: Lexicon) -> dict[str, tuple[str, ...]]:
    """Return the county codes in each column of village codes that no revision of GB/T 2260 has."""
    found = {}
    for column in contract.columns:
        if column.type == "village_code":
            named = {code for (code,) in db.rows(county_codes_query(contract, column, words))}
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


def unusable_values(db: DuckEngine, contract: SourceContract, words: Lexicon) -> dict[str, int]:
    """Return how many stated values of the loaded rows could not be read, by column."""
    _, *stated = db.rows(stated_counts_query(contract, words))[0]
    _, *typed = db.rows(typed_counts_query(contract))[0]
    lost = zip(promising_columns(contract), stated, typed, strict=True)
    return {column.name: int(before - after) for column, before, after in lost if before > after}
