"""Tables on the way from ties to households; kept in the run's database, not in the lake."""

from __future__ import annotations

from schemas.contract import Table, date, flag, one_of, share, text, whole
from schemas.households import TIE, TIE_TYPES

TIE_EVIDENCE = Table(
    "tie_evidence",
    row="one statement that ties two persons, before statements of one source are told apart",
    key=(),
    columns=TIE.columns,
)

BOOK_MEMBER = Table(
    "book_member",
    row="one person, living or dead, and the household-register book they stand in",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        text("book_no", "household number of the register"),
        text("relation_code", "GB/T 4761 relation to the head of the book"),
        flag("is_family_book", "a family's book rather than a collective one", required=True),
        flag("is_registered", "the registration stands; false for the dead whose line is still there", required=True),
        date("birth_date", "birth date"),
        text("sex_code", "1 male, 2 female"),
        date("as_of_date", "the day the register speaks of", required=True),
        share("link_probability", "that the register's line is this person", required=True),
    ),
)

DWELLER = Table(
    "dweller",
    row="one living person with what decides where they live",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        whole("age", "completed years; null where no birth date is known"),
        text("sex_code", "1 male, 2 female"),
        text("surname", "first character of a Chinese name"),
        text("place", "village and address where the newest source puts the person; null where none does"),
        text("village_code", "village or community of residence"),
        text("book_place", "village and address of the registration"),
        text("book_no", "family book of the register; null outside one"),
        text("relation_code", "relation to the head of that book"),
        flag("is_student", "in full-time study", required=True),
        flag("is_dependent_adult", "grown, and unable to live independently by a certificate", required=True),
        flag("is_local", "some source puts the person in this county", required=True),
        flag("is_in_custody", "in prison, custody or compulsory drug treatment today, on a sure link", required=True),
    ),
)

SPOUSE = Table(
    "spouse",
    row="one person and the one spouse the evidence supports best",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        text("spouse_id", "the other", required=True),
        share("strength", "that they are married today", required=True),
    ),
)

NUCLEUS = Table(
    "nucleus",
    row="one living person and the nuclear family they belong to: a couple or a single grown person, with their children",
    key=("person_id",),
    columns=(
        text("person_id", "person", required=True),
        text("nucleus_id", "smallest person_id among its grown members", required=True),
        text("anchor_id", "the person through whom they belong to it", required=True),
        one_of("place_rule", ("self", "spouse", "child", "ward"), "why", required=True),
        share("strength", "that they belong to it", required=True),
    ),
)

NUCLEUS_JOIN = Table(
    "nucleus_join",
    row="one nuclear family and the one other it lives with, by everything that ties the two",
    key=("nucleus_id",),
    columns=(
        text("nucleus_id", "the family that joins", required=True),
        text("other_id", "the family it joins", required=True),
        one_of("tie_type", TIE_TYPES, "the tie that says most", required=True),
        share("strength", "that the two live together", required=True),
    ),
)

NUCLEUS_HOME = Table(
    "nucleus_home",
    row="one nuclear family and the household it ended in",
    key=("nucleus_id",),
    columns=(
        text("nucleus_id", "nuclear family", required=True),
        text("root_id", "smallest nucleus of the household", required=True),
    ),
)
