"""The table of joins says what it should, and each family joins one other at most."""

from __future__ import annotations

from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.households.joins import JOIN_TABLE, LEAST_JOIN, choose_joins
from schemas.contract import Table
from schemas.households import TIE
from schemas.living import DWELLER, NUCLEUS

Given = Callable[[Table, str], None]


def three_families(given: Given, places: tuple[str, str, str]) -> None:
    given(
        NUCLEUS,
        "person_id | nucleus_id | anchor_id | place_rule | strength\n"
        + "\n".join(f"{n} | {n} | {n} | self | 1" for n in "abc"),
    )
    given(
        DWELLER,
        "person_id | age | surname | place | book_no | is_student | is_dependent_adult | is_local\n"
        + "\n".join(
            f"{n} | {age} | 王 | {place} | 1 | false | false | true"
            for n, age, place in zip("abc", (70, 45, 40), places, strict=True)
        ),
    )
    given(
        TIE,
        """
        person_id_l | person_id_r | tie_type           | source_id           | as_of_date | strength
        a           | b           | parent_child       | population_register | 2026-10-31 | 0.97
        a           | c           | parent_child       | population_register | 2026-10-31 | 0.97
        b           | c           | register_household | population_register | 2026-10-31 | 0.5
    """,
    )


def test_an_old_parent_lives_with_the_child_whose_address_is_the_same(db: DuckEngine, given: Given) -> None:
    three_families(given, ("v 1", "v 1", "v 2"))
    choose_joins(db)
    assert db.rows("select nucleus_id, other_id from nucleus_join order by 1") == [("a", "b"), ("b", "a")]


def test_one_book_with_three_addresses_is_three_households(db: DuckEngine, given: Given) -> None:
    three_families(given, ("v 1", "v 2", "v 3"))
    assert choose_joins(db) == 0


def test_nobody_joins_two_others(db: DuckEngine, given: Given) -> None:
    three_families(given, ("v 1", "v 1", "v 1"))
    choose_joins(db)
    assert db.rows("select max(n) from (select count(*) as n from nucleus_join group by nucleus_id)") == [(1,)]


def test_one_address_alone_or_one_book_alone_is_no_household() -> None:
    said = dict(JOIN_TABLE)
    assert all(said[weak] < LEAST_JOIN for weak in ("is_one_place", "is_one_book", "is_one_book and is_elsewhere"))
