"""One small county, simulated and run once for all flow tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.monthly import MonthResult, run_month
from flows.settings import RunSettings
from flows.simulation import SimulationSettings, simulate

MONTHS = ("2026-09", "2026-10")
PEOPLE = 3_000


def settings(home: Path, month: str = MONTHS[-1], **changed: object) -> RunSettings:
    """Return the settings all flow tests run with."""
    return RunSettings(home=home, month=month, memory="2GB", **changed)  # type: ignore[arg-type]


def published(result: MonthResult) -> dict[str, bytes]:
    """Return every published file that must be the same bytes: all but the timings."""
    files = sorted(path for path in result.folder.rglob("*") if path.is_file() and path.name != "timings.json")
    return {path.relative_to(result.folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries of two months and their truth; never changed by a test."""
    out = tmp_path_factory.mktemp("county")
    simulate(SimulationSettings(people=PEOPLE, months=len(MONTHS), last_month=MONTHS[-1], seed=42, out=out, workers=1))
    return out


@pytest.fixture(scope="session")
def ran(county: Path, tmp_path_factory: pytest.TempPathFactory) -> MonthResult:
    """The two months run one after the other in a home of their own; never changed by a test."""
    home = tmp_path_factory.mktemp("ran") / "home"
    shutil.copytree(county / "incoming", home / "incoming")
    for month in MONTHS:
        result = run_month(settings(home, month))
    return result


@pytest.fixture
def fresh_home(county: Path, tmp_path: Path) -> Path:
    """A home with the last month's deliveries and nothing else."""
    home = tmp_path / "home"
    shutil.copytree(county / "incoming" / MONTHS[-1], home / "incoming" / MONTHS[-1])
    return home


@pytest.fixture
def second_home(ran: MonthResult, tmp_path: Path) -> Path:
    """A copy of the home in which both months were run."""
    home = tmp_path / "home"
    shutil.copytree(ran.folder.parents[1], home)
    return home


Break = Callable[[Path], None]
