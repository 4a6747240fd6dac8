"""The shape of a programme file: who may claim what, by whose word, from which day."""

from __future__ import annotations

import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.parameter import Strict

UnitName = Literal["person", "household"]
Effect = Literal["requires", "excludes"]


class Words(Strict):
    """One sentence in the two languages of the lists."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Authority(Strict):
    """The document and article a rule rests on."""

    document: str = Field(min_length=1)
    article: str = Field(min_length=1)

    def __str__(self) -> str:
        """Return the citation as it stands in a finding."""
        return f"{self.document} {self.article}"


class Limit(Strict):
    """The figure a criterion is held against: an area's parameter, or that times another one of the area."""

    parameter: str
    times: str | None = None


class CriterionUse(Strict):
    """One criterion of a programme.

    `reason` is said on the list where it is met, `question` is asked at the visit where the data cannot say.
    `unknown_share` is how often it turns out met where the data cannot say; null: as often as among the known.
    `usually` is how it rightly comes out for nearly everybody, so that nobody is alarmed by it.
    """

    criterion: str
    limit: Limit | None = None
    authority: Authority
    confirmed: bool = True
    reason: Words | None = None
    question: Words | None = None
    unknown_share: float | None = Field(default=None, ge=0, le=1)
    usually: Literal["met", "unmet", "unknown"] | None = None


class BenefitCase(Strict):
    """A monthly sum and who gets it; the first case that fits applies, so the last one asks nothing.

    `makes_up`: the sum is a line for each member, and what is paid is what the household's declared income falls short.
    `tops_up`: beside other help only what is missing to the sum is paid; how much other help pays no list says.
    """

    parameter: str
    age_at_least: int | None = None
    when_receiving: tuple[str, ...] = ()
    makes_up: bool = False
    tops_up: bool = False


class SignalUse(Strict):
    """A trait that speaks for need where income is not known, and how it is put on the list."""

    trait: str
    reason: Words


class Estimate(Strict):
    """How the chance of being entitled and unserved is estimated.

    `criteria`: from the criteria alone, as nearly all are known. `take_up`: from how those served differ from the
    others, as income is not known; `traits` are what they are told apart by, and `signals` what is said about it.
    """

    by: Literal["criteria", "take_up"]
    traits: tuple[str, ...] = ()
    signals: tuple[SignalUse, ...] = ()

    @model_validator(mode="after")
    def traits_go_with_take_up(self) -> Self:
        """Refuse traits nobody would use, and a model without any."""
        if (self.by == "take_up") != bool(self.traits):
            raise ValueError("traits and take_up go together")
        return self


class Version(Strict):
    """The rules from one day on."""

    starts: datetime.date
    authority: Authority
    requires: tuple[CriterionUse, ...] = Field(min_length=1)
    excludes: tuple[CriterionUse, ...] = ()
    benefit: tuple[BenefitCase, ...] = ()


class Programme(Strict):
    """One programme.

    `universe` names required criteria that keep a unit from being assessed where they are known not to be met;
    `prompted_by` those that must be known to be met before anybody looks: help that answers an event or a tier has
    no candidates where nothing is known to have happened. `earns_visit` false: another department's help, or a
    recognition found at the same door; asked about where a household is visited anyway, and referred.
    """

    programme_id: str = Field(pattern=r"^[a-z][a-z_]*$")
    name: Words
    unit: UnitName
    department: str
    universe: tuple[str, ...] = ()
    prompted_by: tuple[str, ...] = ()
    earns_visit: bool = True
    estimate: Estimate
    versions: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def versions_hold_together(self) -> Self:
        """Refuse versions out of order, a criterion twice, and a universe that is not required."""
        days = [version.starts for version in self.versions]
        if days != sorted(set(days)):
            raise ValueError("versions must start on different days, the oldest first")
        for version in self.versions:
            names = [use.criterion for use in (*version.requires, *version.excludes)]
            if len(names) != len(set(names)):
                raise ValueError(f"a criterion stands twice in the version of {version.starts}")
            if not {*self.universe, *self.prompted_by} <= {use.criterion for use in version.requires}:
                raise ValueError("universe or prompted_by names a criterion that is not required")
        return self

    def on(self, day: datetime.date) -> Version | None:
        """Return the version of a day; None before the first one."""
        return next((version for version in reversed(self.versions) if version.starts <= day), None)


class ReceiptRule(Strict):
    """A programme that is not paid beside another."""

    programme_id: str
    receives: str
    authority: Authority
    confirmed: bool = True


class WholeRule(Strict):
    """A household that qualifies whole is not listed by its single members."""

    whole: str
    part: str
    authority: Authority


class AskedRule(Strict):
    """What is not paid beside a programme and no source tells: a question of the visit, held against nobody."""

    programme_id: str
    question: Words
    authority: Authority
    confirmed: bool = True


class Precedence(Strict):
    """Which programme comes before which, and which are not paid together."""

    receipt_excludes: tuple[ReceiptRule, ...]
    whole_before_part: tuple[WholeRule, ...]
    asked_beside: tuple[AskedRule, ...] = ()
