from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.alone import spent_by

MB = 1 << 20


def test_a_commands_peak_leaves_out_what_its_starter_holds() -> None:
    held = bytearray(b"x") * (400 * MB)
    assert spent_by([sys.executable, "-c", "pass"]).peak_mb < 100
    assert len(held) == 400 * MB


def test_a_commands_peak_is_its_own(tmp_path: Path) -> None:
    said = tmp_path / "said"
    spent = spent_by([sys.executable, "-c", f"print(len(bytearray(b'x') * {200 * MB}))"], str(said))
    assert 200 <= spent.peak_mb < 300
    assert said.read_text() == f"{200 * MB}\n"


def test_a_command_that_fails_has_no_figures() -> None:
    with pytest.raises(RuntimeError, match="failed with 3"):
        spent_by([sys.executable, "-c", "raise SystemExit(3)"])
