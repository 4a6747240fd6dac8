"""What a programme would bring, and how far income is from its line."""

from __future__ import annotations

from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.candidates.benefits import Benefit, LocalSum
from matchers.candidates.ranking import Capacity, Stakes, rank
from schemas.contract import Table
from schemas.findings import FACT
from schemas.households import HOUSEHOLD
from schemas.screening import PROSPECT

Given = Callable[[Table, str], None]
CAPACITY = Capacity(
    share=0.1,
    random_share=0.0,
    income_tested_share=0.4,
    along_floor=0.2,
    income_tested=("tested",),
    only_along=(),
    seed=1,
)
STANDARD = LocalSum("tested", "230123", 632, 832)
HOMES = """
    household_id | head_person_id | area_code | township_code | member_count | person_count | is_rural | composition_probability
    told         | ann            | 230123    | 230123001     | 3            | 5            | true     | 1
    seen         | ben            | 230123    | 230123001     | 1            | 1            | true     | 1
    silent       | cat            | 230123    | 230123001     | 1            | 1            | true     | 1
    rich         | dan            | 230123    | 230123001     | 1            | 1            | true     | 1
    nowhere      | eve            | 230123    | 230123001     | 1            | 1            |          | 1
    ill          | fay            | 230123    | 230123001     | 1            | 1            | true     | 1
"""
PROSPECTS = (
    "programme_id | unit | unit_id | household_id | probability | unknown_count | link_probability | rests_on_unconfirmed | is_listed\n"
    + "\n".join(
        f"tested | household | {home} | {home} | 0.5 | 2 | 1 | true | true"
        for home in ("told", "seen", "silent", "rich", "nowhere", "ill")
    )
)
INCOMES = """
    unit      | unit_id | fact_name                 | number_value | source_id | detail | as_of_date | link_probability | can_exclude
    household | told    | declared_income_household | 631.33       | drawn     |        | 2026-10-31 | 1                | true
    household | told    | income_head_floor         | 100          | drawn     |        | 2026-10-31 | 1                | true
    household | seen    | income_head_floor         | 600          | drawn     |        | 2026-10-31 | 1                | true
    household | rich    | declared_income_household | 700          | drawn     |        | 2026-10-31 | 1                | true
    household | nowhere | declared_income_household | 100          | drawn     |        | 2026-10-31 | 1                | true
    household | ill     | income_head_floor         | -2000        | drawn     |        | 2026-10-31 | 1                | true
"""


def test_what_makes_up_to_a_line_is_reckoned_on_the_household_and_rounded_up_once(db: DuckEngine, given: Given) -> None:
    """Three people with 1,894 yuan at a standard of 632 get 632 × 3 − 1,894 = 2 yuan, not three times one."""
    given(HOUSEHOLD, HOMES)
    given(PROSPECT, PROSPECTS)
    given(FACT, INCOMES)
    rank(db, CAPACITY, Stakes((Benefit(STANDARD, makes_up=True),), (STANDARD,)))
    found = db.rows("select unit_id, benefit_month_yuan::double, line_distance_yuan::double from place_in_line")
    assert {row[0]: row[1:] for row in found} == {
        "told": (2.0, 0.67),
        "seen": (None, 32.0),
        "silent": (None, None),
        "rich": (0.0, -68.0),
        "nowhere": (None, None),
        "ill": (None, 632.0),
    }


def test_what_only_tops_up_other_help_brings_an_unknown_sum(db: DuckEngine, given: Given) -> None:
    given(HOUSEHOLD, HOMES)
    given(
        PROSPECT,
        PROSPECTS.replace("| household | told ", "| person | ann ").replace("| household | seen ", "| person | ben "),
    )
    given(
        FACT,
        "unit | unit_id | fact_name | number_value | source_id | detail | as_of_date | link_probability | can_exclude\n"
        "person | ann | receives_other | 1 | drawn | | 2026-10-31 | 1 | true",
    )
    whole = LocalSum("tested", "230123", 1150, 1150)
    rank(db, CAPACITY, Stakes((Benefit(whole, when_receiving=("other",), tops_up=True), Benefit(whole)), ()))
    found = dict(
        db.rows("select unit_id, benefit_month_yuan::double from place_in_line where unit_id in ('ann', 'ben')")
    )
    assert found == {"ann": None, "ben": 1150.0}
