"""What a person is, month by month."""

from __future__ import annotations

from schemas.contract import Table, date, flag, share, text, whole

PERSON = Table(
    "person",
    row="one person known to any source this month, with the best-supported value of each field",
    key=("person_id",),
    columns=(
        text("person_id", "stays the same month after month", required=True),
        text("full_name", "most trusted source first, then most frequent"),
        text("national_id", "valid citizen number; null where no source states one"),
        date("birth_date", "from the citizen number, else the best-supported statement"),
        text("sex_code", "1 male, 2 female"),
        text("ethnicity_code", "GB/T 3304"),
        text("phone", "newest stated"),
        text("area_code", "county of residence as the newest source states it"),
        text("township_code", "township of residence"),
        text("village_code", "village or community of residence"),
        text("address", "rest of the address"),
        text("hukou_village_code", "village of household registration, from the population register only"),
        text("register_household_no", "household number in the population register"),
        text("register_relation_code", "relation to the head in the population register"),
        flag("is_deceased", "a source linked over the excluding bar says so; null where none says anything"),
        date("deceased_date", "the day, where a source gives it"),
        whole("record_count", "records held to be this person", required=True),
        whole("source_count", "sources among them", required=True),
        share("link_probability", "the weakest link that holds the person together", required=True),
    ),
)
