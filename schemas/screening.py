"""Tables on the way from records to findings and candidates; kept in the run's database, not in the lake."""

from __future__ import annotations

from schemas.contract import Table, date, flag, money, one_of, real, share, text, whole
from schemas.findings import UNITS

SOURCE_DATE = Table(
    "source_date",
    row="one source and the newest day it speaks of",
    key=("source_id",),
    columns=(
        text("source_id", "source", required=True),
        date("as_of_date", "the newest day any of its records speaks of", required=True),
    ),
)

PERSON_FACT = Table(
    "person_fact",
    row="one thing one record says about one person, with what it may decide",
    key=("unit_id", "fact_name", "source_id", "detail"),
    key_sample=64,
    columns=(
        text("unit_id", "person", required=True),
        text("fact_name", "what is said", required=True),
        real("number_value", "value of a counted or measured fact"),
        text("text_value", "value of a coded fact"),
        date("date_value", "value of a dated fact"),
        text("source_id", "who says so", required=True),
        text("detail", "tells repeated facts of one source apart", required=True),
        date("as_of_date", "the day the source speaks of", required=True),
        share("link_probability", "that the record is about this person", required=True),
        flag("can_exclude", "may exclude", required=True),
        text("record_id", "the record; the person's own id for their age", required=True),
    ),
)

DERIVED_FACT = Table(
    "derived_fact",
    row="one fact about a person or household worked out from other facts; it may decide what all of them may",
    key=("unit", "unit_id", "fact_name", "source_id", "detail"),
    key_sample=64,
    columns=(
        one_of("unit", UNITS, "what the fact is about", required=True),
        *PERSON_FACT.columns[:-1],
        text("record_id", "record"),
    ),
)

CHOSEN_FACT = Table(
    "chosen_fact",
    row="one unit and fact some rule reads: of several sources the statement a finding rests on",
    key=("unit_id", "fact_name"),
    key_sample=64,
    columns=DERIVED_FACT.columns,
)

ROLL_LINE = Table(
    "roll_line",
    row="one person in payment or recognised on one roll",
    key=("programme_id", "person_id"),
    columns=(
        text("programme_id", "programme, or a recognition such as verge_family", required=True),
        text("person_id", "person", required=True),
        text("source_id", "the roll", required=True),
        date("as_of_date", "the day the roll speaks of", required=True),
        share("link_probability", "that the line is this person", required=True),
        flag("can_exclude", "link and date are good enough to hold the person served", required=True),
        text("record_id", "the roll's record", required=True),
        text("roll_household_no", "household of the roll; null where the roll is of single persons"),
        whole("member_count", "members the roll counts in that household"),
    ),
)

RELATIVE = Table(
    "relative",
    row="one person and one relative in the direct line or by marriage, with what is known about the relative",
    key=("person_id", "relative_id", "relation"),
    columns=(
        text("person_id", "person", required=True),
        text("relative_id", "relative", required=True),
        one_of(
            "relation",
            ("father", "mother", "parent", "spouse", "child"),
            "what the relative is to the person",
            required=True,
        ),
        one_of(
            "state",
            ("dead", "listed", "active", "unknown"),
            "dead; in a state the law lists; at work or paying contributions; or nothing known",
            required=True,
        ),
        date("as_of_date", "the day the state is spoken of", required=True),
        share("strength", "that the tie and the state hold", required=True),
        flag("can_exclude", "state and tie are good enough to exclude", required=True),
    ),
)

ASSESSED_UNIT = Table(
    "assessed_unit",
    row="one person or household that one programme looks at",
    key=("programme_id", "unit_id"),
    columns=(
        text("programme_id", "programme", required=True),
        one_of("unit", UNITS, "what is assessed", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("household_id", "household", required=True),
        text("area_code", "county whose figures apply", required=True),
        flag("is_rural", "lives in a village; null where unknown"),
    ),
)

VERDICT = Table(
    "verdict",
    row="one unit and programme, all findings together",
    key=("programme_id", "unit_id"),
    columns=(
        text("programme_id", "programme", required=True),
        one_of("unit", UNITS, "what was assessed", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("household_id", "household", required=True),
        flag("is_out", "something required is false or something excluding is true", required=True),
        flag("is_whole", "everything required is true and nothing excluding is", required=True),
        whole("unknown_count", "criteria the data cannot settle", required=True),
        share("required_probability", "that everything required is met, unknown ones by their share", required=True),
        share("permitted_probability", "that nothing excludes, unknown ones by their share", required=True),
        text("deciding_link", "record of the weakest link in doubt; null where none"),
        share("link_probability", "weakest link among the facts used", required=True),
        flag("rests_on_unconfirmed", "a figure used is not confirmed", required=True),
    ),
)

PROSPECT = Table(
    "prospect",
    row="one unit and programme that is neither out nor served, with its chance",
    key=("programme_id", "unit_id"),
    columns=(
        *VERDICT.columns[:4],
        share("probability", "that the unit is entitled and not served", required=True),
        whole("unknown_count", "criteria the data cannot settle", required=True),
        text("deciding_link", "record of the weakest link in doubt; null where none"),
        share("link_probability", "weakest link among the facts used", required=True),
        flag("rests_on_unconfirmed", "a figure used is not confirmed", required=True),
        flag("is_listed", "likely enough to be listed, and not covered by its household's own listing", required=True),
        text("reason", "why it is not listed; null where it is"),
    ),
)

VALUED_PROSPECT = Table(
    "valued_prospect",
    row="one listed prospect with what decides its place in line",
    key=("programme_id", "unit_id"),
    columns=(
        text("programme_id", "programme", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("household_id", "household", required=True),
        text("township", "township whose visits count; empty where no source knows it", required=True),
        share("probability", "that the unit is entitled and not served", required=True),
        money("benefit_month_yuan", "what a month would bring, where the standard says"),
        money(
            "line_distance_yuan",
            "how much a head and month the income seen is below the line, negative above it; an upper bound where income is "
            "not declared; null where no line decides or no income is seen",
        ),
        flag("is_income_tested", "the programme turns on income", required=True),
        flag(
            "is_only_along", "asked about where the household is visited anyway; earns no visit itself", required=True
        ),
        text("draw", "the household's number in the draw, from seed and id alone", required=True),
    ),
)

DOOR = Table(
    "door",
    row="one household with a listed prospect, and whether it is visited this month",
    key=("household_id",),
    columns=(
        text("household_id", "household", required=True),
        text("township", "township whose visits count", required=True),
        share("earning_probability", "chance of the prospect that earns the visit", required=True),
        flag("is_earned", "visited by chance or in the part kept for programmes that turn on income", required=True),
        flag("is_drawn", "visited by lot", required=True),
    ),
)

PLACE_IN_LINE = Table(
    "place_in_line",
    row="one listed unit and programme with its place in the township's line",
    key=("programme_id", "unit_id"),
    columns=(
        text("programme_id", "programme", required=True),
        text("unit_id", "person_id or household_id", required=True),
        money("benefit_month_yuan", "what a month would bring, where the standard says"),
        money(
            "line_distance_yuan",
            "how much a head and month the income seen is below the line, negative above it; an upper bound where income is "
            "not declared; null where no line decides or no income is seen",
        ),
        whole("rank", "1 is visited first, within the township", required=True),
        flag("is_within_capacity", "within this month's visiting capacity of the township", required=True),
        flag("is_random_share", "listed by the random share rather than by rank", required=True),
    ),
)

TRAIT = Table(
    "trait",
    row="one household in the few words by which those served are told apart from the others",
    key=("household_id",),
    columns=(
        text("household_id", "household", required=True),
        whole("size", "people, 6 for six and more", required=True),
        whole("income", "known income per head in bands; -1 where none is known", required=True),
        whole("declared", "declared net income per head in bands; -1 where none is declared", required=True),
        whole("formal", "members with formal work or an employee's pension, 2 for two and more", required=True),
        whole("farming", "gets a land subsidy", required=True),
        whole("workers", "grown members below 60, 3 for three and more", required=True),
        whole("children", "members below 16, 2 for two and more", required=True),
        whole("elderly", "members of 60 and over, 2 for two and more", required=True),
        whole("disability", "worst certificate: 0 none, 1 levels 3 and 4, 2 severe; 3 several severe", required=True),
        whole("illness", "a member treated for a listed severe illness", required=True),
        whole("burden", "own medical spending of the year before any aid, in bands", required=True),
        whole("monitored", "anti-relapse class: 0 none, 1 risk removed, 2 unstable, 3 verge, 4 sudden", required=True),
        whole("house", "worst house grade: 0 unknown, 1 A or B, 2 C, 3 D", required=True),
        whole("students", "members beyond compulsory school", required=True),
        whole("jobless", "a member registered as unemployed", required=True),
        whole("difficult", "a member on the union's file of workers in difficulty", required=True),
        whole("struck", "a disaster in the last twelve months", required=True),
        whole("rents", "rents public housing", required=True),
        whole("rural", "lives in a village: 1, 0, -1 unknown", required=True),
        whole("lone_parent", "one grown member with children", required=True),
    ),
)

PERSON_TRAIT = Table(
    "person_trait",
    row="one person in the few words by which those served are told apart, beside the traits of the household",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        text("household_id", "household", required=True),
        whole("age_band", "0 below 16, then 16, 18, 60, 65, 70, 80; -1 unknown", required=True),
        whole(
            "own_disability",
            "0 none, 1 not listed anywhere, 2 level 3 in mind or intellect, 3 level 2, 4 level 1",
            required=True,
        ),
        whole("own_illness", "treated for a listed severe illness", required=True),
        whole("own_income", "own known income in bands; -1 unknown", required=True),
        whole("spouse_able", "spouse: 0 none known, 1 known, 2 known to be able", required=True),
        whole("child_able", "grown children: 0 none known, 1 known, 2 known to be able", required=True),
        whole("parents_known", "parents known to any source, 0 to 2", required=True),
        whole("parents_dead", "of them dead", required=True),
        whole("parents_listed", "of them in a state the law lists", required=True),
        whole("parents_active", "of them at work or paying contributions", required=True),
        whole("with_parent", "lives with a parent", required=True),
    ),
)

TRAIT_PATTERN = Table(
    "trait_pattern",
    row="one programme and combination of traits with how many units have it and how many of those are served",
    key=("programme_id", "pattern"),
    columns=(
        text("programme_id", "programme", required=True),
        text("pattern", "the traits' values, joined by blanks", required=True),
        whole("unit_count", "units", required=True),
        whole("served_count", "units that receive the programme", required=True),
    ),
)

UNIT_PATTERN = Table(
    "unit_pattern",
    row="one unit and programme with the traits a model tells it by",
    key=("programme_id", "unit_id"),
    columns=(
        text("programme_id", "programme", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("pattern", "the traits' values, joined by blanks", required=True),
        flag("is_served", "receives the programme", required=True),
        flag("is_out", "ruled out", required=True),
    ),
)

PATTERN_CHANCE = Table(
    "pattern_chance",
    row="one programme and combination of traits with the chance that a unit like this is entitled",
    key=("programme_id", "pattern"),
    columns=(
        text("programme_id", "programme", required=True),
        text("pattern", "the traits' values, joined by blanks", required=True),
        share("served_probability", "that a unit like this is served", required=True),
        share("probability", "that a unit like this is entitled, given that it is not served", required=True),
    ),
)
