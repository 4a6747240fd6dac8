from __future__ import annotations

from pathlib import Path

import pytest

from flows.ledger import refuse_released, release, releases
from matchers.errors import LedgerConflictError


def finished_run(home: Path, run_id: str) -> None:
    (home / "runs" / run_id).mkdir(parents=True)
    (home / "runs" / run_id / "manifest.json").write_text("{}", encoding="utf-8")


def test_a_release_is_kept_with_who_and_when(tmp_path: Path) -> None:
    finished_run(tmp_path, "2026-10-aaaa1111")
    release(tmp_path, "2026-10-aaaa1111", "王芳")
    (kept,) = releases(tmp_path)
    assert (kept.month, kept.run_id, kept.released_by) == ("2026-10", "2026-10-aaaa1111", "王芳")
    assert kept.released_at[:2] == "20"


def test_a_month_is_released_once(tmp_path: Path) -> None:
    for run_id in ("2026-10-aaaa1111", "2026-10-bbbb2222"):
        finished_run(tmp_path, run_id)
    release(tmp_path, "2026-10-aaaa1111", "王芳")
    with pytest.raises(LedgerConflictError, match="2026-10-aaaa1111"):
        release(tmp_path, "2026-10-bbbb2222", "李强")


def test_a_released_month_and_the_months_before_it_are_closed(tmp_path: Path) -> None:
    finished_run(tmp_path, "2026-10-aaaa1111")
    release(tmp_path, "2026-10-aaaa1111", "王芳")
    for closed in ("2026-09", "2026-10"):
        with pytest.raises(LedgerConflictError, match="never rewritten"):
            refuse_released(tmp_path, closed)
    refuse_released(tmp_path, "2026-11")


def test_a_run_that_is_not_there_cannot_be_released(tmp_path: Path) -> None:
    finished_run(tmp_path, "2026-10-aaaa1111")
    with pytest.raises(LedgerConflictError, match="Finished runs: 2026-10-aaaa1111"):
        release(tmp_path, "2026-10-typo", "王芳")
