from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from flows.explaining import Question, print_answer
from flows.explaining import explain as answer
from flows.explaining_pairs import Explained
from flows.link_files import link_files
from matchers.errors import LinkInputError, MissingTableError, UsageError
from tests.unit.flows.test_link_files import ROWS, job, write_csv
from tests.unit.flows.test_linking import RECORDS, run_link


def ask(out: Path, *ids: str) -> Question:
    return Question(ids, out / "nowhere", out=out / "out")


def explain(question: Question) -> Explained:
    found = answer(question)
    assert isinstance(found, Explained)
    return found


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("linked")
    link_files(job(folder, write_csv(folder / "people.csv", ROWS)))
    return folder


def test_the_steps_of_a_pair_add_up_to_its_weight(linked: Path) -> None:
    found = explain(ask(linked, "b003", "a003"))
    assert found.is_one_person
    assert found.steps is not None
    said = found.steps
    assert said.prior < 0
    assert said.prior + said.housemate + sum(step.bits for step in said.steps) == pytest.approx(said.total, abs=0.02)
    assert {step.field: step.level for step in said.steps}["phone"] == "equal"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_explanation_shows_levels_and_bits_and_nobodys_values(linked: Path, lang: str) -> None:
    console = Console(file=io.StringIO(), width=120)
    print_answer(console, explain(ask(linked, "a003", "b003")), lang)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert ("相同" if lang == "zh" else "equal") in printed
    assert not [value for value in ROWS[6][1:] if value and value in printed]


def test_a_pair_that_was_not_kept_says_so(linked: Path) -> None:
    found = explain(ask(linked, "a000", "a015"))
    assert (found.is_one_person, found.reason, found.steps) == (False, "not_kept", None)


def test_unknown_records_and_wrong_questions_are_told_plainly(linked: Path, tmp_path: Path) -> None:
    with pytest.raises(LinkInputError, match="second record id") as refused:
        explain(ask(linked, "a003", "somebody"))
    assert "somebody" not in str(refused.value)
    with pytest.raises(UsageError, match="two different"):
        explain(ask(linked, "a003"))
    with pytest.raises(MissingTableError, match="no finished link"):
        explain(ask(tmp_path, "a", "b"))
    with pytest.raises(MissingTableError, match="no month"):
        explain(Question(("a", "b"), tmp_path / "home"))


def test_a_month_explains_certain_links_and_pairs(tmp_path: Path) -> None:
    run_link(tmp_path, "2026-10")
    ids = [str(record[0]) for record in RECORDS]
    certain = explain(Question((ids[0], ids[1]), tmp_path))
    assert (certain.is_one_person, certain.reason) == (True, "certain_id")
    weighed = explain(Question((ids[2], ids[3]), tmp_path, "2026-10"))
    assert weighed.reason in ("weighed", "not_kept")
    assert explain(Question((ids[0], ids[2]), tmp_path)).is_one_person is False
