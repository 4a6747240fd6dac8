"""Numbers beside what is stated next to them: every difference is told, none is mended."""

from __future__ import annotations

from flows.engines.duckdb import DuckEngine
from flows.sources.reference import area_periods
from flows.standardising import find_contradictions
from matchers.standardise.contradictions import count_documents
from schemas.records import STATED_IDENTITY, STATED_NUMBER, STD_RECORD
from tests.conftest import Given

RECORDS = """
record_id | source_id | national_id        | birth_date | id_birth_date | sex_code | id_sex_code | area_code
a:1       | a         | 230123196206151234 | 1962-06-15 | 1962-06-15    | 2        | 2           | 230123
a:2       | a         | 230123196206151235 | 1962-05-14 | 1962-06-15    | 1        | 2           | 110105
a:3       | a         | 230123196206151236 | 1962-10-06 | 1962-06-10    |          | 1           |
a:4       | a         | 990123196206151236 | 1952-06-15 | 1962-06-15    | 1        | 1           | 230123
a:5       | a         | 830000196206151236 | 1962-07-15 | 1962-06-15    | 1        | 1           | 230123
a:7       | b         | 230123196206161236 | 1962-05-14 | 1962-06-16    | 1        | 1           | 230123
a:6       | a         |                    | 1962-07-15 |               | 1        |             | 230123
"""


def test_differences_are_named_for_what_they_look_like_and_counted_by_source(db: DuckEngine, given: Given) -> None:
    given(STD_RECORD, RECORDS)
    before = db.rows("select * from std_record order by record_id")
    find_contradictions(db)
    assert db.rows("select record_id, birth_difference, sex_differs from identity_doubt order by 1") == [
        ("a:2", "lunar", True),
        ("a:3", "day_and_month_swapped", False),
        ("a:4", "other_year", False),
        ("a:5", "other", False),
        ("a:7", "other", False),  # the day that is another one's lunar birthday
    ]
    # numbers, births compared, differing, lunar, sexes compared, differing, counties known, elsewhere, unknown, abolished
    assert db.rows("select * exclude (source_id) from number_check where source_id = 'a'") == [
        (5, 5, 4, 1, 4, 1, 4, 3, 1, 0)
    ]
    assert db.rows("select * from std_record order by record_id") == before


def test_an_abolished_county_is_told_by_the_years_its_code_stood(db: DuckEngine, given: Given) -> None:
    gone = next(code for code, (_, last) in area_periods().items() if last == 2008 and not code.endswith("00"))
    given(STD_RECORD, f"record_id | source_id | area_code\na:1 | a | {gone}\na:2 | a | 110118\na:3 | a | 230123")
    find_contradictions(db)
    assert db.rows("select abolished_area_count from number_check") == [(1,)]
    assert area_periods()["110118"] == (2015, None)
    assert area_periods()["230123"] == (2002, None)


def test_other_documents_are_counted_by_source_and_kind(db: DuckEngine, given: Given) -> None:
    given(
        STATED_IDENTITY, "record_id | source_id | national_id_raw\na:1 | a | P\na:2 | a | P\na:3 | a | C\nb:1 | b | X"
    )
    given(STATED_NUMBER, "national_id_raw | document_kind\nP | passport\nC | citizen\nX |")
    count_documents(db)
    assert db.rows("select * from document_count") == [("a", "passport", 2)]
