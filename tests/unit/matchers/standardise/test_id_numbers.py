"""Citizen numbers: what is valid, what is repaired, and what is left alone."""

from __future__ import annotations

import datetime

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.standardise.id_numbers import CHECK_CHARACTERS, WEIGHTS, judge_numbers
from schemas.records import STATED_IDENTITY
from tests.conftest import Given

DAY = datetime.date(2026, 8, 31)


def judged(db: DuckEngine, given: Given, number: str) -> dict[str, object]:
    """Return what becomes of one number, by column."""
    given(STATED_IDENTITY, f"record_id | national_id_raw\na:1 | {number}")
    db.run(f"update stated_identity set national_id_raw = '{number}'")
    judge_numbers(db, DAY)
    columns = (
        "id_state",
        "national_id",
        "id_digits",
        "document_no",
        "id_birth_date",
        "id_sex_code",
        "certificate_type",
        "document_kind",
    )
    row = db.rows(f"select {', '.join(columns)} from stated_number")[0]
    return dict(zip(columns, row, strict=True))


@pytest.mark.parametrize(
    ("number", "standard"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
        ("340524800101001", "34052419800101001X"),
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("110105-19491231-002X", "11010519491231002X"),
        ("’11010519491231002X", "11010519491231002X"),
    ],
)
def test_a_right_number_is_written_one_way(db: DuckEngine, given: Given, number: str, standard: str) -> None:
    found = judged(db, given, number)
    assert (found["id_state"], found["national_id"]) == ("valid", standard)
    assert found["id_digits"] is None


def test_birth_date_and_sex_are_read_from_a_valid_number(db: DuckEngine, given: Given) -> None:
    found = judged(db, given, "11010519491231002X")
    assert (found["id_birth_date"], found["id_sex_code"]) == (datetime.date(1949, 12, 31), "2")


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",  # check character
        "11010519491331002X",  # no thirteenth month
        "990105194912310029",  # no such province
        "1101051949123100",  # two digits short
        "340524800101996",  # a centenarian's sequence: nobody can say which century
        "000000000000000000",
    ],
)
def test_a_wrong_number_is_kept_as_digits_and_never_repaired(db: DuckEngine, given: Given, number: str) -> None:
    found = judged(db, given, number)
    assert (found["id_state"], found["national_id"], found["id_digits"]) == ("invalid", None, number)


def test_nobody_is_born_after_the_month(db: DuckEngine, given: Given) -> None:
    core = "11010520260901001"
    check = CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(core, WEIGHTS, strict=True)) % 11]
    assert judged(db, given, core + check)["id_state"] == "invalid"


@pytest.mark.parametrize(
    "number", ["3405**********001X", "340524********001X", "340524198001XXXX1X", "340524198001010***"]
)
def test_a_masked_number_is_weak_evidence_with_its_places_kept(db: DuckEngine, given: Given, number: str) -> None:
    found = judged(db, given, number)
    assert (found["id_state"], found["national_id"]) == ("masked", None)
    assert isinstance(found["id_digits"], str)
    assert len(found["id_digits"]) == len(number)


@pytest.mark.parametrize("number", ["E12345678", "H0123456789", "M12345678901", "南字第12345678号"])
def test_a_passport_or_permit_is_another_document(db: DuckEngine, given: Given, number: str) -> None:
    found = judged(db, given, number)
    assert (found["id_state"], found["document_no"], found["id_digits"]) == ("other_document", number, None)


@pytest.mark.parametrize(
    ("number", "kind"), [("11010519491231002X42", "4"), ("11010519491231002X42B1", "4"), ("34052480010100161", "6")]
)
def test_a_certificate_number_gives_the_number_inside_it(db: DuckEngine, given: Given, number: str, kind: str) -> None:
    found = judged(db, given, number)
    assert found["national_id"] in {"11010519491231002X", "34052419800101001X"}
    assert found["certificate_type"] == kind


def test_what_a_spreadsheet_left_of_a_number_keeps_its_first_digits(db: DuckEngine, given: Given) -> None:
    found = judged(db, given, "2.30123E+17")
    assert (found["id_state"], found["id_digits"]) == ("masked", "230123************")


def test_a_certificate_of_no_known_type_is_invalid(db: DuckEngine, given: Given) -> None:
    assert judged(db, given, "11010519491231002X92")["id_state"] == "invalid"


def checked(core: str) -> str:
    """Return 17 digits with their check character."""
    return core + CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(core, WEIGHTS, strict=True)) % 11]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("11010519491231002X", ("valid", "citizen")),
        (checked("83000019620514123"), ("valid", "hmt_residence_permit")),
        (checked("81000019620514123"), ("valid", "hmt_residence_permit")),
        (checked("91115619620514123"), ("other_document", "foreigner_permit")),
        ("91115619620514123" + ("0" if checked("91115619620514123")[-1] != "0" else "1"), ("invalid", None)),
        ("USA310062051401", ("other_document", "foreigner_permit")),
        ("E12345678", ("other_document", "passport")),
        ("EA1234567", ("other_document", "passport")),
        ("H0123456789", ("other_document", "hmt_travel_permit")),
        ("M01234567", ("other_document", "hmt_travel_permit")),
        ("A123456(7)", ("other_document", "hmt_identity_card")),
        ("WX123456(A)", ("other_document", "hmt_identity_card")),
        ("1234567(8)", ("other_document", "hmt_identity_card")),
        ("军字第1234567号", ("other_document", "other")),
        ("11010519491231002X42", ("valid", "disability_certificate")),
        ("11010519491231002142", ("invalid", "disability_certificate")),
        ("110105194912310021", ("invalid", None)),
        ("12345678", ("invalid", None)),  # a Taiwan permit has eight digits, and so has many a mistake
    ],
)
def test_every_document_is_told_for_what_it_is(
    db: DuckEngine, given: Given, number: str, told: tuple[str, str | None]
) -> None:
    found = judged(db, given, number)
    assert (found["id_state"], found["document_kind"]) == told
    assert (found["document_no"] is not None) == (told[0] == "other_document")
