"""What is true of a simulated county, and what comes of holding a run against it. Only `zhaoren evaluate` reads these."""

from __future__ import annotations

from schemas.contract import Table, date, flag, one_of, real, share, text, whole

TRUTH_ROW_PERSON = Table(
    "truth_row_person",
    row="one identity in one delivered row and who it truly is",
    key=("source_id", "role", "row_number"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the row", required=True),
        whole("row_number", "place among the data rows of the delivered file", required=True),
        whole("person_no", "the true person", required=True),
    ),
)

TRUTH_PERSON = Table(
    "truth_person",
    row="one true person, the dead included",
    key=("person_no",),
    columns=(
        whole("person_no", "the true person", required=True),
        whole("household_no", "who truly lives together", required=True),
        whole("sex", "1 male, 2 female", required=True),
        date("birth_date", "true day of birth", required=True),
        text("ethnicity_code", "GB/T 3304", required=True),
        text("township_code", "where they truly live, or lived last", required=True),
        flag("is_rural", "lives in a village", required=True),
        flag("is_migrant_out", "registered here, lives elsewhere", required=True),
        flag("is_migrant_in", "lives here, registered elsewhere", required=True),
        flag("is_alive", "alive at the end of the month", required=True),
    ),
)

TRUTH_IDENTITY = Table(
    "truth_identity",
    row="one true person as departments would write them if nobody ever made a mistake",
    key=("person_no",),
    columns=(
        whole("person_no", "the true person", required=True),
        text("full_name", "as in the identity card", required=True),
        text("former_name", "before a renaming"),
        date("birth_date", "true day of birth", required=True),
        text("national_id", "18 characters", required=True),
        text("old_national_id", "18 characters, before a correction"),
        text("id15", "15 digits, as an old file may still hold it"),
    ),
)

FIELDS = ("national_id", "full_name", "birth_date")

TRUE_NAME = Table(
    "true_name",
    row="one delivered name and one true name it may stand for, with what the standardised name became",
    key=("full_name_raw", "true_name"),
    columns=(
        text("full_name_raw", "as delivered", required=True),
        text("true_name", "a true name of somebody a record of this name is about", required=True),
        flag(
            "is_recoverable",
            "the characters of the true name all stand in the delivered one, and no others",
            required=True,
        ),
        flag("is_literal", "the standardised name says what the delivered one says", required=True),
    ),
)

VALUE_CHECK = Table(
    "value_check",
    row="one field of the records of one source held against the truth",
    key=("field", "source_id"),
    columns=(
        one_of("field", FIELDS, "what is stated", required=True),
        text("source_id", "the source contract", required=True),
        whole("stated_count", "records that state something", required=True),
        whole("recoverable_count", "the truth stands whole in what was stated, however it is written", required=True),
        whole("right_count", "of these, standardised to the truth", required=True),
        whole("missed_count", "of these, standardised to nothing or left as delivered", required=True),
        whole("wrong_count", "of these, standardised to something else: a wrong repair", required=True),
        whole(
            "invented_count", "not recoverable, yet standardised to what neither was stated nor is true", required=True
        ),
    ),
)

TRUTH_ENTITLEMENT = Table(
    "truth_entitlement",
    row="one programme and one unit that is entitled or receives",
    key=("programme_id", "unit", "person_no", "household_no"),
    columns=(
        text("programme_id", "programme", required=True),
        text("unit", "person or household", required=True),
        whole("person_no", "the person, or the household's head", required=True),
        whole("household_no", "household", required=True),
        flag("is_entitled", "entitled on the last day of the month", required=True),
        flag("is_receiving", "receives it", required=True),
    ),
)

TRUE_RECORD = Table(
    "true_record",
    row="one record and who it truly is",
    key=("record_id",),
    columns=(
        text("record_id", "std_record", required=True),
        whole("person_no", "the true person most of its rows are about", required=True),
    ),
)

TRUE_PERSON = Table(
    "true_person",
    row="one person of the run and who it truly is",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        whole("person_no", "the true person most of its records are about", required=True),
        flag("is_main", "of several persons that are truly one, the one with most records", required=True),
    ),
)

TRUE_HOUSEHOLD = Table(
    "true_household",
    row="one household of the run and which one it truly is",
    key=("household_id",),
    columns=(
        text("household_id", "household", required=True),
        whole("household_no", "the true household most of its people live in", required=True),
    ),
)

GROUPS = ("sex", "age", "ethnicity", "migrant", "place")
# Held to be served already; excluded by a criterion; assessed and not listed; not assessed; or no unit of the run is it.
MISS_CAUSES = ("served", "excluded", "not_listed", "not_assessed", "not_found")

TRUE_GROUP = Table(
    "true_group",
    row="one true person in the words accuracy is told apart by",
    key=("person_no",),
    columns=(
        whole("person_no", "the true person", required=True),
        whole("household_no", "who truly lives together", required=True),
        flag("is_alive", "alive at the end of the month", required=True),
        text("township", "township they truly live in", required=True),
        *(text(group, "value of the group", required=True) for group in GROUPS),
    ),
)

OVERLAP = Table(
    "overlap",
    row="how much of one unit of the run is one true unit: records of a person, or persons of a household",
    key=("what", "predicted_id", "true_no", "source_id", "has_valid_id", *GROUPS),
    columns=(
        one_of("what", ("person", "household"), "what is held against truth", required=True),
        text("predicted_id", "person_id or household_id", required=True),
        whole("true_no", "person_no or household_no", required=True),
        text("source_id", "source of the records; empty for households", required=True),
        flag("has_valid_id", "the records state a valid citizen number; true for households", required=True),
        *(text(group, "value of the group", required=True) for group in GROUPS),
        whole("unit_count", "records or persons", required=True),
    ),
)

PAIR_COUNT = Table(
    "pair_count",
    row="one group with its pairs and clusters, found and true; a pair counts where either end is in the group",
    key=("what", "topic", "item"),
    columns=(
        one_of("what", ("person", "household"), "what is held against truth", required=True),
        text("topic", "overall, or what the group is told by", required=True),
        text("item", "value of the group; empty for overall", required=True),
        whole("unit_count", "records or persons in the group", required=True),
        whole("right_pairs", "pairs put together that belong together", required=True),
        whole("found_pairs", "pairs put together", required=True),
        whole("true_pairs", "pairs that belong together", required=True),
        whole("right_clusters", "units that are one true unit, whole and with nothing else", required=True),
        whole("found_clusters", "units of the run", required=True),
        whole("true_clusters", "true units", required=True),
    ),
)

DISCOVERY = Table(
    "discovery",
    row="one candidate held against truth, or one unit entitled and unserved that no candidate names",
    key=("programme_id", "unit_no", "candidate_id"),
    columns=(
        text("programme_id", "programme", required=True),
        whole("unit_no", "true person or household; -1 where a candidate is neither", required=True),
        text("candidate_id", "candidate; empty for a miss", required=True),
        text("household_id", "household to visit; empty for a miss", required=True),
        text("township_code", "whose list; empty where unknown or for a miss", required=True),
        flag("is_true", "entitled and unserved", required=True),
        text("why_not", "served, not_entitled, dead or unknown; empty where true", required=True),
        flag("is_first", "the first of several candidates that name one unit, or a miss", required=True),
        share("probability", "as estimated; null for a miss"),
        whole("rank", "place within the township; null for a miss"),
        flag("is_within_capacity", "on the list by rank", required=True),
        flag("is_random_share", "on the list by the random share", required=True),
        text(
            "township", "township of the true unit, else the candidate's; unknown where neither is known", required=True
        ),
        *(text(group, "value of the group", required=True) for group in GROUPS),
    ),
)

MISSED = Table(
    "missed",
    row="one unit entitled and unserved that no candidate names, and how it was lost",
    key=("programme_id", "unit_no"),
    columns=(
        text("programme_id", "programme", required=True),
        whole("unit_no", "true person or household", required=True),
        one_of("cause", MISS_CAUSES, "how it was lost", required=True),
        text("criteria", "criteria that spoke against it; null unless excluded"),
    ),
)

CALIBRATION_BIN = Table(
    "calibration_bin",
    row="one tenth of the probability scale of one programme, or of all",
    key=("programme_id", "bin"),
    columns=(
        text("programme_id", "programme; empty for all", required=True),
        whole("bin", "0 is 0–10 %, 9 is 90–100 %", required=True),
        whole("candidate_count", "candidates", required=True),
        real("mean_probability", "as estimated", required=True),
        share("true_share", "entitled and unserved among them", required=True),
        real("squared_error", "sum of squared differences between probability and truth", required=True),
    ),
)
