"""Silence is an answer only of a register that came whole and lately."""

from __future__ import annotations

import datetime

import pytest

from flows.rules import read_rule_files
from matchers.eligibility.assess import was_answered
from matchers.eligibility.criteria import CRITERIA
from matchers.eligibility.readings import readings
from matchers.eligibility.rules import RuleBook, open_rule_book
from matchers.eligibility.silence import STATED_BY, Heard, heard_only, mute_facts, without_the_unheard
from matchers.errors import DeliveryError

DAY = datetime.date(2026, 10, 31)
FILES = read_rule_files()
BOOK = open_rule_book(FILES.programmes, FILES.within(["230123"]).areas, FILES.precedence, DAY)
SOURCES = sorted({source for sources in STATED_BY.values() for source in sources})


def heard(**changed: Heard) -> dict[str, Heard]:
    return {source: Heard(True, DAY) for source in SOURCES} | changed


def test_where_every_register_came_nothing_is_mute() -> None:
    assert mute_facts(heard(), DAY) == frozenset()
    assert without_the_unheard(BOOK, frozenset()).rules == BOOK.rules


def test_every_criterion_that_reads_silence_says_who_would_have_spoken() -> None:
    silent = {test.fact for criterion in CRITERIA if criterion.absent is not None for test in criterion.tests}
    assert silent <= set(STATED_BY)
    read: dict[str, set[str]] = {}
    for reading in readings(DAY):
        read.setdefault(reading.fact, set()).add(reading.source)
    assert {fact: set(STATED_BY[fact]) for fact in silent & set(read)} == {
        fact: read[fact] for fact in silent & set(read)
    }


@pytest.mark.parametrize(
    "state",
    [Heard(False, DAY), Heard(True, None), Heard(True, DAY - datetime.timedelta(days=63))],
    ids=["partial", "missing", "too old"],
)
def test_a_register_that_was_not_heard_leaves_its_facts_unknown_and_never_no(state: Heard) -> None:
    mute = mute_facts(heard(extreme_difficulty_roll=state), DAY)
    assert mute == {"extreme_difficulty_share", "receives_extreme_difficulty"}
    answers = {rule.criterion.name: rule.criterion.absent for rule in heard_only(BOOK.rules, mute)}
    assert answers["receives_extreme_difficulty"] is None
    assert answers["all_in_extreme_difficulty"] is None
    assert answers["receives_orphan_allowance"] is False


def test_a_delivery_of_the_month_before_still_speaks() -> None:
    assert mute_facts(heard(extreme_difficulty_roll=Heard(True, datetime.date(2026, 9, 30))), DAY) == frozenset()


def test_without_its_roll_a_programme_stops_instead_of_listing_those_who_receive_it() -> None:
    mute = mute_facts(heard(old_age_roll=Heard(False, None)), DAY)
    book = without_the_unheard(BOOK, mute)
    assert [stop.programme_id for stop in book.stopped] == ["old_age_allowance"]
    assert "old_age_roll did not come" in book.stopped[0].reason
    assert "old_age_allowance" not in {rule.programme_id for rule in book.rules}


def test_without_its_register_a_programme_for_its_holders_stops() -> None:
    book = without_the_unheard(BOOK, mute_facts(heard(disability_certificate=Heard(False, None)), DAY))
    stopped = {stop.programme_id for stop in book.stopped}
    assert {"disability_living_subsidy", "disability_nursing_subsidy"} <= stopped
    # Those known to be severely ill are still looked for.
    assert "single_person_allowance" not in stopped


def test_where_no_programme_is_left_the_run_stops() -> None:
    rules = tuple(
        rule for rule in BOOK.rules if rule.programme_id in ("old_age_allowance", "disability_nursing_subsidy")
    )
    with pytest.raises(DeliveryError, match="no programme can be screened"):
        without_the_unheard(RuleBook(rules, ()), frozenset(STATED_BY))


def test_nothing_speaks_against_anybody_where_what_would_have_spoken_for_them_was_not_heard() -> None:
    rules = heard_only(BOOK.rules, frozenset({"household_tier"}))
    rule = next(
        r for r in rules if (r.programme_id, r.criterion.name) == ("extreme_difficulty", "income_below_standard")
    )
    tier, floor, *_ = rule.criterion.tests
    assert was_answered(rule, tier)
    assert not was_answered(rule, floor)
    assert all(was_answered(rule, test) for rule in BOOK.rules for test in rule.criterion.tests)
