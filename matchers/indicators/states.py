"""Every state an indicator may watch: the fact it reads and when somebody is in it. A missing fact is no state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LimitKind = Literal["number", "list"]


@dataclass(frozen=True)
class State:
    """One state: SQL over the fact row `f`, its limit in braces.

    `widest` is true wherever `holds` is, whatever the limit among several: the smallest figure, or any code.
    """

    name: str
    fact: str
    holds: str
    observed: str
    limit: LimitKind | None = None


NUMBER = "printf('%.2f', {f}.number_value)"
WHOLE = "{f}.number_value::bigint::varchar"
TEXT = "{f}.text_value"
DATE = "{f}.date_value::varchar"

STATES = (
    State("own_medical_above", "own_medical", "{f}.number_value > {limit}", NUMBER, "number"),
    State("medical_burden_above", "medical_burden", "{f}.number_value > {limit}", NUMBER, "number"),
    State("severe_illness_repeated", "severe_illness", "{f}.number_value >= {limit}", WHOLE, "number"),
    State("disability_listed", "disability", "{f}.number_value = 1 and list_contains({limit}, {f}.text_value)", TEXT, "list"),
    State("age_is", "age", "list_contains({limit}, {f}.number_value::bigint::varchar)", WHOLE, "list"),
    State("unemployed", "unemployed", "true", DATE),
    State("contributions_missed", "contribution_gap", "{f}.number_value >= {limit}", WHOLE, "number"),
    State("deceased", "deceased", "true", DATE),
    State("divorced", "divorced", "true", DATE),
    State(
        "parents_cannot_care", "parents_state",
        "not contains({f}.text_value, 'active') and not contains({f}.text_value, 'unknown') and {f}.text_value <> 'dead+dead'", TEXT,
    ),
    State("studies_unaided", "student", "{f}.number_value = 0", TEXT),
    State("house_graded", "house_grade", "list_contains({limit}, {f}.text_value)", TEXT, "list"),
    State("struck_by_disaster", "disaster", "true", DATE),
    State("monitored", "monitored", "{f}.number_value = 1", TEXT),
    State("lately_left", "left_roll", "{f}.number_value <= {limit}", DATE, "number"),
    State("on_subsistence_roll", "receives_subsistence_allowance", "true", TEXT),
    State("on_extreme_difficulty_roll", "receives_extreme_difficulty", "true", TEXT),
    State("paid_wage_above", "wage", "{f}.number_value > {limit}", NUMBER, "number"),
)  # fmt: skip
BY_NAME = {state.name: state for state in STATES}
# Facts only early warning reads, worked out while observing.
BURDEN = "medical_burden"
