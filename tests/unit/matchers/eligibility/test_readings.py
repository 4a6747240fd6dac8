"""What sources are read for."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.eligibility.facts import FACT_NAMES, date_sources, read_person_facts
from matchers.eligibility.readings import months_before, readings
from schemas.contract import Table
from schemas.links import PERSON_RECORD
from schemas.people import PERSON
from schemas.records import STD_RECORD

DAY = datetime.date(2026, 10, 31)
Given = Callable[[Table, str], None]
Raw = dict[str, Table]
Facts = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def facts(db: DuckEngine, given: Given, raw: Raw) -> Facts:
    """Ann with one record per source; answers value, date and whether it may exclude, per fact name."""
    given(
        PERSON,
        """
        person_id | national_id        | birth_date | record_count | source_count | link_probability
        ann       | 11010519491231002X | 1949-12-31 | 1            | 1            | 1
        bob       |                    | 1950-01-01 | 1            | 1            | 0.97
    """,
    )
    given(
        PERSON_RECORD,
        """
        record_id | person_id | link_rule     | link_probability
        r:ann     | ann       | certain_id    | 1
        r:bob     | bob       | probabilistic | 0.97
        s:ann     | ann       | certain_id    | 1
    """,
    )
    lines = [f"{s}:x | {s} | self | valid | 2026-10-31 | 1" for s in raw]
    given(STD_RECORD, "record_id | source_id | role | id_state | as_of_date | row_count\n" + "\n".join(lines))

    def answer(name: str) -> list[tuple[object, ...]]:
        date_sources(db, DAY)
        read_person_facts(db, DAY, ("C*", "N18.6*"))
        return db.rows(
            f"select unit_id, number_value, text_value, can_exclude from person_fact where fact_name = '{name}' order by all"
        )

    return answer


def test_every_reading_is_a_known_fact() -> None:
    assert {reading.fact for reading in readings(DAY)} <= FACT_NAMES


def test_a_month_before_the_last_of_march_is_the_last_of_february() -> None:
    assert months_before(datetime.date(2026, 3, 31), 1) == datetime.date(2026, 2, 28)
    assert months_before(datetime.date(2026, 10, 31), 12) == datetime.date(2025, 10, 31)


def test_reversals_are_netted_and_what_lies_a_year_back_is_left_out(facts: Facts, given: Given, raw: Raw) -> None:
    given(
        raw["medical_settlement"],
        """
        row_number | record_id | setl_id | setl_time  | psn_part_amt | maf_pay | dise_codg | refd_setl_flag
        1          | r:ann     | 1       | 2026-05-01 | 400          | 100     | C34.900   | false
        2          | r:ann     | 1       | 2026-05-02 | -400         | -100    | C34.900   | true
        3          | r:ann     | 2       | 2026-06-01 | 70.5         | 0       | J06.900   | false
        4          | r:ann     | 3       | 2025-10-31 | 9000         | 0       | C34.900   | false
    """,
    )
    assert facts("own_medical") == [("ann", 70.5, None, True)]
    assert facts("severe_illness") == []


def test_spending_of_which_some_is_not_stated_is_at_least_what_is(facts: Facts, given: Given, raw: Raw) -> None:
    given(
        raw["medical_settlement"],
        """
        row_number | record_id | setl_id | setl_time  | psn_part_amt | refd_setl_flag
        1          | r:ann     | 1       | 2026-05-01 | 400          | false
        2          | r:ann     | 2       | 2026-06-01 |              | false
        3          | r:bob     | 3       | 2026-06-01 | 0            | false
    """,
    )
    assert facts("own_medical") == [("ann", 400.0, "at_least", True), ("bob", 0.0, None, False)]


def test_a_pension_whose_exempt_part_nobody_states_is_not_all_counted_as_income(
    facts: Facts, given: Given, raw: Raw
) -> None:
    given(
        raw["pension"],
        """
        row_number | record_id | pension_kind | pension_month_yuan | basic_pension_month_yuan | paid_month | status
        1          | r:ann     | employee     | 2000               |                          | 2026-10    | receiving
        2          | r:bob     | resident     | 233                |                          | 2026-10    | receiving
        3          | s:ann     | resident     | 233                | 143                      | 2026-10    | receiving
    """,
    )
    assert {row[:3] for row in facts("pension")} == {
        ("ann", 2000.0, "employee"),
        ("bob", None, "resident"),
        ("ann", 90.0, "resident"),
    }


def test_an_employee_is_at_work_only_while_the_employer_paid_lately(facts: Facts, given: Given, raw: Raw) -> None:
    given(
        raw["social_insurance"],
        """
        row_number | record_id | insurance_kind | employer | base_month_yuan | last_paid_month | status
        1          | r:ann     | employee       | 甲公司     | 4000            | 2026-07         | active
        2          | r:bob     | employee       | 乙公司     | 3000            | 2026-06         | active
    """,
    )
    assert facts("wage") == [("ann", 4000.0, "甲公司", False)]


def test_the_basic_pension_is_not_counted(facts: Facts, given: Given, raw: Raw) -> None:
    given(
        raw["pension"],
        """
        row_number | record_id | pension_kind | pension_month_yuan | basic_pension_month_yuan | paid_month | status
        1          | r:ann     | resident     | 158                | 138                      | 2026-10    | receiving
    """,
    )
    assert facts("pension") == [("ann", 20.0, "resident", True)]


def test_two_records_of_one_source_state_one_fact_the_surest(facts: Facts, given: Given, raw: Raw) -> None:
    given(
        raw["disability_certificate"],
        """
        row_number | record_id | disability_type | disability_level | valid_to   | status
        1          | r:ann     | 4               | 2                | 2026-10-31 | valid
        2          | s:ann     | 4               | 3                | 2020-01-01 | valid
    """,
    )
    assert facts("disability") == [("ann", 1.0, "4-2", True)]


def test_a_certificate_is_valid_to_its_last_day_and_not_beyond(facts: Facts, given: Given, raw: Raw) -> None:
    given(
        raw["disability_certificate"],
        """
        row_number | record_id | disability_type | disability_level | valid_to   | status
        1          | r:ann     | 4               | 2                | 2026-10-30 | valid
        2          | r:bob     | 4               | 2                |            | valid
    """,
    )
    assert facts("disability") == [("ann", 0.0, "4-2", True), ("bob", 1.0, "4-2", False)]


def test_age_is_sure_where_the_citizen_number_gives_it(facts: Facts) -> None:
    assert facts("age") == [("ann", 76.0, None, True), ("bob", 76.0, None, False)]


def test_a_pension_that_lately_began_is_income_of_the_months_it_was_drawn(facts: Facts, given: Given, raw: Raw) -> None:
    head = "row_number | record_id | pension_kind | pension_month_yuan | start_month | paid_month | status"
    began = {"2026-10": 100.0, "2026-08": 300.0, "2025-12": 1100.0, "2025-11": 1200.0, "2019-01": 1200.0, "": 1200.0}
    for start, by_the_month in began.items():
        given(raw["pension"], f"{head}\n1 | r:ann | employee | 1200 | {start} | 2026-10 | receiving")
        assert facts("pension") == [("ann", by_the_month, "employee", True)], start


def test_a_parent_counts_as_detained_for_a_term_of_six_calendar_months_and_until_let_out(
    facts: Facts, given: Given, raw: Raw
) -> None:
    stays = {
        "2026-04-30 |": True,  # 184 days: six calendar months on the last of October
        "2026-05-04 |": False,  # 180 days
        "2026-05-05 |": False,  # 179 days
        "2020-01-01 | 2026-10-31": False,
        "2020-01-01 | 2026-11-01": True,
        "2026-10-01 | 2027-04-01": True,  # a term of six months, of which one has passed
        "2026-10-01 | 2027-03-31": False,
        "2026-11-01 | 2029-11-01": False,  # yet to begin
    }
    head = "row_number | record_id | custody_kind | start_date | end_date"
    for stay, is_long in stays.items():
        given(raw["custody"], f"{head}\n1 | r:ann | imprisoned | {stay}")
        assert facts("detained") == ([("ann", 1.0, "imprisoned", True)] if is_long else []), stay
