"""One command for every why: two ids ask about a pair of records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from flows.explaining_pairs import Explained, explain_in_folder, explain_in_month, print_explained
from flows.lake import Lake
from flows.settings import RunSettings
from matchers.errors import MissingTableError, UsageError
from schemas.links import LINK_MODEL


@dataclass(frozen=True)
class Question:
    """What is asked: the ids, and where their records are: a link's folder, or a month of the home."""

    ids: tuple[str, ...]
    home: Path
    month: str | None = None
    out: Path | None = None


def explain(question: Question) -> Explained:
    """Return the answer; raises UsageError where the ids are not ones a question can be asked about."""
    if len(question.ids) != 2 or question.ids[0] == question.ids[1]:
        raise UsageError("name two different record ids to have their pair explained.")
    one, other = question.ids
    if question.out:
        return explain_in_folder(question.out, one, other)
    return explain_in_month(RunSettings(question.home, question.month or newest_month(question.home)), one, other)


def newest_month(home: Path) -> str:
    """Return the newest month that has been linked."""
    months = Lake(home, home / "work", "").months(LINK_MODEL.name)
    if not months:
        raise MissingTableError(
            f"no month has been linked in {home}. Run one first, or name a link's folder with --out."
        )
    return months[-1]


def print_answer(console: Console, answer: Explained, lang: str) -> None:
    """Print an answer for people."""
    print_explained(console, answer, lang)
