"""Programmes without findings: stopped for a reason, or not touched by anybody; the two are never mixed up."""

from __future__ import annotations

from typing import Any

from flows.outputs.pages.blocks import Figures
from flows.outputs.pages.criteria import without_findings
from flows.outputs.pages.overview import stopped
from flows.outputs.words import Words

STOPPED: list[dict[str, Any]] = [
    {"programme": "rigid_expenditure_family", "area": "110100", "parameter": "rigid.share", "sources": []},
    {"programme": "old_age_allowance", "area": "230123", "parameter": None, "sources": ["old_age_roll"]},
    {"programme": "single_person_allowance", "area": "230123", "parameter": None, "sources": []},
]


def figures(stops: list[dict[str, Any]], lang: str = "zh") -> Figures:
    """Return a month in which all but one programme has findings."""
    ran = [{"programme_id": name} for name in Words(lang).programme_ids() if name != "child_rehabilitation"]
    gone = {stop["programme"] for stop in stops}
    tables = {"criterion_count": [row for row in ran if row["programme_id"] not in gone], "stopped": stops}
    return Figures(Words(lang), tables, 0, "230123")


def test_why_a_programme_stopped_is_told_with_its_area() -> None:
    said = [alert["text"] for alert in stopped(figures(STOPPED))]
    assert said[0].endswith("：北京市缺少参数 rigid.share，请注明出处补充。")
    assert said[1].endswith("：依兰县未完整、及时收到高龄津贴名册。")
    assert said[2].endswith("：依兰县当日没有施行的政策版本。")


def test_a_programme_that_touched_nobody_is_no_alarm_and_not_called_stopped() -> None:
    assert stopped(figures([])) == []
    (block,) = without_findings(figures([], "en"))
    assert [[cell.content for cell in row] for row in block.rows] == [
        ["Rehabilitation of disabled children", "ran; nobody is known to whom it might apply"]
    ]


def test_the_table_holds_the_stopped_and_the_untouched() -> None:
    (block,) = without_findings(figures(STOPPED))
    assert [row[0].kind for row in block.rows] == ["bad", "bad", "bad", ""]
