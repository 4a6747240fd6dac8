"""Runs the cases officials can read: a household, what is known about it, and what each programme must say.

A case names a day, members and facts (`may_exclude: false` for a weak, stale or too short statement), and expects per
programme and unit `whole` (everything required known to be met), `open` (nothing against, something unknown),
`out`, or `not assessed`; or a criterion as true, false or unknown.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.engines.duckdb import DuckEngine
from flows.rules import read_rule_files
from flows.search_settings import assumptions
from matchers.candidates.verdicts import reach_verdicts
from matchers.eligibility.assess import assess, list_units
from matchers.eligibility.facts import FACT_NAMES, choose_facts
from matchers.eligibility.rules import open_rule_book
from schemas.contract import Table
from schemas.findings import FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER

Given = Callable[[Table, str], None]
FOLDER = Path(__file__).parent
WORDS = {True: "true", False: "false", None: "unknown"}


def cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield pytest.param(case, id=f"{file.stem}: {case['name']}")


@pytest.mark.parametrize("case", list(cases()))
def test_the_rules_say_what_the_case_expects(case: dict[str, Any], db: DuckEngine, given: Given) -> None:
    day = case["day"]
    draw(case, given)
    files = read_rule_files()
    book = open_rule_book(files.programmes, files.areas, files.precedence, day)
    choose_facts(db, book.fact_names)
    list_units(db, book.rules, day)
    assess(db, book.rules, day)
    reach_verdicts(db, assumptions(files, day))
    found = {
        (p, u): verdict(out, whole)
        for p, u, out, whole in db.rows("select programme_id, unit_id, is_out, is_whole from verdict")
    }
    tests = {
        (p, u, c): WORDS[met]
        for p, u, c, met in db.rows("select programme_id, unit_id, criterion, is_met from finding")
    }
    for programme_id, units in case["expect"].items():
        for unit, expected in units.items():
            if isinstance(expected, dict):
                said = {name: tests.get((programme_id, unit, name)) for name in expected}
                assert said == {name: WORDS[value] for name, value in expected.items()}
            else:
                assert found.get((programme_id, unit), "not assessed") == expected


def verdict(is_out: bool, is_whole: bool) -> str:
    return "out" if is_out else "whole" if is_whole else "open"


def draw(case: dict[str, Any], given: Given) -> None:
    """Make one household `home` of the members, with the facts of the case."""
    day, home = case["day"], case["given"]
    members = home["members"]
    place = {True: "true", False: "false", None: ""}[home.get("rural")]
    given(
        HOUSEHOLD,
        "household_id | head_person_id | area_code | township_code | member_count | person_count | is_rural | composition_probability\n"
        f"home | {members[0]} | 230123 | 230123001 | {len(members)} | {len(members)} | {place} | 1",
    )
    given(
        HOUSEHOLD_MEMBER,
        "person_id | household_id | is_counted | reason | membership_probability\n"
        + "\n".join(f"{member} | home | true | drawn | 1" for member in members),
    )
    given(
        FACT,
        "unit | unit_id | fact_name | number_value | text_value | date_value | source_id | detail | as_of_date | link_probability | can_exclude\n"
        + "\n".join(fact_line(fact, day) for fact in home.get("facts", [])),
    )


def fact_line(fact: dict[str, Any], day: datetime.date) -> str:
    assert fact["fact"] in FACT_NAMES, f"there is no fact {fact['fact']}"
    unit = "household" if fact["of"] == "home" else "person"
    sure = fact.get("may_exclude", True)
    cells = (
        unit,
        fact["of"],
        fact["fact"],
        fact.get("number", ""),
        fact.get("text", ""),
        fact.get("date", ""),
        "drawn",
        fact.get("detail", "once"),
        day,
        1 if sure else fact.get("link", 0.9),
        str(sure).lower(),
    )
    return " | ".join(str(cell) for cell in cells)
