"""Assistance chains: each programme's state for those concerned, and nothing for anybody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.candidates.chains import CriterionSaid, Owners, build_chains, write_referral_rows
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FINDING, SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.quality import PLACE_NAME
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
    build_chains(db, SAID, Owners((("a", "民政"), ("b", "医保"), ("c", "教育"))))
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


@pytest.fixture
def candidates(db: DuckEngine, given: Given) -> DuckEngine:
    """Candidates nobody visits this month: one likely and one unlikely of another department's, one of civil affairs."""
    given(HOUSEHOLD, "household_id | head_person_id\nH1 | p1")
    given(HOUSEHOLD_MEMBER, "person_id | household_id\np1 | H1\np2 | H1")
    given(SERVED, "")
    given(SIGNAL, "")
    given(PERSON, "person_id | full_name\np1 | 甲\np2 | 乙")
    given(PLACE_NAME, "")
    given(
        CANDIDATE,
        "candidate_id | programme_id | unit | unit_id | person_id | household_id | probability | is_within_capacity | is_random_share | questions_en\n"
        "C1 | b | person | p1 | p1 | H1 | 0.5 | false | false | asked?\nC2 | b | person | p2 | p2 | H1 | 0.1 | false | false | asked?\n"
        "C3 | a | person | p1 | p1 | H1 | 0.9 | false | false | asked?\nC4 | c | person | p2 | p2 | H1 | 0.1 | true | false | asked?",
    )
    given(
        FINDING,
        "\n".join(
            ["programme_id | unit | unit_id | criterion | effect | is_met"]
            + [
                f"{p} | person | {u} | registered_here | requires | true"
                for p, u in (("b", "p1"), ("b", "p2"), ("a", "p1"), ("c", "p2"))
            ]
        ),
    )
    owners = Owners((("a", "民政"), ("b", "医保"), ("c", "教育")), only_along=("b", "c"), referral_floor=0.2)
    build_chains(db, SAID, owners)
    write_referral_rows(db, owners)
    return db


def test_another_department_is_told_of_likely_candidates_without_waiting_for_a_visit(candidates: DuckEngine) -> None:
    found = candidates.rows("select department, lead_id, questions_en from referral_row order by lead_id")
    assert found == [("医保", "C1", "asked?"), ("教育", "C4", "asked?")]


def test_the_chain_says_visit_only_where_a_visit_will_come(candidates: DuckEngine) -> None:
    found = candidates.rows("select candidate_id, next_step from chain order by candidate_id")
    assert found == [("C1", "refer"), ("C2", "ask_when_met"), ("C3", "visit_later"), ("C4", "visit_this_month")]
