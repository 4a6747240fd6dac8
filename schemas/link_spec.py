"""The shape of a link spec: which columns of a table of people play which role."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Role = Literal[
    "given_name", "middle_name", "surname", "full_name", "birth_date", "sex", "national_id", "other_id", "phone",
    "email", "address", "street_number", "unit_number", "place", "area", "postcode", "area_code", "household_no",
    "relation_to_head", "category", "ignore",
]  # fmt: skip

ROLES: tuple[str, ...] = get_args(Role)

# Two rows that agree on nothing but these cannot be told to be one person.
TELLING_ROLES = frozenset(
    {"given_name", "surname", "full_name", "birth_date", "national_id", "other_id", "phone", "email"}
)
# How a column can be compared, and the likenesses that part its levels where they can be chosen.
Kind = Literal["name", "full_name", "initial", "number", "postcode", "text", "near_number", "exact"]
BOUND_COUNT = {"name": 3, "text": 2}
DEFAULT_KIND = {"given_name": "name", "surname": "name", "place": "text", "address": "text", "category": "text"}


class BlockingSpec(BaseModel):
    """Which pairs are compared at all: those that agree on every role of any rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: tuple[tuple[Role, ...], ...] = Field(min_length=1, description="each a list of roles to agree on at once")
    only_these: bool = Field(False, description="true: without the engine's own rules; what no rule finds is lost")

    @model_validator(mode="after")
    def has_roles_in_every_rule(self) -> BlockingSpec:
        """Refuse a rule without roles, with the same one twice, or with a column nobody reads."""
        if any(not rule or len(set(rule)) < len(rule) or "ignore" in rule for rule in self.rules):
            raise ValueError("a rule is a list of one or more different roles; ignore is none")
        return self


class ComparisonSpec(BaseModel):
    """How one role is compared; what is left out stays the engine's choice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind | None = Field(None, description="how values are held side by side")
    is_shared: bool | None = Field(None, description="whether people of one household have it in common")
    bounds: tuple[float, ...] = Field((), description="Jaro-Winkler likenesses, rising: three for name, two for text")
    is_compared: bool = Field(True, description="false: blocked by, but never weighed")

    @model_validator(mode="after")
    def has_rising_bounds(self) -> ComparisonSpec:
        """Refuse bounds that are no likenesses or do not rise."""
        if list(self.bounds) != sorted(set(self.bounds)) or any(not 0 < bound < 1 for bound in self.bounds):
            raise ValueError("bounds are numbers between 0 and 1 that rise")
        return self


class TrainingSpec(BaseModel):
    """Where the model comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str | None = Field(None, description="a model.json, its path read from the spec's folder; nothing is learnt")
    seed: int = Field(1, description="decides which random pairs are drawn")


class LinkSpec(BaseModel):
    """One linkage job: `columns` gives every column of the files its role; the rest may be left to the engine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Literal["dedupe", "link"] = Field(description="dedupe: within and between files; link: between files only")
    columns: dict[str, Role] = Field(description="column of a file → role; the same column may stand in several files")
    one_row_per_person: tuple[str, ...] = Field((), description="files (without suffix) that hold a person only once")
    record_id: str = Field("record_id", description="column that identifies a row within its file")
    threshold: float = Field(0.5, gt=0, lt=1, description="probability from which two groups of records are joined")
    block_cap: int | None = Field(None, ge=2, le=1000, description="largest group of records compared all with all")
    blocking: BlockingSpec | None = Field(None, description="rules besides, or in place of, the engine's own")
    comparisons: dict[Role, ComparisonSpec] = Field({}, description="role → how it is compared")
    training: TrainingSpec = Field(
        default_factory=lambda: TrainingSpec.model_validate({}), description="a model learnt before, or the seed"
    )

    @model_validator(mode="after")
    def overrides_only_what_is_there(self) -> LinkSpec:
        """Refuse rules and comparisons of roles no column has, and bounds that do not fit the kind."""
        roles = set(self.columns.values())
        named = set(self.comparisons) | {
            role for rule in (self.blocking.rules if self.blocking else ()) for role in rule
        }
        if named - roles:
            raise ValueError(f"no column has the roles {', '.join(sorted(named - roles))} that the overrides name")
        for role, said in self.comparisons.items():
            kind = said.kind or DEFAULT_KIND.get(role, "")
            if said.bounds and BOUND_COUNT.get(kind) != len(said.bounds):
                raise ValueError(f"{role}: three bounds go with the kind name, two with text, none with any other")
            if said.kind and role in ("birth_date", "national_id"):
                raise ValueError(f"{role} is compared in one way only; leave out its kind")
        return self

    @model_validator(mode="after")
    def has_something_to_compare(self) -> LinkSpec:
        """Refuse a spec whose roles cannot tell people apart."""
        if not TELLING_ROLES.intersection(self.columns.values()):
            raise ValueError(
                f"no column has one of the roles that tell people apart: {', '.join(sorted(TELLING_ROLES))}"
            )
        return self
