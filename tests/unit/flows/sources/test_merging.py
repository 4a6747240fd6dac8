"""Increments: what changed is merged with the last complete state, and what did not change still holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.sources.contracts import check_stage_ids, read_contracts
from flows.sources.deliveries import open_deliveries
from flows.sources.loading import Loaded, load_source
from flows.sources.merging import merge
from flows.sources.reference import read_lexicon
from matchers.errors import DeliveryError
from schemas.raw import raw_table

CONTRACT = read_contracts()["old_age_roll"].model_copy(update={"delivers": "increment", "required": False})
HEADER = "身份证号,姓名,月津贴,起始日期,状态,联系电话"
FANG = "11010519491231002X,王芳,100,2020-05-01,发放,"
QIANG = "440524188001010014,张强,25,2020-05-01,发放,"
NOBODY = ",李明,25,,发放,"


def run(db: DuckEngine, home: Path, month: str, *rows: str) -> Loaded:
    """Take one month's increment into the lake; nothing is delivered where no row is given."""
    folder = home / "incoming" / month
    folder.mkdir(parents=True, exist_ok=True)
    if rows:
        (folder / "old_age_roll.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    arrivals = open_deliveries(folder, (CONTRACT,), check_stage_ids(), home / "scratch")
    lake = Lake(home, home / "staging", month)
    arrival = arrivals.get("old_age_roll")
    done = merge(lake, db, CONTRACT, (arrival, load_source(db, CONTRACT, arrival, read_lexicon())))
    lake.write(db, raw_table(CONTRACT))
    lake.commit()
    assert done.delivered == done.loaded + done.refused
    return done


def held(db: DuckEngine) -> list[tuple[object, ...]]:
    """Return the state after the month."""
    return db.rows("select row_number, full_name, amount_month_yuan::integer from raw_old_age_roll order by row_number")


def test_what_changed_replaces_its_key_and_everything_else_still_holds(db: DuckEngine, tmp_path: Path) -> None:
    first = run(db, tmp_path, "2026-08", FANG, QIANG, NOBODY)
    assert (first.carried, first.merging) == (
        0,
        "changes only, and no complete state before them: what did not change is unknown",
    )
    changed = run(db, tmp_path, "2026-09", QIANG.replace(",25,", ",50,").replace("440524", " 440524"))
    assert (changed.delivered, changed.carried) == (1, 2)
    assert held(db) == [(-2, "王芳", 100), (0, "李明", 25), (1, "张强", 50)]
    assert changed.merging == "2 rows of the state of 2026-08 still hold"


def test_a_month_without_news_is_the_state_before(db: DuckEngine, tmp_path: Path) -> None:
    run(db, tmp_path, "2026-08", FANG, QIANG)
    assert run(db, tmp_path, "2026-09").carried == 2
    assert run(db, tmp_path, "2026-10", FANG.replace(",100,", ",200,")).carried == 1
    assert held(db) == [(0, "张强", 25), (1, "王芳", 200)]


def test_a_month_that_was_never_run_is_not_jumped_over(db: DuckEngine, tmp_path: Path) -> None:
    run(db, tmp_path, "2026-08", FANG)
    (tmp_path / "incoming" / "2026-09").mkdir()
    (tmp_path / "incoming" / "2026-09" / "old_age_roll.csv").write_text(f"{HEADER}\n{QIANG}\n", encoding="utf-8")
    with pytest.raises(DeliveryError, match="those of 2026-09 were never read"):
        run(db, tmp_path, "2026-10", FANG)


def test_the_same_months_give_the_same_state_in_the_same_places(db: DuckEngine, tmp_path: Path) -> None:
    states = []
    for home in (tmp_path / "a", tmp_path / "b"):
        for month in ("2026-08", "2026-09"):
            run(db, home, month, FANG, QIANG)
        states.append(held(db))
    assert states[0] == states[1]
