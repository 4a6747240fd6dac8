"""How a phase is run: once per fingerprint, in a session of its own, all of its tables or none."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import resource
import shutil
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.engines.duckdb import DuckEngine, storage_error
from flows.lake import Lake
from flows.settings import RunSettings
from matchers.errors import BusyError, MatchError, StorageError

log = logging.getLogger(__name__)
Summary = dict[str, Any]


@dataclass(frozen=True)
class Phase:
    """One phase of the month: its name and what it does; `work` returns counts only."""

    name: str
    work: Callable[[RunSettings, Lake, DuckEngine], Summary]


@dataclass(frozen=True)
class PhaseResult:
    """What a phase left: fingerprint of everything it depends on, counts, seconds, and peak memory in MB."""

    name: str
    fingerprint: str
    summary: Summary
    seconds: float
    peak_memory_mb: int
    was_repeated: bool


def state_file(home: Path, month: str, name: str) -> Path:
    """Return where a finished phase says what it was made from."""
    return home / "lake" / ".phases" / f"month={month}" / f"{name}.json"


def finished(run: RunSettings, name: str, fingerprint: str) -> PhaseResult | None:
    """Return the result of an earlier try where nothing it depends on has changed."""
    file = state_file(run.home, run.month, name)
    if not file.exists():
        return None
    state = json.loads(file.read_text(encoding="utf-8"))
    if state["fingerprint"] != fingerprint:
        return None
    return PhaseResult(name, fingerprint, state["summary"], state["seconds"], state["peak_memory_mb"], False)


def known_fingerprint(home: Path, month: str, name: str) -> str | None:
    """Return the fingerprint a finished phase was made with; None where it never finished."""
    file = state_file(home, month, name)
    return str(json.loads(file.read_text(encoding="utf-8"))["fingerprint"]) if file.exists() else None


def run_phase(run: RunSettings, phase: Phase, fingerprint: str) -> PhaseResult:
    """Run a phase unless it is finished; its tables appear in the lake together, then its state.

    Raises the phase's own MatchError; anything the database engine says is kept in a file, as it may quote people.
    """
    done = finished(run, phase.name, fingerprint)
    if done:
        log.info("%s: nothing it depends on has changed, kept", phase.name)
        return done
    work = run.home / "work" / run.month / phase.name
    shutil.rmtree(work, ignore_errors=True)
    lake = Lake(run.home, work / "staging", run.month)
    started = time.monotonic()
    forget_peak_memory()
    with told_plainly(run.home / "work" / f"{run.month}-{phase.name}-error.txt"):
        (work / "spill").mkdir(parents=True)
        with DuckEngine(threads=run.threads, memory=run.memory, scratch=work / "spill") as db:
            summary = phase.work(run, lake, db)
        state_file(run.home, run.month, phase.name).unlink(missing_ok=True)
        lake.commit()
        result = PhaseResult(
            phase.name, fingerprint, summary, round(time.monotonic() - started, 1), peak_memory(), True
        )
        keep_state(run, result)
    shutil.rmtree(work, ignore_errors=True)
    return result


def keep_state(run: RunSettings, result: PhaseResult) -> None:
    """Say that a phase is finished, in one rename."""
    file = state_file(run.home, run.month, result.name)
    state = {
        "fingerprint": result.fingerprint,
        "summary": result.summary,
        "seconds": result.seconds,
        "peak_memory_mb": result.peak_memory_mb,
    }
    write_whole(file, json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True, default=str))


def write_whole(file: Path, content: str) -> None:
    """Write a small file so that it is there whole or not at all, even after a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    with partial.open("w", encoding="utf-8") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.rename(file)


def forget_peak_memory() -> None:
    """Let the kernel count the highest memory from here; where it cannot, the peak covers earlier phases too."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory() -> int:
    """Return this process's highest memory since `forget_peak_memory`, in MB."""
    with suppress(OSError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@contextmanager
def told_plainly(report: Path) -> Iterator[None]:
    """Turn what the machine says into what the operator must do, without quoting a person's value."""
    try:
        yield
    except MatchError:
        raise
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise StorageError(
                "the disk is full. Nothing of this phase was kept; free space in the home folder and run again."
            ) from None
        raise
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
            raise storage_error(error) from None
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(traceback.format_exc(), encoding="utf-8")
        report.chmod(0o600)
        raise MatchError(
            f"the database engine stopped ({type(error).__name__}). Nothing of this phase was kept. "
            f"What it said may quote people, so it is in {report} only; give that file to whoever maintains zhaoren."
        ) from None


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold the home folder for one run; raises BusyError where another one has it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError(f"another run is working in {home}. Wait until it ends, then run again.") from None
        yield
