from __future__ import annotations

import datetime

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from matchers.sql import columns, identifier, literal, literals


@settings(max_examples=40, deadline=None)
@drawn(st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), max_size=30))
def test_any_text_survives_as_a_literal_and_as_a_name(value: str) -> None:
    with DuckEngine() as db:
        assert db.rows(f"select {literal(value)}") == [(value,)]
        name = value or "x"
        db.run(f"select 1 as {identifier(name)}")


def test_values_keep_their_types() -> None:
    assert literal(None) == "null"
    assert literal(True) == "true"
    assert literal(datetime.date(2026, 10, 31)) == "date '2026-10-31'"
    assert literals(["a", 1]) == "'a', 1"
    assert columns(("a", 'b"c'), of="l") == 'l."a", l."b""c"'
