"""Runs one command in a process of its own and tells its seconds and peak memory; run as a script, it is the small process between.

A child's peak counts what its parent held when it was started, so a command must be started by a process that holds little:
this one, which imports nothing but what Python itself needs.
"""

from __future__ import annotations

import os
import sys
import time

# What is imported here counts as the command's own memory: keep it to nothing.


class Spent:
    """What a command took: wall and processor seconds, and its peak memory."""

    def __init__(self, seconds: float, cpu: float, peak_mb: int) -> None:
        self.seconds, self.cpu, self.peak_mb = seconds, cpu, peak_mb


def spent_by(command: list[str], said: str = os.devnull) -> Spent:
    """Run a command, what it says written to a file, and return what it took; raises RuntimeError where it fails."""
    import subprocess
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    between = [sys.executable, "-I", "-S", __file__, said, *command]
    done = subprocess.run(between, cwd=root, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"this failed with {done.returncode}: {' '.join(command)}")
    seconds, cpu, peak = done.stdout.split()
    return Spent(float(seconds), float(cpu), int(peak))


def main(said: str, *command: str) -> int:
    """Run the command and print seconds, processor seconds and peak MB; return its exit code."""
    started = time.monotonic()
    aside = [(os.POSIX_SPAWN_OPEN, 1, said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=aside)
    _, status, usage = os.wait4(child, 0)
    print(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)
    return os.waitstatus_to_exitcode(status) & 0xFF


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
