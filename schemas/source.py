"""The shape of a source contract: what one department promises to deliver, column by column."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ColumnType = Literal[
    "text", "name", "national_id", "birth_date", "date", "month", "money", "number", "whole", "code", "flag",
    "sex", "ethnicity", "relation", "address", "village_code", "phone",
]  # fmt: skip
StatedField = Literal[
    "full_name", "national_id", "other_id", "birth_date", "sex", "ethnicity", "phone", "address", "village_code",
    "household_no", "relation", "disability_type", "disability_level",
]  # fmt: skip
MONTH_END = "month_end"


class Strict(BaseModel):
    """A part of a contract: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceColumn(Strict):
    """One column: its canonical name, how departments head it, and what its values must be.

    `required`: the delivered file must have the column. `row_required`: a row without a usable value is refused.
    `codes`: delivered word → canonical word. National code sets (sex, ethnicity, relation) have a type of their own.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    headers: tuple[str, ...] = ()
    type: ColumnType = "text"
    codes: dict[str, str] = {}
    required: bool = True
    row_required: bool = False
    about: str = ""

    @model_validator(mode="after")
    def codes_belong_to_coded_columns(self) -> Self:
        """Refuse a coded column without codes, and codes that nobody would apply."""
        if (self.type == "code") != bool(self.codes):
            raise ValueError(f"{self.name}: codes and the type code go together")
        return self

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every header this column is known by, the canonical one first."""
        return (self.name, *self.headers)


class SourceRole(Strict):
    """One identity a delivered row states, and the columns that state it.

    `key` are the columns that, beside name and number, tell two statements of this source apart, such as the student
    whose guardian somebody is; they are part of the record id. `constants` are what the role itself says, such as the
    sex of a husband.
    """

    role: str = Field(pattern=r"^[a-z][a-z0-9]*$")
    fields: dict[StatedField, str]
    constants: dict[StatedField, str] = {}
    key: tuple[str, ...] = ()
    one_row_per_person: bool = False


class SourceContract(Strict):
    """One delivered data set; `row` completes the sentence "a row is …".

    When a month's delivery does not come, the newest of the `carry_months` months before stands in for it with its own
    date; where there is none the run stops if the source is `required`, and otherwise goes on without: what the source
    would say is unknown then. A full delivery with fewer rows than `least_share` of the usual is treated as one that did
    not come whole. `may_be_empty`: a month without a row is no mistake.
    `agreed`: false while no agreement to share it is in force; the run neither expects nor reads it then.
    `rows_per_thousand`: rows a delivery has for a thousand inhabitants, as the simulated county has them.
    `delivers`: a full delivery takes the place of the one before; an increment holds what is new or changed and is merged
    by key with the last complete state. `as_of` is a date column or `month_end`.
    `share_class`, `retention_months` and `steward` are for the data catalogue and change nothing in a run.
    """

    source_id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title_zh: str
    title_en: str
    provider: str
    stage: Literal["discovery", "check"]
    row: str
    formats: tuple[Literal["csv", "xlsx", "parquet"], ...] = Field(min_length=1)
    cadence: Literal["monthly", "quarterly", "yearly", "on_request"]
    rows_per_thousand: float | None = Field(default=None, gt=0)
    delivers: Literal["full", "increment"] = "full"
    agreed: bool = True
    required: bool = False
    carry_months: int = Field(default=0, ge=0, le=24)
    least_share: float = Field(default=0.5, ge=0, lt=1)
    may_be_empty: bool = False
    share_class: Literal["unconditional", "conditional", "not_shared"] = "conditional"
    retention_months: int = Field(gt=0)
    steward: str
    key: tuple[str, ...] = Field(min_length=1)
    as_of: str = MONTH_END
    columns: tuple[SourceColumn, ...] = Field(min_length=1)
    roles: tuple[SourceRole, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def names_are_told_apart(self) -> Self:
        """Refuse two columns of one name, and one header that could mean two columns."""
        headers = [fold_header(s) for column in self.columns for s in {fold_header(s) for s in column.spellings}]
        for what, names in (("column", self.column_names), ("header", headers)):
            repeated = sorted({name for name in names if list(names).count(name) > 1})
            if repeated:
                raise ValueError(f"{what} named twice: {', '.join(repeated)}")
        return self

    @model_validator(mode="after")
    def columns_are_there(self) -> Self:
        """Refuse a key, role or as-of column that the contract does not have."""
        named = [*self.key, *((self.as_of,) if self.as_of != MONTH_END else ())]
        for role in self.roles:
            named += [*role.fields.values(), *role.key]
        missing = sorted(set(named) - set(self.column_names))
        if missing:
            raise ValueError(f"no such column: {', '.join(missing)}")
        return self

    @property
    def when_missing(self) -> Literal["stop", "carry_forward", "go_without"]:
        """What becomes of a month in which the delivery does not come."""
        return "carry_forward" if self.carry_months else "stop" if self.required else "go_without"

    @property
    def column_names(self) -> tuple[str, ...]:
        """The canonical names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> SourceColumn:
        """Return the column of this name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def record_id_column(self, role: SourceRole) -> str:
        """Return the column of raw_<source> that holds the role's record: record_id, or record_id_<role> after the first."""
        return "record_id" if role is self.roles[0] else f"record_id_{role.role}"


def fold_header(header: str) -> str:
    """Return a header as it is compared: no blanks, no BOM, half-width brackets, small letters."""
    folded = "".join(header.split()).lstrip("\ufeff").casefold()
    return folded.translate(str.maketrans("（）：", "():"))
