"""A simulated county on disk: the same bytes every time, every row with its person, every file as its department sends it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from flows.simulation import County, SimulationSettings, live_chunk, simulate
from flows.synthetic.deliveries.departments import SOURCES
from flows.synthetic.deliveries.writers import BOM, FORMATS
from matchers.errors import DeliveryError

MONTHS = ("2026-09", "2026-10")


def county(out: Path, workers: int) -> SimulationSettings:
    return SimulationSettings(people=2000, out=out, months=2, seed=11, noise=2.0, workers=workers, chunk_size=1000)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("county")
    simulate(county(out, workers=1))
    return out


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def row_count(path: Path) -> int:
    form = FORMATS[path.stem]
    if form.suffix == "parquet":
        return int(pq.ParquetFile(path).metadata.num_rows)
    if form.suffix == "xlsx":
        return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()) - 1
    return len(pd.read_csv(path, encoding=form.encoding, dtype=str, keep_default_na=False))


def test_one_worker_and_two_make_the_same_bytes(made: Path, tmp_path: Path) -> None:
    simulate(county(tmp_path, workers=2))
    assert hashes(tmp_path) == hashes(made)


def test_every_source_is_delivered_every_month_and_nothing_unfinished_stays(made: Path) -> None:
    for month in MONTHS:
        delivered = {path.name for path in (made / "incoming" / month).iterdir()}
        assert delivered == {f"{source_id}.{FORMATS[source_id].suffix}" for source_id in SOURCES}


@pytest.mark.parametrize("month", MONTHS)
def test_the_truth_has_every_delivered_row_once_per_role(made: Path, month: str) -> None:
    truth = pd.read_parquet(made / "truth" / f"row_person-{month}.parquet")
    for path in sorted((made / "incoming" / month).iterdir()):
        mine = truth[truth.source_id == path.stem]
        assert set(mine.role) or row_count(path) == 0, path.name
        for role, rows in mine.groupby("role"):
            assert sorted(rows.row_number) == list(range(1, row_count(path) + 1)), (path.name, role)


def test_text_files_are_in_the_encoding_of_their_department(made: Path) -> None:
    for source_id, form in FORMATS.items():
        if form.suffix != "csv":
            continue
        content = (made / "incoming" / MONTHS[0] / f"{source_id}.csv").read_bytes()
        assert content.startswith(BOM) == (form.encoding == "utf-8-sig"), source_id
        assert content.decode(form.encoding), source_id
        if form.encoding == "gb18030":
            with pytest.raises(UnicodeDecodeError):
                content.decode("utf-8")


def test_a_broken_simulation_leaves_no_half_written_delivery(tmp_path: Path) -> None:
    settings = replace(county(tmp_path, workers=1), people=500)
    (part, _) = live_chunk(settings, 0)

    def break_off() -> None:
        with County(tmp_path, MONTHS) as files:
            files.add(part)
            raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        break_off()
    assert not [path for path in (tmp_path / "incoming").rglob("*") if path.is_file()]


def test_a_month_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="2026-13 is not a month"):
        SimulationSettings(people=500, out=tmp_path, last_month="2026-13")
