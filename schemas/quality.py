"""What the gates and the match report count: sources, links, households, candidates, drift. Counts only, nobody's values."""

from __future__ import annotations

from schemas.contract import Table, flag, money, one_of, real, share, text, whole
from schemas.findings import UNITS

SOURCE_CHECK = Table(
    "source_check",
    row="one source of the month: what was delivered, what became of it, and how it compares with the month before",
    key=("source_id",),
    columns=(
        text("source_id", "the source contract", required=True),
        whole("delivered_count", "rows delivered", required=True),
        whole("loaded_count", "rows loaded", required=True),
        whole("quarantined_count", "rows refused", required=True),
        whole("record_count", "identities stated by the loaded rows", required=True),
        whole("unaccounted_count", "rows delivered that were neither loaded nor refused", required=True),
        whole("raw_mismatch_count", "rows by which the raw table differs from the count of loaded rows", required=True),
        whole("quarantine_mismatch_count", "rows by which the quarantine differs from its count", required=True),
        whole("incomplete_key_count", "loaded rows without row number or record", required=True),
        share("quarantine_share", "rows refused among rows delivered", required=True),
        whole("id_stated_count", "records that state a citizen number, right or wrong", required=True),
        share("id_valid_share", "valid ones among them; null where none is stated"),
        share("id_valid_share_before", "the same a month before; null where it is not known"),
        whole("delivered_count_before", "rows delivered a month before; null where it is not known"),
        whole("is_quarantine_over_limit", "1 where more was refused than a month can stand on", required=True),
        whole("is_quarantine_over_notice", "1 where more was refused than usual", required=True),
        whole("is_id_share_collapsed", "1 where valid numbers fell so far that the file must be wrong", required=True),
        whole("is_id_share_falling", "1 where valid numbers fell noticeably", required=True),
        whole("is_row_count_odd", "1 where the rows halved or doubled since the month before", required=True),
        whole("is_missing", "1 where nothing was delivered and nothing stands in", required=True),
        whole("is_carried_forward", "1 where an earlier month's delivery stands in", required=True),
        whole("is_repeated", "1 where the rows of the month before came again", required=True),
        whole("is_partial", "1 where far fewer rows came than usual", required=True),
    ),
)

RELEASE_CHECK = Table(
    "release_check",
    row="the one row of counts that must be zero before a list can leave",
    key=(),
    columns=(
        whole("served_listed_count", "candidates that receive the programme already", required=True),
        whole("deceased_listed_count", "candidates that are, or whose person to ask for is, known dead", required=True),
        whole("unmasked_list_count", "list rows whose number is not masked", required=True),
        whole("number_in_text_count", "candidates whose reasons or questions hold a citizen number", required=True),
        whole("unknown_unit_count", "candidates that are no known person or household", required=True),
        whole("person_without_household_count", "persons placed in no household", required=True),
        whole(
            "candidate_outside_household_count",
            "candidates whose person does not live in their household",
            required=True,
        ),
        whole("duplicate_listed_count", "candidates listed twice for one programme", required=True),
        whole("unplaced_candidate_count", "candidates without a township", required=True),
    ),
)

GATE_RESULT = Table(
    "gate_result",
    row="one expectation held against one table at one door, and what came out",
    key=("door", "table_name", "kind", "subject"),
    columns=(
        one_of("door", ("arrival", "release"), "where it was held", required=True),
        text("table_name", "table", required=True),
        text("kind", "Great Expectations' name for it", required=True),
        text("subject", "columns, or * for the table", required=True),
        one_of("severity", ("critical", "warning"), "whether it stops publishing", required=True),
        text("meaning", "keys the sentence shown", required=True),
        text("next_step", "keys what to do when it fails", required=True),
        flag("is_met", "what came out", required=True),
        whole("checked_count", "rows looked at; null where the expectation counts none"),
        whole("breach_count", "rows or counts that break it", required=True),
    ),
)

QUARANTINE_REASON = Table(
    "quarantine_reason",
    row="one reason for which rows of one source were refused",
    key=("source_id", "reason"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("reason", "by column and rule, never by value", required=True),
        whole("row_count", "rows", required=True),
    ),
)

ID_STATE_COUNT = Table(
    "id_state_count",
    row="one state of citizen numbers in one source",
    key=("source_id", "id_state"),
    columns=(
        text("source_id", "the source contract", required=True),
        text("id_state", "what became of the delivered number", required=True),
        whole("record_count", "records", required=True),
    ),
)

LINK_RULE_COUNT = Table(
    "link_rule_count",
    row="one reason why records are held to be about a person",
    key=("link_rule",),
    columns=(
        text("link_rule", "why", required=True),
        whole("record_count", "records", required=True),
        real("mean_probability", "mean probability that the record is about its person", required=True),
    ),
)

WEIGHT_BIN = Table(
    "weight_bin",
    row="one bit of match weight",
    key=("weight_floor",),
    columns=(
        whole("weight_floor", "bits, rounded down, ends gathered", required=True),
        whole("pair_count", "compared pairs", required=True),
        whole("likely_count", "pairs more likely one person than not", required=True),
    ),
)

SIZE_COUNT = Table(
    "size_count",
    row="one size of persons by records, persons by sources, or households by members",
    key=("what", "size"),
    columns=(
        one_of("what", ("person_records", "person_sources", "household_members"), "what is sized", required=True),
        whole("size", "records, sources or members; the last size gathers the larger ones", required=True),
        whole("unit_count", "persons or households", required=True),
    ),
)

CANDIDATE_COUNT = Table(
    "candidate_count",
    row="one programme in one township",
    key=("programme_id", "township_code"),
    columns=(
        text("programme_id", "programme", required=True),
        text("township_code", "township; empty where no source knows", required=True),
        whole("candidate_count", "candidates", required=True),
        whole("listed_count", "candidates on this month's list", required=True),
        whole("random_count", "of these, listed by the random share", required=True),
        real("expected_count", "sum of the probabilities", required=True),
        real("listed_expected_count", "sum of the probabilities of the listed ones", required=True),
        whole("unconfirmed_count", "candidates resting on a figure not confirmed against its source", required=True),
        money(
            "benefit_month_yuan", "what a month would bring to the listed ones, where the standard says", required=True
        ),
    ),
)

PROBABILITY_BIN = Table(
    "probability_bin",
    row="one tenth of the probability scale",
    key=("bin",),
    columns=(
        whole("bin", "0 is 0–10 %, 9 is 90–100 %", required=True),
        whole("candidate_count", "candidates", required=True),
        whole("listed_count", "candidates on this month's list", required=True),
    ),
)

CRITERION_COUNT = Table(
    "criterion_count",
    row="one criterion of one programme over everybody assessed",
    key=("programme_id", "criterion"),
    columns=(
        text("programme_id", "programme", required=True),
        one_of("unit", UNITS, "what was assessed", required=True),
        text("criterion", "the test", required=True),
        text("effect", "requires or excludes", required=True),
        text("authority", "document and article", required=True),
        text("limits_applied", "figures it was held against, at most four", required=True),
        whole("met_count", "true", required=True),
        whole("unmet_count", "false", required=True),
        whole("unknown_count", "the data cannot say", required=True),
        one_of(
            "uniform_answer",
            ("met", "unmet", "unknown"),
            "what it says of nearly everybody although nothing makes that likely; null where there is no such answer",
        ),
        flag("is_confirmed", "every figure used is confirmed against its published source", required=True),
    ),
)

FUNNEL = Table(
    "funnel",
    row="one step from delivered rows to listed candidates",
    key=("step_no",),
    columns=(
        whole("step_no", "place in the funnel", required=True),
        text("step", "what is counted", required=True),
        whole("unit_count", "how many", required=True),
    ),
)

MONTH_FIGURE = Table(
    "month_figure",
    row="one figure of this month beside the same figure of the month before",
    key=("topic", "item"),
    columns=(
        text("topic", "what is counted", required=True),
        text("item", "programme or rule; empty where the topic is one figure", required=True),
        whole("now_count", "this month; null where it is new or gone"),
        whole("before_count", "the month before; null where it is new or gone"),
    ),
)

PLACE_NAME = Table(
    "place_name",
    row="one township or village and the name its addresses use",
    key=("place_code",),
    columns=(
        text("place_code", "nine digits for a township, twelve for a village", required=True),
        text("township_name", "name of the township"),
        text("village_name", "name of the village or community; null for a township"),
    ),
)

LIST_ROW = Table(
    "list_row",
    row="one line of a candidate list as a caseworker reads it",
    key=("candidate_id",),
    columns=(
        text("candidate_id", "candidate", required=True),
        text("township_code", "whose list; null where no source knows the township"),
        whole("line_number", "place on the list; lines of one household stand together", required=True),
        whole("visit_number", "the household's place on the list", required=True),
        text("full_name", "whom to ask for"),
        text(
            "masked_id",
            "citizen number, first six and last four digits",
            check="masked_id not similar to '.*[0-9]{7,}.*'",
        ),
        text("township_name", "township"),
        text("village_name", "village or community, its code where no name is known"),
        text("address", "rest of the address"),
        text("phone", "newest stated"),
        text("programme_id", "programme", required=True),
        text("reasons_zh", "why it is listed, in Chinese", required=True),
        text("reasons_en", "the same in English", required=True),
        text("questions_zh", "what to ask, one a line", required=True),
        text("questions_en", "the same in English", required=True),
    ),
)

CHANGE_KINDS = ("rows", "completeness", "code", "ids_lost")

SOURCE_CHANGE = Table(
    "source_change",
    row="one figure of one delivery beside the same figure of the month before",
    key=("source_id", "kind", "column_name", "code"),
    columns=(
        text("source_id", "the source contract", required=True),
        one_of(
            "kind", CHANGE_KINDS, "rows delivered, share filled, share of a code, share of numbers gone", required=True
        ),
        text("column_name", "column the figure is about; empty for the whole delivery", required=True),
        text("code", "code the figure is about; empty where it is about none", required=True),
        real("before_value", "count or share the month before", required=True),
        real("now_value", "count or share of this month", required=True),
        flag("is_marked", "moved further than a month explains", required=True),
    ),
)

LOST_SIGHT = Table(
    "lost_sight",
    row="what became of one programme's candidates where an answer of the month before is unknown this month",
    key=("programme_id", "criterion"),
    columns=(
        text("programme_id", "programme", required=True),
        text("criterion", "the test whose answer is gone; empty where the programme did not run", required=True),
        whole(
            "lost_count",
            "candidates of the month before that are none now, neither served nor answered otherwise",
            required=True,
        ),
        whole("gained_count", "candidates only now, because what spoke against them is unknown", required=True),
    ),
)
