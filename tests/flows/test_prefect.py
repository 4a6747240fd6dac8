"""The same month on Prefect, with no server configured and no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.monthly import MonthResult, run_month
from tests.flows.conftest import MONTHS, published, settings


@pytest.mark.server
def test_the_flow_gives_the_same_bytes_as_the_plain_run(second_home: Path, ran: MonthResult, tmp_path: Path) -> None:
    home = tmp_path / "flow"
    (home / "incoming").mkdir(parents=True)
    (second_home / "incoming" / MONTHS[0]).rename(home / "incoming" / MONTHS[0])
    (second_home / "incoming" / MONTHS[1]).rename(home / "incoming" / MONTHS[1])
    run_month(settings(home, MONTHS[0]))
    words = ["run", "--prefect", "--json", "--month", MONTHS[1], "--memory", "2GB", "--home", str(home)]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [sys.executable, "-m", "flows.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, env=quiet, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout[done.stdout.index("{") :])["run_id"] == ran.run_id
    assert published(run_month(settings(home))) == published(ran)
