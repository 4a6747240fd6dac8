"""What ties people together and who lives together by the legal definition."""

from __future__ import annotations

from schemas.contract import Table, date, flag, one_of, share, text, whole

TIE_TYPES = (
    "register_household",
    "spouse",
    "parent_child",
    "guardian",
    "roll_household",
    "same_address",
    "same_phone",
)

TIE = Table(
    "tie",
    row="one piece of evidence that two persons belong together",
    key=("person_id_l", "person_id_r", "tie_type", "source_id"),
    columns=(
        text("person_id_l", "the parent, guardian or first of the two", required=True),
        text("person_id_r", "the child, ward or second of the two", required=True),
        one_of("tie_type", TIE_TYPES, "what ties them", required=True),
        text("source_id", "who says so", required=True),
        date("as_of_date", "the day the source speaks of", required=True),
        share("strength", "probability that the tie holds, link doubt included", required=True),
    ),
)

HOUSEHOLD_MEMBER = Table(
    "household_member",
    row="one person and the household they live in",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        text("household_id", "household", required=True),
        text("relation_code", "GB/T 4761 relation to the head; null where unknown"),
        flag(
            "is_counted", "counted as a member living together by article 7 of the recognition measure", required=True
        ),
        text("reason", "why the person is placed here, or not counted", required=True),
        share("membership_probability", "that the person lives in this household", required=True),
    ),
)

HOUSEHOLD = Table(
    "household",
    row="one household: the members living together, decided from ties",
    key=("household_id",),
    columns=(
        text("household_id", "smallest person_id among its adults, prefixed H", required=True),
        text("head_person_id", "whom a caseworker asks for", required=True),
        text("area_code", "county", required=False),
        text("township_code", "township where most members live"),
        text("village_code", "village where most members live"),
        whole("member_count", "members counted", required=True, check="member_count >= 0"),
        whole("person_count", "everybody placed here, counted or not", required=True),
        flag("is_rural", "lives in a village rather than a residents' community; null where unknown"),
        share("composition_probability", "that exactly these people live together", required=True),
    ),
)
