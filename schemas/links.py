"""What linkage promises: records held to be one person, and the evidence for each link."""

from __future__ import annotations

from schemas.contract import Column, Table, one_of, real, share, text, whole

LINK_RULES = ("certain_id", "same_identity", "probabilistic", "alone")

LINK_INPUT_ROLES = (
    "given_name",
    "middle_name",
    "surname",
    "full_name",
    "birth_date",
    "sex",
    "national_id",
    "other_id",
    "phone",
    "email",
    "address",
    "street_number",
    "unit_number",
    "place",
    "area",
    "postcode",
    "area_code",
    "household_no",
    "relation_to_head",
    "category",
)

LINK_NODE = Table(
    "link_node",
    row="one record and the node it belongs to; a node is a group of records held to be one person for certain",
    key=("record_id",),
    key_sample=64,
    columns=(
        text("record_id", "std_record", required=True),
        text("node_id", "the smallest record_id of the node", required=True),
        one_of("link_rule", LINK_RULES, "why the record is in the node", required=True),
    ),
)

LINK_CONFLICT = Table(
    "link_conflict",
    row="one citizen number that stands for people who differ in name and in birth date or sex; never merged",
    key=("node_id",),
    columns=(
        text("node_id", "one of the groups that share the number", required=True),
        text("conflict_id", "the same for all groups that share the number: the smallest node_id", required=True),
        text("reason", "what differs", required=True),
    ),
)

LINK_PAIR = Table(
    "link_pair",
    row="one pair of nodes worth comparing, with what was found",
    key=("record_id_l", "record_id_r"),
    key_sample=64,
    columns=(
        text("record_id_l", "the node that sorts first", required=True),
        text("record_id_r", "the node that sorts second", required=True),
        text("blocking_rule", "what proposed the pair", required=True),
        real("match_weight", "log2 odds that the two are one person, prior included", required=True),
        share(
            "match_probability",
            "that the two are one person, what the other records of their cluster say included",
            required=True,
        ),
        text("pattern", "level reached per field, a digit each in the order of the model; - where a value is missing"),
        Column("bits_housemate", "FLOAT", "bits taken off because the two may be housemates", required=True),
        *(
            Column(f"bits_{role}", "FLOAT", f"bits {role} adds; null where it is not compared or a value is missing")
            for role in LINK_INPUT_ROLES
        ),
    ),
)

LINK_MODEL = Table(
    "link_model",
    row="the model the pairs were weighed with",
    key=("model_id",),
    columns=(
        text("model_id", "the version accepted by a person, or the hash of what this run learnt", required=True),
        one_of("origin", ("accepted", "learnt"), "whether a person accepted it or this run learnt it", required=True),
        text("content", "the numbers as JSON", required=True),
    ),
)

LINK_CLUSTER = Table(
    "link_cluster",
    row="one node and the cluster it belongs to",
    key=("record_id",),
    columns=(
        text("record_id", "the node", required=True),
        text("cluster_id", "the smallest node of the cluster", required=True),
        share(
            "confidence",
            "probability that this node belongs with the rest of its cluster; 1 for a node alone",
            required=True,
        ),
    ),
)

LINK_INPUT = Table(
    "link_input",
    row="one record as the linkage engine sees it: a column per role, text throughout, blanks null",
    key=("record_id",),
    columns=(
        text("record_id", "identifies the record", required=True),
        text("source_id", "the file or source it comes from", required=True),
        text("person_key", "two records with different keys are never one person; null where nothing is known"),
        *(text(role, f"value of the columns with the role {role}, joined by a blank") for role in LINK_INPUT_ROLES),
    ),
)

LINK_ROW = Table(
    "link_row",
    row="one record and its number in order of record_id",
    key=(),
    columns=(
        text("record_id", "LINK_INPUT", required=True),
        Column("row", "INTEGER", "0, 1, 2 …", required=True),
    ),
)

LINK_WRITTEN = Table(
    "link_written",
    row="one text as it is written in a role, once however many records have it",
    key=(),
    columns=(
        text("role", "the role", required=True),
        text("written", "as it stands in LINK_INPUT", required=True),
    ),
)

LINK_WHOLE_NAME = Table(
    "link_whole_name",
    row="one combination of names as written that at least one record has; null where a role is not filled",
    key=("place",),
    columns=(
        Column("place", "INTEGER", "0, 1, 2 …", required=True),
        text("full_name", "LINK_WRITTEN"),
        text("surname", "LINK_WRITTEN"),
        text("given_name", "LINK_WRITTEN"),
    ),
)

LINK_NAME = Table(
    "link_name",
    row="one Chinese name as delivered, with its parts",
    key=("name",),
    columns=(
        text("name", "as it stands in LINK_INPUT", required=True),
        text("surname", "simplified characters"),
        text("given_name", "simplified characters"),
        text("surname_sound", "toneless pinyin"),
        text("given_sound", "toneless pinyin"),
        text("spellings", "words it may be spelt with in Latin letters"),
    ),
)

LINK_WEIGHT = Table(
    "link_weight",
    row="one pair worth reporting, by row number",
    key=(),
    columns=(
        Column("row_l", "INTEGER", "the smaller row", required=True),
        Column("row_r", "INTEGER", "the larger row", required=True),
        real("match_weight", "log2 odds that the two are one person", required=True),
    ),
)

LINK_LABEL = Table(
    "link_label",
    row="one record by row number and the cluster it belongs to",
    key=("row",),
    columns=(
        Column("row", "INTEGER", "LINK_ROW", required=True),
        Column("cluster_row", "INTEGER", "the smallest row of the cluster", required=True),
        share("confidence", "that the record belongs with the rest of its cluster", required=True),
    ),
)

PERSON_RECORD = Table(
    "person_record",
    row="one record and the person it is held to be about",
    key=("record_id",),
    key_sample=64,
    columns=(
        text("record_id", "std_record", required=True),
        text("person_id", "person", required=True),
        one_of("link_rule", LINK_RULES, "why", required=True),
        share("link_probability", "that this record is about this person", required=True),
        text("deciding_link", "record at the other end of the link that decides; null where a citizen number does"),
    ),
)

PERSON_EVENT = Table(
    "person_event",
    row="one thing that happened to a person id in a month",
    key=("person_id", "event", "other_person_id"),
    columns=(
        text("person_id", "the id it happened to", required=True),
        one_of("event", ("minted", "kept", "merged", "split"), "what happened", required=True),
        text("other_person_id", "the id it was merged into or split from; empty where none", required=True),
        whole("record_count", "records of this person this month", required=True),
    ),
)
