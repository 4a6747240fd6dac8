"""What ingest promises: one standardised record per identity a source mentions, and every refused row with its reason."""

from __future__ import annotations

from schemas.contract import Table, date, one_of, text, whole

ID_STATES = ("valid", "invalid", "masked", "missing", "other_document")

STD_RECORD = Table(
    "std_record",
    row="one identity as one source states it in one month; a hundred settlements of one insured person are one record",
    key=("record_id",),
    columns=(
        text(
            "record_id",
            "source, role and a hash of the natural key and the stated identity; the same next month",
            required=True,
        ),
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the delivered row: self, guardian, husband, wife …", required=True),
        text("full_name_raw", "name as delivered"),
        text("full_name", "name after NFKC, U+00B7 for every middle dot, simplified characters, no blanks or remarks"),
        text("name_pinyin", "toneless pinyin, syllables joined by a blank; Latin names as they are in lower case"),
        text("national_id_raw", "citizen number as delivered"),
        text("national_id", "18 characters with a right check digit and a real birth date; null otherwise"),
        one_of("id_state", ID_STATES, "what became of the delivered number", required=True),
        text("id_digits", "digits of an unusable citizen number, as weak evidence; null where national_id stands"),
        text("other_id", "a number of the source's own: insurance, certificate, student number"),
        date("birth_date", "as the source states it; null where it only comes from the citizen number"),
        date("id_birth_date", "birth date inside the valid citizen number"),
        text("sex_code", "GB/T 2261.1 as the source states it: 1 male, 2 female", check="sex_code in ('1', '2')"),
        text("id_sex_code", "sex inside the valid citizen number", check="id_sex_code in ('1', '2')"),
        text("ethnicity_code", "GB/T 3304, two digits"),
        text("phone", "mobile or landline, digits only"),
        text("area_code", "GB/T 2260, six digits, of the address"),
        text("township_code", "nine digits: county and township or subdistrict"),
        text("village_code", "twelve digits"),
        text("address", "the rest of the address below the village, standardised"),
        text("household_no", "household number of the source; comparable within one source only"),
        text("relation_code", "GB/T 4761 relation to the head of that household"),
        date("as_of_date", "the day the source speaks of", required=True),
        whole("row_count", "delivered rows that state this identity", required=True),
    ),
)

QUARANTINE = Table(
    "quarantine",
    row="one delivered row that was refused",
    key=("source_id", "row_number"),
    columns=(
        text("source_id", "the source contract", required=True),
        whole(
            "row_number",
            "place among the data rows of the delivered file, first row 1, headers not counted",
            required=True,
        ),
        text("reason", "why it was refused, by column and rule, never by value", required=True),
        text(
            "delivered",
            "the row as delivered, as JSON; stays in the lake and in the department's workbook",
            required=True,
        ),
    ),
)

DELIVERY = Table(
    "delivery",
    row="one source expected in one month, delivered or not",
    key=("source_id",),
    columns=(
        text("source_id", "the source contract", required=True),
        text("file_name", "delivered file; null where nothing came"),
        text("sha256", "of the delivered file"),
        text("encoding", "utf-8, gb18030, xlsx or parquet"),
        whole("delivered_count", "rows delivered, the header not counted", required=True),
        whole("loaded_count", "rows loaded", required=True),
        whole("quarantined_count", "rows refused", required=True),
        whole("record_count", "identities stated by the loaded rows", required=True),
        text("note", "what an analyst should know, such as an optional source that did not come"),
    ),
)
