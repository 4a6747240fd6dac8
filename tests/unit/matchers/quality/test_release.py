from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.quality.release import check_release
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.quality import LIST_ROW

Given = Callable[[Table, str], None]


@pytest.fixture
def village(given: Given) -> Given:
    """One household of two, each a candidate; nothing is wrong with them."""
    given(PERSON, "person_id | is_deceased\np1 |\np2 | false")
    given(HOUSEHOLD, "household_id\nh1")
    given(HOUSEHOLD_MEMBER, "person_id | household_id\np1 | h1\np2 | h1")
    given(SERVED, "programme_id | unit | unit_id\nold_age | person | p2")
    given(
        CANDIDATE,
        """
        candidate_id | programme_id | unit      | unit_id | person_id | household_id | township_code | reasons_zh
        c1           | poverty      | household | h1      | p1        | h1           | 230123101     | 收入偏低
        c2           | old_age      | person    | p1      | p1        | h1           | 230123101     | 年满80周岁
        """,
    )
    given(LIST_ROW, "candidate_id | masked_id\nc1 | 230123********001X\nc2 |")
    return given


def wrong(db: DuckEngine) -> dict[str, int]:
    check_release(db)
    columns = list(db.column_types("release_check"))
    return {name: count for name, count in zip(columns, db.rows("from release_check")[0], strict=True) if count}


def test_nothing_is_wrong_with_a_sound_village(db: DuckEngine, village: Given) -> None:
    assert wrong(db) == {}


def test_nobody_served_is_listed(db: DuckEngine, village: Given) -> None:
    rolls = "programme_id | unit | unit_id | can_exclude\nold_age | person | p1 | true\npoverty | person | h1 | true"
    village(SERVED, rolls)
    assert wrong(db) == {"served_listed_count": 1}


def test_somebody_who_is_only_probably_on_a_roll_may_be_listed(db: DuckEngine, village: Given) -> None:
    village(SERVED, "programme_id | unit | unit_id | can_exclude\nold_age | person | p1 | false")
    assert wrong(db) == {}


def test_nobody_dead_is_listed_or_asked_for(db: DuckEngine, village: Given) -> None:
    village(PERSON, "person_id | is_deceased\np1 | true\np2 |")
    assert wrong(db) == {"deceased_listed_count": 2}


@pytest.mark.parametrize("number", ["230123194001011234", "23012319400101****", "张三"])
def test_a_number_that_is_not_masked_as_it_should_be_is_seen(db: DuckEngine, village: Given, number: str) -> None:
    village(LIST_ROW, f"candidate_id | masked_id\nc1 | {number}")
    assert wrong(db) == {"unmasked_list_count": 1}


def test_a_long_number_in_a_sentence_is_seen(db: DuckEngine, village: Given) -> None:
    db.run("update candidate set questions_en = 'Is 230123194001011234 your card?' where candidate_id = 'c2'")
    assert wrong(db) == {"number_in_text_count": 1}


def test_strangers_and_people_from_another_household_are_seen(db: DuckEngine, village: Given) -> None:
    db.run("update candidate set unit_id = 'p9', household_id = 'h9' where candidate_id = 'c2'")
    assert wrong(db) == {"unknown_unit_count": 1, "candidate_outside_household_count": 1}


def test_somebody_without_a_household_is_seen(db: DuckEngine, village: Given) -> None:
    village(HOUSEHOLD_MEMBER, "person_id | household_id\np1 | h1")
    assert wrong(db) == {"person_without_household_count": 1}


def test_a_unit_listed_twice_for_one_programme_is_seen(db: DuckEngine, village: Given) -> None:
    db.run(
        "update candidate set programme_id = 'poverty', unit = 'household', unit_id = 'h1' where candidate_id = 'c2'"
    )
    assert wrong(db) == {"duplicate_listed_count": 1}
