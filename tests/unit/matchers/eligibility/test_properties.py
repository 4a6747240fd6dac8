"""What must hold for any household and any facts, not only for drawn ones.

Each property compares two drawings of the same households in one assessment: as they are, and with one thing changed.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from flows.rules import read_rule_files
from flows.search_settings import assumptions
from matchers.candidates.verdicts import Assumption, reach_verdicts
from matchers.eligibility.assess import assess, list_units
from matchers.eligibility.derived import derive_facts
from matchers.eligibility.facts import choose_facts, state_facts
from matchers.eligibility.rules import RuleBook, open_rule_book
from matchers.sql import literal
from schemas.contract import Table
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.screening import PERSON_FACT, RELATIVE, ROLL_LINE

DAY = datetime.date(2026, 10, 31)
# An assessment costs the same for few households as for some, so each example draws some and there are few examples.
HOMES = 24
# Income-tested with an upper line only; the verge programmes have a lower one too, which more income may reach.
BELOW_A_LINE = {
    ("subsistence_allowance", "income_below_standard"), ("extreme_difficulty", "income_below_standard"),
    ("single_person_allowance", "income_below_verge_line"), ("verge_family", "income_below_verge_line"),
    ("rigid_expenditure_family", "income_below_disposable"),
}  # fmt: skip
INCOMES = ("wage", "pension", "unemployment_benefit", "land_subsidy")
NUMBERS = {
    **dict.fromkeys(INCOMES, (0.0, 100.0, 632.0, 5000.0)), "declared_income_head": (0.0, 300.0, 632.0, 700.0, 948.0, 3000.0),
    "age": (0.0, 6.0, 15.0, 17.0, 30.0, 60.0, 79.0, 85.0), "registered_here": (0.0, 1.0), "own_medical": (50.0, 4000.0, 20000.0),
    "severe_illness": (1.0, 2.0), "deceased": (1.0,), "disability": (0.0, 1.0), "student": (0.0, 1.0), "monitored": (0.0, 1.0),
    "unemployed": (1.0,), "disaster": (5000.0,), "medical_aid": (0.0, 500.0), "worker_in_difficulty": (1.0,), "house_grade": (2020.0,),
}  # fmt: skip
TEXTS = {
    "disability": ("1-1", "4-3", "6-3"), "student": ("primary",), "monitored": ("unstable", "sudden"), "house_grade": ("A", "D"),
}  # fmt: skip
Row = dict[str, object]
Answers = dict[tuple[str, str, str], bool | None]


@dataclass(frozen=True)
class Said:
    """One statement about one member of one household."""

    home: int
    member: int
    name: str
    number: float | None
    text: str | None
    sure: bool
    source: str = "drawn"


@dataclass(frozen=True)
class Outcome:
    """What came out: per unit and programme whether it is still a candidate, per criterion its answer."""

    candidates: frozenset[tuple[str, str]]
    answers: Answers


def world_of(seed: int) -> tuple[Said, ...]:
    """Return what is known about the members of some households of two; each fact of a member at most once."""
    pick = random.Random(seed)
    return tuple(
        Said(home, member, name, pick.choice(NUMBERS[name]), pick.choice(TEXTS.get(name, (None,))), pick.random() < 0.5)
        for home in range(HOMES)
        for member in (0, 1)
        for name in pick.sample(sorted(NUMBERS), pick.randrange(6))
    )


# Hypothesis begins with the smallest it can draw, which are empty households; every seed draws full ones.
worlds = st.integers(0, 2**32).map(world_of)


@cache
def rules() -> tuple[RuleBook, tuple[Assumption, ...]]:
    files = read_rule_files().within(["230123"])
    return open_rule_book(files.programmes, files.areas, files.precedence, DAY), assumptions(files, DAY)


def assessed(drawings: dict[str, tuple[Said, ...]], seed: int = 0) -> dict[str, Outcome]:
    """Return what the rules say of each drawing of the same households; `seed` orders the rows."""
    book, assumed = rules()
    with DuckEngine(memory="1GB") as db:
        for table, rows in drawn(drawings).items():
            random.Random(seed).shuffle(rows)
            draw_rows(db, table, rows)
        derive_facts(db)
        state_facts(db)
        choose_facts(db, book.fact_names)
        list_units(db, book.rules, DAY)
        assess(db, book.rules, DAY)
        reach_verdicts(db, assumed)
        kept = db.rows("select programme_id, unit_id from verdict where not is_out")
        met = db.rows("select programme_id, unit_id, criterion, is_met from finding")
    return {
        name: Outcome(
            frozenset((programme, own(unit)) for programme, unit in kept if unit.startswith(name)),
            {(programme, own(unit), criterion): answer for programme, unit, criterion, answer in met if unit.startswith(name)},
        )
        for name in drawings
    }  # fmt: skip


def own(unit: str) -> str:
    """Return a unit without the name of its drawing."""
    return unit.split(":", 1)[1]


def drawn(drawings: dict[str, tuple[Said, ...]]) -> dict[Table, list[Row]]:
    places = [(f"{name}:{home}", home % 3 != 2) for name in drawings for home in range(HOMES)]
    people = [f"{home}.{member}" for home, _ in places for member in (0, 1)]
    return {
        HOUSEHOLD: [
            {"household_id": home, "head_person_id": f"{home}.0", "area_code": "230123", "is_rural": is_rural,
             "member_count": 2, "person_count": 2, "composition_probability": 1}
            for home, is_rural in places
        ],
        HOUSEHOLD_MEMBER: [
            {"person_id": person, "household_id": person.rsplit(".", 1)[0], "is_counted": True, "reason": "drawn",
             "membership_probability": 1}
            for person in people
        ],
        PERSON: [{"person_id": person, "record_count": 1, "source_count": 1, "link_probability": 1} for person in people],
        PERSON_FACT: [fact_row(name, said) for name, world in drawings.items() for said in world],
        RELATIVE: [],
        ROLL_LINE: [],
    }  # fmt: skip


def fact_row(world: str, said: Said) -> Row:
    return {
        "unit_id": f"{world}:{said.home}.{said.member}", "fact_name": said.name, "number_value": said.number,
        "text_value": said.text, "date_value": DAY if said.number is not None else None, "source_id": said.source, "detail": f"{said.text}", "as_of_date": DAY,
        "link_probability": 1 if said.sure else 0.9, "can_exclude": said.sure, "record_id": f"{said.home}.{said.member}.{said.name}.{said.source}",
    }  # fmt: skip


def draw_rows(db: DuckEngine, table: Table, rows: list[Row]) -> None:
    nothing = [dict.fromkeys(table.column_names)]
    body = ", ".join(f"({', '.join(literal(row.get(n)) for n in table.column_names)})" for row in rows or nothing)  # type: ignore[arg-type]
    typed = ", ".join(f"{column.name}::{column.type} as {column.name}" for column in table.columns)
    where = "" if rows else "where false"
    db.create(table.name, f"select {typed} from (values {body}) as v({', '.join(table.column_names)}) {where}")


FEW = settings(
    max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@FEW
@given(worlds)
def test_a_missing_value_is_as_if_nothing_was_said_and_never_zero(world: tuple[Said, ...]) -> None:
    read = tuple(said for said in world if said.name in (*INCOMES, "declared_income_head", "age"))
    blank = tuple(replace(said, number=None) if said in read else said for said in world)
    without = tuple(said for said in world if said not in read)
    found = assessed({"blank": blank, "without": without})
    assert found["blank"].answers == found["without"].answers
    assert found["blank"].candidates == found["without"].candidates


@FEW
@given(worlds, st.integers(0, 2**16))
def test_adding_income_never_creates_what_only_those_below_a_line_get(world: tuple[Said, ...], seed: int) -> None:
    pick = random.Random(seed)
    more = tuple(raised(world, pick))
    found = assessed({"as_is": world, "more": more})
    for programme, unit, criterion in found["as_is"].answers:
        if (programme, criterion) in BELOW_A_LINE:
            before = found["as_is"].answers[programme, unit, criterion]
            after = found["more"].answers.get((programme, unit, criterion), before)
            assert standing(after) <= standing(before), (programme, criterion, before, after)


def raised(world: tuple[Said, ...], pick: random.Random) -> Iterator[Said]:
    """Yield the same statements with more income: what is stated rises, and who had none gets a sure one."""
    for said in world:
        more = pick.choice((0.0, 1.0, 700.0)) if said.name in (*INCOMES, "declared_income_head") else 0.0
        yield replace(said, number=(said.number or 0.0) + more) if more else said
    known = {(said.home, said.member, said.name) for said in world}
    for home in range(HOMES):
        if (home, 0, "pension") not in known:
            yield Said(home, 0, "pension", pick.choice((1.0, 632.0, 20_000.0)), None, sure=True)


def standing(answer: bool | None) -> int:
    """Return how far an answer speaks for the unit: false, unknown, true."""
    return {False: 0, None: 1, True: 2}[answer]


@FEW
@given(worlds, worlds)
def test_adding_what_may_not_exclude_never_removes_a_candidate(
    world: tuple[Said, ...], added: tuple[Said, ...]
) -> None:
    known = {(said.home, said.member, said.name) for said in world}
    weak = tuple(
        replace(said, sure=False) for said in added if (said.home, said.member, said.name) not in known
    )  # fmt: skip
    found = assessed({"as_is": world, "more": world + weak})
    assert found["as_is"].candidates <= found["more"].candidates


@FEW
@given(worlds, worlds, st.integers(1, 2**16))
def test_the_order_of_rows_changes_nothing(world: tuple[Said, ...], again: tuple[Said, ...], seed: int) -> None:
    twice = world + tuple(replace(said, source="another") for said in (*world, *again))
    unique = {(said.home, said.member, said.name, said.source, said.text): said for said in twice}
    drawing = {"as_is": tuple(unique.values())}
    assert assessed(drawing, seed=0) == assessed(drawing, seed=seed)
