"""`make bench`: speed and memory of the run, accuracy of linkage on the public sets. Not part of the tests.

PEOPLE (default "100000 1000000") says which counties are timed besides the ingest of one that delivers five million rows,
SIZES how many drawn records are linked; the public sets are used where they are present, and SPLINK names the Python of
an environment with Splink 5 to be timed beside us.
"""

from __future__ import annotations

import os

from rich.console import Console

from tests.benchmarks.growth import bench_growth
from tests.benchmarks.ingest import FIVE_MILLION_ROWS, bench_ingest
from tests.benchmarks.linkage import against_splink, bench_linkage
from tests.benchmarks.monthly import bench_month


def main() -> None:
    """Run every benchmark and print its table."""
    console = Console(width=120)
    against_splink(console, bench_linkage(console))
    bench_growth(console)
    bench_ingest(console, FIVE_MILLION_ROWS)
    for people in os.environ.get("PEOPLE", "100000 1000000").split():
        bench_ingest(console, int(people))
        bench_month(console, int(people))


if __name__ == "__main__":
    main()
