from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.homes import find_homes, find_named_homes, gather_company
from tests.conftest import Given
from tests.unit.matchers.linkage.conftest import Records, certain_nodes


def homes(db: DuckEngine) -> dict[str, str]:
    gather_company(db, (("marriage", ("record_id", "record_id_wife")),))
    find_named_homes(db)
    find_homes(db)
    return dict(db.rows("select record_id, h.household_no from link_home h join link_record r on r.rec = h.node"))


@pytest.fixture
def marriage(db: DuckEngine) -> None:
    db.create(
        "raw_marriage",
        "select 1::bigint as row_number, 'marriage:husband:1' as record_id, 'marriage:wife:1' as record_id_wife",
    )


def test_a_spouse_without_a_number_lives_where_the_other_is_registered(
    db: DuckEngine, records: Records, marriage: None
) -> None:
    records(
        """
        record_id                  | full_name | national_id        | household_no
        population_register:self:1 | 李强      | 230123196506220327 | H1
        marriage:husband:1         | 李强      | 230123196506220327 |
        marriage:wife:1            | 王芳      |                    |
        """
    )
    certain_nodes(db)
    assert homes(db) == {"marriage:husband:1": "H1", "marriage:wife:1": "H1"}


def test_two_names_that_meet_in_one_register_household_only_live_there(
    db: DuckEngine, records: Records, marriage: None
) -> None:
    others = "\n".join(f"population_register:self:{n} | 路人{n} | 1101051949123{n:05} | X{n}" for n in range(100, 220))
    records(
        f"""
        record_id                    | full_name | national_id        | household_no
        population_register:self:001 | 李强      | 230123196506220327 | H1
        population_register:self:002 | 王芳      | 23012319650622060X | H1
        marriage:husband:1           | 李强      |                    |
        marriage:wife:1              | 王芳      |                    |
        {others}
        """
    )
    certain_nodes(db)
    found = homes(db)
    assert (found["marriage:husband:1"], found["marriage:wife:1"]) == ("H1", "H1")


def test_common_names_that_may_meet_by_chance_say_nothing(db: DuckEngine, records: Records, marriage: None) -> None:
    records(
        """
        record_id                    | full_name | national_id        | household_no
        population_register:self:001 | 李强      | 230123196506220327 | H1
        population_register:self:002 | 王芳      | 23012319650622060X | H1
        marriage:husband:1           | 李强      |                    |
        marriage:wife:1              | 王芳      |                    |
        """
    )
    certain_nodes(db)
    assert "marriage:wife:1" not in homes(db)


def test_without_sources_that_name_several_people_only_rolls_make_company(
    db: DuckEngine, records: Records, given: Given
) -> None:
    records(
        """
        record_id               | full_name | household_no
        subsistence_roll:self:1 | 李强      | S1
        subsistence_roll:self:2 | 王芳      | S1
        """
    )
    gather_company(db, ())
    assert db.rows("select count(*), count(distinct company) from link_company") == [(2, 1)]
