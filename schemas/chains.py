"""Assistance chains and referrals: every programme's state for one household or person, and who follows it up."""

from __future__ import annotations

from schemas.contract import Table, date, one_of, text, whole
from schemas.findings import UNITS
from schemas.indicator import DISPOSITIONS, GRADES

CHAIN_STATES = ("receiving", "candidate", "not_eligible", "unknown")
NEXT_STEPS = (
    "deliver_what_is_due", "check_again", "visit_this_month", "refer", "visit_later", "ask_when_met", "none",
)  # fmt: skip

CHAIN = Table(
    "chain",
    row="one programme in the assistance chain of one household or person; what no row names is no question for them",
    key=("unit_id", "programme_id"),
    columns=(
        text("household_id", "household whose chain it is", required=True),
        one_of("unit", UNITS, "what the programme looks at", required=True),
        text("unit_id", "person_id or household_id", required=True),
        text("person_id", "whom to ask for", required=True),
        text("township_code", "township; null where no source knows"),
        text("programme_id", "programme", required=True),
        one_of(
            "state", CHAIN_STATES, "where the programme stands, as far as data say; never a decision", required=True
        ),
        text("why_zh", "what the data hold against it, in Chinese; null where nothing"),
        text("why_en", "the same in English"),
        text("ask_zh", "what would settle it, in Chinese, one a line; null where nothing is open"),
        text("ask_en", "the same in English"),
        text("department", "who is responsible", required=True),
        one_of("next_step", NEXT_STEPS, "what comes next", required=True),
        text("candidate_id", "the candidate, where there is one"),
        whole("signal_count", "early warnings about the unit", required=True),
    ),
)

REFERRAL_ROW = Table(
    "referral_row",
    row="one line of a department's referral list: an early warning, or a candidate of a programme of its own",
    key=("department", "lead_id"),
    columns=(
        text("department", "who follows it up", required=True),
        text("lead_id", "signal_id or candidate_id", required=True),
        text("full_name", "whom it is about, or whom to ask for"),
        text("masked_id", "citizen number with the middle starred out"),
        text("township_name", "township"),
        text("village_name", "village or community"),
        text("indicator_id", "indicator; null for a candidate"),
        text("programme_id", "programme; null for most indicators"),
        text("population", "outside, inside, left; null for a candidate"),
        one_of("grade", GRADES, "how urgent; null for a candidate"),
        text("reasons_zh", "what speaks for a candidate, in Chinese; null for a warning, whose indicator says it"),
        text("reasons_en", "the same in English"),
        text("questions_zh", "what would settle it, one a line; null for a warning"),
        text("questions_en", "the same in English"),
        one_of("disposition", DISPOSITIONS, "how it is closed", required=True),
        date("due_date", "by when"),
    ),
)
