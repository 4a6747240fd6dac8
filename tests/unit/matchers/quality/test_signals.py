from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.errors import BrokenContractError
from matchers.quality.signals import count_signals, write_signal_rows
from schemas.candidates import CANDIDATE
from schemas.people import PERSON
from schemas.quality import LIST_ROW, PLACE_NAME
from schemas.signals import SIGNAL
from tests.conftest import Given

SIGNALS = """
    signal_id | indicator_id    | unit_id | person_id | household_id | township_code | village_code | population | grade  | disposition | department | visit_due_date | is_new | is_confirmed
    S1        | disaster_struck | ann     | ann       | H1           | 230123101     | 230123101201 | outside    | yellow | refer       | 应急       | 2026-11-20     | true   | true
    S2        | disaster_struck | bob     | bob       | H2           | 230123101     | 230123101201 | outside    | yellow | refer       | 应急       | 2026-11-20     |        | false
    S3        | lately_left     | cat     | cat       | H3           | 230123101     | 230123101201 | left       | red    | refer       | 民政       | 2026-11-06     | false  | true
    S4        | lately_left     | dan     | dan       |              |               |              | left       | orange | refer       | 民政       | 2026-11-13     | true   | true
"""


def test_signals_are_counted_by_indicator_grade_and_township(db: DuckEngine, given: Given) -> None:
    given(SIGNAL, SIGNALS)
    count_signals(db)
    found = db.rows(
        "select indicator_id, township_code, grade, signal_count, new_count, unconfirmed_count from signal_count order by all"
    )
    assert found == [
        ("disaster_struck", "230123101", "yellow", 2, 1, 1),
        ("lately_left", "", "orange", 1, 1, 0),
        ("lately_left", "230123101", "red", 1, 0, 0),
    ]


def rows(given: Given, number: str = "23012319500101001X") -> None:
    given(SIGNAL, SIGNALS)
    given(PERSON, f"person_id | full_name | national_id\nann | ann lee | {number}\nbob | bob |\ncat | cat |")
    given(PLACE_NAME, "place_code | township_name | village_name\n230123101201 | 江湾镇 | 红旗村")
    given(LIST_ROW, "candidate_id | line_number\nC1 | 7\nC2 | 3")
    given(CANDIDATE, "candidate_id | household_id\nC1 | H2\nC2 | H2")


def test_a_township_sees_the_most_urgent_first_masked_with_the_line_of_the_visit_list(
    db: DuckEngine, given: Given
) -> None:
    rows(given)
    write_signal_rows(db)
    found = db.rows(
        "select signal_id, line_number, masked_id, village_name, list_line from signal_row order by township_code, line_number"
    )
    assert found == [
        ("S3", 1, None, "红旗村", None),
        ("S1", 2, "230123********001X", "红旗村", None),
        ("S2", 3, None, "红旗村", 3),
        ("S4", 1, None, None, None),
    ]


def test_no_whole_number_can_stand_in_a_line(db: DuckEngine, given: Given) -> None:
    rows(given)
    broken = write_signal_rows.query().replace("p.national_id[:6] || '********' || p.national_id[15:]", "p.national_id")
    with pytest.raises(BrokenContractError, match="masked_id"):
        type(write_signal_rows)(write_signal_rows.reads, write_signal_rows.writes, lambda: broken)(db)
