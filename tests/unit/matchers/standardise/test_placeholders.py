"""Values that say nothing: found where nothing explains how many state them, and left alone where something does."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pyarrow as pa
import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from flows.sources.reference import read_lexicon
from flows.standardising import arrow, distinct, find_placeholders
from matchers.sql import identifier
from matchers.stage import keep
from matchers.standardise.addresses import cut_addresses
from matchers.standardise.id_numbers import CHECK_CHARACTERS, WEIGHTS, judge_numbers
from matchers.standardise.placeholders import AT_LEAST, AT_LEAST_UNPLACED, find_frequent_values
from schemas.contract import Table
from schemas.raw import raw_table
from schemas.records import STATED_ADDRESS, STATED_IDENTITY

DAY = datetime.date(2026, 8, 31)
Row = dict[str, object]
MANY = AT_LEAST + 10


def number(birth: str, place: int) -> str:
    """Return a valid number of somebody born on a day."""
    core = f"230123{birth.replace('-', '')}{place % 1000:03d}"
    return core + CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(core, WEIGHTS, strict=True)) % 11]


def fill(db: DuckEngine, table: Table, rows: Sequence[Row]) -> None:
    """Make a table of rows; what a row does not say is null."""
    said = {c.name: [None if row.get(c.name) is None else str(row[c.name]) for row in rows] for c in table.columns}
    db.store("drawn", {name: pa.array(values, pa.string()) for name, values in said.items()})
    typed = ", ".join(f"{identifier(c.name)}::{c.type} as {identifier(c.name)}" for c in table.columns)
    db.create(table.name, f"select {typed} from drawn")


def found(db: DuckEngine, people: Sequence[Row], source_id: str = "disability_certificate") -> list[tuple[object, ...]]:
    """Return field, value, reason and records of every placeholder among people who differ in their names."""
    contract = read_contracts()[source_id]
    identity = [
        {"record_id": f"r{n}", "source_id": source_id, "role": "self", "full_name_raw": f"人{n}", "as_of_date": "2026-08-31",
         "row_count": 1, **person}
        for n, person in enumerate(people)
    ]  # fmt: skip
    raw = [
        {"row_number": n + 1, "record_id": f"r{n}", **{k: v for k, v in person.items() if k in contract.column_names},
         "address": person.get("address_raw")}
        for n, person in enumerate(people)
    ]  # fmt: skip
    fill(db, STATED_IDENTITY, [{k: v for k, v in row.items() if k in STATED_IDENTITY.column_names} for row in identity])
    fill(db, raw_table(contract), raw)
    judge_numbers(db, DAY)
    keep(db, STATED_ADDRESS, arrow(STATED_ADDRESS, cut_addresses(distinct(db, "address_raw").to_pylist())))
    find_frequent_values(db)
    find_placeholders(db, (contract,))
    return db.rows("select field, value, reason, record_count from placeholder order by all")


def villagers(count: int, **said: object) -> list[Row]:
    """Return people spread over forty villages, each with a phone of their own."""
    return [{"village_code": f"2301231022{n % 40:02d}", "phone": f"139{n:08d}", **said} for n in range(count)]


def test_one_phone_of_people_who_have_nothing_in_common_is_a_placeholder(db: DuckEngine) -> None:
    people = [*villagers(400), *villagers(MANY, phone="13912345670")]
    assert found(db, people) == [("phone", "13912345670", "spread", MANY)]
    assert db.rows("select count(*) from placeholder_record where no_phone and not no_number") == [(MANY,)]


@pytest.mark.parametrize(
    "institution",
    [
        {"village_code": "230123102201"},  # a village committee, or a care home in a village
        {"address_raw": "依兰县江湾镇幸福路1号"},
        {"disability_part": "精神病院"},  # no place, but a word hardly anybody else has
    ],
)
def test_the_phone_of_an_institution_is_no_placeholder(db: DuckEngine, institution: Row) -> None:
    housed = villagers(MANY, phone="045157222222", address_raw="3组1号")
    assert found(db, [*villagers(400, address_raw="3组1号"), *({**person, **institution} for person in housed)]) == []


def test_a_boarding_schools_phone_is_no_placeholder(db: DuckEngine) -> None:
    pupils = villagers(MANY, phone="045157222222", school="第一中学")
    others = [{**person, "school": f"小学{n % 9}"} for n, person in enumerate(villagers(400))]
    assert found(db, [*others, *pupils], "student") == []


def test_where_rows_say_nothing_of_places_only_more_holders_than_an_institution_houses_are_too_many(
    db: DuckEngine,
) -> None:
    def holding(count: int) -> list[Row]:
        others: list[Row] = [{"phone": f"138{n:08d}"} for n in range(20)]
        same: Row = {"phone": "13912345670"}
        return [*[same] * count, *others]

    assert found(db, holding(AT_LEAST_UNPLACED), "old_age_roll") == []
    assert found(db, holding(AT_LEAST_UNPLACED + 1), "old_age_roll") == [
        ("phone", "13912345670", "spread", AT_LEAST_UNPLACED + 1)
    ]


def test_exactly_the_bound_is_not_too_many_and_a_source_where_all_share_raises_it(db: DuckEngine) -> None:
    assert found(db, [*villagers(400), *villagers(AT_LEAST, phone="13912345670")]) == []
    lent = [{**person, "phone": f"1380000{n % 60:04d}"} for n, person in enumerate(villagers(1200))]
    assert found(db, [*lent, *villagers(AT_LEAST + 100, phone="13912345670")]) == []


def test_one_person_stated_many_times_is_no_placeholder(db: DuckEngine) -> None:
    assert found(db, [*villagers(400), *villagers(MANY, phone="13912345670", full_name_raw="王芳")]) == []


def born(day: str, count: int, true_day: str | None = None) -> list[Row]:
    """Return people born on a day; their numbers say `true_day`, nothing where it is None."""
    said: Row = {"birth_date": day}
    return [{**said, "national_id_raw": number(true_day, n)} if true_day else {**said} for n in range(count)]


def of_all_years(count: int) -> list[Row]:
    """Return people with a guessed first of January each, the same number every year."""
    return [person for year in range(1940, 2000) for person in born(f"{year}-01-01", count)]


def test_a_birth_date_stated_far_too_often_is_a_placeholder_unless_the_numbers_say_the_same(db: DuckEngine) -> None:
    spread = [person for n in range(300) for person in born(f"{1950 + n % 50}-0{n % 9 + 1}-{n % 27 + 2:02d}", 1)]
    assert found(db, [*spread, *born("1970-01-01", MANY)]) == [("birth_date", "1970-01-01", "too_often", MANY)]
    assert found(db, [*spread, *born("1970-01-01", MANY, "1962-05-14")]) == [
        ("birth_date", "1970-01-01", "too_often", MANY)
    ]
    assert found(db, [*spread, *born("1970-01-01", MANY, "1970-01-01")]) == []


def test_guessed_first_days_of_a_year_are_held_against_those_of_other_years(db: DuckEngine) -> None:
    assert found(db, [*of_all_years(7), *born("1970-01-01", MANY - 7)]) == []


def test_a_number_under_more_names_than_anybody_has_is_a_placeholder_and_no_evidence(db: DuckEngine) -> None:
    own: list[Row] = [{"national_id_raw": number("1962-05-14", n)} for n in range(100)]
    wrong: list[Row] = [{"national_id_raw": "230123196205141234"}] * MANY
    assert found(db, [*own, *wrong]) == [("national_id", "230123196205141234", "many_names", MANY)]
    masked: list[Row] = [{"national_id_raw": "230123************"}] * MANY
    assert found(db, [*own, *masked]) == []


@pytest.mark.parametrize("address", ["（不详）", "无。", "不 详", "地址不详！", "【同上】", "——、——"])
def test_an_address_that_is_a_word_for_nothing_between_marks_is_a_placeholder(db: DuckEngine, address: str) -> None:
    assert found(db, [{"address_raw": address}]) == [("address", address, "listed", 1)]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [("家里", True), ("本村", False), ("3组", False), ("红旗村", False), ("十里铺", False), ("依兰县江湾镇", False)],
)
def test_an_address_that_names_no_place_is_one_only_where_its_holders_live_apart(
    db: DuckEngine, address: str, is_one: bool
) -> None:
    others = [{**person, "address_raw": f"{n}组"} for n, person in enumerate(villagers(300))]
    assert bool(found(db, [*others, *villagers(MANY, address_raw=address)])) == is_one
    together = villagers(MANY, address_raw=address, village_code="230123102201")
    assert found(db, [*others, *together]) == []


def test_a_common_name_is_never_a_placeholder(db: DuckEngine) -> None:
    assert found(db, villagers(3000, full_name_raw="王秀英")) == []
    assert read_lexicon().placeholders["address"]
