"""A candidate explained on the small county: every part of the story leads back to what was delivered and published."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from rich.console import Console

from flows.explaining import Question, explain, print_answer
from flows.explaining_candidates import Story
from flows.monthly import MonthResult
from matchers.errors import MissingTableError, UsageError
from tests.flows.conftest import MONTHS
from tests.flows.test_month import ask, table


def ids(home: Path, where: str, month: str = MONTHS[-1]) -> list[str]:
    return [
        str(row[0])
        for row in ask(f"select candidate_id from {table(home, 'candidate', month)} where {where} order by 1")
    ]


def told(home: Path, candidate_id: str, month: str | None = None) -> Story:
    answer = explain(Question((candidate_id,), home, month))
    assert isinstance(answer, Story)
    return answer


def printed(story: Story, lang: str) -> str:
    console = Console(file=io.StringIO(), width=200)
    print_answer(console, story, lang)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture(scope="module")
def home(ran: MonthResult) -> Path:
    return ran.folder.parents[1]


@pytest.fixture(scope="module")
def stories(home: Path) -> list[Story]:
    one_each = (
        f"select min(candidate_id) from {table(home, 'candidate')} group by programme_id, is_within_capacity order by 1"
    )
    return [told(home, str(row[0])) for row in ask(one_each)]


def test_every_programme_can_be_explained_in_both_languages(stories: list[Story]) -> None:
    assert len(stories) > 12
    for story in stories:
        for lang in ("zh", "en"):
            said = printed(story, lang)
            assert story.candidate["candidate_id"] in said
            assert all(question in said for question in story.candidate[f"questions_{lang}"].split("\n"))


def test_the_rows_named_are_the_rows_that_state_the_facts(home: Path, stories: list[Story]) -> None:
    named = [fact for story in stories for fact in story.facts if fact["rows"]]
    assert len(named) > 30
    for fact in named[:40]:
        raw = table(
            home,
            f"raw_{fact['source_id']}" if fact["source_id"] != "derived" else "raw_" + fact["record_id"].split(":")[0],
        )
        with duckdb.connect() as db:
            row = db.execute(f"select * from {raw} where row_number = {fact['rows'][0]}").fetchone()
        assert row is not None
        assert fact["record_id"] in row
        assert fact["file_month"] == MONTHS[-1]


def test_the_line_is_the_line_of_the_workbook(home: Path, ran: MonthResult) -> None:
    listed = ids(home, "is_within_capacity and township_code is not null")
    for candidate_id in (listed[0], listed[-1]):
        shown = told(home, candidate_id).line
        sheet = openpyxl.load_workbook(ran.folder / shown["file"]).worksheets[0]
        row = next(cells for cells in sheet.iter_rows(min_row=4, values_only=True) if cells[1] == candidate_id)
        assert (row[0], row[2], row[3]) == (
            shown["line_number"],
            shown["full_name"],
            shown["masked_id"] or "无有效证号",
        )
        assert row[4] == shown["village_name"]


def test_criteria_are_all_there_and_what_is_unknown_carries_its_question(stories: list[Story]) -> None:
    for story in stories:
        assert story.findings
        assert sum(row["is_met"] is None for row in story.findings) == story.candidate["unknown_count"]
    assert any(row["question"] for story in stories for row in story.findings if row["is_met"] is None)


def test_nobodys_number_and_no_other_members_name_is_shown(home: Path, stories: list[Story]) -> None:
    numbers = [
        str(row[0]) for row in ask(f"select national_id from {table(home, 'person')} where national_id is not null")
    ]
    for story in stories:
        said = printed(story, "zh") + str(story.as_json())
        assert not [number for number in numbers if number in said]
        others = ask(
            f"select p.full_name from {table(home, 'household_member')} m join {table(home, 'person')} p using (person_id) "
            f"where m.household_id = '{story.candidate['household_id']}' and p.full_name <> '{story.line['full_name']}'"
        )
        assert not [name for (name,) in others if len(str(name)) > 2 and str(name) in said]


def test_an_uncertain_link_shows_its_rows_and_what_was_compared(home: Path) -> None:
    doubted = ids(home, "deciding_link is not null")
    links = [told(home, candidate_id).link for candidate_id in doubted[:12]]
    assert links
    assert all(not link["is_sure"] and link["row"]["rows"] for link in links)
    weighed = [link["steps"] for link in links if link["steps"]]
    assert all(step["comparisons"] for step in weighed)


def test_who_waits_is_told_why_and_who_is_visited_too(home: Path, stories: list[Story]) -> None:
    for story in stories:
        expected = ("earned", "along", "drawn") if story.candidate["is_within_capacity"] else ("waiting", "no_visit")
        assert story.place["why"] in expected
        assert story.place["rank"] <= story.place["candidates"]


def test_last_months_candidate_is_explained_with_what_became_of_it(home: Path) -> None:
    gone = sorted(set(ids(home, "true", MONTHS[0])) - set(ids(home, "true")))
    story = told(home, gone[0])
    assert (story.month, story.asked_month) == MONTHS
    assert story.since is not None
    assert f"{MONTHS[1]} 的线索中已没有这一条" in printed(story, "zh")
    assert told(home, gone[0], MONTHS[0]).since is None


@pytest.mark.parametrize("what", ["served", "ruled_out", "less_likely", "merged", "not_assessed"])
def test_every_reason_to_be_gone_has_words(what: str, stories: list[Story]) -> None:
    told_otherwise: dict[str, Any] = {**vars(stories[0]), "since": {"what": what, "criteria": ["deceased"]}}
    assert ("原因：") in printed(Story(**told_otherwise), "zh")


def test_an_unknown_candidate_is_told_plainly(home: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"looked in {MONTHS[-1]}-[0-9a-f]+ and in 1 earlier") as refused:
        told(home, "CSOMEBODY")
    assert "CSOMEBODY" not in str(refused.value)
    with pytest.raises(MissingTableError, match="no month has been screened"):
        told(tmp_path, "C1")
    with pytest.raises(MissingTableError, match="2026-11 has not been screened"):
        told(home, "C1", "2026-11")
