"""Who goes out of sight, or comes into it, because an answer is gone."""

from __future__ import annotations

from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.quality.lost import count_lost_sight
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FINDING, SERVED

Given = Callable[[Table, str], None]
BEFORE = """
    programme_id | unit_id | criterion | effect   | is_met | favour_probability
    old_age      | P1      | age       | requires | true   | 1
    old_age      | P2      | age       | requires | true   | 1
    old_age      | P3      | deceased  | excludes | true   | 0
    living       | P4      | valid     | requires | true   | 1
"""
NOW = """
    programme_id | unit_id | criterion | effect   | is_met | favour_probability
    old_age      | P1      | age       | requires |        |
    old_age      | P2      | age       | requires | true   | 1
    old_age      | P3      | deceased  | excludes |        |
"""


def candidates(given: Given, *units: str) -> None:
    lines = "\n".join(unit.replace(":", " | ") for unit in units)
    given(CANDIDATE, f"programme_id | unit_id\n{lines}")


def counted(db: DuckEngine, given: Given, served: str = "") -> list[tuple[str, str, int, int]]:
    candidates(given, "old_age:P1", "old_age:P2", "living:P4")
    given(FINDING, BEFORE)
    for table in ("candidate", "finding"):
        db.create(f"{table}_before", f"select * from {table}")
    candidates(given, "old_age:P3")
    given(FINDING, NOW)
    given(SERVED, served)
    count_lost_sight(db)
    return db.rows("select programme_id, criterion, lost_count, gained_count from lost_sight order by 1, 2")


def test_lost_gained_and_stopped_are_counted_by_the_answer_that_is_gone(db: DuckEngine, given: Given) -> None:
    assert counted(db, given) == [("living", "", 1, 0), ("old_age", "age", 1, 0), ("old_age", "deceased", 0, 1)]


def test_whoever_is_served_now_is_not_lost(db: DuckEngine, given: Given) -> None:
    found = counted(db, given, "programme_id | unit_id\nold_age | P1")
    assert ("old_age", "age", 1, 0) not in found
