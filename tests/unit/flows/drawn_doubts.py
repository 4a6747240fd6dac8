"""What the hand-made month does not take at its word, in every table the report reads it from."""

from __future__ import annotations

from schemas.doubts import ASKED_ROW, DOCUMENT_COUNT, NUMBER_CHECK, PLACEHOLDER, UNREAD_VALUE

TABLES = (PLACEHOLDER, NUMBER_CHECK, DOCUMENT_COUNT, ASKED_ROW, UNREAD_VALUE)
Row = dict[str, object]


def doubts() -> dict[str, list[Row]]:
    """Return two phones that are nobody's, one source's numbers, other documents, and two rows to correct."""
    phone: Row = {"source_id": "disability_certificate", "role": "self", "field": "phone", "reason": "spread"}
    phone |= {"record_count": 61, "name_count": 60, "bound_count": 50}
    register: Row = {"source_id": "population_register"}
    unread = register | {"column_name": "birth_date", "row_count": 9, "first_rows": "3, 7"}
    asked = register | {"asked_month": "2026-09"}
    return {
        "placeholder": [phone | {"value": f"1391234567{n}"} for n in (0, 1)],
        "number_check": [dict.fromkeys(NUMBER_CHECK.column_names, 7) | register],
        "document_count": [register | {"document_kind": "foreigner_permit", "record_count": 3}],
        "unread_value": [unread],
        "asked_row": [asked | {"row_number": 5, "state": "open"}, asked | {"row_number": 6, "state": "answered"}],
    }
