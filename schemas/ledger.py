"""What outlives a run."""

from __future__ import annotations

from schemas.contract import Table, text

LEDGER_PERSON = Table(
    "ledger_person",
    row="one record ever linked and the person it was last held to be about",
    key=("record_id",),
    columns=(
        text("record_id", "std_record; stable month to month", required=True),
        text("person_id", "person", required=True),
        text("minted_month", "month the person id was minted, YYYY-MM", required=True),
        text("last_seen_month", "month a delivery last stated this record, YYYY-MM", required=True),
    ),
)

LEDGER_BEFORE = Table(
    "ledger_before",
    row="one record ever linked before this month and the person it was held to be about",
    key=LEDGER_PERSON.key,
    columns=LEDGER_PERSON.columns,
)
