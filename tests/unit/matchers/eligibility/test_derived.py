"""Facts worked out from others decide no more than the weakest of them."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.eligibility.derived import derive_facts
from schemas.contract import Table
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.screening import PERSON_FACT, RELATIVE, ROLL_LINE

DAY = datetime.date(2026, 10, 31)
Given = Callable[[Table, str], None]
Derived = Callable[[str], list[tuple[object, ...]]]
FACT_HEAD = "unit_id | fact_name | number_value | text_value | source_id | detail | as_of_date | link_probability | can_exclude | record_id"


@pytest.fixture
def derived(db: DuckEngine, given: Given) -> Derived:
    """A household of ann and bob, whose book holds a third person; answers one derived fact."""
    given(
        PERSON,
        """
        person_id | register_household_no | record_count | source_count | link_probability
        ann       | 7                     | 1            | 1            | 1
        bob       | 7                     | 1            | 1            | 1
        cat       | 7                     | 1            | 1            | 1
    """,
    )
    given(
        HOUSEHOLD,
        """
        household_id | head_person_id | member_count | person_count | composition_probability
        home         | ann            | 2            | 2            | 0.9
    """,
    )
    given(
        HOUSEHOLD_MEMBER,
        """
        person_id | household_id | is_counted | reason | membership_probability
        ann       | home         | true       | drawn  | 1
        bob       | home         | true       | drawn  | 0.9
    """,
    )
    for table in (PERSON_FACT, RELATIVE, ROLL_LINE):
        given(table, "")

    def answer(name: str) -> list[tuple[object, ...]]:
        derive_facts(db)
        return db.rows(
            f"select unit_id, number_value, text_value, can_exclude from derived_fact where fact_name = '{name}' order by all"
        )

    return answer


def test_the_floor_rests_on_excluding_incomes_over_the_widest_household(derived: Derived, given: Given) -> None:
    given(
        PERSON_FACT,
        FACT_HEAD
        + """
        ann | pension | 3000 | employee | pension          | employee | 2026-10-31 | 1   | true  | r:1
        bob | wage    | 9000 | firm     | social_insurance | once     | 2026-10-31 | 1   | false | r:2
    """,
    )
    assert derived("income_head_floor") == [("home", 1000.0, None, True)]
    assert derived("known_income_head") == [("home", 6000.0, None, False)]


def test_an_income_excludes_nobody_while_some_of_what_may_be_deducted_is_not_stated(
    derived: Derived, given: Given
) -> None:
    spent = "bob | own_medical | 120 | {} | medical_settlement | x | 2026-10-31 | 1 | true | r:2"
    income = "ann | pension | 3000 | employee | pension | employee | 2026-10-31 | 1 | true | r:1"
    for word, may_exclude in (("", True), ("at_least", False)):
        given(PERSON_FACT, "\n".join((FACT_HEAD, income, spent.format(word))))
        assert derived("income_head_floor") == [("home", 996.67, None, may_exclude)]


def test_a_household_without_known_income_has_no_income_fact(derived: Derived) -> None:
    assert derived("income_head_floor") == []
    assert derived("known_income_head") == []


def test_a_member_off_the_roll_shares_in_it_as_far_as_the_roll_counts_more_people(
    derived: Derived, given: Given
) -> None:
    given(
        ROLL_LINE,
        """
        programme_id          | person_id | source_id        | as_of_date | link_probability | can_exclude | record_id | roll_household_no | member_count
        subsistence_allowance | ann       | subsistence_roll | 2026-10-31 | 1                | true       | r:1       | 1                 | 2
    """,
    )
    assert derived("receives_subsistence_allowance") == [
        ("ann", 1.0, "subsistence_allowance", True),
        ("bob", 1.0, "family", False),
    ]


def test_a_parent_nobody_names_is_unknown(derived: Derived, given: Given) -> None:
    given(
        RELATIVE,
        """
        person_id | relative_id | relation | state | as_of_date | strength | can_exclude
        kid       | pa          | father   | dead  | 2026-10-31 | 0.97     | false
    """,
    )
    assert derived("parents_state") == [("kid", 1.0, "dead+unknown", False)]


def test_each_parent_has_a_state_of_their_own(derived: Derived, given: Given) -> None:
    given(
        RELATIVE,
        """
        person_id | relative_id | relation | state  | as_of_date | strength | can_exclude
        kid       | pa          | father   | listed | 2026-10-31 | 0.97     | false
        kid       | ma          | mother   | active | 2026-10-31 | 0.9995   | true
    """,
    )
    assert derived("parents_state") == [("kid", 1.0, "active+listed", True)]
