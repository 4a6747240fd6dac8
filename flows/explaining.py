"""One command for every why: one id asks about a candidate of the lists, two about a pair of records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from flows.explaining_candidates import Story, explain_candidate
from flows.explaining_pairs import Explained, explain_in_folder, explain_in_month, print_explained
from flows.lake import Lake
from flows.outputs.explanation import print_story
from flows.settings import RunSettings
from matchers.errors import MissingTableError, UsageError
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.links import LINK_MODEL


@dataclass(frozen=True)
class Question:
    """What is asked: the ids, and where they are: a link's folder, or a month of the home."""

    ids: tuple[str, ...]
    home: Path
    month: str | None = None
    out: Path | None = None


def explain(question: Question) -> Explained | Story:
    """Return the answer; raises UsageError where the ids are not ones a question can be asked about."""
    if len(question.ids) == 1 and question.out is None:
        month = question.month or newest_month(question.home, CANDIDATE)
        return explain_candidate(RunSettings(question.home, month), question.ids[0])
    if len(question.ids) != 2 or question.ids[0] == question.ids[1]:
        raise UsageError(
            "name one candidate id from a list to have it explained, or two different record ids to have their pair explained."
        )
    one, other = question.ids
    if question.out:
        return explain_in_folder(question.out, one, other)
    month = question.month or newest_month(question.home, LINK_MODEL)
    return explain_in_month(RunSettings(question.home, month), one, other)


def newest_month(home: Path, table: Table) -> str:
    """Return the newest month a table was made for."""
    months = Lake(home, home / "work", "").months(table.name)
    if not months:
        raise MissingTableError(
            f"no month has been {'linked' if table is LINK_MODEL else 'screened'} in {home}. "
            "Run one first, name another home with --home, or a link's folder with --out."
        )
    return months[-1]


def print_answer(console: Console, answer: Explained | Story, lang: str) -> None:
    """Print an answer for people."""
    if isinstance(answer, Story):
        print_story(console, answer.as_json(), lang)
    else:
        print_explained(console, answer, lang)
