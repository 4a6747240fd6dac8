"""Traits: unknown is a word of its own, and nothing protected or bestowed by the roll is among them."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from flows.rules import read_rule_files
from matchers.candidates.traits import INCOME_BANDS, band, describe_households
from schemas.contract import Table
from schemas.findings import FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.screening import PERSON_TRAIT, TRAIT

Given = Callable[[Table, str], None]


def test_an_unknown_income_is_not_the_lowest_band(db: DuckEngine) -> None:
    bands = [
        db.rows(f"select {band(value, INCOME_BANDS)}")[0][0] for value in ("null::double", "0", "1", "150", "9999")
    ]
    assert bands == [-1, 0, 1, 2, len(INCOME_BANDS)]


def test_a_household_nobody_says_anything_about_has_unknown_income_and_no_signs(db: DuckEngine, given: Given) -> None:
    given(
        HOUSEHOLD,
        """
        household_id | head_person_id | member_count | person_count | composition_probability
        home         | ann            | 1            | 1            | 1
    """,
    )
    given(
        HOUSEHOLD_MEMBER,
        "person_id | household_id | is_counted | reason | membership_probability\nann | home | true | drawn | 1",
    )
    given(PERSON, "person_id | record_count | source_count | link_probability\nann | 1 | 1 | 1")
    given(FACT, "")
    describe_households(db, datetime.date(2026, 10, 31))
    assert db.rows("select income, declared, rural, burden, disability, illness from trait") == [(-1, -1, -1, 0, 0, 0)]


def test_no_model_reads_sex_ethnicity_or_what_a_roll_bestows() -> None:
    known = set(TRAIT.column_names) | set(PERSON_TRAIT.column_names)
    used = {trait for p in read_rule_files().programmes for trait in p.estimate.traits}
    assert used <= known
    assert not {
        name for name in used if any(word in name for word in ("sex", "ethnic", "nation", "tier", "served", "receives"))
    }
