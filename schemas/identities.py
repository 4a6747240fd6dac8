"""What the monthly linkage makes on the way from records to persons; records and nodes are whole numbers here.

A month has millions of records: joins go by number, and texts are looked up at the end.
"""

from __future__ import annotations

from schemas.contract import Column, Table, date, flag, share, text, whole
from schemas.records import STD_RECORD

REC = Column("rec", "INTEGER", "place of the record in order of record_id, from 0", required=True)
NODE = Column("node", "INTEGER", "smallest rec of a node: records held to be one person for certain", required=True)

LINK_RECORD = Table(
    "link_record",
    row="one standardised record with its place in order of record_id",
    key=("rec",),
    columns=(REC, *STD_RECORD.columns),
)

LINK_STATEMENT = Table(
    "link_statement",
    row="one record with the citizen number it rests on and how its own statements fit that number",
    key=(),
    columns=(
        REC,
        whole("number", "first 17 digits of a valid citizen number, stated as such or inside a certificate number"),
        Column("name", "UBIGINT", "hash of the standardised name"),
        Column("trust", "TINYINT", "1 is the most trusted source", required=True),
        flag("agrees", "the stated birth date is the number's and no stated sex contradicts it"),
        flag("contradicts", "a stated birth date or sex is not the number's", required=True),
        flag("is_registered", "a source that knows everybody once states it", required=True),
    ),
)

LINK_NUMBER_NAME = Table(
    "link_number_name",
    row="one name under one citizen number that stands with several names",
    key=("number", "name"),
    columns=(
        whole("number", "first 17 digits", required=True),
        Column("name", "UBIGINT", "hash of the name", required=True),
        text("full_name", "standardised name", required=True),
        text("name_pinyin", "its sound"),
        whole("trust", "of the most trusted source that states it", required=True),
        whole("record_count", "records that state it", required=True),
        flag("agrees", "some record states the number's birth date too and none contradicts it"),
        flag("contradicts", "some record states another birth date or sex", required=True),
        flag("is_registered", "a source that knows everybody once states it", required=True),
        flag(
            "has_namesake", "somebody of this name with another number lives in a village of this number", required=True
        ),
    ),
)

LINK_NUMBER_GROUP = Table(
    "link_number_group",
    row="one name under one citizen number and the group of compatible names it belongs to",
    key=("number", "name"),
    columns=(
        whole("number", "first 17 digits", required=True),
        Column("name", "UBIGINT", "hash of the name", required=True),
        whole(
            "group_no", "0 is the owner of the number; the others differ from the owner and stay apart", required=True
        ),
        text("reason", "what differs from the owner; null for the owner"),
    ),
)

LINK_UNNUMBERED = Table(
    "link_unnumbered",
    row="one record without a valid citizen number and the certain group it joins",
    key=("rec",),
    columns=(
        REC,
        whole(
            "node_key", "of the numbered records it is one with, or a negative number of its own group", required=True
        ),
        flag("is_joined", "somebody else is in the group", required=True),
    ),
)

LINK_MEMBER = Table(
    "link_member",
    row="one record and its node",
    key=(),
    columns=(
        REC,
        NODE,
        flag("is_owner", "the record stands on a citizen number whose owner its node is", required=True),
        flag("is_joined", "the node has other records", required=True),
    ),
)

LINK_COMPANY = Table(
    "link_company",
    row="one record in one delivered row or roll household that names several people who belong together",
    key=(),
    columns=(
        REC,
        Column("company", "UBIGINT", "hash of source and row, or of source and household number", required=True),
        flag("is_row", "named in one row, not only on one roll household", required=True),
    ),
)

LINK_NAMED_HOME = Table(
    "link_named_home",
    row="one company of people and the only register household in which two of their names stand together",
    key=("company",),
    columns=(
        Column("company", "UBIGINT", "link_company", required=True),
        text("household_no", "household number in the population register", required=True),
    ),
)

LINK_HOME = Table(
    "link_home",
    row="one node and the register household it lives in, or whose people it is named with",
    key=("node",),
    columns=(NODE, text("household_no", "household number in the population register", required=True)),
)

BEST_FIELDS = {
    "number": "VARCHAR", "registered_number": "VARCHAR", "full_name": "VARCHAR", "birth_date": "DATE", "sex_code": "VARCHAR",
    "ethnicity_code": "VARCHAR", "phone": "VARCHAR", "id_digits": "VARCHAR", "village_code": "VARCHAR", "address": "VARCHAR",
    "hukou_village_code": "VARCHAR", "register_household_no": "VARCHAR", "register_relation_code": "VARCHAR",
}  # fmt: skip

NODE_FACT = Table(
    "node_fact",
    row="one node with the best-supported value of each field; a rank says how well, the smallest best",
    key=("node",),
    columns=(
        NODE,
        *(Column(name, kind, f"{name} of the most trusted source") for name, kind in BEST_FIELDS.items()),
        whole("rank", "of the most trusted record", required=True),
        Column("newest_phone", "VARCHAR", "phone stated last"),
        whole("phone_rank", "how new it is, the largest newest"),
        whole("residence", "rec of the record that stated a residence last"),
        whole("residence_rank", "how new it is, the largest newest"),
        whole("record_count", "records of the node", required=True),
        Column("sources", "BIGINT", "a bit per source", required=True),
    ),
)

NODE_CLUSTER = Table(
    "node_cluster",
    row="one node, the smallest node of its cluster, and its best link",
    key=("node",),
    columns=(
        NODE,
        Column("cluster", "INTEGER", "smallest node of the cluster", required=True),
        Column("best_other", "INTEGER", "node at the other end of its best link inside the cluster"),
        share("probability", "of that link; null where the node is a cluster alone"),
    ),
)

LINK_HELD = Table(
    "link_held",
    row="one record of this month and the person it was held to be about before",
    key=("rec",),
    columns=(
        REC,
        text("person_id", "ledger_before", required=True),
        text("minted_month", "ledger_before", required=True),
    ),
)

CLUSTER_PERSON = Table(
    "cluster_person",
    row="one cluster and the person id it keeps or is given",
    key=("cluster",),
    columns=(
        Column("cluster", "INTEGER", "node_cluster", required=True),
        text("person_id", "stays the same month after month", required=True),
        text("minted_month", "month the id was minted", required=True),
        flag("is_new", "minted this month", required=True),
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
