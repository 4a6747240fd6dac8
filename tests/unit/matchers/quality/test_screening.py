from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.quality.screening import Expected, bin_probabilities, count_candidates, count_criteria, count_steps
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FINDING
from schemas.households import HOUSEHOLD
from schemas.people import PERSON
from schemas.records import DELIVERY, STD_RECORD

Given = Callable[[Table, str], None]

CANDIDATES = """
    candidate_id | programme_id | unit_id | household_id | township_code | probability | benefit_month_yuan | is_within_capacity | is_random_share | rests_on_unconfirmed
    c1           | old_age      | p1      | h1           | 230123101     | 0.95        | 100                | true               | false           | false
    c2           | old_age      | p2      | h1           | 230123101     | 1.0         |                    | false              | false           | true
    c3           | old_age      | p3      | h2           |               | 0.10        | 25                 | false              | true            | false
"""


def test_candidates_are_counted_per_programme_and_township(db: DuckEngine, given: Given) -> None:
    given(CANDIDATE, CANDIDATES)
    count_candidates(db)
    columns = "township_code, candidate_count, listed_count, random_count, expected_count, listed_expected_count"
    assert db.rows(f"select {columns} from candidate_count order by township_code") == [
        ("", 1, 1, 1, 0.1, 0.1),
        ("230123101", 2, 1, 0, 1.95, 0.95),
    ]
    assert db.rows("select sum(benefit_month_yuan)::int, sum(unconfirmed_count)::int from candidate_count") == [
        (125, 1)
    ]


def test_every_tenth_of_the_scale_is_there_and_one_belongs_to_the_last(db: DuckEngine, given: Given) -> None:
    given(CANDIDATE, CANDIDATES)
    bin_probabilities(db)
    rows = db.rows("from probability_bin order by bin")
    assert len(rows) == 10
    assert [row for row in rows if row[1]] == [(1, 1, 1), (9, 2, 1)]


def test_the_funnel_counts_units_once(db: DuckEngine, given: Given) -> None:
    given(CANDIDATE, CANDIDATES)
    given(DELIVERY, "source_id | delivered_count | loaded_count\na | 5 | 4\nb | 7 | 7")
    given(STD_RECORD, "record_id\nr1\nr2")
    given(PERSON, "person_id\np1\np2\np3")
    given(HOUSEHOLD, "household_id\nh1\nh2")
    given(FINDING, "programme_id | unit_id | criterion\nold_age | p1 | age\nold_age | p1 | alive\nold_age | p2 | age")
    count_steps(db)
    steps = dict(db.rows("select step, unit_count from funnel"))
    assert (steps["delivered_rows"], steps["loaded_rows"], steps["records"], steps["persons"]) == (12, 11, 2, 3)
    assert (steps["assessed_units"], steps["candidate_households"], steps["candidates"]) == (2, 2, 3)
    assert (steps["listed"], steps["listed_households"]) == (2, 2)


def test_an_unknown_is_neither_met_nor_unmet(db: DuckEngine, given: Given) -> None:
    given(
        FINDING,
        """
        programme_id | unit   | unit_id | criterion | effect   | is_met | limit_applied | authority | is_confirmed
        old_age      | person | p1      | age       | requires | true   | 80            | 办法      | true
        old_age      | person | p2      | age       | requires | false  | 80            | 办法      | true
        old_age      | person | p3      | age       | requires |        | 90            | 办法      | false
        """,
    )
    count_criteria(db, ())
    columns = "met_count, unmet_count, unknown_count, limits_applied, is_confirmed, uniform_answer"
    assert db.rows(f"select {columns} from criterion_count") == [(1, 1, 1, "80 · 90", False, None)]


def asked(db: DuckEngine, number: int, answer: str) -> None:
    """Draw so many findings of one criterion; `answer` is SQL over the number `i` of each."""
    values = ", ".join(f"null::{column.type} as {column.name}" for column in FINDING.columns)
    db.create(
        "finding",
        f"select * exclude (i) replace ('a' as programme_id, 'person' as unit, 'p' || i as unit_id, 'age' as criterion, "
        f"'requires' as effect, 'x' as authority, ({answer})::boolean as is_met, true as is_confirmed) "
        f"from (select {values}), range({number}) as t(i)",
    )


def uniform(db: DuckEngine, *expected: Expected) -> str | None:
    count_criteria(db, expected)
    answer: str | None = db.rows("select uniform_answer from criterion_count")[0][0]
    return answer


@pytest.mark.parametrize(
    ("answer", "said"), [("i >= 9", "met"), ("i < 9", "unmet"), ("case when i < 9 then true end", "unknown")]
)
def test_a_criterion_that_says_the_same_of_nearly_everybody_is_marked(db: DuckEngine, answer: str, said: str) -> None:
    asked(db, 1000, answer)
    assert uniform(db) == said


def test_one_in_a_hundred_who_is_told_apart_is_enough(db: DuckEngine) -> None:
    asked(db, 1000, "i < 10")
    assert uniform(db) is None


def test_a_few_say_nothing_about_a_rule(db: DuckEngine) -> None:
    asked(db, 999, "true")
    assert uniform(db) is None


def test_what_is_expected_to_come_out_alike_alarms_only_where_it_turns(db: DuckEngine) -> None:
    asked(db, 1000, "true")
    assert uniform(db, Expected("a", "age", "met")) is None
    assert uniform(db, Expected("a", "age", "unknown")) == "met"
