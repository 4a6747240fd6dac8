"""What the economic-status check promises: who may be looked up and why, what was found, and every read of it."""

from __future__ import annotations

import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.contract import Table, date, money, one_of, text, whole

ROLES = ("applicant", "member", "supporter")
LINKS = ("certain", "number_only", "name_only")
KINDS = ("money", "vehicle", "house", "business", "housing_fund", "wage_base", "income")
# The four kinds of income of 民发〔2021〕57号 art. 13.
INCOME_KINDS = ("wages", "business", "property", "transfer")


class Strict(BaseModel):
    """A part of a file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AuthorisedPerson(Strict):
    """One person who agreed to be checked (Social Assistance Law, art. 40 and 41): supporters sign for themselves."""

    full_name: str = Field(min_length=1)
    national_id: str = Field(pattern=r"^[0-9]{17}[0-9X]$")
    role: Literal["applicant", "member", "supporter"]
    consented_on: datetime.date


class Authorisation(Strict):
    """One signed authorisation: for which purpose whom may be looked up in which sources, and from when to when."""

    authorisation_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{2,60}$")
    signed_by: str = Field(min_length=1)
    signed_on: datetime.date
    purpose: str
    valid_from: datetime.date
    valid_to: datetime.date
    sources: tuple[str, ...] = Field(min_length=1)
    persons: tuple[AuthorisedPerson, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def dates_and_persons_are_sound(self) -> Self:
        """Refuse a time that ends before it begins, a signature or consent after it began, and a person named twice."""
        if self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        if self.signed_on > self.valid_from or any(p.consented_on > self.valid_from for p in self.persons):
            raise ValueError("it is valid from a day before it was signed or before somebody consented")
        numbers = [person.national_id for person in self.persons]
        if len(set(numbers)) < len(numbers):
            raise ValueError("somebody is named twice")
        return self


class Exemption(Strict):
    """One reason for which a thing does not count; `contents` are words by which it shows in the register itself."""

    kind: Literal["money", "vehicle", "house", "business", "housing_fund", "income"]
    reason: dict[Literal["zh", "en"], str]
    income_kind: Literal["wages", "business", "property", "transfer"] | None = None
    contents: tuple[str, ...] = ()
    source: str
    confirmed: bool


class CheckReference(Strict):
    """What the check reads besides the area's figures: purposes, exemptions, states that mean a thing is gone.

    `income_kinds`: legal kind → words by which income of it is named.
    """

    purposes: tuple[str, ...] = Field(min_length=1)
    purposes_source: str
    gone: dict[Literal["vehicle", "house", "business", "housing_fund"], tuple[str, ...]]
    dwellings: tuple[str, ...]
    fresh_days: int = Field(gt=0)
    exemptions: tuple[Exemption, ...]
    income_kinds: dict[Literal["wages", "business", "property", "transfer"], tuple[str, ...]]


NAMED_PERSON = Table(
    "named_person",
    row="one person an authorisation names, as the office wrote them",
    key=("place",),
    columns=(
        whole("place", "line in the office's file, the first below the header is 1", required=True),
        text("household_no", "the office's number of the application", required=True),
        text("full_name", "standardised", required=True),
        text("national_id", "18 characters", required=True),
        one_of("role", ROLES, "what they are to the application", required=True),
    ),
)

CHECK_ITEM = Table(
    "check_item",
    row="one thing one check-stage source says about one named person",
    key=("place", "source_id", "row_number"),
    columns=(
        whole("place", "named person", required=True),
        text("source_id", "who says so", required=True),
        whole("row_number", "row of the delivered file", required=True),
        one_of("kind", KINDS, "what it is about", required=True),
        one_of("link", LINKS, "how sure the row is this person: only certain ones state a fact", required=True),
        text("content", "what it is, in the source's words"),
        text("state", "its state, in the source's words"),
        text("thing", "number that tells things apart, such as the unit of a dwelling two people share"),
        money("amount_yuan", "amount, where the source gives one"),
        money("exempt_yuan", "part of the amount that a rule may leave out of income"),
        date("as_of_date", "the day the source speaks of", required=True),
    ),
)
