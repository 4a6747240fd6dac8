from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from flows.lake import Lake
from flows.link_models import accepted_version, version_file, versions
from flows.training import TrainJob, changes, print_trained, train_or_accept
from matchers.errors import LedgerConflictError, UsageError
from schemas.links import LINK_MODEL
from tests.unit.flows.test_linking import RECORDS, run_link

MONTH = "2026-10"
PEOPLE = [
    (f"{source}:self:{100 + n}", f"{a}{b}", None, None, str(1 + n % 2), f"H{n // 3}", f"1390000{n:04}")
    for n, (a, b) in enumerate((a, b) for a in "李王张刘陈" for b in ("强", "芳", "伟", "秀英"))
    for source in ("population_register", "pension")
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    run_link(tmp_path, MONTH, [*RECORDS, *PEOPLE])
    return tmp_path


def train(home: Path) -> dict[str, Any]:
    return train_or_accept(TrainJob(home, MONTH))


def test_training_writes_a_version_to_review_and_changes_nothing(home: Path) -> None:
    done = train(home)
    content = json.loads(version_file(home, done["version"]).read_text(encoding="utf-8"))
    assert set(content) == {"format", "month", "learnt_from", "model"}
    assert accepted_version(home) is None
    assert done["in_use"].startswith("learnt-")
    assert done["links"]["gained"] == done["links"]["lost"] == 0
    assert train(home)["version"] == done["version"]
    assert versions(home) == [done["version"]]


def test_the_month_uses_the_accepted_model_and_says_so(home: Path) -> None:
    version = train(home)["version"]
    train_or_accept(TrainJob(home, accept=version, by="王芳"))
    used = run_link(home, MONTH, [*RECORDS, *PEOPLE])["model"]
    assert used == {"model_id": version, "origin": "accepted"}
    train_or_accept(TrainJob(home, accept="each-month", by="王芳"))
    assert run_link(home, MONTH, [*RECORDS, *PEOPLE])["model"]["origin"] == "learnt"


def test_a_model_of_other_levels_is_trained_anew_and_not_compared(home: Path) -> None:
    (file,) = Lake(home, home / "work", MONTH).folder(LINK_MODEL.name).glob("*.parquet")
    table = pq.read_table(file)
    said = json.loads(table["content"][0].as_py())
    name = next(iter(said["fields"]))
    said["fields"][name]["levels"] = said["fields"][name]["levels"][:-1]
    place = table.column_names.index("content")
    pq.write_table(table.set_column(place, "content", pa.array([json.dumps(said)])), file)
    done = train(home)
    assert (done["in_use"], done["old"], done["links"]) == (None, None, None)
    assert versions(home) == [done["version"]]


def test_a_version_changed_after_it_was_accepted_stops_the_run(home: Path) -> None:
    version = train(home)["version"]
    train_or_accept(TrainJob(home, accept=version, by="王芳"))
    file = version_file(home, version)
    file.write_text(file.read_text(encoding="utf-8").replace('"iterations": ', '"iterations": 1'), encoding="utf-8")
    with pytest.raises(LedgerConflictError, match="changed or removed"):
        accepted_version(home)


def test_what_cannot_be_accepted_is_told_plainly(home: Path) -> None:
    with pytest.raises(LedgerConflictError, match="no model version"):
        train_or_accept(TrainJob(home, accept="2020-01-none", by="王芳"))
    with pytest.raises(UsageError, match="go together"):
        train_or_accept(TrainJob(home, accept="2020-01-none"))


def test_changes_count_pairs_that_meet_and_part() -> None:
    before, after = np.array([0, 0, 0, 3]), np.array([0, 0, 2, 2])
    assert changes(before, after) == {"old": 3, "new": 2, "kept": 1, "gained": 1, "lost": 2}


@pytest.mark.parametrize(("lang", "said"), [("zh", "新旧对照"), ("en", "old and new")])
def test_old_and_new_are_shown_side_by_side(home: Path, lang: str, said: str) -> None:
    console = Console(file=io.StringIO(), width=150)
    print_trained(console, train(home), lang)
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    assert said in printed
    assert "+0.00" in printed
