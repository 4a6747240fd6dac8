"""The catalogue of offers in the home folder, and the table of needs and supply published from it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows import fingerprint as fp
from flows.engines.duckdb import DuckEngine
from flows.outputs.words import programmes
from flows.rules import read_shape
from flows.settings import RunSettings
from matchers.errors import RuleFileError
from matchers.quality.supply import weigh_supply
from matchers.sql import literal
from matchers.stage import keep
from schemas.supply import OFFER, SUPPLY, Offer, OfferCatalogue

CATALOGUE = "offers.yaml"


def read_offers(home: Path, day: datetime.date) -> tuple[Offer, ...]:
    """Return the offers that still stand on a day; none where the office keeps no catalogue.

    Raises RuleFileError where the file is not a catalogue or names a programme there is no rule file for.
    """
    file = home / CATALOGUE
    if not file.is_file():
        return ()
    offers = read_shape(file, OfferCatalogue).offers
    unknown = sorted({name for offer in offers for name in offer.serves} - set(programmes()))
    if unknown:
        raise RuleFileError(
            f"{CATALOGUE}: no programme is called {', '.join(unknown)}. The ids are the file names under "
            "data/reference/programmes."
        )
    return tuple(offer for offer in offers if offer.until is None or offer.until >= day)


def catalogue_sha256(home: Path) -> str | None:
    """Return the hash of the catalogue, for what depends on it; None where there is none."""
    file = home / CATALOGUE
    return fp.file_sha256(file) if file.is_file() else None


def publish_supply(run: RunSettings, db: DuckEngine, area_code: str, target: Path) -> list[dict[str, Any]]:
    """Make SUPPLY, write it as supply.parquet, and return the offers as the report names them."""
    offers = read_offers(run.home, run.day)
    rows = [(number, offer, served) for number, offer in enumerate(offers, 1) for served in sorted(set(offer.serves))]
    values = {
        "offer_number": pa.array([number for number, _, _ in rows], pa.int64()),
        "kind": pa.array([offer.kind for _, offer, _ in rows], pa.string()),
        "programme_id": pa.array([served for _, _, served in rows], pa.string()),
        "township_code": pa.array([offer.township_code for _, offer, _ in rows], pa.string()),
        "places": pa.array([offer.places for _, offer, _ in rows], pa.int64()),
    }
    keep(db, OFFER, values)
    weigh_supply(db, area_code)
    chosen = f"select * from {SUPPLY.name} order by programme_id, place_code"
    db.run(f"copy ({chosen}) to {literal(str(target / 'supply.parquet'))} (format parquet, compression zstd)")
    return [offer.model_dump() for offer in offers]
