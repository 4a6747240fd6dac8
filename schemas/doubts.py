"""What standardisation does not take at its word: values that say nothing, and numbers their own row contradicts."""

from __future__ import annotations

from schemas.contract import Column, Table, date, flag, one_of, share, text, whole

DOUBTED_FIELDS = ("phone", "birth_date", "national_id", "address")
# listed: a known word for nothing between marks · many_names: one number under more names than one person can have ·
# too_often: far more than any other day, and not what the same people's numbers say · spread: held by people who have
# nothing else in common.
PLACEHOLDER_REASONS = ("listed", "many_names", "too_often", "spread")

FREQUENT_VALUE = Table(
    "frequent_value",
    row="one value, by its hash, that more records of one source state than its source explains",
    key=("source_id", "role", "field", "said"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the delivered row", required=True),
        one_of("field", DOUBTED_FIELDS, "what is stated", required=True),
        Column("said", "UBIGINT", "hash of what is stated", True),
        whole("bound_count", "different names a value of this source may have before it is looked at", required=True),
    ),
)

SHARED_VALUE = Table(
    "shared_value",
    row="one value that so many people of one source state that it may be nobody's",
    key=("source_id", "role", "field", "value"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the delivered row", required=True),
        one_of("field", DOUBTED_FIELDS, "what is stated", required=True),
        text("value", "as stated; a phone and a date as they were read", required=True),
        flag("is_listed", "a known word for nothing once marks are taken off", required=True),
        whole("record_count", "records that state it", required=True),
        whole("name_count", "different names among them", required=True),
        whole("bound_count", "different names a value of this source may have before it is looked at", required=True),
    ),
)

SHARED_HOLDER = Table(
    "shared_holder",
    row="one record that states a shared value",
    key=("record_id", "field"),
    columns=(
        text("record_id", "std_record", required=True),
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the delivered row", required=True),
        one_of("field", DOUBTED_FIELDS, "what is stated", required=True),
        text("value", "shared_value", required=True),
    ),
)

COMMON_TRAIT = Table(
    "common_trait",
    row="what the holders of one shared value have most in common in one column of their source",
    key=("source_id", "role", "field", "value", "column_name"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the delivered row", required=True),
        one_of("field", DOUBTED_FIELDS, "what is shared", required=True),
        text("value", "shared_value", required=True),
        text("column_name", "column of the source", required=True),
        flag("is_place", "the column says where somebody lives", required=True),
        share("filled_share", "of the holders' rows that fill the column", required=True),
        share("common_share", "of the holders' rows with the holders' most frequent value", required=True),
        share("source_share", "of the source's rows with that value", required=True),
    ),
)

PLACEHOLDER = Table(
    "placeholder",
    row="one value that says nothing where one source states it, found from the source's own frequencies",
    key=("source_id", "role", "field", "value"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the delivered row", required=True),
        one_of("field", DOUBTED_FIELDS, "what is stated", required=True),
        text("value", "as stated; raw_<source> keeps it in its rows", required=True),
        one_of("reason", PLACEHOLDER_REASONS, "why it counts as missing", required=True),
        whole("record_count", "records for which it counts as missing", required=True),
        whole("name_count", "different names among them", required=True),
        whole("bound_count", "different names a value of this source may have before it is looked at", required=True),
    ),
)

PLACEHOLDER_RECORD = Table(
    "placeholder_record",
    row="one record with the fields that state a placeholder",
    key=("record_id",),
    columns=(
        text("record_id", "std_record", required=True),
        flag("no_phone", "its phone says nothing", required=True),
        flag("no_birth_date", "its date of birth says nothing", required=True),
        flag("no_number", "its citizen number says nothing", required=True),
        flag("no_address", "its address says nothing", required=True),
    ),
)

PLACEHOLDER_COUNT = Table(
    "placeholder_count",
    row="one field of one source, and for how many of its records a placeholder counts as missing",
    key=("source_id", "field", "reason"),
    columns=(
        text("source_id", "the source contract", required=True),
        one_of("field", DOUBTED_FIELDS, "what is stated", required=True),
        one_of("reason", PLACEHOLDER_REASONS, "why it counts as missing", required=True),
        whole("value_count", "different placeholders", required=True),
        whole("record_count", "records that state one of them", required=True),
        whole("most_count", "records that state the most frequent one", required=True),
    ),
)

DIFFERENCES = ("lunar", "day_and_month_swapped", "other_year", "other")
DOCUMENT_KINDS = (
    "citizen", "disability_certificate", "hmt_residence_permit", "foreigner_permit", "hmt_travel_permit", "hmt_identity_card",
    "passport", "other",
)  # fmt: skip

AREA_PERIOD = Table(
    "area_period",
    row="one area code any revision of GB/T 2260 has, and when it stood",
    key=("area_code",),
    columns=(
        text("area_code", "six digits", required=True),
        whole(
            "first_year", "of the revision it first stands in; 2002 is the oldest known, null where no year is known"
        ),
        whole("last_year", "of the last revision it stands in; null where it stands in the newest"),
    ),
)

LUNAR_PAIR = Table(
    "lunar_pair",
    row="two different days of which one is the other's date in the lunar calendar",
    key=("birth_date", "other_date"),
    columns=(
        date("birth_date", "as a source states it", required=True),
        date("other_date", "as the number, or another source, states it", required=True),
    ),
)

IDENTITY_DOUBT = Table(
    "identity_doubt",
    row="one record whose own valid number contradicts what is stated beside it; nothing of it is changed",
    key=("record_id",),
    columns=(
        text("record_id", "std_record", required=True),
        text("source_id", "the source contract", required=True),
        one_of("birth_difference", DIFFERENCES, "how the stated birth date differs from the number's; null where it does not"),
        flag("sex_differs", "the stated sex is not the number's", required=True),
    ),
)  # fmt: skip

NUMBER_CHECK = Table(
    "number_check",
    row="one source, and how what is inside its valid numbers goes with what is stated beside them",
    key=("source_id",),
    columns=(
        text("source_id", "the source contract", required=True),
        whole("number_count", "records with a valid number", required=True),
        whole("birth_count", "of them, with a stated birth date", required=True),
        whole("birth_differs_count", "of those, with another one than the number's", required=True),
        whole("lunar_count", "of those, by what a lunar calendar explains", required=True),
        whole("sex_count", "with a valid number and a stated sex", required=True),
        whole("sex_differs_count", "of those, with another one than the number's", required=True),
        whole("area_count", "with a valid number and a known county", required=True),
        whole("elsewhere_count", "of those, first registered in another county: people move, it is no mistake", required=True),
        whole("unknown_area_count", "valid numbers that begin with a code no revision since 2002 has", required=True),
        whole("abolished_area_count", "records whose county code a later revision no longer has", required=True),
    ),
)  # fmt: skip

DOCUMENT_COUNT = Table(
    "document_count",
    row="one kind of document other than a plain citizen number that one source states as a number",
    key=("source_id", "document_kind"),
    columns=(
        text("source_id", "the source contract", required=True),
        one_of("document_kind", DOCUMENT_KINDS, "what the number is", required=True),
        whole("record_count", "records that state one", required=True),
    ),
)

REQUEST_STATES = ("open", "answered", "untraceable")

ASKED_ROW = Table(
    "asked_row",
    row="one refused row a department was asked to correct, followed until it is answered",
    key=("source_id", "asked_month", "row_number"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("asked_month", "month whose delivery it was refused from first", required=True),
        whole("row_number", "place in that delivery", required=True),
        text("row_key", "hash of the row's whole key; null where a part of it is not stated"),
        one_of("state", REQUEST_STATES, "what became of it; untraceable: no key tells its answer", required=True),
        text("answered_month", "month in which a right row of the same key came"),
    ),
)

ASKED_COUNT = Table(
    "asked_count",
    row="one source and what became of the rows it was asked to correct",
    key=("source_id",),
    columns=(
        text("source_id", "the source contract", required=True),
        whole("asked_count", "rows refused this month for the first time", required=True),
        whole("answered_count", "rows asked for whose right row came this month", required=True),
        whole("open_count", "rows still open", required=True),
        whole("untraceable_count", "rows of this month without a key by which an answer could be told", required=True),
        text("oldest_month", "month the oldest open one was first refused in; null where none is open"),
    ),
)

UNREAD_VALUE = Table(
    "unread_value",
    row="one column of one source in which loaded rows state something that could not be read and counts as missing",
    key=("source_id", "column_name"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("column_name", "the column, by its canonical name", required=True),
        whole("row_count", "rows that state something else than the contract promises", required=True),
        text("first_rows", "places in the delivery of the first of them", required=True),
    ),
)

# unread: not what the type or code list of the column says; repeated_key: the key of another row stands in a row again;
# later: a row speaks of a day after the month.
BROKEN_RULES = ("unread", "repeated_key", "later")
BROKEN_RULE = Table(
    "broken_rule",
    row="one rule of a contract that loaded rows of this month's delivery break",
    key=("source_id", "rule", "column_name"),
    columns=(
        text("source_id", "the source contract", required=True),
        one_of("rule", BROKEN_RULES, "the rule", required=True),
        text("column_name", "the column, or the columns of the key, by canonical names", required=True),
        whole("row_count", "rows that break it", required=True),
        text("first_rows", "places in the delivery of the first of them", required=True),
    ),
)
