"""Figures of a day, and what stops where one is missing."""

from __future__ import annotations

import datetime

import pytest

from flows.rules import read_rule_files
from matchers.eligibility.rules import Figures, figure_text, limit_on, open_rule_book, spelled_out
from matchers.errors import ReferenceMissingError, RuleFileError
from schemas.parameter import AreaParameters
from schemas.programme import Limit, Precedence, Programme

DAY = datetime.date(2026, 10, 31)
FILES = read_rule_files().within(["230123"])


def without(name: str) -> AreaParameters:
    area = FILES.areas[0]
    return area.model_copy(update={"parameters": {k: v for k, v in area.parameters.items() if k != name}})


def test_a_missing_figure_stops_its_programmes_and_names_itself() -> None:
    book = open_rule_book(FILES.programmes, (without("old_age.age"),), FILES.precedence, DAY)
    assert [stop.programme_id for stop in book.stopped] == ["old_age_allowance"]
    assert "old_age.age is not set for area 230123" in book.stopped[0].reason
    assert "old_age_allowance" not in {rule.programme_id for rule in book.rules}
    assert "subsistence_allowance" in {rule.programme_id for rule in book.rules}


def test_where_nothing_can_be_assessed_the_run_stops() -> None:
    programmes = tuple(p for p in FILES.programmes if p.programme_id == "old_age_allowance")
    with pytest.raises(ReferenceMissingError, match=r"old_age\.age"):
        open_rule_book(programmes, (without("old_age.age"),), FILES.precedence, DAY)


def test_a_figure_of_another_area_is_never_borrowed() -> None:
    other = FILES.areas[0].model_copy(update={"area": "230109", "parameters": {}})
    book = open_rule_book(FILES.programmes, (FILES.areas[0], other), FILES.precedence, DAY)
    assert {rule.area for rule in book.rules} == {"230123"} | {rule.area for rule in book.rules if rule.limit == "null"}
    assert "subsistence_allowance" in {stop.programme_id for stop in book.stopped if stop.area == "230109"}


def test_before_the_first_version_a_programme_is_not_in_force() -> None:
    book = open_rule_book(FILES.programmes, FILES.areas, FILES.precedence, datetime.date(2019, 12, 31))
    assert "unattended_child" in {stop.programme_id for stop in book.stopped}


def test_a_limit_may_be_one_figure_times_another_and_is_unconfirmed_if_either_is() -> None:
    sql, text, confirmed = limit_on(
        Figures(FILES.areas[0], DAY), Limit(parameter="subsistence.standard_month", times="verge.multiple")
    )
    assert "632" in sql
    assert text == "rural 632 / urban 832 × 1.5"
    assert not confirmed


def test_a_star_stands_for_every_type() -> None:
    assert spelled_out("*-1") == ("1-1", "2-1", "3-1", "4-1", "5-1", "6-1", "7-1")
    assert spelled_out("5-3") == ("5-3",)
    assert figure_text(("*-1", "5-3")) == "*-1, 5-3"


def test_an_unknown_criterion_is_a_fault_of_the_file() -> None:
    spoilt = FILES.programmes[0].model_dump()
    spoilt["versions"][0]["requires"][0]["criterion"] = "no_such_test"
    spoilt["universe"] = ()
    programme = Programme.model_validate(spoilt)
    with pytest.raises(RuleFileError, match="no_such_test"):
        open_rule_book((programme,), FILES.areas, FILES.precedence, DAY)


def test_every_interlock_names_programmes_and_receipts_that_exist() -> None:
    assert isinstance(FILES.precedence, Precedence)
    ids = {p.programme_id for p in FILES.programmes}
    assert {rule.programme_id for rule in FILES.precedence.receipt_excludes} <= ids
    assert {rule.whole for rule in FILES.precedence.whole_before_part} <= ids
