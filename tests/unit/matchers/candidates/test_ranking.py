"""Who is visited first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.candidates.benefits import Benefit, LocalSum
from matchers.candidates.ranking import Capacity, Stakes, rank
from schemas.contract import Table
from schemas.findings import FACT
from schemas.households import HOUSEHOLD
from schemas.screening import PROSPECT

Given = Callable[[Table, str], None]
CAPACITY = Capacity(
    share=0.1,
    random_share=0.0,
    income_tested_share=0.4,
    along_floor=0.2,
    income_tested=("tested",),
    only_along=(),
    seed=1,
)
STAKES = Stakes((Benefit(LocalSum("sure", "230123", 25, 25)), Benefit(LocalSum("tested", "230123", 632, 832))))
Ranked = Callable[[Capacity], list[tuple[object, ...]]]


@pytest.fixture
def ranked(db: DuckEngine, given: Given) -> Ranked:
    """A hundred households: 50 with a sure but small thing, 50 with an unsure one that turns on income."""
    given(
        HOUSEHOLD,
        "household_id | head_person_id | area_code | township_code | member_count | person_count | is_rural | composition_probability\n"
        + "\n".join(f"H{n:03} | p{n:03} | 230123 | 230123001 | 1 | 1 | true | 1" for n in range(100)),
    )
    given(
        PROSPECT,
        "programme_id | unit | unit_id | household_id | probability | unknown_count | link_probability | rests_on_unconfirmed | is_listed\n"
        + "\n".join(f"sure | person | p{n:03} | H{n:03} | 0.9{n:02} | 0 | 1 | false | true" for n in range(50))
        + "\n"
        + "\n".join(
            f"tested | household | H{n:03} | H{n:03} | 0.2{n:02} | 2 | 1 | true | true" for n in range(50, 100)
        ),
    )
    given(FACT, "")

    def answer(capacity: Capacity) -> list[tuple[object, ...]]:
        rank(db, capacity, STAKES)
        return db.rows(
            "select programme_id, unit_id, rank, is_within_capacity, is_random_share from place_in_line order by rank"
        )

    return answer


def test_capacity_is_filled_by_chance_with_a_part_kept_for_what_turns_on_income(ranked: Ranked) -> None:
    within = [row[:2] for row in ranked(CAPACITY) if row[3]]
    assert within == [
        *(("sure", f"p{n:03}") for n in range(49, 43, -1)),
        *(("tested", f"H{n:03}") for n in range(99, 95, -1)),
    ]


def test_ranks_run_without_gaps_and_the_visited_come_first(ranked: Ranked) -> None:
    rows = ranked(CAPACITY)
    assert [row[2] for row in rows] == list(range(1, 101))
    assert [row[3] for row in rows] == sorted((bool(row[3]) for row in rows), reverse=True)


def test_the_drawn_ones_depend_on_the_seed_alone_and_take_their_share_of_the_places(ranked: Ranked) -> None:
    drawing = replace(CAPACITY, random_share=0.5)
    first = ranked(drawing)
    assert sum(bool(row[4]) for row in first) == 5
    assert sum(bool(row[3]) for row in first) == 10
    assert ranked(drawing) == first
    other = ranked(replace(drawing, seed=2))
    assert [r[1] for r in first if r[4]] != [r[1] for r in other if r[4]]


def test_a_benefit_follows_the_place(ranked: Ranked, db: DuckEngine) -> None:
    ranked(CAPACITY)
    assert db.rows("select distinct programme_id, benefit_month_yuan::double from place_in_line order by 1") == [
        ("sure", 25.0),
        ("tested", 632.0),
    ]


def test_a_further_programme_of_a_visited_household_is_asked_about_where_it_is_likely(
    ranked: Ranked, db: DuckEngine
) -> None:
    columns = "programme_id, unit, unit_id, household_id, probability, unknown_count, link_probability, rests_on_unconfirmed, is_listed"
    db.run(
        f"insert into prospect ({columns}) values ('tested', 'household', 'H049', 'H049', 0.21, 2, 1.0, true, true), "
        "('tested', 'household', 'H048', 'H048', 0.05, 2, 1.0, true, true)"
    )
    within = {row[:2] for row in ranked(CAPACITY) if row[3]}
    assert ("tested", "H049") in within
    assert ("tested", "H048") not in within
