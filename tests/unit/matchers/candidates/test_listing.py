"""The words of the list: few, chosen, and without anything a caseworker need not know."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from flows.rules import read_rule_files
from flows.search_settings import always_asked, criterion_words, signal_words
from matchers.candidates.listing import LINK_QUESTION, MOST_QUESTIONS, asked_always, write_candidates
from schemas.contract import Table
from schemas.findings import FINDING
from schemas.households import HOUSEHOLD
from schemas.people import PERSON
from schemas.screening import PERSON_TRAIT, PLACE_IN_LINE, PROSPECT, TRAIT

DAY = datetime.date(2026, 10, 31)
FILES = read_rule_files()
Given = Callable[[Table, str], None]
Line = Callable[[], tuple[str, ...]]


DRAWN_PROSPECT = """
        programme_id          | unit      | unit_id | household_id | probability | unknown_count | deciding_link | link_probability | rests_on_unconfirmed | is_listed
        subsistence_allowance | household | home    | home         | 0.3         | 2             | r:1           | 0.9              | true                 | true
    """
DRAWN_PLACE_IN_LINE = """
        programme_id          | unit_id | rank | is_within_capacity | is_random_share
        subsistence_allowance | home    | 1    | true               | false
    """
DRAWN_FINDING = """
        programme_id          | unit      | unit_id | criterion              | effect   | is_met | authority | is_confirmed
        subsistence_allowance | household | home    | income_below_standard  | requires |        | drawn     | true
        subsistence_allowance | household | home    | property_conforms      | requires |        | drawn     | true
        subsistence_allowance | household | home    | member_registered_here | requires | true   | drawn     | true
    """
DRAWN_HOUSEHOLD = """
        household_id | head_person_id | township_code | village_code | member_count | person_count | composition_probability
        home         | ann            | 230123001     | 230123001001 | 2            | 2            | 1
    """


@pytest.fixture
def line(db: DuckEngine, given: Given) -> Line:
    given(
        PROSPECT,
        DRAWN_PROSPECT,
    )
    given(
        PLACE_IN_LINE,
        DRAWN_PLACE_IN_LINE,
    )
    given(
        FINDING,
        DRAWN_FINDING,
    )
    given(
        HOUSEHOLD,
        DRAWN_HOUSEHOLD,
    )
    given(PERSON, "person_id | record_count | source_count | link_probability\nann | 1 | 1 | 1")
    given(PERSON_TRAIT, "")
    traits = [c.name for c in TRAIT.columns if c.name != "household_id"]
    worth = {"illness": "1", "burden": "3", "monitored": "2"}
    given(TRAIT, f"household_id | {' | '.join(traits)}\nhome | {' | '.join(worth.get(name, '0') for name in traits)}")

    def answer() -> tuple[str, ...]:
        write_candidates(db, criterion_words(FILES, DAY), signal_words(FILES))
        return db.rows(
            "select person_id, reasons_zh, reasons_en, questions_zh, questions_en, candidate_id from candidate"
        )[0]

    return answer


def test_the_head_is_asked_for_and_the_reasons_are_the_households(line: Line) -> None:
    person, zh, en, *_ = line()
    assert person == "ann"
    assert zh == "家庭为防止返贫监测对象；家庭中有成员近一年因重病就医；近一年家庭医疗自付负担较重"
    assert en.count(";") == 2


def test_a_doubtful_link_is_asked_about_first_then_what_is_unknown_then_whether_it_was_applied_for(line: Line) -> None:
    _, _, _, questions, _, _ = line()
    asked = questions.split("\n")
    assert asked[0] == LINK_QUESTION.zh
    assert asked[1].startswith("全家近12个月")
    assert len(asked) == 4


def test_the_same_unit_has_the_same_id_every_time(line: Line) -> None:
    assert line()[5] == line()[5]
    assert re.fullmatch(r"C[0-9A-F]{12}", line()[5])


def test_no_words_of_the_lists_hold_an_amount_or_a_disease() -> None:
    words = [w for c in criterion_words(FILES, DAY) for w in (c.reason,) if w] + [s.reason for s in signal_words(FILES)]
    assert not [w.zh for w in words if re.search(r"[0-9]|元|癌|肿瘤|智力|精神", w.zh)]


def test_no_programme_asks_more_than_a_few_questions_and_none_that_would_settle_it_is_left_out(line: Line) -> None:
    asked: dict[str, set[str]] = {}
    for word in criterion_words(FILES, DAY):
        asked.setdefault(word.programme_id, set()).update({word.question.zh} if word.question else ())
    assert {programme for programme, questions in asked.items() if len(questions) > MOST_QUESTIONS} == set()
    assert MOST_QUESTIONS <= 5
    assert len(line()[3].split("\n")) <= MOST_QUESTIONS + 2


def test_a_question_that_settles_two_criteria_is_asked_once(given: Given, line: Line) -> None:
    verge = "verge_family          "
    given(PROSPECT, DRAWN_PROSPECT.replace("subsistence_allowance", verge))
    given(PLACE_IN_LINE, DRAWN_PLACE_IN_LINE.replace("subsistence_allowance", verge))
    given(
        FINDING,
        """
        programme_id | unit      | unit_id | criterion                | effect   | is_met | authority | is_confirmed
        verge_family | household | home    | income_at_least_standard | requires |        | drawn     | true
        verge_family | household | home    | income_below_verge_line  | requires |        | drawn     | true
        """,
    )
    questions = line()[3].split("\n")
    assert len([question for question in questions if "12个月" in question]) == 1
    assert len(questions) == len(set(questions))


def test_what_no_source_tells_and_is_not_paid_beside_is_asked_at_every_visit(db: DuckEngine) -> None:
    always = always_asked(FILES)
    assert {word.programme_id for word in always} == {"disability_living_subsidy", "disability_nursing_subsidy"}
    found = db.rows(
        f"select {asked_always(always, 'zh')}, {asked_always((), 'zh')} "
        "from (values ('disability_nursing_subsidy'), ('old_age_allowance')) c(programme_id)"
    )
    assert found == [("是否领取工伤保险生活护理费等其他护理类待遇？", None), (None, None)]
