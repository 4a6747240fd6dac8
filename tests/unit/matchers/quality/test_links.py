from __future__ import annotations

from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.quality.links import bin_weights, count_link_rules, count_sizes
from schemas.contract import Table
from schemas.households import HOUSEHOLD
from schemas.links import LINK_PAIR, PERSON_RECORD
from schemas.people import PERSON

Given = Callable[[Table, str], None]


def test_records_are_counted_by_why_they_are_held_to_be_a_person(db: DuckEngine, given: Given) -> None:
    given(
        PERSON_RECORD,
        "record_id | link_rule | link_probability\nr1 | certain_id | 1\nr2 | probabilistic | 0.9\nr3 | probabilistic | 0.8",
    )
    count_link_rules(db)
    assert db.rows("from link_rule_count order by link_rule") == [("certain_id", 1, 1.0), ("probabilistic", 2, 0.85)]


def test_weights_are_rounded_down_and_the_ends_gather_the_rest(db: DuckEngine, given: Given) -> None:
    given(
        LINK_PAIR,
        """
        record_id_l | record_id_r | match_weight | match_probability
        a           | b           | -0.5         | 0.4
        a           | c           | 0.5          | 0.6
        a           | d           | 99           | 1
        b           | c           | -99          | 0
        b           | d           | -98          | 0
        """,
    )
    bin_weights(db)
    assert db.rows("from weight_bin order by weight_floor") == [(-20, 2, 0), (-1, 1, 0), (0, 1, 1), (30, 1, 1)]


def test_sizes_are_counted_and_the_largest_gathered(db: DuckEngine, given: Given) -> None:
    given(PERSON, "person_id | record_count | source_count\np1 | 1 | 1\np2 | 40 | 2")
    given(HOUSEHOLD, "household_id | person_count\nh1 | 3\nh2 | 3\nh3 | 25")
    count_sizes(db)
    assert db.rows("select size, unit_count from size_count where what = 'person_records' order by size") == [
        (1, 1),
        (15, 1),
    ]
    assert db.rows("select size, unit_count from size_count where what = 'household_members' order by size") == [
        (3, 2),
        (10, 1),
    ]
