from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.engine import LinkSettings, link_records
from matchers.linkage.homes import find_homes, find_named_homes, gather_company
from matchers.linkage.nodes import describe_nodes, put_nodes_in_roles
from matchers.linkage.person_ids import assign_person_ids, carry_ledger, note_events, recall_persons
from matchers.linkage.persons import cluster_nodes, describe_persons, link_person_records, read_deaths
from matchers.linkage.results import keep_results
from schemas.ledger import LEDGER_BEFORE
from tests.conftest import Given
from tests.unit.matchers.linkage.conftest import Records, certain_nodes

ONE, TWO = "230123196506220327", "23012319650622060X"
SOURCES = ("cremation", "medical_insured", "pension", "population_register")


@pytest.fixture
def before(db: DuckEngine, given: Given) -> None:
    """No ledger, nobody dead; a test draws over it what it needs."""
    given(LEDGER_BEFORE, "record_id | person_id | minted_month | last_seen_month")
    db.create(
        "raw_cremation", "select null::varchar as record_id, null::date as death_time, null::date as cremation_time"
    )
    db.create(
        "raw_population_register",
        "select null::varchar as record_id, null::varchar as status, null::date as status_date",
    )


def run(db: DuckEngine, month: str = "2026-10") -> dict[str, str]:
    certain_nodes(db)
    gather_company(db, ())
    find_named_homes(db)
    find_homes(db)
    describe_nodes(db, SOURCES)
    put_nodes_in_roles(db)
    keep_results(db, link_records(db, LinkSettings(is_standard=True)))
    cluster_nodes(db)
    recall_persons(db)
    assign_person_ids(db, month)
    link_person_records(db)
    note_events(db)
    read_deaths(db, "date '2026-10-31'")
    describe_persons(db)
    carry_ledger(db, month)
    return dict(db.rows("select record_id, person_id from person_record"))


PEOPLE = f"""
    record_id                  | full_name | national_id | birth_date | sex_code | phone       | village_code | area_code | household_no
    population_register:self:1 | 李强      | {ONE}       | 1965-06-22 | 2        |             | 230123101201 | 230123    | H1
    medical_insured:self:1     | 李强      | {ONE}       | 1965-06-22 | 2        | 13900000001 | 230123102202 | 230123    |
    population_register:self:2 | 王芳      | {TWO}       | 1965-06-22 | 2        |             | 230123101201 | 230123    | H1
"""


@pytest.mark.usefixtures("before")
def test_a_person_has_the_value_of_the_most_trusted_source_and_lives_where_stated_last(
    db: DuckEngine, records: Records
) -> None:
    records(PEOPLE)
    person_of = run(db)
    person = person_of["medical_insured:self:1"]
    assert person == person_of["population_register:self:1"] != person_of["population_register:self:2"]
    row = db.rows(
        "select full_name, national_id, birth_date::varchar, sex_code, phone, village_code, hukou_village_code, "
        "register_household_no, is_deceased, record_count, source_count, link_probability "
        f"from person where person_id = '{person}'"
    )
    assert row == [
        ("李强", ONE, "1965-06-22", "2", "13900000001", "230123102202", "230123101201", "H1", None, 2, 2, 1.0)
    ]


@pytest.mark.usefixtures("before")
def test_new_persons_are_minted_and_the_same_month_again_mints_the_same(db: DuckEngine, records: Records) -> None:
    records(PEOPLE)
    first = run(db)
    assert all(person.startswith("P") and len(person) == 16 for person in first.values())
    assert {event for (event,) in db.rows("select event from person_event")} == {"minted"}
    assert run(db) == first


def test_a_person_keeps_the_id_most_records_held_and_other_ids_merge_into_it(
    db: DuckEngine, records: Records, given: Given, before: None
) -> None:
    given(
        LEDGER_BEFORE,
        """
        record_id                  | person_id | minted_month | last_seen_month
        population_register:self:1 | Pyoung    | 2026-09      | 2026-09
        medical_insured:self:1     | Pold      | 2026-08      | 2026-09
        population_register:self:9 | Pyoung    | 2026-09      | 2026-09
        """,
    )
    records(PEOPLE)
    person_of = run(db)
    assert person_of["population_register:self:1"] == "Pold"
    events = db.rows("select person_id, event, other_person_id from person_event where event <> 'minted' order by all")
    assert events == [("Pold", "kept", ""), ("Pyoung", "merged", "Pold")]
    ledger = {record: tuple(rest) for record, *rest in db.rows("from ledger_person")}
    assert ledger["population_register:self:9"] == ("Pold", "2026-08", "2026-09")
    assert ledger["population_register:self:1"] == ("Pold", "2026-08", "2026-10")


def test_of_two_persons_that_were_one_the_larger_keeps_the_id(
    db: DuckEngine, records: Records, given: Given, before: None
) -> None:
    held = "\n".join(
        f"{record} | Pone | 2026-08 | 2026-09"
        for record in ("population_register:self:1", "medical_insured:self:1", "population_register:self:2")
    )
    given(LEDGER_BEFORE, f"record_id | person_id | minted_month | last_seen_month\n{held}")
    records(PEOPLE)
    person_of = run(db)
    assert person_of["population_register:self:1"] == "Pone" != person_of["population_register:self:2"]
    assert db.rows("select other_person_id from person_event where event = 'split'") == [("Pone",)]


def test_a_new_id_is_never_one_the_ledger_knows(db: DuckEngine, records: Records, given: Given, before: None) -> None:
    records(PEOPLE)
    taken = run(db)["population_register:self:2"]
    given(
        LEDGER_BEFORE,
        f"record_id | person_id | minted_month | last_seen_month\nsomebody:self:1 | {taken} | 2026-08 | 2026-09",
    )
    assert run(db)["population_register:self:2"] != taken


def test_the_dead_are_dead_by_cremation_or_cancelled_registration_on_a_sure_link_only(
    db: DuckEngine, records: Records, before: None
) -> None:
    db.create(
        "raw_cremation",
        "select 'cremation:self:1' as record_id, date '2026-10-02' as death_time, null::date as cremation_time",
    )
    records(f"{PEOPLE.rstrip()}\n    cremation:self:1 | 李强 | {ONE} | | 2 | | | |\n")
    run(db)
    dead = db.rows("select full_name, is_deceased, deceased_date::varchar from person order by full_name")
    assert dead == [("李强", True, "2026-10-02"), ("王芳", None, None)]
    db.create("person_record", "select * replace (0.99 as link_probability) from person_record")
    describe_persons(db)
    assert db.rows("select count(is_deceased) from person") == [(0,)]
