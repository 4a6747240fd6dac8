"""The one place that says what may exclude."""

from __future__ import annotations

import datetime

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.eligibility.criteria import CRITERIA
from matchers.eligibility.facts import FACT_NAMES, FACTS, may_exclude
from matchers.sql import literal

DAY = datetime.date(2026, 10, 31)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (("pension", 0.999, False, DAY), True),
        (("pension", 0.9989, False, DAY), False),
        (("pension", 0.5, True, DAY), True),
        (("pension", 1.0, False, datetime.date(2026, 8, 30)), True),
        (("pension", 1.0, False, datetime.date(2026, 8, 29)), False),
        (("wage", 1.0, True, DAY), False),
        (("deceased", 1.0, False, datetime.date(1990, 1, 1)), True),
        (("no such fact", 1.0, True, DAY), False),
    ],
)
def test_a_fact_excludes_only_with_a_sure_link_in_date_and_over_the_period(
    db: DuckEngine, case: tuple[str, float, bool, datetime.date], expected: bool
) -> None:
    name, link, certain, as_of = case
    said = may_exclude(DAY, literal(name), "as_of_date", literal(certain))
    row = f"select {said} from (select {literal(link)}::double as link_probability, {literal(as_of)} as as_of_date)"
    assert db.rows(row) == [(expected,)]


def test_every_fact_has_one_definition_and_says_what_it_is() -> None:
    assert len(FACT_NAMES) == len(FACTS)
    assert all(fact.description for fact in FACTS)


def test_criteria_read_only_defined_facts() -> None:
    assert {test.fact for criterion in CRITERIA for test in criterion.tests} <= FACT_NAMES
