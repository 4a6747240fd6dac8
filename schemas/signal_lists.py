"""Early warning as it is read: counts, and lines of a township's sheet."""

from __future__ import annotations

from schemas.contract import Table, date, one_of, text, whole
from schemas.indicator import DISPOSITIONS, GRADES
from schemas.signals import POPULATIONS

SIGNAL_COUNT = Table(
    "signal_count",
    row="one indicator at one grade for one kind of people in one township",
    key=("indicator_id", "township_code", "population", "grade", "disposition", "department"),
    columns=(
        text("indicator_id", "indicator", required=True),
        text("township_code", "township; empty where no source knows", required=True),
        one_of("population", POPULATIONS, "may be eligible; helped already; lately left", required=True),
        one_of("grade", GRADES, "how urgent", required=True),
        one_of("disposition", DISPOSITIONS, "how it is closed", required=True),
        text("department", "who follows it up", required=True),
        date("visit_due_date", "look by then", required=True),
        whole("signal_count", "signals", required=True),
        whole("new_count", "of these, known not to have been so a month before", required=True),
        whole("unconfirmed_count", "signals resting on a figure not confirmed against its source", required=True),
    ),
)

SIGNAL_ROW = Table(
    "signal_row",
    row="one early warning as a caseworker of a township reads it",
    key=("signal_id",),
    columns=(
        text("signal_id", "signal", required=True),
        text("township_code", "whose sheet; null where no source knows the township"),
        whole("line_number", "place on the sheet, the most urgent first", required=True),
        text("full_name", "whom it is about, or whom to ask for"),
        text(
            "masked_id",
            "citizen number, first six and last four digits",
            check="masked_id not similar to '.*[0-9]{7,}.*'",
        ),
        text("township_name", "township"),
        text("village_name", "village or community, its code where no name is known"),
        text("address", "rest of the address"),
        text("phone", "newest stated"),
        text("indicator_id", "indicator", required=True),
        text("programme_id", "programme that is not delivered; null where none is meant"),
        one_of("grade", GRADES, "how urgent", required=True),
        one_of("disposition", DISPOSITIONS, "how it would be closed if it proves true", required=True),
        date("visit_due_date", "look by then", required=True),
        whole("list_line", "line of the same home on the visit list; null where it is not on it"),
    ),
)
