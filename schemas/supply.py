"""What is there to help with: places departments and charities offer, beside the needs found."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field, model_validator

from schemas.contract import Table, one_of, real, text, whole
from schemas.parameter import Strict
from schemas.programme import Words

PROVIDERS = ("department", "charity")


class Offer(Strict):
    """What one department or charity offers to people of some programmes, in one township or the whole county.

    `places` counts people or homes that can still be taken; None where the provider did not say, which is not none.
    """

    name: Words
    provider: Words
    kind: Literal["department", "charity"]
    serves: tuple[str, ...] = Field(min_length=1)
    township_code: str | None = Field(default=None, pattern=r"^\d{9}$")
    places: int | None = Field(default=None, ge=0)
    as_of: datetime.date
    until: datetime.date | None = None
    source: str = Field(min_length=1)


class OfferCatalogue(Strict):
    """A county's offers, as an office keeps them in `offers.yaml` in the home folder."""

    offers: tuple[Offer, ...] = ()

    @model_validator(mode="after")
    def once(self) -> OfferCatalogue:
        """Refuse the same offer twice: its places would be counted twice."""
        known = [(offer.provider.zh, offer.name.zh, offer.township_code) for offer in self.offers]
        twice = sorted({f"{provider} {name}" for provider, name, _ in known if known.count((provider, name, _)) > 1})
        if twice:
            raise ValueError(f"offered twice in one place: {', '.join(twice)}")
        return self


OFFER = Table(
    "offer",
    row="one offer to the people of one programme",
    key=("offer_number", "programme_id"),
    columns=(
        whole("offer_number", "place in the catalogue, from 1", required=True),
        one_of("kind", PROVIDERS, "who offers it", required=True),
        text("programme_id", "whom it serves", required=True),
        text("township_code", "where; null for the whole county"),
        whole("places", "how many can still be taken; null where the provider did not say"),
    ),
)

SUPPLY = Table(
    "supply",
    row="one programme in one township, or in the whole county, with what is offered there",
    key=("programme_id", "place_code"),
    columns=(
        text("programme_id", "programme", required=True),
        text("place_code", "township; the county's code for all of it; empty where no source knows", required=True),
        whole("listed_count", "candidates to be visited this month", required=True),
        real("expected_count", "people or homes expected to be entitled and unserved, listed or not", required=True),
        whole("department_offer_count", "offers of departments that serve the programme there", required=True),
        whole("department_places", "places they have said they have; null where none has said"),
        whole("charity_offer_count", "charity projects that serve the programme there", required=True),
        whole("charity_places", "places they have said they have; null where none has said"),
    ),
)
