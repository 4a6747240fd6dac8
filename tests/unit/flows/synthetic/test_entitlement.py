"""The examiner's rules at their edges, on people drawn by hand."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import pytest

from flows.synthetic.entitlement import (
    CHILD,
    EXTREME,
    LIVING,
    NURSING,
    OLD_AGE,
    ORPHAN,
    SINGLE,
    SUBSISTENCE,
    Entitlements,
    Receipts,
    State,
    assess_means,
    assess_supplements,
    counted_members,
)
from flows.synthetic.world.columns import Columns
from flows.synthetic.world.days import NEVER
from flows.synthetic.world.figures import figures_for

LAST_DAY = "2026-10-31"
DATES = {"birth", "missing_since", "prison_since"}
DEFAULTS: dict[str, str] = {
    "home": "0", "birth": "1980-01-01", "alive": "yes", "registered": "yes", "rural": "yes", "counted": "yes",
    "income": "0", "spouse": "-1", "father": "-1", "mother": "-1", "children_away": "0", "type": "0", "level": "0",
    "cert": "no", "severe": "no", "missing_since": "", "prison_since": "", "care_unable": "0", "away": "no",
    "studies": "no", "receives": "",
}  # fmt: skip
LONG = {"type": "disability_type", "level": "disability_level", "cert": "cert_valid", "income": "income_year"}


def test_income_at_the_standard_is_too_much_and_a_yuan_less_is_not() -> None:
    """A household of two at 632 a head has 15,168 a year."""
    assert whose(SUBSISTENCE, drawn("income\n15168\n0")) == []
    assert whose(SUBSISTENCE, drawn("income\n15167\n0")) == [0]


def test_the_amount_is_the_gap_rounded_up_once_for_the_household() -> None:
    """632 × 3 − 1,894 is 2, not 3, which rounding a head would give."""
    found = assess(drawn("income\n22728\n0\n0"))[0]
    assert found.amount[SUBSISTENCE][0] == 2


def test_town_and_village_have_their_own_standards_and_both_rose_in_july_2026() -> None:
    """700 a month is too much in the village, not in town; 600 was too much before July."""
    assert whose(SUBSISTENCE, drawn("rural | income\nyes | 8400")) == []
    assert whose(SUBSISTENCE, drawn("rural | income\nno | 8400")) == [0]
    assert whose(SUBSISTENCE, drawn("income\n7200")) == [0]
    assert whose(SUBSISTENCE, drawn("income\n7200", month="2026-06")) == []


@pytest.mark.parametrize(
    ("property_", "conforms"),
    [
        ({"deposits": 24 * 632.0}, True),
        ({"deposits": 24 * 632.0 + 0.01}, False),
        ({"vehicles": 1}, False),
        ({"houses": 2}, False),
        ({"company": True}, False),
    ],
)
def test_property_must_conform(property_: dict[str, float], *, conforms: bool) -> None:
    """Savings to 24 standards a head, no vehicle that counts, one house, no company."""
    assert whose(SUBSISTENCE, drawn("income\n0", holds=property_)) == ([0] if conforms else [])


def test_a_household_all_in_extreme_difficulty_has_no_subsistence_allowance() -> None:
    """One of two receiving it leaves the other entitled."""
    assert whose(SUBSISTENCE, drawn("receives\nextreme\nextreme")) == []
    assert whose(SUBSISTENCE, drawn("receives\nextreme\nnothing")) == [0]


def test_limb_at_level_three_is_not_severe_and_mental_is() -> None:
    """The single-person rule in a household between the standard and one and a half times it."""
    verge = "income | type | level | cert\n{income} | {type} | {level} | {cert}"
    for kind, level, entitled in ((4, 3, []), (6, 3, [0]), (5, 3, [0]), (4, 2, [0]), (7, 4, [])):
        state = drawn(verge.format(income=8000, type=kind, level=level, cert="yes"))
        assert whose(SINGLE, state) == entitled, (kind, level)
    assert whose(SINGLE, drawn(verge.format(income=8000, type=6, level=1, cert="no"))) == []


def test_the_verge_begins_at_the_standard_and_ends_before_one_and_a_half_times_it() -> None:
    """Below the standard the whole household is entitled instead."""
    for income, entitled in ((7583, []), (7584, [0]), (11375, [0]), (11376, [])):
        assert whose(SINGLE, drawn(f"income | severe\n{income} | yes")) == entitled, income


def test_old_age_allowance_begins_on_the_eightieth_birthday() -> None:
    """79 on the last day of the month is not 80; a registration elsewhere or death ends it."""
    rows = "birth | alive | registered\n1946-10-31 | yes | yes\n1946-11-01 | yes | yes\n1940-01-01 | no | yes\n1940-01-01 | yes | no"
    assert whose(OLD_AGE, drawn(rows)) == [0]


def test_old_age_amounts_by_age_and_by_what_the_household_receives() -> None:
    """25 or 100 from 80, 100 from 90, 300 from 100."""
    rows = (
        "home | birth | receives\n0 | 1945-01-01 | \n1 | 1945-01-01 | subsistence\n0 | 1936-10-31 | \n0 | 1926-10-31 | "
    )
    found = assess(drawn(rows))[0]
    assert found.amount[OLD_AGE].tolist() == [25, 100, 100, 300]


def test_somebody_born_on_29_february_turns_eighty_on_1_march() -> None:
    """2024 had a 29 February, 2026 would not."""
    assert whose(OLD_AGE, drawn("birth\n1944-02-29", month="2024-02")) == [0]
    assert whose(OLD_AGE, drawn("birth\n1948-02-29", month="2028-02")) == [0]
    assert whose(OLD_AGE, drawn("birth\n1946-02-28", month="2026-02")) == [0]


@pytest.mark.parametrize(
    ("person", "entitled"),
    [
        ("1966-10-31 | 0 | 0 | no | 0", True),
        ("1966-11-01 | 0 | 0 | no | 0", False),
        ("1980-01-01 | 5 | 3 | yes | 0", True),
        ("1980-01-01 | 4 | 2 | yes | 0", True),
        ("1980-01-01 | 4 | 3 | yes | 0", False),
        ("1980-01-01 | 1 | 1 | yes | 0", True),
        ("1980-01-01 | 1 | 2 | yes | 0", False),
        ("1980-01-01 | 1 | 1 | no | 0", False),
        ("1950-01-01 | 0 | 0 | no | 1", False),
    ],
)
def test_extreme_difficulty_needs_no_labour_capacity_and_nobody_to_support(person: str, *, entitled: bool) -> None:
    """60 years, listed disabilities with a valid certificate, no child anywhere."""
    state = drawn(f"birth | type | level | cert | children_away\n{person}")
    assert whose(EXTREME, state) == ([0] if entitled else [])


def test_a_capable_child_supports_and_one_in_prison_or_old_and_poor_does_not() -> None:
    """The child lives in another home and has enough."""
    child = "home | birth | father | income | prison_since\n0 | 1930-01-01 | -1 | 0 | \n1 | {birth} | 0 | {income} | {prison}"
    for birth, income, prison, entitled in (
        ("1970-01-01", 30000, "", []),
        ("1970-01-01", 30000, "2026-10-01", [0]),
        ("1955-01-01", 20000, "", [0]),
        ("1955-01-01", 30000, "", []),
    ):
        state = drawn(child.format(birth=birth, income=income, prison=prison))
        assert [who for who in whose(EXTREME, state) if who == 0] == entitled, (birth, income, prison)


def test_an_orphan_is_no_unattended_child() -> None:
    """Both parents dead; with one dead and one in prison the child is unattended, and only after six months."""
    family = "birth | alive | prison_since | father | mother\n1985-01-01 | no | | -1 | -1\n1985-01-01 | {alive} | {prison} | -1 | -1\n2015-01-01 | yes | | 0 | 1"
    cases: tuple[tuple[str, str, list[int], list[int]], ...] = (
        ("no", "", [], [2]),
        ("yes", "2026-04-30", [2], []),
        ("yes", "2026-05-01", [], []),
        ("yes", "", [], []),
    )
    for alive, prison, unattended, orphans in cases:
        state = drawn(family.format(alive=alive, prison=prison))
        assert whose(CHILD, state) == unattended, (alive, prison)
        assert whose(ORPHAN, state) == orphans, (alive, prison)


def test_at_eighteen_nobody_is_an_unattended_child() -> None:
    """Eighteen on the last day of the month is eighteen."""
    family = (
        "birth | severe | father | mother\n1985-01-01 | yes | -1 | -1\n1985-01-01 | yes | -1 | -1\n{birth} | no | 0 | 1"
    )
    assert whose(CHILD, drawn(family.format(birth="2008-10-31"))) == []
    assert whose(CHILD, drawn(family.format(birth="2008-11-01"))) == [2]


def test_the_living_subsidy_follows_what_the_family_receives() -> None:
    """Not what it would be entitled to; extreme difficulty and child payments exclude it."""
    row = "type | level | cert | receives\n4 | 4 | yes | {receives}"
    for receives, entitled in (
        ("", []),
        ("subsistence", [0]),
        ("single", [0]),
        ("subsistence extreme", []),
        ("subsistence child", []),
    ):
        assert whose(LIVING, drawn(row.format(receives=receives))) == entitled, receives


def test_the_nursing_subsidy_is_for_severe_disabilities_with_a_valid_certificate() -> None:
    """Level 3 only of the mind; nobody in extreme difficulty."""
    rows = "type | level | cert | receives\n2 | 2 | yes | \n4 | 3 | yes | \n6 | 3 | yes | \n1 | 1 | no | \n1 | 1 | yes | extreme"
    assert whose(NURSING, drawn(rows)) == [0, 2]


def test_spouses_and_parents_of_minors_count_wherever_they_work() -> None:
    """A grown child who works away does not count, a student does, a prisoner does not."""
    rows = """home | birth | away | spouse | father | mother | studies | prison_since
              0 | 1980-01-01 | yes | 1 | -1 | -1 | no |
              0 | 1980-01-01 | no | 0 | -1 | -1 | no |
              0 | 2004-01-01 | yes | -1 | 0 | 1 | no |
              0 | 2006-01-01 | yes | -1 | 0 | 1 | yes |
              0 | 1960-01-01 | no | -1 | -1 | -1 | no | 2026-01-01"""
    state, _ = drawn(rows)
    assert counted_members(state.people, state.day).tolist() == [True, True, False, True, False]


def drawn(text: str, *, month: str = "2026-10", holds: Mapping[str, float] | None = None) -> tuple[State, list[str]]:
    """People from a drawing, a header line and a line per person; and what each of them receives."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    full = [{**DEFAULTS, **row} for row in rows]
    columns = {name: np.array([value_of(name, row[name]) for row in full]) for name in DEFAULTS if name != "receives"}
    people = Columns({LONG.get(name, name): column for name, column in columns.items()})
    number = int(people["home"].max()) + 1
    holdings: dict[str, float] = {"deposits": 0.0, "vehicles": 0, "houses": 1, "company": False, **(holds or {})}
    last = datetime.date.fromisoformat(f"{month}-28")
    while (last + datetime.timedelta(days=1)).month == last.month:
        last += datetime.timedelta(days=1)
    homes = Columns({name: np.full(number, value) for name, value in holdings.items()})
    return State(people, homes, days_of(last.isoformat()), figures_for(month)), [row["receives"] for row in full]


def value_of(name: str, text: str) -> object:
    """A cell as the column's type: dates as days, yes and no as flags, numbers."""
    if name in DATES:
        return days_of(text) if text else int(NEVER)
    if DEFAULTS[name] in ("yes", "no"):
        return text == "yes"
    return int(text)


def days_of(date: str) -> int:
    """Days since 1970."""
    return (datetime.date.fromisoformat(date) - datetime.date(1970, 1, 1)).days


def assess(case: tuple[State, list[str]]) -> tuple[Entitlements, Receipts]:
    """Both steps of the rules."""
    state, receives = case
    flags = {
        kind: np.array([kind in words.split() for words in receives])
        for kind in ("subsistence", "single", "extreme", "child")
    }
    at_home = np.zeros(state.homes.size, dtype=bool)
    at_home[state.people["home"][flags["subsistence"]]] = True
    receipts = Receipts(at_home, flags["single"], flags["extreme"], flags["child"], np.zeros(len(receives), dtype=bool))
    found = assess_means(state, receipts)
    assess_supplements(state, receipts, found)
    return found, receipts


def whose(programme: str, case: tuple[State, list[str]]) -> list[int]:
    """Positions of the people, or homes, entitled."""
    return [int(who) for who in np.flatnonzero(assess(case)[0].is_entitled[programme])]
