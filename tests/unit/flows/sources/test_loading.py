"""Loading one delivery: rows delivered are rows loaded and rows refused, always."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from flows.sources.contracts import read_contracts
from flows.sources.delimited import open_delimited
from flows.sources.loading import Loaded, load_source
from flows.sources.reference import read_lexicon
from matchers.errors import DeliveryError

CONTRACT = read_contracts()["subsistence_roll"]
HEADER = [column.spellings[1] for column in CONTRACT.columns]
CELLS = [
    "",
    "王芳",
    "11010519491231002X",
    "1,264",
    "2020.5",
    "低保",
    "在保",
    "230123102201",
    "999999102201",
    "\u3000",
    '"',
    "\n",
    "x,y",
]


def loaded(db: DuckEngine, folder: Path, rows: list[list[str]]) -> Loaded:
    """Load a roll of these rows."""
    file = folder / "subsistence_roll.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([HEADER, *rows])
    return load_source(db, CONTRACT, open_delimited(CONTRACT, file, folder / "scratch"), read_lexicon())


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(rows=st.lists(st.lists(st.sampled_from(CELLS), min_size=3, max_size=14), min_size=1, max_size=6))
def test_rows_of_any_shape_are_all_accounted_for(db: DuckEngine, tmp_path: Path, rows: list[list[str]]) -> None:
    found = loaded(db, tmp_path, rows)
    assert found.delivered == len(rows) == found.loaded + found.refused
    assert db.rows("select count(*) from raw_subsistence_roll") == [(found.loaded,)]
    if found.refused:
        assert db.rows("select count(*) from refused_subsistence_roll") == [(found.refused,)]


def test_a_source_that_did_not_come_is_an_empty_table(db: DuckEngine) -> None:
    assert load_source(db, CONTRACT, None, read_lexicon()) == Loaded(0, 0)
    assert db.rows("select count(*) from raw_subsistence_roll") == [(0,)]


def test_a_few_bad_rows_do_not_refuse_the_delivery_but_many_do(db: DuckEngine, tmp_path: Path) -> None:
    good = [
        "D1",
        "王芳",
        "11010519491231002X",
        "本人",
        "低保",
        "农村",
        "2",
        "900",
        "2020.5",
        "",
        "在保",
        "",
        "",
        "230123102201",
    ]
    bad = [*good[:10], "？？", *good[11:]]
    found = loaded(db, tmp_path, [good] * 10 + [bad] * 5)
    assert (found.loaded, found.reasons) == (10, {"status is missing or not a code": 5})
    with pytest.raises(DeliveryError, match="15 rows and 10 of them"):
        loaded(db, tmp_path, [good] * 5 + [bad] * 10)
