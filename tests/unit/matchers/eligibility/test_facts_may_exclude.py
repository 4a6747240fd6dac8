"""The one bar for keeping anybody off a list: every fact on either side of link, date and period."""

from __future__ import annotations

import datetime

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.eligibility.facts import FACTS, FactDefinition, may_exclude
from matchers.sql import literal
from schemas.findings import EXCLUDING_LINK

DAY = datetime.date(2026, 10, 31)


def says(db: DuckEngine, fact: FactDefinition, link: float | None, days_old: int) -> bool:
    """Whether the fact may exclude by such a link; none is a weak one that states the person's own citizen number."""
    as_of, certain = literal(DAY - datetime.timedelta(days=days_old)), literal(link is None)
    rows = db.rows(
        f"select {may_exclude(DAY, literal(fact.name), as_of, certain)} from (select {0.5 if link is None else link}::double as link_probability)"
    )
    return bool(rows[0][0])


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.name)
def test_no_exclusion_rests_on_a_weak_link_a_stale_date_or_too_short_a_time(
    db: DuckEngine, fact: FactDefinition
) -> None:
    oldest = 36_500 if fact.fresh_days is None else fact.fresh_days
    assert says(db, fact, EXCLUDING_LINK, oldest) == fact.covers_period
    assert says(db, fact, None, oldest) == fact.covers_period
    assert not says(db, fact, EXCLUDING_LINK - 1e-6, 0)
    if fact.fresh_days is not None:
        assert not says(db, fact, None, oldest + 1)


def test_a_statement_nobody_defined_excludes_nobody(db: DuckEngine) -> None:
    assert not says(db, FactDefinition("unheard_of", "", None), None, 0)
