"""Runs the cases of early warning officials can read: what is known this month and last, and who is looked at.

A case names a day, members, the facts of this month (`now`) and of the month before (`before`; left out: the first
month), and expects per indicator the units a signal is raised for, with grade; `{}` is nobody. Sources named in
`silent_before` did not deliver last month. `whole: {programme: [units]}` draws verdicts in which everything is met.
Cases of one day are drawn as so many households of one county, so that early warning runs once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.engines.duckdb import DuckEngine
from flows.indicators import raise_all, read_indicators, with_figures
from flows.rules import read_rule_files
from matchers.eligibility.facts import FACT_NAMES
from matchers.indicators.rules import open_watch_book
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FACT, SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.links import PERSON_EVENT
from schemas.people import PERSON
from schemas.screening import VERDICT

Given = Callable[[Table, str], None]
Case = dict[str, Any]
FOLDER = Path(__file__).parent / "indicators"
SOURCES = ("derived", "drawn", "medical_settlement")
HEADS = {
    HOUSEHOLD: "household_id | head_person_id | area_code | member_count | person_count | is_rural | composition_probability",
    PERSON: "person_id | area_code | record_count | source_count | link_probability",
    HOUSEHOLD_MEMBER: "person_id | household_id | is_counted | reason | membership_probability",
    FACT: "unit | unit_id | fact_name | number_value | text_value | date_value | source_id | detail | as_of_date | "
    "link_probability | can_exclude",
    VERDICT: "programme_id | unit | unit_id | household_id | is_out | is_whole | unknown_count | required_probability | "
    "permitted_probability | link_probability | rests_on_unconfirmed",
    SERVED: "programme_id | unit | unit_id | source_id | as_of_date | link_probability | record_id",
    PERSON_EVENT: "person_id",
    CANDIDATE: "candidate_id",
}


def cases() -> list[Case]:
    """Return every case with the prefix that keeps its people apart from those of other cases."""
    read = [
        {**case, "name": f"{file.stem}: {case['name']}"}
        for file in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    return [{**case, "prefix": f"c{number}:"} for number, case in enumerate(read)]


def county_of(case: Case) -> tuple[str, bool, str]:
    """Return what cases must share to be drawn in one county: the day, and what last month can be compared with."""
    return str(case["day"]), "before" in case["given"], " ".join(case["given"].get("silent_before", []))


COUNTIES = [
    (county, list(group)) for county, group in groupby(sorted(cases(), key=county_of), key=county_of)
]  # fmt: skip


@pytest.mark.parametrize(("county", "group"), COUNTIES, ids=[" ".join(map(str, county)) for county, _ in COUNTIES])
def test_early_warning_raises_what_the_cases_expect(
    county: tuple[str, bool, str], group: list[Case], db: DuckEngine, given: Given
) -> None:
    draw_before(db, given, group)
    draw_now(given, group)
    book = open_watch_book(read_indicators(), with_figures(read_rule_files().areas), group[0]["day"])
    comparable = tuple(name for name in SOURCES if name not in county[2].split()) if county[1] else ()
    raise_all(db, book, comparable)
    raised: dict[tuple[str, str], str] = {
        (indicator, unit): grade
        for indicator, unit, grade in db.rows("select indicator_id, unit_id, grade from signal")
    }
    wrong = {case["name"]: wrongly(case, raised) for case in group if wrongly(case, raised)}
    assert wrong == {}


def test_every_indicator_has_a_case() -> None:
    named = {name for case in cases() for name in case["expect"]}
    assert {indicator.indicator_id for indicator in read_indicators()} == named


def wrongly(case: Case, raised: dict[tuple[str, str], str]) -> dict[str, dict[str, str]]:
    """Return what was raised for the case's people instead of what it expects, by indicator."""
    prefix = case["prefix"]
    found = {
        name: {u.removeprefix(prefix): g for (i, u), g in raised.items() if i == name and u.startswith(prefix)}
        for name in case["expect"]
    }
    return {name: got for name, got in found.items() if got != case["expect"][name]}


def table(given: Given, drawn: Table, lines: Iterable[tuple[object, ...]]) -> None:
    given(drawn, "\n".join([HEADS[drawn], *(" | ".join(str(cell) for cell in line) for line in lines)]))


def draw_before(db: DuckEngine, given: Given, group: list[Case]) -> None:
    table(given, FACT, [fact for case in group for fact in facts(case, "before")])
    table(given, HOUSEHOLD_MEMBER, [m for case in group if "before" in case["given"] for m in members(case, gone=True)])
    table(given, CANDIDATE, [])
    for name in (FACT.name, HOUSEHOLD_MEMBER.name, CANDIDATE.name):
        db.run(f"create or replace table {name}_before as select * from {name}")


def draw_now(given: Given, group: list[Case]) -> None:
    table(given, FACT, [fact for case in group for fact in facts(case, "now")])
    table(given, HOUSEHOLD_MEMBER, [member for case in group for member in members(case, gone=False)])
    table(given, PERSON, [(m[0], "230123", 1, 1, 1) for case in group for m in members(case, gone=True)])
    table(given, HOUSEHOLD, [household(case) for case in group])
    table(given, PERSON_EVENT, [])
    whole = [(p, "person", unit, case["prefix"] + "home") for case in group for p, unit in named(case, "whole")]
    table(given, VERDICT, [(*line, "false", "true", 0, 1, 1, 1, "false") for line in whole])
    served = [(p, "person", unit, "roll", case["day"], 1, "r") for case in group for p, unit in named(case, "served")]
    table(given, SERVED, served)


def named(case: Case, what: str) -> list[tuple[str, str]]:
    return [(p, case["prefix"] + unit) for p, units in case["given"].get(what, {}).items() for unit in units]


def household(case: Case) -> tuple[object, ...]:
    people, prefix = case["given"]["members"], case["prefix"]
    place = {True: "true", False: "false", None: ""}[case["given"].get("rural", True)]
    return (prefix + "home", prefix + people[0], "230123", len(people), len(people), place, 1)


def members(case: Case, *, gone: bool) -> list[tuple[object, ...]]:
    people = case["given"]["members"] + (case["given"].get("gone", []) if gone else [])
    return [(case["prefix"] + name, case["prefix"] + "home", "true", "drawn", 1) for name in people]


def facts(case: Case, month: str) -> list[tuple[object, ...]]:
    return [fact_line(fact, case) for fact in case["given"].get(month, [])]


def fact_line(fact: Case, case: Case) -> tuple[object, ...]:
    assert fact["fact"] in FACT_NAMES, f"there is no fact {fact['fact']}"
    link = fact.get("link", 1)
    return (
        "household" if fact["of"] == "home" else "person", case["prefix"] + fact["of"], fact["fact"], fact.get("number", ""),
        fact.get("text", ""), fact.get("date", ""), fact.get("source", "drawn"), "once", case["day"], link, str(link >= 0.999).lower(),
    )  # fmt: skip
