"""Properties of the assessment: what is missing is never zero, and never speaks against anybody.

Every combination of up to two facts is drawn, each as one person and household, and all are assessed together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import combinations, product

import pytest

from flows.engines.duckdb import DuckEngine
from flows.rules import read_rule_files
from matchers.eligibility.assess import assess, list_units
from matchers.eligibility.facts import choose_facts
from matchers.eligibility.rules import open_rule_book
from matchers.sql import literal
from schemas.findings import FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER

DAY = datetime.date(2026, 10, 31)
# Facts of open sources: that they are not there means nothing. Certificates and rolls are complete registers, whose
# silence is an answer, so everybody here has a certificate and is on a roll.
OPEN: dict[str, list[tuple[float, str | None]]] = {
    "age": [(79, None), (80, None), (15, None), (59, None), (60, None)],
    "registered_here": [(1, "normal"), (0, "cancelled")],
    "own_medical": [(100, None)],
    "parents_state": [(2, "dead+listed"), (1, "active+dead"), (2, "dead+dead")],
    "supporters_state": [(1, "active")],
    "income_head_floor": [(10, None), (5000, None)],
    "declared_income_household": [(10, None), (700, None), (5000, None)],
    "household_tier": [(1, "verge_family"), (1, "subsistence_allowance")],
}
INCOMES = {"income_head_floor", "declared_income_household", "household_tier"}
HOUSEHOLD_FACTS = INCOMES
Stated = tuple[str, float, str | None, bool]
Combination = frozenset[Stated]
Standing = dict[Combination, dict[str, dict[str, tuple[str, bool | None]]]]


def combinations_drawn() -> Iterator[Combination]:
    """Nothing, every fact, and every two that do not contradict each other; each sure or not."""
    yield frozenset()
    told = [(name, *value, sure) for name, values in OPEN.items() for value, sure in product(values, (True, False))]
    yield from (frozenset({one}) for one in told)
    for one, other in combinations(told, 2):
        if one[0] != other[0] and not {one[0], other[0]} <= INCOMES:
            yield frozenset({one, other})


def fact_rows(number: int, combination: Combination) -> Iterator[str]:
    """The facts of one drawn person, with a certificate and a roll beside them."""
    kept = [("disability", 1.0, "4-1", True), ("receives_subsistence_allowance", 1.0, None, True)]
    for name, value, text, sure in [*kept, *combination]:
        unit, unit_id = ("household", f"H{number}") if name in HOUSEHOLD_FACTS else ("person", f"p{number}")
        # A declared income and what is left of it after deductions are stated together.
        stated = (name, "declared_income_least") if name == "declared_income_household" else (name,)
        for said in stated:
            yield (
                f"({literal(unit)}, {literal(unit_id)}, {literal(said)}, {value}::double, {literal(text)}::varchar, {literal(DAY)}, "
                f"'drawn', '', {literal(DAY)}, {1.0 if sure else 0.9}::double, {literal(sure)}, null::varchar)"
            )


@pytest.fixture(scope="module")
def standing() -> Standing:
    """Combination → programme → criterion → effect and answer."""
    drawn = list(combinations_drawn())
    files = read_rule_files()
    book = open_rule_book(files.programmes, files.areas, files.precedence, DAY)
    with DuckEngine(memory="1GB") as db:
        facts = ", ".join(row for number, combination in enumerate(drawn) for row in fact_rows(number, combination))
        db.create(FACT.name, f"select * from (values {facts}) as v({', '.join(FACT.column_names)})")
        db.create(
            HOUSEHOLD.name,
            f"""
            select 'H' || n as household_id, 'p' || n as head_person_id, '230123' as area_code, '230123001' as township_code,
                null::varchar as village_code, 1::bigint as member_count, 1::bigint as person_count, true as is_rural,
                1.0::double as composition_probability from range({len(drawn)}) r(n)
        """,
        )
        db.create(
            HOUSEHOLD_MEMBER.name,
            f"""
            select 'p' || n as person_id, 'H' || n as household_id, null::varchar as relation_code, true as is_counted,
                'drawn' as reason, 1.0::double as membership_probability from range({len(drawn)}) r(n)
        """,
        )
        choose_facts(db, book.fact_names)
        list_units(db, book.rules, DAY)
        assess(db, book.rules, DAY)
        keys = db.rows("select programme_id, unit_id, criterion from finding order by rowid")
        assert keys == sorted(keys), "findings are written to the lake in the order they come in"
        found: Standing = {combination: {} for combination in drawn}
        for unit_id, programme, criterion, effect, met in db.rows(
            "select unit_id, programme_id, criterion, effect, is_met from finding"
        ):
            found[drawn[int(unit_id[1:])]].setdefault(programme, {})[criterion] = (effect, met)
        return found


def open_for(findings: dict[str, dict[str, tuple[str, bool | None]]]) -> set[str]:
    """The programmes with nothing against the unit."""
    return {
        programme
        for programme, said in findings.items()
        if all(met is None or met == (effect == "requires") for effect, met in said.values())
    }


def test_forgetting_a_fact_never_removes_a_candidate(standing: Standing) -> None:
    # What answers an event or a tier is only looked at where the event or the tier is known.
    prompted = {programme.programme_id for programme in read_rule_files().programmes if programme.prompted_by}
    for combination, findings in standing.items():
        for fact in combination:
            forgotten = standing[combination - {fact}]
            unasked = prompted - set(forgotten)
            assert open_for(findings) - unasked <= open_for(forgotten), (combination, fact)


def test_facts_that_may_not_exclude_never_remove_a_candidate(standing: Standing) -> None:
    weak = [combination for combination in standing if not any(sure for *_, sure in combination)]
    assert len(weak) > 100
    for combination in weak:
        assert open_for(standing[frozenset()]) <= open_for(standing[combination]), combination


def test_without_any_income_known_no_income_criterion_is_true_or_false(standing: Standing) -> None:
    without = [combination for combination in standing if not {name for name, *_ in combination} & INCOMES]
    said = [
        met for combination in without for findings in standing[combination].values()
        for criterion, (_, met) in findings.items() if criterion.startswith("income_")
    ]  # fmt: skip
    assert said
    assert set(said) == {None}


def test_no_income_criterion_is_met_by_a_lower_bound(standing: Standing) -> None:
    low = standing[frozenset({("income_head_floor", 10.0, None, True)})]
    assert low["subsistence_allowance"]["income_below_standard"] == ("requires", None)
