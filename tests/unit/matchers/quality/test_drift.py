from __future__ import annotations

from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.quality.drift import COMPARED, compare_months
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import SERVED
from schemas.households import HOUSEHOLD
from schemas.links import PERSON_RECORD
from schemas.people import PERSON
from schemas.records import DELIVERY

Given = Callable[[Table, str], None]
TABLES = {table.name: table for table in (DELIVERY, PERSON, HOUSEHOLD, PERSON_RECORD, SERVED, CANDIDATE)}


def test_both_months_are_counted_the_same_way_and_new_items_have_no_before(db: DuckEngine, given: Given) -> None:
    for name in COMPARED:
        given(TABLES[name], "")
        db.create(f"{name}_before", f"from {name}")
    given(PERSON, "person_id | national_id | is_deceased\np1 | x |\np2 | | true")
    given(CANDIDATE, "candidate_id | programme_id\nc1 | old_age")
    db.run("insert into person_before (person_id) values ('p1')")
    db.run("insert into candidate_before (candidate_id, programme_id) values ('c1', 'poverty'), ('c2', 'poverty')")
    compare_months(db)
    figures = {(topic, item): (now, before) for topic, item, now, before in db.rows("from month_figure")}
    assert figures["persons", ""] == (2, 1)
    assert figures["persons_without_number", ""] == (1, 1)
    assert figures["deceased", ""] == (1, 0)
    assert figures["candidates", "old_age"] == (1, None)
    assert figures["candidates", "poverty"] == (None, 2)
