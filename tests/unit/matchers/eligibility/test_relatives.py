"""What is known about each relative, and what is not."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.eligibility.relatives import look_at_relatives
from schemas.contract import Table
from schemas.households import TIE
from schemas.people import PERSON
from schemas.screening import PERSON_FACT

Given = Callable[[Table, str], None]
Found = dict[tuple[str, str], tuple[str, float, bool]]
HEAD = "unit_id | fact_name | number_value | text_value | source_id | detail | as_of_date | link_probability | can_exclude | record_id"
AGES = "\n".join(
    f"{who} | age | {age} | | derived | | 2026-10-31 | 1 | true | {who}"
    for who, age in (("kid", 9), ("pa", 40), ("ma", 38), ("gran", 70), ("far", 45))
)


@pytest.fixture
def relatives(db: DuckEngine, given: Given) -> Callable[[str], Found]:
    """A child of two parents, a grandmother with a grown child; answers the states after some facts are added."""
    given(
        PERSON,
        "person_id | sex_code | record_count | source_count | link_probability\n"
        + "\n".join(
            f"{who} | {sex} | 1 | 1 | 1" for who, sex in (("pa", 1), ("ma", 2), ("gran", 2), ("far", 1), ("kid", 1))
        ),
    )
    given(
        TIE,
        """
        person_id_l | person_id_r | tie_type     | source_id           | as_of_date | strength
        pa          | kid         | parent_child | population_register | 2026-10-31 | 0.97
        pa          | kid         | parent_child | student             | 2026-10-31 | 0.97
        ma          | kid         | parent_child | student             | 2026-10-31 | 0.97
        gran        | far         | parent_child | population_register | 2026-10-31 | 0.97
    """,
    )

    def answer(facts: str) -> Found:
        rows = "\n".join(line for line in (AGES, facts) if line)
        table = HEAD + "\n" + rows
        given(PERSON_FACT, table.replace("| derived | |", "| derived | x |"))
        look_at_relatives(db, datetime.date(2026, 10, 31), ("*-1", "*-2", "5-3", "6-3"))
        found = db.rows("select person_id, relative_id, state, strength, can_exclude from relative")
        return {(person, relative): (state, strength, sure) for person, relative, state, strength, sure in found}

    return answer


def test_nothing_known_about_a_relative_stays_unknown(relatives: Callable[[str], Found]) -> None:
    found = relatives("")
    assert {state for state, _, _ in found.values()} == {"unknown"}
    assert set(found) == {("kid", "pa"), ("kid", "ma"), ("gran", "far")}


def test_a_parent_detained_for_long_is_known_not_to_care(relatives: Callable[[str], Found]) -> None:
    found = relatives("pa | detained | 1 | imprisoned | custody | x | 2026-10-31 | 1 | true | r:1")
    assert found["kid", "pa"][0] == "listed"
    assert found["kid", "ma"][0] == "unknown"


def test_two_sources_that_name_a_parent_weigh_more_than_one(relatives: Callable[[str], Found]) -> None:
    found = relatives("")
    assert found["kid", "pa"][1] == pytest.approx(1 - 0.03**2)
    assert found["kid", "ma"][1] == pytest.approx(0.97)


def test_a_death_outweighs_a_disability_and_a_disability_a_job(relatives: Callable[[str], Found]) -> None:
    found = relatives("\n".join((
        "pa | deceased | 1 | | cremation | x | 2026-10-31 | 1 | true | r:1",
        "pa | disability | 1 | 4-1 | disability_certificate | x | 2026-10-31 | 1 | true | r:2",
        "ma | disability | 1 | 6-3 | disability_certificate | x | 2026-10-31 | 1 | true | r:3",
        "ma | wage | 3000 | | social_insurance | x | 2026-10-31 | 1 | false | r:4",
    )))  # fmt: skip
    assert found["kid", "pa"][0] == "dead"
    assert found["kid", "ma"][0] == "listed"


def test_a_job_of_one_month_never_excludes_by_itself(relatives: Callable[[str], Found]) -> None:
    found = relatives("far | wage | 3000 | | social_insurance | x | 2026-10-31 | 1 | false | r:4")
    state, strength, sure = found["gran", "far"]
    assert (state, sure) == ("active", False)
    assert strength == pytest.approx(0.97)
