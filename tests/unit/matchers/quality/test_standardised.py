"""What was recovered of stated values, what was missed, and what was made up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.quality.standardised import check_values, judge_names, name_pairs_query
from matchers.stage import keep
from schemas.contract import Table
from schemas.records import STD_RECORD
from schemas.truth import TRUE_NAME, TRUE_RECORD, TRUTH_IDENTITY

Given = Callable[[Table, str], None]
TRUTH = """
    person_no | full_name           | former_name | birth_date | national_id        | old_national_id    | id15
    1         | 艾力·买买提         | 艾山        | 1949-12-31 | 11010519491231002X | 110105194912310038 | 110105491231002
"""


Case = tuple[str, str, tuple[int, ...]]
COLUMNS = {
    "national_id": "national_id_raw | national_id",
    "full_name": "full_name_raw | full_name",
    "birth_date": "birth_date_raw | birth_date",
}


def checked(db: DuckEngine, given: Given, field: str, case: Case) -> tuple[int, ...]:
    """Return recoverable, right, missed, wrong and invented of one record of the one true person."""
    given(TRUTH_IDENTITY, TRUTH)
    given(TRUE_RECORD, "record_id | person_no\n a | 1")
    given(STD_RECORD, f"record_id | source_id | {COLUMNS[field]}\n a | s | {case[0]} | {case[1]}")
    keep(db, TRUE_NAME, judge_names(db.rows(name_pairs_query())))
    check_values(db)
    counts = "recoverable_count, right_count, missed_count, wrong_count, invented_count"
    return db.rows(f"select {counts} from value_check where field = '{field}'")[0]


@pytest.mark.parametrize(
    "case",
    [
        ("１１０１０５ 19491231 002x", "11010519491231002X", (1, 1, 0, 0, 0)),
        ("110105491231002", "11010519491231002X", (1, 1, 0, 0, 0)),
        ("11010519491231002X43B1", "11010519491231002X", (1, 1, 0, 0, 0)),
        ("110105194912310038", "110105194912310038", (1, 1, 0, 0, 0)),
        ("11010519491231002X", "", (1, 0, 1, 0, 0)),
        ("110105194912310020", "11010519491231002X", (0, 0, 0, 0, 0)),  # a repair that happens to be right
        ("110105194912310020", "110105194912310046", (0, 0, 0, 0, 1)),
        ("110105194912310046", "110105194912310046", (0, 0, 0, 0, 0)),  # somebody else's, as stated
        ("11010519491231002X", "110105194912310046", (1, 0, 0, 1, 0)),
    ],
)
def test_a_number_is_right_missed_wrongly_repaired_or_made_up(db: DuckEngine, given: Given, case: Case) -> None:
    assert checked(db, given, "national_id", case) == case[2]


@pytest.mark.parametrize(
    "case",
    [
        ("艾力.買買提（户主）", "艾力·买买提", (1, 1, 0, 0, 0)),
        ("艾 山", "艾山", (1, 1, 0, 0, 0)),
        ("艾力.买买提", "艾力.买买提", (1, 0, 1, 0, 0)),  # left as it was
        ("艾力.买买提", "艾力买买提", (1, 0, 0, 1, 0)),
        ("艾丽·买买提", "艾丽·买买提", (0, 0, 0, 0, 0)),
        ("艾?·买买提", "艾丽·买买提", (0, 0, 0, 0, 1)),
    ],
)
def test_a_name_is_right_missed_wrongly_repaired_or_made_up(db: DuckEngine, given: Given, case: Case) -> None:
    assert checked(db, given, "full_name", case) == case[2]


@pytest.mark.parametrize(
    "case",
    [
        ("1949年12月31日", "1949-12-31", (1, 1, 0, 0, 0)),
        ("", "1949-12-31", (1, 1, 0, 0, 0)),
        ("1949.12.31", "", (1, 0, 1, 0, 0)),
        ("1949/12/31", "1949-12-30", (1, 0, 0, 1, 0)),
        ("1949-12-00", "1949-12-01", (0, 0, 0, 0, 1)),
        ("1950/1/1", "1950-01-01", (0, 0, 0, 0, 0)),
    ],
)
def test_a_birth_date_is_right_missed_wrongly_repaired_or_made_up(db: DuckEngine, given: Given, case: Case) -> None:
    assert checked(db, given, "birth_date", case) == case[2]
