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


class LinkSpec(BaseModel):
    """One linkage job: `columns` gives every column of the files its role; the rest may be left to the engine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Literal["dedupe", "link"] = Field(description="dedupe: within and between files; link: between files only")
    columns: dict[str, Role] = Field(description="column of a file → role; the same column may stand in several files")
    one_row_per_person: tuple[str, ...] = Field((), description="files (without suffix) that hold a person only once")
    record_id: str = Field("record_id", description="column that identifies a row within its file")
    threshold: float = Field(0.5, gt=0, lt=1, description="probability from which two groups of records are joined")
    block_cap: int = Field(60, ge=2, le=1000, description="largest group of records compared all with all")

    @model_validator(mode="after")
    def has_something_to_compare(self) -> LinkSpec:
        """Refuse a spec whose roles cannot tell people apart."""
        if not TELLING_ROLES.intersection(self.columns.values()):
            raise ValueError(
                f"no column has one of the roles that tell people apart: {', '.join(sorted(TELLING_ROLES))}"
            )
        return self
