from __future__ import annotations

import numpy as np

from flows.engines.duckdb import DuckEngine
from matchers.linkage.clustering import Edges
from matchers.linkage.engine import LinkSettings, link_records
from matchers.linkage.results import keep_results
from matchers.linkage.rivals import rivals
from schemas.links import LINK_INPUT
from tests.conftest import Given
from tests.unit.matchers.linkage.test_engine import FIRST, LAST


def test_rows_of_one_file_are_held_against_each_other_where_they_go_with_the_same_row_of_another() -> None:
    source = np.array([0, 0, 1, 1, 1])
    left, right = np.array([0, 0, 0, 1], np.int32), np.array([2, 3, 4, 4], np.int32)
    one, other = rivals(Edges(left, right, np.array([5.0, 3.0, -2.0, 4.0])), source, 0.0)
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(2, 3)]
    one, other = rivals(Edges(left, right, np.array([5.0, 3.0, 2.0, 4.0])), source, 0.0)
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1), (2, 3), (2, 4), (3, 4)]


def register_and_wages(number_of_second: str) -> str:
    lines = ["record_id | source_id | given_name | surname | other_id | place"]
    for n in range(len(FIRST) * len(LAST)):
        name = f"{FIRST[n % len(FIRST)]} | {LAST[n % len(LAST)]}{n}"
        lines.append(f"r{n:03} | register | {name} |  | p{n % 17}")
        lines.append(f"w{n:03} | wages | {name} | {70000 + n * 37} | p{n % 17}")
    name = f"{FIRST[0]} | {LAST[0]}0"
    lines.append(f"x000 | wages | {name} | {number_of_second} | q")
    return "\n".join(lines)


def persons_of_first(db: DuckEngine) -> int:
    keep_results(db, link_records(db, LinkSettings(is_link=True)))
    rows = db.rows("select count(distinct cluster_id) from link_cluster where record_id in ('r000', 'w000', 'x000')")
    return int(rows[0][0])


def test_two_wage_rows_with_one_number_are_one_person(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, register_and_wages("70000"))
    assert persons_of_first(db) == 1


def test_two_wage_rows_with_two_numbers_are_two_persons_though_the_register_has_no_number(
    db: DuckEngine, given: Given
) -> None:
    given(LINK_INPUT, register_and_wages("99999"))
    assert persons_of_first(db) == 2
