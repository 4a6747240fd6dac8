"""What ingest promises: one standardised record per identity a source mentions, and every refused row with its reason."""

from __future__ import annotations

from schemas.contract import Table, date, flag, one_of, text, whole
from schemas.doubts import DOCUMENT_KINDS

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
        text(
            "id_digits", "an unusable citizen number, * where masked, as weak evidence; null where national_id stands"
        ),
        text("other_id", "a number of the source's own: insurance, certificate, student number"),
        date("birth_date", "as the source states it; null where it only comes from the citizen number"),
        text("birth_date_raw", "as delivered; null where it is written 1962-05-14 or 19620514 and is such a day"),
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
        text(
            "row_key", "hash of the row's whole key, by which its correction is known; null where a part is not stated"
        ),
    ),
)

# delivered: as expected · repeated: what came before came again · carried_forward: an earlier month's stands in ·
# partial: far fewer rows than usual · missing: nothing came and nothing stands in.
DELIVERY_STATES = ("delivered", "repeated", "carried_forward", "partial", "missing")

DELIVERY = Table(
    "delivery",
    row="one source expected in one month, delivered or not",
    key=("source_id",),
    columns=(
        text("source_id", "the source contract", required=True),
        one_of(
            "state", DELIVERY_STATES, "how it came; of a partial or missing one silence means nothing", required=True
        ),
        text("file_month", "month the file that was read came for; earlier than the run's where it is carried forward"),
        date("as_of_date", "the day the source speaks of at the latest; null where nothing was read"),
        text("file_name", "delivered file; null where nothing came"),
        text("sha256", "of the delivered file"),
        text("encoding", "utf-8, gb18030, utf-16, xlsx, parquet or database"),
        whole("delivered_count", "rows delivered, the header not counted", required=True),
        whole("loaded_count", "rows loaded", required=True),
        whole("quarantined_count", "rows refused", required=True),
        whole("carried_count", "rows of the last complete state that still hold; null is none"),
        whole("replaced_count", "loaded rows that a correction put right; null is none"),
        whole("record_count", "identities stated by the rows that hold", required=True),
        whole("usual_count", "rows of its newest whole delivery; null where none is known"),
        whole(
            "set_aside_count", "rows of this month's file that were set aside for last month's; null where none were"
        ),
        text("content", "count and hash of the loaded rows in any order: the same rows give the same text"),
        text("note", "what an analyst should know, such as an optional source that did not come"),
    ),
)

STATED_IDENTITY = Table(
    "stated_identity",
    row="one identity as one source states it, before standardisation",
    key=("record_id",),
    # The same identities make std_record, whose key is checked in full.
    key_sample=64,
    columns=(
        text("record_id", "std_record", required=True),
        text("source_id", "the source contract", required=True),
        text("role", "whose identity in the delivered row", required=True),
        text("full_name_raw", "name as delivered"),
        text("national_id_raw", "citizen number as delivered"),
        text("other_id", "a number of the source's own"),
        date("birth_date", "as the source states it"),
        text("sex_code", "GB/T 2261.1"),
        text("ethnicity_code", "GB/T 3304"),
        text("phone", "digits only"),
        text("address_raw", "address as delivered"),
        text("village_code", "twelve digits, as the source states it"),
        text("household_no", "household number of the source"),
        text("relation_code", "GB/T 4761"),
        text("disability_type", "where the source states it: what a certificate number must agree with"),
        text("disability_level", "where the source states it: what a certificate number must agree with"),
        text("birth_date_raw", "as delivered, where it is written otherwise than 1962-05-14 or 19620514"),
        date("as_of_date", "the newest day the source speaks of", required=True),
        whole("row_count", "delivered rows that state this identity", required=True),
    ),
)

STATED_NUMBER = Table(
    "stated_number",
    row="one citizen number as delivered, and what it is worth",
    key=("national_id_raw",),
    columns=(
        text("national_id_raw", "as delivered", required=True),
        one_of("id_state", ID_STATES, "what became of it", required=True),
        text("national_id", "18 characters, valid; null otherwise"),
        text("id_digits", "an unusable number, * where masked"),
        text("document_no", "a passport, permit or other document"),
        one_of("document_kind", DOCUMENT_KINDS, "what the number is, right or wrong; null where it cannot be told"),
        date("id_birth_date", "birth date inside the valid number"),
        text("id_sex_code", "sex inside the valid number"),
        text("certificate_type", "type of disability, where it is a disability certificate number"),
        text("certificate_level", "level of disability, where it is a disability certificate number"),
        flag(
            "is_short_certificate",
            "made from a 15-digit number, which proves itself only by type and level",
            required=True,
        ),
    ),
)

STATED_NAME = Table(
    "stated_name",
    row="one name as delivered, and how it is written",
    key=("full_name_raw",),
    columns=(
        text("full_name_raw", "as delivered", required=True),
        text("full_name", "standardised; null where nothing is left"),
        text("name_pinyin", "toneless pinyin, syllables joined by a blank"),
    ),
)

STATED_ADDRESS = Table(
    "stated_address",
    row="one address as delivered, cut into its parts",
    key=("address_raw",),
    columns=(
        text("address_raw", "as delivered", required=True),
        text("province", "name of the province as written; empty where none"),
        text("prefecture", "name of the prefecture as written; empty where none"),
        text("county", "name of the county as written; empty where none"),
        text("township", "name of the township without what kind of office it is; empty where none"),
        text("village", "name of the village without what kind of committee it is; empty where none"),
        text("address", "what is left below the village; empty where nothing is"),
    ),
)

AREA_NAME = Table(
    "area_name",
    row="one county as addresses write it, and its code; a name that could mean several counties is not there",
    key=("province", "prefecture", "county"),
    columns=(
        text("province", "as written; empty where none", required=True),
        text("prefecture", "as written; empty where none", required=True),
        text("county", "as written", required=True),
        text("area_code", "GB/T 2260, six digits", required=True),
    ),
)

PLACE_LEVELS = ("township", "township_anywhere", "village", "village_of_county")

LEARNT_PLACE = Table(
    "learnt_place",
    row="one township or village name and its code, learnt from this month's rows that give both",
    key=("level", "parent_code", "place_name"),
    columns=(
        one_of("level", PLACE_LEVELS, "what is named, and within what its name is unique", required=True),
        text("parent_code", "county or township within which the name is unique; empty for anywhere", required=True),
        text("place_name", "name without its kind", required=True),
        text("place_code", "township (9 digits) or village (12 digits)", required=True),
    ),
)

LOCATED_ADDRESS = Table(
    "located_address",
    row="one address as delivered, with the codes of the places it names",
    key=("address_raw",),
    columns=(
        text("address_raw", "as delivered", required=True),
        text("area_code", "six digits; null where the county is not named or not certain"),
        text("township_code", "nine digits; null where not certain"),
        text("village_code", "twelve digits; null where not certain"),
        text("address", "what is left below the village"),
    ),
)

DELIVERY_PROFILE = Table(
    "delivery_profile",
    row="how many loaded rows of one source fill one column, or hold one code in it",
    key=("source_id", "column_name", "code"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("column_name", "column of the contract", required=True),
        text("code", "the code that is counted; empty where every filled value is", required=True),
        whole("row_count", "rows", required=True),
    ),
)
