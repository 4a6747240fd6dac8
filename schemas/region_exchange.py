"""What two regions send each other: a batch of keyed hashes, and an answer of constant shape to every one of them."""

from __future__ import annotations

import datetime
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

PROTOCOL: Literal["zhaoren-region/1"] = "zhaoren-region/1"
# What an authorisation must name among its sources before anybody is asked about elsewhere.
OTHER_REGION = "other_region"
# What version 1 asks about everybody, in this order; a letter each: y on the roll, n not on it, u not known.
PROGRAMMES = (
    "subsistence_allowance", "single_person_allowance", "extreme_difficulty", "verge_family", "rigid_expenditure_family",
    "disability_living_subsidy", "disability_nursing_subsidy", "orphan_allowance", "unattended_child", "old_age_allowance",
)  # fmt: skip
YES, NO, UNKNOWN = "y", "n", "u"
# A batch has one of these sizes, whatever was asked; what is missing is filled with random questions.
SIZES = (32, 64, 128, 256, 512)
LONGEST_DAYS = 31
HASH = r"^[0-9a-f]{64}$"


class Strict(BaseModel):
    """A part of a file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Header(Strict):
    """Who asks whom, for what, under which authorisation, from when to when, with which key."""

    protocol: Literal["zhaoren-region/1"]
    kind: Literal["ask", "answer"]
    batch_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    asking_region: str = Field(pattern=r"^[0-9]{6}$")
    answering_region: str = Field(pattern=r"^[0-9]{6}$")
    purpose: str = Field(min_length=1, max_length=60)
    authorisation_id: str = Field(min_length=3, max_length=61)
    created: AwareDatetime
    expires: AwareDatetime
    key_id: str = Field(pattern=r"^[0-9a-f]{16}$")

    @model_validator(mode="after")
    def times_are_sound(self) -> Self:
        """Refuse a batch that ends before it begins or lasts longer than the protocol allows."""
        if not datetime.timedelta(0) < self.expires - self.created <= datetime.timedelta(days=LONGEST_DAYS):
            raise ValueError(f"expires must be at most {LONGEST_DAYS} days after created")
        return self


class AskFile(Strict):
    """One batch of questions, each the keyed hash of one citizen number or a random one, in the order of the hashes."""

    header: Header
    questions: tuple[str, ...]
    mac: str = Field(pattern=HASH)

    @model_validator(mode="after")
    def shape_is_constant(self) -> Self:
        """Refuse sizes, orders and repetitions that could say something."""
        if self.header.kind != "ask" or len(self.questions) not in SIZES:
            raise ValueError(f"a batch is of kind ask and has {', '.join(map(str, SIZES))} questions")
        if list(self.questions) != sorted(set(self.questions)) or any(len(q) != 64 for q in self.questions):
            raise ValueError("questions are hashes of 64 characters, sorted, each once")
        return self


class AnswerFile(Strict):
    """The answers to one batch in its order: one letter per programme, for everybody asked about alike."""

    header: Header
    as_of: datetime.date
    programmes: tuple[str, ...]
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    mac: str = Field(pattern=HASH)

    @model_validator(mode="after")
    def shape_is_constant(self) -> Self:
        """Refuse answers that differ in anything but their letters."""
        if self.header.kind != "answer" or self.programmes != PROGRAMMES or len(self.answers) != len(self.questions):
            raise ValueError(
                "an answer is of kind answer, names the programmes of the protocol and answers every question"
            )
        if any(len(answer) != len(PROGRAMMES) or set(answer) - {YES, NO, UNKNOWN} for answer in self.answers):
            raise ValueError("an answer is a letter y, n or u per programme")
        return self
