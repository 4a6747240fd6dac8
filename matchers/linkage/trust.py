"""Which source is believed first where sources differ about a person."""

from __future__ import annotations

from matchers.sql import literal

# The police keep the register; civil affairs check who they pay; insurers pay; whoever copies from paper comes last.
TRUST = (
    ("population_register",),
    ("subsistence_roll", "extreme_difficulty_roll", "disability_subsidy_roll", "child_roll", "old_age_roll"),
    ("medical_insured",),
    ("disability_certificate", "cremation", "pension", "social_insurance"),
    ("student", "marriage", "medical_settlement", "unemployment"),
)
OTHERS = len(TRUST) + 1
STATED_BY_ANOTHER = OTHERS + 1

# Sources that know everybody once: two of their names under one number are two people.
EVERYBODY_ONCE = ("population_register", "medical_insured")


def trust_rank(source: str, role: str) -> str:
    """Return SQL for how far a record is believed, 1 first; what somebody else states about a person comes last."""
    ranks = " ".join(
        f"when {source} = {literal(name)} then {rank}" for rank, names in enumerate(TRUST, start=1) for name in names
    )
    return f"(case when {role} like 'guardian%' then {STATED_BY_ANOTHER} {ranks} else {OTHERS} end)"
