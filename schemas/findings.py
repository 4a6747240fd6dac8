"""What screening promises: facts with their source, and one finding per unit and criterion."""

from __future__ import annotations

from schemas.contract import Table, date, flag, one_of, real, share, text

UNITS = ("person", "household")
# The stricter of the two bars, here and nowhere else: a link below it may bring somebody onto a list, never keep
# somebody off one. One on the person's own valid citizen number passes as well. Whether a fact may exclude is worked
# out once, with its date and period, in `matchers.eligibility.facts.may_exclude`, and carried as `can_exclude`.
EXCLUDING_LINK = 0.999

FACT = Table(
    "fact",
    row="one thing a source says about one person or household, with its date and how sure the link is",
    key=("unit", "unit_id", "fact_name", "source_id", "detail"),
    key_sample=64,
    columns=(
        one_of("unit", UNITS, "what the fact is about", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("fact_name", "what is said; the names are listed in matchers.eligibility.facts", required=True),
        real("number_value", "value of a counted or measured fact"),
        text("text_value", "value of a coded fact"),
        date("date_value", "value of a dated fact"),
        text("source_id", "who says so; `derived` where it is worked out from facts below", required=True),
        text("detail", "tells repeated facts of one source apart; empty where there is one", required=True),
        date("as_of_date", "the day the source speaks of", required=True),
        share("link_probability", "that the fact is about this unit", required=True),
        flag(
            "can_exclude",
            "link, date and period are good enough to let the fact exclude; else it only raises a question",
            required=True,
        ),
        text("record_id", "the record that carries it"),
    ),
)

FINDING = Table(
    "finding",
    row="one person or household against one criterion of one programme",
    key=("programme_id", "unit_id", "criterion"),
    key_sample=64,
    columns=(
        text("programme_id", "programme", required=True),
        one_of("unit", UNITS, "what was assessed", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("criterion", "the test", required=True),
        one_of("effect", ("requires", "excludes"), "whether it must be true or must not", required=True),
        flag("is_met", "true, false, or null where the data cannot say"),
        text("observed", "what was seen, for the analyst"),
        text("limit_applied", "the figure it was held against"),
        text("authority", "document and article", required=True),
        text("source_id", "source of the deciding fact; null where unknown"),
        date("as_of_date", "date of the deciding fact"),
        share("link_probability", "of the deciding fact; null where unknown"),
        text("record_id", "record of the deciding fact"),
        flag("is_confirmed", "the figure is confirmed against its published source", required=True),
        share(
            "favour_probability",
            "that the criterion speaks for the unit, by the facts that are there; null where none is",
        ),
        text("doubted_record_id", "record of the fact whose link, date or period is in doubt; null where none is"),
        share("doubted_probability", "link probability of that fact"),
    ),
)

SERVED = Table(
    "served",
    row="one person or household that receives one programme now, as the roll says",
    key=("programme_id", "unit_id"),
    columns=(
        text("programme_id", "programme", required=True),
        one_of("unit", UNITS, "who receives", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("source_id", "the roll", required=True),
        date("as_of_date", "the day the roll speaks of", required=True),
        share("link_probability", "that the roll's line is this person", required=True),
        flag(
            "can_exclude",
            "link and date are good enough to hold the unit served; else it only lowers the chance",
            required=True,
        ),
        text("record_id", "the roll's record", required=True),
    ),
)
