"""The truth files hold what they promise, chunk after chunk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from flows.synthetic.entitlement import ORPHAN, PROGRAMMES
from flows.synthetic.truth import ENTITLEMENT, PERSON, ROW_PERSON, TruthWriter
from flows.synthetic.world.plan import WorldPlan
from flows.synthetic.world.world import simulate_chunk

PLAN = WorldPlan(people=600, months=("2026-09", "2026-10"), seed=3, chunk_size=300)


def test_every_month_has_its_four_files_even_without_rows(tmp_path: Path) -> None:
    with TruthWriter(tmp_path, PLAN.months):
        pass
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(
        f"{table}-{month}.parquet"
        for table in ("row_person", "person", "identity", "entitlement")
        for month in PLAN.months
    )
    assert pq.read_schema(tmp_path / "entitlement-2026-09.parquet").names == ENTITLEMENT.names


def test_persons_and_entitlements_are_those_of_all_chunks(tmp_path: Path) -> None:
    snapshots = [snapshot for chunk in range(PLAN.chunk_count) for snapshot in simulate_chunk(PLAN, chunk)]
    with TruthWriter(tmp_path, PLAN.months) as truth:
        for snapshot in snapshots:
            truth.add_persons(snapshot)
            truth.add_entitlement(snapshot)
    persons = pq.read_table(tmp_path / "person-2026-10.parquet")
    assert persons.schema.equals(PERSON)
    assert persons.num_rows == sum(len(s.persons) for s in snapshots if s.month == "2026-10")
    assert len(set(persons["person_no"].to_pylist())) == persons.num_rows
    entitled = pq.read_table(tmp_path / "entitlement-2026-10.parquet").to_pandas()
    assert set(entitled["programme_id"]) <= {*PROGRAMMES, ORPHAN}
    assert (entitled["is_entitled"] | entitled["is_receiving"]).all()


def test_delivered_rows_keep_their_person(tmp_path: Path) -> None:
    with TruthWriter(tmp_path, PLAN.months) as truth:
        truth.add_rows("2026-10", "student", "self", np.array([1, 2]), np.array([70, 80]))
        truth.add_rows("2026-10", "student", "guardian1", np.array([1]), np.array([90]))
    rows = pq.read_table(tmp_path / "row_person-2026-10.parquet")
    assert rows.schema.equals(ROW_PERSON)
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("student", "self", 1, 70),
        ("student", "self", 2, 80),
        ("student", "guardian1", 1, 90),
    ]
