"""Early warning: what changed since last month, or is due and not delivered, for whom, and how soon to look."""

from __future__ import annotations

from schemas.contract import Table, date, flag, one_of, real, share, text
from schemas.findings import UNITS
from schemas.indicator import DISPOSITIONS, GRADES, STANDINGS

POPULATIONS = ("outside", "inside", "left")

STANDING = Table(
    "standing",
    row="one person who is helped, was until lately, or is monitored; everybody else stands nowhere",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        one_of("standing", STANDINGS[:-1], "the strongest that holds", required=True),
    ),
)

OBSERVED = Table(
    "observed",
    row="one person or household in a state some indicator watches, as the surest source says",
    key=("unit_id", "fact_name"),
    columns=(
        text("unit_id", "person_id or household_id", required=True),
        text("fact_name", "fact", required=True),
        real("number_value", "value of a counted or measured fact"),
        text("text_value", "value of a coded fact"),
        date("date_value", "value of a dated fact"),
        text("source_id", "who says so", required=True),
        date("as_of_date", "the day the source speaks of", required=True),
        share("link_probability", "that the fact is about this unit", required=True),
        text("record_id", "the record that carries it"),
    ),
)

OBSERVED_BEFORE = Table(
    "observed_before",
    row="the same a month before, under the ids of this month",
    key=(),
    columns=OBSERVED.columns[:5],
)

WATCH_LINE = Table(
    "watch_line",
    row="one indicator, or one programme of it, for people of one standing in one area",
    key=("indicator_id", "programme_id", "area_code", "standing"),
    columns=(
        text("indicator_id", "indicator", required=True),
        text("programme_id", "programme watched; empty where a state is", required=True),
        text("area_code", "county", required=True),
        one_of("standing", STANDINGS, "for whom", required=True),
        one_of("unit", UNITS, "what the signal is about", required=True),
        text("department", "who follows it up", required=True),
        flag("is_change", "only who was not so a month before", required=True),
        text("state", "state watched"),
        text("fact_name", "fact it reads"),
        one_of("place", ("person", "household", "bereaved"), "how the unit is found from where the fact was seen"),
        real("rural", "limit in a village"),
        real("urban", "limit in a community"),
        text("codes", "limit as codes, joined by blanks"),
        text("limit_text", "the limit as it reads"),
        text("also_fact", "fact of a second state that must hold"),
        text("also_codes", "its codes, joined by blanks"),
        text("unless_facts", "facts that silence it, joined by blanks", required=True),
        share("breadwinner_share", "part of the household's income from which somebody earns its living"),
        one_of("grade", GRADES, "how urgent", required=True),
        real("red_from", "figure from which it is red"),
        real("orange_from", "figure from which it is orange"),
        date("red_due", "look by then if red", required=True),
        date("orange_due", "look by then if orange", required=True),
        date("yellow_due", "look by then if yellow", required=True),
        one_of("disposition", DISPOSITIONS, "how it is closed", required=True),
        text("authority", "document and article", required=True),
        flag("is_confirmed", "every figure used is confirmed", required=True),
    ),
)

PLACED = Table(
    "placed",
    row="one person or household some state was seen at, and the unit a signal would be about",
    key=("seen_id", "place", "unit_id"),
    columns=(
        text("seen_id", "where the state was seen", required=True),
        one_of("place", ("person", "household", "bereaved"), "how the unit is found", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("person_id", "whom to ask for", required=True),
        text("household_id", "where they live; null where they live in none"),
        text("area_code", "county"),
        text("township_code", "township"),
        text("village_code", "village or community"),
        flag("is_rural", "lives in a village; null where unknown"),
        one_of("standing", STANDINGS, "how the unit stands", required=True),
    ),
)

SILENCER = Table(
    "silencer",
    row="one person some state was seen at and a sure fact that silences some indicator",
    key=("unit_id", "fact_name"),
    columns=(text("unit_id", "person", required=True), text("fact_name", "fact", required=True)),
)

EARNER = Table(
    "earner",
    row="one person whose work or life ended, with their part in what their household was known to live on",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        text("household_id", "household a month before", required=True),
        share("income_share", "of the household's known income a month before; null where none is known"),
    ),
)

SIGNAL = Table(
    "signal",
    row="one indicator that fired for one person or household; a reason to look, never a decision",
    key=("signal_id",),
    columns=(
        text("signal_id", "indicator, programme and unit, the same next month", required=True),
        text("indicator_id", "indicator", required=True),
        text("programme_id", "programme that is not delivered; null where none is meant"),
        one_of("unit", UNITS, "what the signal is about", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("person_id", "whom to ask for", required=True),
        text("household_id", "where they live; null where they live in none"),
        text("township_code", "township; null where no source knows"),
        text("village_code", "village or community"),
        one_of("population", POPULATIONS, "may be eligible; helped already; lately left", required=True),
        one_of("standing", STANDINGS, "the tier the figure was chosen by", required=True),
        one_of("grade", GRADES, "how urgent", required=True),
        date("visit_due_date", "look by then; public holidays not counted out", required=True),
        one_of("disposition", DISPOSITIONS, "how it is closed", required=True),
        text("department", "who follows it up", required=True),
        text("fact_name", "what was seen; null where a programme's findings speak"),
        text("observed", "its value now, for the analyst"),
        text("observed_before", "its value a month before; null where there was none"),
        text("limit_applied", "the figure it was held against"),
        flag("is_new", "was not so a month before; null where last month cannot say"),
        flag("has_unknown", "who earned the household's living is not known", required=True),
        text("authority", "document and article", required=True),
        flag("is_confirmed", "every figure used is confirmed against its published source", required=True),
        text("source_id", "source of the fact"),
        date("as_of_date", "the day the source speaks of"),
        share("link_probability", "of the fact", required=True),
        text("record_id", "record of the fact"),
    ),
)
