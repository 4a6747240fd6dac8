"""Records: what several rows state once, and when a certificate number is believed."""

from __future__ import annotations

import datetime

import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from matchers.standardise.id_numbers import judge_numbers
from matchers.standardise.records import standardise_records, state_identities
from schemas.doubts import PLACEHOLDER_RECORD
from schemas.raw import raw_table
from schemas.records import LOCATED_ADDRESS, STATED_IDENTITY, STATED_NAME
from tests.conftest import Given

DAY = datetime.date(2026, 8, 31)
WOMAN = "11010519491231002X"


def test_the_newest_row_speaks_and_on_one_day_the_last(db: DuckEngine, given: Given) -> None:
    contract = read_contracts()["medical_settlement"]
    given(
        raw_table(contract),
        """
        row_number | record_id | psn_name | psn_no | setl_time
        1          | a1        | 王芳     | P1     | 2026-08-03
        2          | a1        | 王芳     | P2     | 2026-08-05
        3          | a1        | 王芳     | P3     | 2026-08-05
        4          | a1        | 王芳     | P4     | 2026-08-01
        5          |           |          | P5     | 2026-08-01
        """,
    )
    state_identities(db, (contract,), {contract.source_id: DAY})
    found = db.rows("select record_id, other_id, as_of_date, row_count from stated_identity")
    assert found == [("a1", "P3", datetime.date(2026, 8, 5), 4)]


def test_what_a_role_is_by_itself_needs_no_column(db: DuckEngine, given: Given) -> None:
    contract = read_contracts()["marriage"]
    given(
        raw_table(contract),
        """
        row_number | record_id | record_id_wife | name_man | name_woman | op_date
        1          | c1        | d1             | 王强     | 李梅       | 2027-01-01
        """,
    )
    state_identities(db, (contract,), {contract.source_id: DAY})
    found = db.rows(
        "select record_id, role, full_name_raw, sex_code, as_of_date from stated_identity order by record_id"
    )
    assert found == [("c1", "husband", "王强", "1", DAY), ("d1", "wife", "李梅", "2", DAY)]


@pytest.mark.parametrize(
    ("stated", "state"),
    [
        ((f"{WOMAN}42", "4", "2"), "valid"),
        ((f"{WOMAN}42", "4", "1"), "valid"),  # assessed anew
        ((f"{WOMAN}42", "6", "1"), "invalid"),
        ((f"{WOMAN}42", "", ""), "valid"),
        (("34052480010100142", "4", "2"), "valid"),
        (("34052480010100142", "4", "1"), "invalid"),
        (("34052480010100142", "", ""), "invalid"),
        ((WOMAN, "6", "1"), "valid"),
    ],
)
def test_a_certificate_number_must_fit_what_is_stated_beside_it(
    db: DuckEngine, given: Given, stated: tuple[str, str, str], state: str
) -> None:
    number, kind, level = stated
    given(
        STATED_IDENTITY,
        f"""
        record_id | source_id | role | national_id_raw | disability_type | disability_level | as_of_date | row_count
        a:1       | a         | self | {number}        | {kind}          | {level}          | 2026-08-31 | 1
        """,
    )
    given(STATED_NAME, "")
    given(LOCATED_ADDRESS, "")
    given(PLACEHOLDER_RECORD, "")
    judge_numbers(db, DAY)
    standardise_records(db, DAY)
    ((found, national_id, birth, digits),) = db.rows(
        "select id_state, national_id, id_birth_date, id_digits from std_record"
    )
    assert found == state
    assert (national_id is None) == (birth is None) == (state == "invalid")
    assert (digits is None) == (state == "valid")
