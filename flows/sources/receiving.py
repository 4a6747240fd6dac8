"""One source of the month: what is read for it, in which state it came, and the day it speaks of."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.sources.arrival import Arrival
from flows.sources.carrying import Former, content_query, is_repeated, is_short, spoken_of
from flows.sources.deliveries import open_source, stand_in
from flows.sources.loading import Loaded, load_source
from flows.sources.merging import kinds_of, merge
from matchers.errors import DeliveryError
from matchers.standardise.lexicon import Lexicon
from matchers.standardise.quarantine import refused_name
from schemas.source import SourceContract


@dataclass(frozen=True)
class Month:
    """Where a month's deliveries and complete states lie, where they may be rewritten, and how each source came the month before."""

    lake: Lake
    folder: Path
    scratch: Path
    former: Mapping[str, Former]
    words: Lexicon

    @property
    def name(self) -> str:
        """The month as YYYY-MM."""
        return self.folder.name


@dataclass(frozen=True)
class Received:
    """One source after reading; `usual` are the rows of its newest whole delivery, `set_aside` rows nobody read on."""

    arrival: Arrival | None
    loaded: Loaded
    state: str
    as_of: datetime.date | None = None
    content: str | None = None
    usual: int | None = None
    set_aside: int | None = None

    @property
    def note(self) -> str | None:
        """What an analyst should know; None where there is nothing."""
        said = [
            text
            for text in (
                self.how_it_came,
                self.arrival.note if self.arrival else None,
                self.rounded,
                self.loaded.merging,
            )
            if text
        ]
        return "; ".join(said) or ("delivered without a row" if not self.loaded.delivered else None)

    @property
    def rounded(self) -> str | None:
        """How many numbers a spreadsheet made unusable; None where it made none."""
        return f"{self.loaded.rounded:,} numbers were rounded by a spreadsheet" if self.loaded.rounded else None

    @property
    def how_it_came(self) -> str | None:
        """How the delivery came, in words; None where it came as it should."""
        if self.arrival is None:
            return (
                "nothing new came" if self.loaded.carried else "not delivered this month; what it would say is unknown"
            )
        if self.set_aside is not None:
            return f"came short and was set aside; the delivery of {self.arrival.month} stands in"
        if self.state == "carried_forward":
            return f"not delivered this month; the delivery of {self.arrival.month} stands in"
        if self.state == "repeated":
            return "the same rows as the month before; they keep the day they came with"
        if self.state == "partial":
            return "far fewer rows than usual; about whom it is silent, nothing is known"
        return None


def receive(db: DuckEngine, contract: SourceContract, arrival: Arrival | None, month: Month) -> Received:
    """Make raw_<source> of what came, or of what stands in for it; raises DeliveryError where it cannot be used."""
    former = month.former.get(contract.source_id)
    loaded = load_source(db, contract, arrival, month.words)
    is_whole = kinds_of(contract, arrival) == ("full",)
    if arrival and is_whole and arrival.month == month.name and is_short(contract, loaded.delivered, former):
        return receive_short(db, contract, Received(arrival, loaded, "partial"), month)
    loaded = merge(month.lake, db, contract, (arrival, loaded))
    if arrival is None:
        state, as_of = ("carried_forward", former.as_of if former else None) if loaded.carried else ("missing", None)
        return Received(None, loaded, state, as_of, usual=former.usual if former else None)
    return judged(db, contract, Received(arrival, loaded, "delivered"), month)


def receive_short(db: DuckEngine, contract: SourceContract, came: Received, month: Month) -> Received:
    """Set a short delivery aside for an earlier one where its contract allows; else keep it for what it does say."""
    former, delivered = month.former[contract.source_id], came.loaded.delivered
    if contract.when_missing == "stop":
        raise DeliveryError(
            f"has {delivered:,} rows where its last whole delivery had {former.usual:,}, and the run cannot do without the "
            "rest. Ask the department to send it whole; where it is right, lower least_share in its contract."
        )
    earlier, wrong = open_source(contract, stand_in(month.folder, contract), month.scratch)
    if wrong:
        raise DeliveryError(f"has {delivered:,} rows only, and what could stand in cannot be read: {'; '.join(wrong)}")
    if earlier is None:
        return replace(judged(db, contract, came, month), state="partial", usual=former.usual)
    db.drop(refused_name(contract.source_id))
    loaded = merge(month.lake, db, contract, (earlier, load_source(db, contract, earlier, month.words)))
    instead = Received(earlier, loaded, "carried_forward")
    return replace(judged(db, contract, instead, month), set_aside=delivered)


def judged(db: DuckEngine, contract: SourceContract, came: Received, month: Month) -> Received:
    """Return what was read with its state, the day it speaks of, and the mark by which a repetition is known."""
    former, arrival, loaded = month.former.get(contract.source_id), came.arrival, came.loaded
    if arrival is None:
        return came
    content = str(db.rows(content_query(contract))[0][0])
    as_of, state = spoken_of(arrival.month, content, None), "delivered"
    if arrival.month != month.name:
        as_of, state = spoken_of(arrival.month, content, former), "carried_forward"
    elif is_repeated(contract, content, loaded.loaded, former):
        as_of, state = spoken_of(arrival.month, content, former), "repeated"
    return replace(came, state=state, as_of=as_of, content=content, usual=loaded.loaded + loaded.carried)
