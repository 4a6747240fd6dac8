"""Runs the cases officials can read: a household, what is known about it, and what each programme must say.

A case names a day, members and facts (`may_exclude: false` for a weak, stale or too short statement; `born` instead of
an age), and expects per programme and unit `whole` (everything required known to be met), `open` (nothing against,
something unknown), `out`, or `not assessed`; or a criterion as true, false or unknown; or, in yuan, what a month would
bring and how far income is from the line (null: not known). Cases of a day are assessed together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from flows.engines.duckdb import DuckEngine
from flows.rules import RuleFiles, read_rule_files
from flows.search_settings import assumptions, stakes
from matchers.candidates.ranking import Capacity, value_prospects
from matchers.candidates.verdicts import reach_verdicts
from matchers.eligibility.assess import assess, list_units
from matchers.eligibility.facts import FACT_NAMES, ages, choose_facts
from matchers.eligibility.rules import open_rule_book
from matchers.sql import literal
from schemas.contract import Table
from schemas.findings import FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.screening import PROSPECT

FOLDER = Path(__file__).parent
WORDS = {True: "true", False: "false", None: "unknown"}
FIGURES = ("benefit_month_yuan", "line_distance_yuan")
ANYBODY = Capacity(
    share=1, random_share=0, income_tested_share=0, along_floor=0, income_tested=(), only_along=(), seed=1
)
Case = dict[str, Any]
Key = tuple[str, ...]


class Said(NamedTuple):
    """What the rules said of all cases of one day: by case, programme and unit, and by criterion or figure as well."""

    verdicts: dict[Key, str]
    criteria: dict[Key, str]
    figures: dict[Key, float | None]


@cache
def cases() -> tuple[tuple[str, Case], ...]:
    """Return every case by its number, as C1 and on, with the file it stands in."""
    found = [
        (file.stem, case)
        for file in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    return tuple((f"C{number}", {**case, "file": stem}) for number, (stem, case) in enumerate(found, start=1))


@cache
def rule_files() -> RuleFiles:
    return read_rule_files()


@pytest.fixture(scope="module")
def said() -> dict[datetime.date, Said]:
    days = sorted(cases(), key=lambda numbered: numbered[1]["day"])
    return {day: assessed(day, tuple(group)) for day, group in groupby(days, key=lambda numbered: numbered[1]["day"])}


def assessed(day: datetime.date, drawn: tuple[tuple[str, Case], ...], files: RuleFiles | None = None) -> Said:
    """Return what the rules of a day say of its cases: those of the project unless others are given."""
    files = files or rule_files()
    book = open_rule_book(files.programmes, files.areas, files.precedence, day)
    with DuckEngine(memory="1GB") as db:
        draw(db, HOUSEHOLD, [household(number, case) for number, case in drawn])
        draw(db, HOUSEHOLD_MEMBER, [row for number, case in drawn for row in members(number, case)])
        draw(db, FACT, [row for number, case in drawn for row in facts(number, case)])
        draw(db, PERSON, [row for number, case in drawn for row in births(number, case)])
        db.run(f"insert into fact select 'person', * from ({ages(day)})")
        choose_facts(db, book.fact_names)
        list_units(db, book.rules, day)
        assess(db, book.rules, day)
        reach_verdicts(db, assumptions(files, day))
        found = db.rows("select unit_id, programme_id, is_out, is_whole from verdict")
        tests = db.rows("select unit_id, programme_id, criterion, is_met from finding")
        value_everybody(db, files, day)
        sums = db.rows(
            f"select unit_id, programme_id, {', '.join(f'{name}::double' for name in FIGURES)} from valued_prospect"
        )
    return Said(
        {(programme, *unit.split(".")): verdict(out, whole) for unit, programme, out, whole in found},
        {(programme, *unit.split("."), criterion): WORDS[met] for unit, programme, criterion, met in tests},
        {
            (programme, *unit.split("."), name): yuan
            for unit, programme, *amounts in sums
            for name, yuan in zip(FIGURES, amounts, strict=True)
        },
    )


def value_everybody(db: DuckEngine, files: RuleFiles, day: datetime.date) -> None:
    """Work out what is at stake for every unit nothing speaks against, whatever its chance."""
    db.create(
        PROSPECT.name,
        "select programme_id, unit, unit_id, household_id, required_probability as probability, unknown_count, deciding_link, "
        "link_probability, rests_on_unconfirmed, true as is_listed, null::varchar as reason from verdict where not is_out",
    )
    value_prospects(db, ANYBODY, stakes(files, day))


def verdict(is_out: bool, is_whole: bool) -> str:
    return "out" if is_out else "whole" if is_whole else "open"


def household(number: str, case: Case) -> dict[str, Any]:
    given = case["given"]
    area, size = given.get("area", "230123"), len(given["members"])
    return {
        "household_id": f"{number}.home", "head_person_id": f"{number}.{given['members'][0]}", "area_code": area,
        "township_code": f"{area}001", "member_count": size, "person_count": size, "is_rural": given.get("rural"),
        "composition_probability": 1,
    }  # fmt: skip


def members(number: str, case: Case) -> Iterator[dict[str, Any]]:
    for name in case["given"]["members"]:
        yield {
            "person_id": f"{number}.{name}", "household_id": f"{number}.home", "is_counted": True, "reason": "drawn",
            "membership_probability": 1,
        }  # fmt: skip


def facts(number: str, case: Case) -> Iterator[dict[str, Any]]:
    """Every fact of a case. A declared income names what may be `deducted` from it a head and month, nothing unless said."""
    for fact in case["given"].get("facts", []):
        if "born" in fact:
            continue
        yield fact_row(number, case, fact)
        if fact["fact"] == "declared_income_household":
            least = {"fact": "declared_income_least", "number": fact["number"] - fact.get("deducted", 0)}
            yield fact_row(number, case, {**fact, **least})


def births(number: str, case: Case) -> Iterator[dict[str, Any]]:
    """Whoever is told by a day of birth, so that the rules work the age out themselves."""
    for fact in case["given"].get("facts", []):
        if "born" in fact:
            yield {
                "person_id": f"{number}.{fact['of']}", "birth_date": fact["born"], "national_id": "drawn",
                "record_count": 1, "source_count": 1, "link_probability": 1,
            }  # fmt: skip


def fact_row(number: str, case: Case, fact: dict[str, Any]) -> dict[str, Any]:
    assert fact["fact"] in FACT_NAMES, f"there is no fact {fact['fact']}"
    sure = fact.get("may_exclude", True)
    return {
        "unit": "household" if fact["of"] == "home" else "person", "unit_id": f"{number}.{fact['of']}",
        "fact_name": fact["fact"], "number_value": fact.get("number"), "text_value": fact.get("text"),
        "date_value": fact.get("date"), "source_id": "drawn", "detail": fact.get("detail", "once"),
        "as_of_date": case["day"], "link_probability": 1 if sure else fact.get("link", 0.9), "can_exclude": sure,
    }  # fmt: skip


def draw(db: DuckEngine, table: Table, rows: list[dict[str, Any]]) -> None:
    """Make a table of rows; columns not given are null."""
    body = ", ".join(f"({', '.join(literal(row.get(name)) for name in table.column_names)})" for row in rows)
    nothing = f"({', '.join('null' for _ in table.columns)})"
    typed = ", ".join(f"{column.name}::{column.type} as {column.name}" for column in table.columns)
    named = ", ".join(table.column_names)
    where = f"where {table.columns[0].name} is not null"
    db.create(table.name, f"select {typed} from (values {body or nothing}) as v({named}) {where}")


@pytest.mark.parametrize(
    ("number", "case"), [pytest.param(number, case, id=f"{case['file']}: {case['name']}") for number, case in cases()]
)
def test_the_rules_say_what_the_case_expects(number: str, case: Case, said: dict[datetime.date, Said]) -> None:
    assert verdict_of(number, case, said[case["day"]]) == case["expect"]


def verdict_of(number: str, case: Case, found: Said) -> Case:
    """Return what the rules said in the shape of what the case expects, so that the two can be held against each other."""
    answers = {word: value for value, word in WORDS.items()}
    return {
        programme: {
            unit: {
                name: found.figures.get((programme, number, unit, name), "not assessed")
                if name in FIGURES
                else answers.get(str(found.criteria.get((programme, number, unit, name))), "not assessed")
                for name in expected
            }
            if isinstance(expected, dict)
            else found.verdicts.get((programme, number, unit), "not assessed")
            for unit, expected in units.items()
        }
        for programme, units in case["expect"].items()
    }


def test_the_cases_are_many_and_no_two_are_one() -> None:
    drawn = [yaml.safe_dump({key: case[key] for key in ("day", "given", "expect")}) for _, case in cases()]
    repeated = sorted(case["name"] for (_, case), text in zip(cases(), drawn, strict=True) if drawn.count(text) > 1)
    assert not repeated
    named = [(case["file"], case["name"]) for _, case in cases()]
    assert len(named) == len(set(named))


def test_every_programme_has_cases() -> None:
    expected = {programme for _, case in cases() for programme in case["expect"]}
    assert expected == {programme.programme_id for programme in rule_files().programmes}
