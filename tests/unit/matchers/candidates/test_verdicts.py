"""All findings of a unit together, and its chance."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.candidates.verdicts import Assumption, Listing, reach_verdicts, weigh_prospects
from schemas.contract import Table
from schemas.findings import FINDING, SERVED
from schemas.people import PERSON
from schemas.programme import Authority, WholeRule
from schemas.screening import ASSESSED_UNIT, PATTERN_CHANCE, UNIT_PATTERN

Given = Callable[[Table, str], None]
Verdicts = Callable[[str], list[tuple[object, ...]]]
HEAD = "programme_id | unit | unit_id | criterion | effect | is_met | favour_probability | authority | is_confirmed | link_probability | doubted_record_id | doubted_probability"
WHOLE = WholeRule(whole="whole", part="part", authority=Authority(document="drawn", article="1"))
LISTING = Listing(take_up=0.65, floor=0.02, share=0.98, whole_rules=(WHOLE,))


@pytest.fixture
def findings(db: DuckEngine, given: Given) -> Callable[[str], None]:
    def draw(drawing: str) -> None:
        rows = [[cell.strip() for cell in line.split("|")] for line in drawing.strip().splitlines()]
        given(
            FINDING,
            HEAD
            + "\n"
            + "\n".join(
                f"{p} | person | {u} | {c} | {e} | {met} | {favour} | drawn | true | {favour if met else ''} | {'r:1' if favour and favour != '1' else ''} | {'0.9' if favour and favour != '1' else ''}"
                for p, u, c, e, met, favour in rows
            ),
        )
        units = {(p, u) for p, u, *_ in rows}
        given(
            ASSESSED_UNIT,
            "programme_id | unit | unit_id | household_id | area_code\n"
            + "\n".join(f"{p} | person | {u} | home | 230123" for p, u in sorted(units)),
        )
        given(SERVED, "")
        given(UNIT_PATTERN, "")
        given(PATTERN_CHANCE, "")
        given(PERSON, "person_id | record_count | source_count | link_probability\nann | 2 | 2 | 1")

    return draw


def test_known_criteria_multiply_and_unknown_ones_count_by_their_share(
    db: DuckEngine, findings: Callable[[str], None]
) -> None:
    findings("""
        part | ann | one   | requires | true | 0.9
        part | ann | two   | requires |      |
        part | ann | three | excludes | false | 1
    """)
    reach_verdicts(db, (Assumption("part", "two", 0.25),))
    found = db.rows(
        "select is_out, is_whole, unknown_count, required_probability, permitted_probability, deciding_link from verdict"
    )
    assert found == [(False, False, 1, pytest.approx(0.225), 1.0, "r:1")]


@pytest.mark.parametrize("line", ["part | ann | one | requires | false | 0", "part | ann | one | excludes | true | 0"])
def test_one_thing_against_is_out(db: DuckEngine, findings: Callable[[str], None], line: str) -> None:
    findings(line)
    reach_verdicts(db, (Assumption("part", "one", None),))
    weigh_prospects(db, LISTING)
    assert db.rows("select is_out from verdict") == [(True,)]
    assert db.rows("select count(*) from prospect") == [(0,)]


def test_who_is_served_is_no_prospect_and_who_may_be_is_one_less_likely(
    db: DuckEngine, findings: Callable[[str], None], given: Given
) -> None:
    findings("""
        part | ann | one | requires | true | 1
        part | bob | one | requires | true | 1
    """)
    given(
        SERVED,
        """
        programme_id | unit   | unit_id | source_id | as_of_date | link_probability | can_exclude | record_id
        part         | person | ann     | roll      | 2026-10-31 | 1                | true        | r:ann
        part         | person | bob     | roll      | 2026-10-31 | 0.8              | false       | r:bob
    """,
    )
    reach_verdicts(db, (Assumption("part", "one", None),))
    weigh_prospects(db, LISTING)
    assert db.rows("select unit_id, probability, deciding_link from prospect") == [("bob", pytest.approx(0.2), "r:bob")]


def test_a_member_is_not_listed_beside_a_household_that_qualifies_whole(
    db: DuckEngine, findings: Callable[[str], None]
) -> None:
    findings("""
        whole | home | one | requires | true | 1
        part  | ann  | one | requires | true | 1
    """)
    reach_verdicts(db, (Assumption("part", "one", None),))
    weigh_prospects(db, LISTING)
    found = db.rows("select unit_id, is_listed, reason from prospect order by 1")
    assert found == [("ann", False, "the household qualifies whole"), ("home", True, None)]


def expecting(db: DuckEngine, findings: Callable[[str], None], chances: dict[str, float]) -> dict[str, bool]:
    """Return who is listed where each person's one open criterion turns out met with the chance given."""
    findings("\n".join(f"part | {who} | one | requires | true | {chance}" for who, chance in chances.items()))
    reach_verdicts(db, (Assumption("part", "one", None),))
    weigh_prospects(db, LISTING)
    return dict(db.rows("select unit_id, is_listed from prospect"))


def test_the_list_goes_on_below_the_floor_until_nearly_all_who_are_expected_are_on_it(
    db: DuckEngine, findings: Callable[[str], None]
) -> None:
    listed = expecting(db, findings, {"likely": 0.01, "less": 0.005, "least": 0.0001})
    assert listed == {"likely": True, "less": True, "least": False}


def test_who_is_as_likely_as_somebody_listed_is_listed_too(db: DuckEngine, findings: Callable[[str], None]) -> None:
    assert expecting(db, findings, {"ann": 0.01, "bob": 0.01, "eve": 0.01}) == dict.fromkeys(
        ("ann", "bob", "eve"), True
    )


def test_everybody_from_the_floor_on_is_listed(db: DuckEngine, findings: Callable[[str], None]) -> None:
    assert expecting(db, findings, {"sure": 1.0, "sure_too": 1.0, "just": 0.02}) == {
        "sure": True, "sure_too": True, "just": True,
    }  # fmt: skip


def test_nobody_too_unlikely_is_lost_only_not_listed(db: DuckEngine, findings: Callable[[str], None]) -> None:
    expecting(db, findings, {"sure": 1.0, "hardly": 0.001})
    found = db.rows("select is_listed, reason from prospect where unit_id = 'hardly'")
    assert found == [(False, "too unlikely, with all of them few are missed")]
