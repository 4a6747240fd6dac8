"""What the monthly linkage makes on the way from records to nodes: who owns which citizen number."""

from __future__ import annotations

from schemas.contract import Column, Table, date, flag, text, whole

LINK_STATEMENT = Table(
    "link_statement",
    row="one record with the citizen number it rests on and how its own statements fit that number",
    key=("record_id",),
    columns=(
        text("record_id", "std_record", required=True),
        text("source_id", "the source contract", required=True),
        whole("trust", "1 is the most trusted source", required=True),
        text("number", "valid citizen number, stated as such or inside a disability certificate number"),
        text("full_name", "std_record"),
        text("name_pinyin", "std_record"),
        flag("agrees", "a stated birth date or sex is the number's and none contradicts it; null where none is stated"),
        text("other_id", "std_record"),
        text("id_digits", "std_record"),
    ),
)

LINK_NUMBER_NAME = Table(
    "link_number_name",
    row="one name under one citizen number that stands with several names",
    key=("number", "full_name"),
    columns=(
        text("number", "valid citizen number", required=True),
        text("full_name", "standardised name; empty where a record has none", required=True),
        text("name_pinyin", "its sound"),
        whole("trust", "of the most trusted source that states it", required=True),
        whole("record_count", "records that state it", required=True),
        flag("agrees", "some record states the number's birth date or sex too and none contradicts it"),
        flag("contradicts", "some record states another birth date or sex", required=True),
        flag("is_registered", "a source that knows everybody once states it", required=True),
        flag("has_namesake", "somebody of this name with another number lives in a village of this number", required=True),
    ),
)

LINK_NUMBER_GROUP = Table(
    "link_number_group",
    row="one name under one citizen number and the group of compatible names it belongs to",
    key=("number", "full_name"),
    columns=(
        text("number", "valid citizen number", required=True),
        text("full_name", "standardised name; empty where a record has none", required=True),
        whole(
            "group_no", "0 is the owner of the number; the others differ from the owner and stay apart", required=True
        ),
        text("reason", "what differs from the owner; null for the owner"),
    ),
)

LINK_KEYED = Table(
    "link_keyed",
    row="one record and the certain group it is in: by number, or by a source's own number together with the name",
    key=("record_id",),
    columns=(
        text("record_id", "std_record", required=True),
        text("node_key", "what the records of a node share", required=True),
        text("number", "the citizen number where the record belongs to its owner"),
        text("link_rule", "certain_id, same_identity or alone", required=True),
    ),
)

LINK_UNNUMBERED = Table(
    "link_unnumbered",
    row="one record without a valid citizen number and the certain group it joins",
    key=("record_id",),
    columns=(
        text("record_id", "std_record", required=True),
        text("node_key", "of the numbered records it is one with, or of its own group", required=True),
        flag("is_joined", "somebody else is in the group", required=True),
    ),
)

LINK_COMPANY = Table(
    "link_company",
    row="one record in one delivered row or roll household that names several people who belong together",
    key=(),
    columns=(
        text("record_id", "std_record", required=True),
        text("company", "source and row, or source and household number", required=True),
    ),
)

LINK_NAMED_HOME = Table(
    "link_named_home",
    row="one company of people and the only register household in which two of their names stand together",
    key=("company",),
    columns=(
        text("company", "link_company", required=True),
        text("household_no", "household number in the population register", required=True),
    ),
)

LINK_HOME = Table(
    "link_home",
    row="one node and the register household it lives in, or whose people it is named with",
    key=("node_id",),
    columns=(
        text("node_id", "link_node", required=True),
        text("household_no", "household number in the population register", required=True),
    ),
)

PERSON_STATUS = Table(
    "person_status",
    row="one record that says its person is dead",
    key=("record_id",),
    columns=(
        text("record_id", "std_record", required=True),
        date("deceased_date", "the day, where the source gives it"),
    ),
)

LINK_CLUSTER_PERSON = Table(
    "link_cluster_person",
    row="one cluster and the person id it keeps or is given",
    key=("cluster_id",),
    columns=(
        text("cluster_id", "link_cluster", required=True),
        text("person_id", "stays the same month after month", required=True),
        text("minted_month", "month the id was minted", required=True),
        Column("is_new", "BOOLEAN", "minted this month", required=True),
    ),
)
