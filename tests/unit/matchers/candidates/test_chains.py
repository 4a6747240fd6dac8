"""Assistance chains: each programme's state for those concerned, and nothing for anybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.candidates.chains import CriterionSaid, build_chains
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FINDING, SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.signals import SIGNAL

Given = Callable[[Table, str], None]
SAID = tuple(
    CriterionSaid(programme, "registered_here", 0, "户籍在本县", "registered here", "户籍何处？", "where registered?")
    for programme in ("a", "b", "c")
)


@pytest.fixture
def chain(db: DuckEngine, given: Given) -> DuckEngine:
    """One household served by a, ruled out of b and unknown for c; another one nobody is concerned with."""
    given(HOUSEHOLD, "household_id | head_person_id\nH1 | p1\nH2 | p2")
    given(HOUSEHOLD_MEMBER, "person_id | household_id\np1 | H1\np2 | H2")
    given(SERVED, "programme_id | unit | unit_id | link_probability\na | person | p1 | 1")
    given(CANDIDATE, "")
    given(SIGNAL, "signal_id | unit_id | household_id | disposition\nS1 | p1 | H1 | deliver")
    given(
        FINDING,
        "programme_id | unit | unit_id | criterion | effect | is_met\na | person | p1 | registered_here | requires | true\n"
        "b | person | p1 | registered_here | requires | false\nc | person | p1 | registered_here | requires |\n"
        "c | person | p2 | registered_here | requires | false",
    )
    build_chains(db, SAID, (("a", "民政"), ("b", "医保"), ("c", "教育")))
    return db


def test_each_programme_of_a_concerned_household_has_its_state_and_next_step(chain: DuckEngine) -> None:
    found = chain.rows("select programme_id, state, next_step, department from chain order by programme_id")
    assert found == [
        ("a", "receiving", "deliver_what_is_due", "民政"),
        ("b", "not_eligible", "none", "医保"),
        ("c", "unknown", "ask_when_met", "教育"),
    ]


def test_what_speaks_against_is_said_as_not_met_and_what_is_open_is_asked(chain: DuckEngine) -> None:
    found = chain.rows("select why_en, ask_en from chain where programme_id in ('b', 'c') order by programme_id")
    assert found == [("not met: registered here", None), (None, "where registered?")]


def test_a_household_nobody_is_concerned_with_has_no_chain(chain: DuckEngine) -> None:
    assert chain.rows("select count(*) from chain where household_id = 'H2'") == [(0,)]
