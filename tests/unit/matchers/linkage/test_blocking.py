from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.atoms import ATOMS, WORD, filled_atoms, hash_atoms, measure_breadth
from matchers.linkage.blocking import (
    Choice,
    allowed_pairs,
    choose_rules,
    collect_blocks,
    propose_pairs,
)
from matchers.linkage.proposing import Blocking, propose
from schemas.links import LINK_VALUE
from tests.conftest import Given

PEOPLE = """
    row | source | exclusive | record_id | given_name | surname | birth_date | phone
    0   | 0      | -1        | a         | anna       | lee     | 19800512   | 13912345678
    1   | 1      | -1        | b         | lee        | anna    | 19800512   |
    2   | 1      | -1        | c         | ana        | lee     | 19800512   | 13912345678
    3   | 1      | -1        | d         | xu         | wang    | 19751127   | 13900000000
    4   | 0      | -1        | e         |            |         |            |
"""


def proposed(db: DuckEngine, *, is_link: bool = False) -> set[tuple[int, int]]:
    count = int(db.rows("select count(*) from link_value")[0][0])
    pairs, _ = propose(db, count, Blocking(is_link=is_link, largest_block=60))
    return set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def test_records_that_agree_on_something_are_paired_once_and_others_are_not(db: DuckEngine, given: Given) -> None:
    given(LINK_VALUE, PEOPLE)
    assert proposed(db) == {(0, 1), (0, 2), (1, 2)}


def test_missing_values_never_agree(db: DuckEngine, given: Given) -> None:
    given(LINK_VALUE, "row | source | exclusive | record_id\n0 | 0 | -1 | a\n1 | 0 | -1 | b")
    assert proposed(db) == set()


def test_a_link_task_pairs_across_sources_only(db: DuckEngine, given: Given) -> None:
    given(LINK_VALUE, PEOPLE)
    assert proposed(db, is_link=True) == {(0, 1), (0, 2)}


def test_two_rows_of_a_source_that_holds_a_person_once_are_not_paired(db: DuckEngine, given: Given) -> None:
    given(LINK_VALUE, PEOPLE.replace("1      | -1", "1      | 1 "))
    assert proposed(db) == {(0, 1), (0, 2)}


def test_two_different_certain_numbers_are_not_paired(db: DuckEngine, given: Given) -> None:
    given(
        LINK_VALUE,
        """
        row | source | exclusive | record_id | certain_id | phone
        0   | 0      | -1        | a         | 1          | 13912345678
        1   | 0      | -1        | b         | 2          | 13912345678
        2   | 0      | -1        | c         |            | 13912345678
        """,
    )
    assert proposed(db) == {(0, 2), (1, 2)}


def test_a_block_above_the_largest_is_dropped_so_that_a_placeholder_costs_nothing(db: DuckEngine, given: Given) -> None:
    rows = "\n".join(f"{row} | 0 | -1 | r{row:03} | 00000000" for row in range(200))
    given(LINK_VALUE, f"row | source | exclusive | record_id | phone\n{rows}")
    assert proposed(db) == set()


def test_blocks_and_pairs_are_joined_by_equality_of_keys(db: DuckEngine, given: Given) -> None:
    given(LINK_VALUE, PEOPLE)
    atoms = filled_atoms(db)
    hash_atoms(db, atoms)
    rules = choose_rules(Choice(atoms, measure_breadth(db, atoms, 5), 5, 30.0))
    collect_blocks(db, tuple(enumerate(rules)), 60)
    for allowed in (None, allowed_pairs(is_link=True)):
        plan = " ".join(str(row) for row in db.rows(f"explain {propose_pairs.query(((0, 60),), allowed)}"))
        assert "Hash Join" in plan
        assert "Nl Join" not in plan
        assert "Cross Product" not in plan


def breadths(**known: float) -> Choice:
    atoms = tuple(atom for atom in ATOMS if atom.name in known)
    return Choice(atoms, {name.replace("WORD", WORD): value for name, value in known.items()}, 1_000_000, 4.0)


def test_a_narrow_value_proposes_alone_and_makes_its_pairs_needless() -> None:
    names = [rule.name for rule in choose_rules(breadths(phone=1.2, postcode=400.0))]
    assert names == ["phone", "postcode"]


def test_a_pair_of_whole_values_gives_way_to_a_looser_pair_that_is_narrow_enough() -> None:
    names = [rule.name for rule in choose_rules(breadths(birth_date=30.0, birth_year=12_000.0, postcode=200.0))]
    assert "birth_year + postcode" in names
    assert "birth_date + postcode" not in names


@pytest.mark.parametrize("breadth", [60_000.0, 900_000.0])
def test_a_value_that_a_twentieth_of_all_records_share_proposes_nothing_alone(breadth: float) -> None:
    assert choose_rules(breadths(area=breadth)) == ()
