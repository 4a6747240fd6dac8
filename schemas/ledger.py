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
