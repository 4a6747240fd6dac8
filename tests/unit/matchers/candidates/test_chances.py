"""The chance learned from those served: known answers, and the same answer every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from flows.engines.duckdb import DuckEngine
from matchers.candidates.chances import MOST_CERTAIN, TakeUpModel, entitled_probabilities, learn_chances
from schemas.contract import Table
from schemas.screening import TRAIT_PATTERN

Given = Callable[[Table, str], None]
MODEL = TakeUpModel("p", "household", ("size", "income"), 0.65)
PATTERNS = """
    programme_id | pattern | unit_count | served_count
    p            | 1 0     | 1000       | 400
    p            | 1 3     | 4000       | 40
    p            | 2 0     | 2000       | 300
    p            | 2 3     | 9000       | 20
"""


def test_a_third_of_the_entitled_unserved_gives_the_chance_of_elkan_and_noto() -> None:
    # 130 of 1,000 are served at take-up 0.65: 200 are entitled, 70 of the 870 others.
    assert entitled_probabilities(np.array([0.13]), 0.65)[0] == pytest.approx(70 / 870, abs=1e-6)


def test_nobody_is_certain_without_their_income() -> None:
    assert entitled_probabilities(np.array([0.999]), 0.65)[0] == MOST_CERTAIN


def test_who_looks_like_those_served_is_likelier(db: DuckEngine, given: Given) -> None:
    given(TRAIT_PATTERN, PATTERNS)
    learn_chances(db, (MODEL,))
    order = [row[0] for row in db.rows("select pattern from pattern_chance order by probability desc")]
    assert order == ["1 0", "2 0", "1 3", "2 3"]


def test_the_same_counts_give_the_same_chances(db: DuckEngine, given: Given) -> None:
    given(TRAIT_PATTERN, PATTERNS)
    learn_chances(db, (MODEL,))
    first = db.rows("select * from pattern_chance order by pattern")
    learn_chances(db, (MODEL,))
    assert db.rows("select * from pattern_chance order by pattern") == first


def test_too_few_served_or_a_stopped_programme_make_no_model(db: DuckEngine, given: Given) -> None:
    given(
        TRAIT_PATTERN,
        """
        programme_id | pattern | unit_count | served_count
        p            | 1 0     | 1000       | 9
    """,
    )
    stopped = TakeUpModel("stopped", "household", ("size",), 0.65)
    assert learn_chances(db, (MODEL, stopped)) == 0
