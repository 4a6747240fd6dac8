from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from tests.unit.matchers.linkage.conftest import Records, certain_nodes, grouped

MOTHER = "230123199001019226"
REGISTER, INSURED, STUDENT, LAND = (
    "population_register:self:1",
    "medical_insured:self:1",
    "student:self:1",
    "land_subsidy:self:1",
)


@pytest.mark.parametrize(
    "other",
    [
        ("王桂红", "wang gui hong", "the same name"),
        ("王贵宏", "wang gui hong", "the same sound"),
        ("王桂芳", "wang gui fang", "one character off"),
        ("王□红", "wang □ hong", "a rare character lost"),
        ("", "", "no name stated"),
    ],
)
def test_one_number_and_compatible_names_are_one_person(
    db: DuckEngine, records: Records, other: tuple[str, str, str]
) -> None:
    other_name, other_pinyin, why = other
    records(
        f"""
        record_id  | full_name    | name_pinyin    | national_id
        {REGISTER} | 王桂红       | wang gui hong  | {MOTHER}
        {INSURED}  | {other_name} | {other_pinyin} | {MOTHER}
        """
    )
    assert len(grouped(certain_nodes(db))) == 1, why
    assert db.rows("select count(*) from link_conflict") == [(0,)]


def test_a_child_delivered_on_the_mothers_number_does_not_join_her_and_is_reported(
    db: DuckEngine, records: Records
) -> None:
    records(
        f"""
        record_id  | full_name | name_pinyin   | national_id | birth_date | sex_code
        {REGISTER} | 王桂红    | wang gui hong | {MOTHER}    | 1990-01-01 | 2
        {INSURED}  | 王桂红    | wang gui hong | {MOTHER}    |            |
        {STUDENT}  | 李浩      | li hao        | {MOTHER}    | 2015-06-01 | 1
        """
    )
    assert grouped(certain_nodes(db)) == {frozenset({REGISTER, INSURED}), frozenset({STUDENT})}
    reasons = dict(db.rows("select node_id, reason from link_conflict"))
    assert reasons == {INSURED: "owner", STUDENT: "name and birth date or sex differ"}
    assert db.rows("select count(distinct conflict_id) from link_conflict") == [(1,)]


def test_a_number_given_out_twice_stays_two_persons(db: DuckEngine, records: Records) -> None:
    records(
        f"""
        record_id                  | full_name | name_pinyin | national_id | birth_date | sex_code
        population_register:self:1 | 高丽      | gao li      | {MOTHER}    | 1990-01-01 | 2
        population_register:self:2 | 吴娟      | wu juan     | {MOTHER}    | 1990-01-01 | 2
        medical_insured:self:1     | 高丽      | gao li      | {MOTHER}    | 1990-01-01 | 2
        pension:self:1             | 吴娟      | wu juan     | {MOTHER}    |            |
        """
    )
    assert grouped(certain_nodes(db)) == {
        frozenset({"population_register:self:1", "medical_insured:self:1"}),
        frozenset({"population_register:self:2", "pension:self:1"}),
    }


def test_a_former_name_with_the_numbers_own_birth_date_is_the_same_person(db: DuckEngine, records: Records) -> None:
    records(
        f"""
        record_id       | full_name | name_pinyin   | national_id | birth_date | sex_code
        {REGISTER}      | 王桂红    | wang gui hong | {MOTHER}    | 1990-01-01 | 2
        marriage:wife:1 | 王招弟    | wang zhao di  | {MOTHER}    | 1990-01-01 | 2
        """
    )
    assert len(grouped(certain_nodes(db))) == 1


def test_another_name_without_birth_date_joins_unless_a_neighbour_has_that_name(
    db: DuckEngine, records: Records
) -> None:
    drawing = f"""
        record_id                  | full_name | name_pinyin   | national_id        | village_code
        {REGISTER}                 | 王桂红    | wang gui hong | {MOTHER}           | 230123101201
        {LAND}                     | 王招弟    | wang zhao di  | {MOTHER}           | 230123101201
        """
    records(drawing)
    assert len(grouped(certain_nodes(db))) == 1
    records(
        drawing.rstrip()
        + """
        population_register:self:2 | 王招弟    | wang zhao di  | 230123196506220327 | 230123101201"""
    )
    assert len(grouped(certain_nodes(db))) == 3


def test_a_number_inside_a_disability_certificate_counts(db: DuckEngine, records: Records) -> None:
    records(
        f"""
        record_id                     | full_name | name_pinyin   | national_id | other_id
        {REGISTER}                    | 王桂红    | wang gui hong | {MOTHER}    |
        disability_certificate:self:1 | 王桂红    | wang gui hong |             | {MOTHER}43
        """
    )
    assert len(grouped(certain_nodes(db))) == 1


def test_records_without_a_number_are_one_by_a_sources_own_number_and_the_name(
    db: DuckEngine, records: Records
) -> None:
    records(
        f"""
        record_id                 | full_name | national_id | other_id     | id_digits
        {INSURED}                 | 王桂红    | {MOTHER}    | 230123000012 |
        medical_settlement:self:1 | 王桂红    |             | 230123000012 | 230123199001019220
        land_subsidy:self:1       | 王桂红    |             |              | 230123199001019220
        medical_settlement:self:2 | 赵明      |             | 230123000012 |
        pension:self:1            | 王桂红    |             |              |
        """
    )
    nodes = certain_nodes(db)
    assert grouped(nodes) == {
        frozenset({INSURED, "medical_settlement:self:1", "land_subsidy:self:1"}),
        frozenset({"medical_settlement:self:2"}),
        frozenset({"pension:self:1"}),
    }
    rules = dict(db.rows("select record_id, link_rule from link_node"))
    assert rules["pension:self:1"] == "alone"
    assert rules["land_subsidy:self:1"] == "same_identity"


def test_a_group_that_touches_two_numbers_joins_neither(db: DuckEngine, records: Records) -> None:
    records(
        f"""
        record_id                 | full_name | national_id        | other_id
        medical_insured:self:1    | 王丽      | {MOTHER}           | 230123000012
        medical_insured:self:2    | 王丽      | 230123196506220327 | 230123000012
        medical_settlement:self:1 | 王丽      |                    | 230123000012
        """
    )
    assert len(grouped(certain_nodes(db))) == 3


def test_a_month_without_records_has_no_nodes(db: DuckEngine, records: Records) -> None:
    records("record_id | full_name | name_pinyin | national_id")
    assert certain_nodes(db) == {}
