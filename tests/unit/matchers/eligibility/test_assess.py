"""Properties of the assessment: what is missing is never zero, and never speaks against anybody."""

from __future__ import annotations

import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from flows.rules import read_rule_files
from matchers.eligibility.assess import assess, list_units
from matchers.eligibility.facts import choose_facts
from matchers.eligibility.rules import open_rule_book
from matchers.sql import literal
from schemas.findings import FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER

DAY = datetime.date(2026, 10, 31)
FILES = read_rule_files()
BOOK = open_rule_book(FILES.programmes, FILES.areas, FILES.precedence, DAY)
# Facts of open sources: that they are not there is not known to mean anything. Certificates and rolls are complete
# registers, whose silence is an answer, so they are kept.
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
HOUSEHOLD_FACTS = ("income_head_floor", "declared_income_household", "household_tier")
KEPT = [("ann", "disability", 1, "4-1", True), ("ann", "receives_subsistence_allowance", 1, "", True)]
drawn = st.fixed_dictionaries(
    {},
    optional={name: st.tuples(st.sampled_from(values), st.booleans()) for name, values in OPEN.items()},
)


def rows_of(facts: dict[str, tuple[tuple[float, str | None], bool]]) -> list[tuple[str, str, float, str | None, bool]]:
    return KEPT + [
        ("home" if name in HOUSEHOLD_FACTS else "ann", name, number, text, sure)
        for name, ((number, text), sure) in facts.items()
    ]


def standing(
    facts: dict[str, tuple[tuple[float, str | None], bool]],
) -> tuple[set[str], dict[tuple[str, str], bool | None]]:
    """Return the programmes with nothing against ann or her household, and every finding."""
    with DuckEngine(memory="1GB", threads=1) as db:
        values = ", ".join(
            f"({literal('household' if unit == 'home' else 'person')}, {literal(unit)}, {literal(name)}, {number}::double, "
            f"{literal(text)}, {literal(DAY)}, 'drawn', '', {literal(DAY)}, {1.0 if sure else 0.9}::double, {literal(sure)}, null::varchar)"
            for unit, name, number, text, sure in rows_of(facts)
        )
        db.create(FACT.name, f"select * from (values {values}) as v({', '.join(FACT.column_names)})")
        home = "'home', 'ann', '230123', '230123001', null::varchar, 1::bigint, 1::bigint, true, 1.0::double"
        db.create(HOUSEHOLD.name, f"select * from (values ({home})) as v({', '.join(HOUSEHOLD.column_names)})")
        member = "'ann', 'home', null::varchar, true, 'drawn', 1.0::double"
        db.create(
            HOUSEHOLD_MEMBER.name, f"select * from (values ({member})) as v({', '.join(HOUSEHOLD_MEMBER.column_names)})"
        )
        choose_facts(db, BOOK.fact_names)
        list_units(db, BOOK.rules, DAY)
        assess(db, BOOK.rules, DAY)
        findings = {(p, c): met for p, c, met in db.rows("select programme_id, criterion, is_met from finding")}
        against = "bool_or(is_met is not null and is_met <> (effect = 'requires'))"
        open_for = db.rows(f"select programme_id from finding group by 1 having not {against}")
        return {row[0] for row in open_for}, findings


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=drawn, data=st.data())
def test_forgetting_a_fact_never_removes_a_candidate(
    facts: dict[str, tuple[tuple[float, str | None], bool]], data: st.DataObject
) -> None:
    if not facts:
        return
    gone = data.draw(st.sampled_from(sorted(facts)))
    before, _ = standing(facts)
    after, _ = standing({name: value for name, value in facts.items() if name != gone})
    assert before <= after


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=drawn)
def test_facts_that_may_not_exclude_never_remove_a_candidate(
    facts: dict[str, tuple[tuple[float, str | None], bool]],
) -> None:
    weak = {name: (value, False) for name, (value, _) in facts.items()}
    nothing, _ = standing({})
    found, _ = standing(weak)
    assert nothing <= found


def test_without_any_income_known_no_income_criterion_is_true_or_false() -> None:
    _, findings = standing({})
    incomes = {c: met for (_, c), met in findings.items() if c.startswith("income_")}
    assert incomes
    assert set(incomes.values()) == {None}


def test_no_income_criterion_is_met_by_a_lower_bound() -> None:
    _, findings = standing({"income_head_floor": ((0.0, None), True)})
    assert findings["subsistence_allowance", "income_below_standard"] is None
