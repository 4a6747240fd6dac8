"""`make bench`: speed and memory of the run, accuracy of linkage on the public sets. Not part of the tests.

PEOPLE (default "100000 1000000") says which counties are timed; the public sets are used where they are present.
"""

from __future__ import annotations

import os

from rich.console import Console

from tests.benchmarks.ingest import bench_ingest
from tests.benchmarks.linkage import bench_linkage
from tests.benchmarks.monthly import bench_month


def main() -> None:
    """Run every benchmark and print its table."""
    console = Console(width=120)
    bench_linkage(console)
    for people in os.environ.get("PEOPLE", "100000 1000000").split():
        bench_ingest(console, int(people))
        bench_month(console, int(people))


if __name__ == "__main__":
    main()
