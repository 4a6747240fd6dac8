"""Two drawn months: a delivery that does not come, comes again, or comes short in the second."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from flows.engines.duckdb import DuckEngine
from flows.ingest import ingest
from flows.lake import Lake
from flows.settings import RunSettings
from matchers.errors import DeliveryError
from tests.unit.flows.test_ingest import DRAWN

MONTHS = ("2026-08", "2026-09")
AUGUST, SEPTEMBER = datetime.date(2026, 8, 31), datetime.date(2026, 9, 30)


def roll(lines: int) -> str:
    rows = "".join(f",张{'一二三四五六七八九十'[n % 10]}{n},25,2020-05-01,发放,\n" for n in range(lines))
    return "身份证号,姓名,月津贴,起始日期,状态,联系电话\n" + rows


def unemployment(lines: int) -> str:
    rows = "".join(f",王{n},2026-01-01,,2026-01-02,,1,900\n" for n in range(lines))
    return "id_card,name,unemployment_date,unemployment_reason,register_date,cancel_date,is_valid,aae043\n" + rows


def two_months(home: Path, first: dict[str, str | None], second: dict[str, str | None]) -> dict[str, dict[str, Any]]:
    """Ingest two months, the drawn one changed as told; return the second's lines of delivery by source."""
    for month, changed in zip(MONTHS, (first, second), strict=True):
        run = RunSettings(home=home, month=month)
        run.incoming.mkdir(parents=True)
        for source, content in (DRAWN | changed).items():
            if content is not None:
                (run.incoming / f"{source}.csv").write_text(content, encoding="utf-8")
        lake = Lake(home, home / "staging", month)
        with DuckEngine(memory="1GB") as db:
            ingest(run, lake, db)
            if month == MONTHS[-1]:
                rows = db.arrays("select * from delivery order by source_id")
                dated = db.rows("select source_id, max(as_of_date) from std_record group by 1")
        lake.commit()
    lines = {str(source): {name: rows[name][place] for name in rows} for place, source in enumerate(rows["source_id"])}
    return {source: line | {"stated": dict(dated).get(source)} for source, line in lines.items()}


def test_what_does_not_come_is_carried_forward_with_its_own_date(tmp_path: Path) -> None:
    line = two_months(tmp_path, {"old_age_roll": roll(300)}, {"old_age_roll": None})["old_age_roll"]
    assert (line["state"], line["file_month"], line["loaded_count"]) == ("carried_forward", "2026-08", 300)
    assert line["stated"] == AUGUST


def test_the_same_rows_sent_again_in_another_order_keep_their_date(tmp_path: Path) -> None:
    header, *rows = roll(300).splitlines()
    again = "\n".join([header, *reversed(rows)]) + "\n"
    line = two_months(tmp_path, {"old_age_roll": roll(300)}, {"old_age_roll": again})["old_age_roll"]
    assert (line["state"], line["stated"]) == ("repeated", AUGUST)


def test_one_changed_row_makes_a_new_delivery(tmp_path: Path) -> None:
    line = two_months(tmp_path, {"old_age_roll": roll(300)}, {"old_age_roll": roll(301)})["old_age_roll"]
    assert (line["state"], line["stated"]) == ("delivered", SEPTEMBER)


def test_a_short_roll_is_set_aside_for_the_month_before_and_says_how_many_rows_it_had(tmp_path: Path) -> None:
    line = two_months(tmp_path, {"old_age_roll": roll(300)}, {"old_age_roll": roll(20)})["old_age_roll"]
    assert (line["state"], line["set_aside_count"], line["loaded_count"]) == ("carried_forward", 20, 300)
    assert (line["stated"], line["usual_count"]) == (AUGUST, 300)


def test_a_short_delivery_nothing_stands_in_for_is_used_as_partial(tmp_path: Path) -> None:
    line = two_months(tmp_path, {"unemployment": unemployment(90)}, {"unemployment": unemployment(9)})["unemployment"]
    assert (line["state"], line["loaded_count"], line["usual_count"]) == ("partial", 9, 90)


def test_what_the_run_cannot_do_without_stops_it_where_it_comes_short(tmp_path: Path) -> None:
    header, row, *_ = DRAWN["population_register"].splitlines()
    long = "\n".join([header, *[row.replace("H1", f"H{n}") for n in range(100)]]) + "\n"
    with pytest.raises(DeliveryError, match="has 3 rows where its last whole delivery had 100"):
        two_months(tmp_path, {"population_register": long}, {})


def test_a_source_with_nothing_to_stand_in_for_it_is_missing_and_remembers_its_size(tmp_path: Path) -> None:
    line = two_months(tmp_path, {"unemployment": unemployment(90)}, {"unemployment": None})["unemployment"]
    assert (line["state"], line["loaded_count"], line["usual_count"], line["stated"]) == ("missing", 0, 90, None)
