from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.linking import WRITTEN, link
from flows.settings import RunSettings
from schemas.records import STD_RECORD
from tests.conftest import row_select

Stated = tuple[str | None, ...]
RECORDS: list[Stated] = [
    ("population_register:self:1", "李强", "li qiang", "23012319650622031X", "1", "H1", None),
    ("medical_insured:self:1", "李强", "li qiang", "23012319650622031X", "1", None, "13900000001"),
    ("population_register:self:2", "王芳", "wang fang", "230123196703110329", "2", "H1", None),
    ("pension:self:1", "王芳", "wang fang", None, "2", None, None),
]


def run_link(home: Path, month: str, records: list[Stated] = RECORDS) -> dict[str, Any]:
    """Deliver the records for a month and link them; what comes out stands in the lake."""
    run = RunSettings(home=home, month=month)
    lake = Lake(home, home / "work" / month, month)
    with DuckEngine() as db:
        rows = []
        for record_id, name, pinyin, number, sex, household, phone in records:
            source, role, _ = str(record_id).split(":")
            rows.append({
                "record_id": record_id, "source_id": source, "role": role, "full_name": name, "name_pinyin": pinyin,
                "national_id": number, "id_state": "valid" if number else "missing", "sex_code": sex, "phone": phone,
                "household_no": household, "as_of_date": str(run.day), "row_count": "1", "village_code": "230123101201",
                "area_code": "230123", "relation_code": "02" if record_id == RECORDS[0][0] else "10",
            })  # fmt: skip
        drawn = [row_select(STD_RECORD, {k: v for k, v in row.items() if v is not None}) for row in rows]
        db.create(STD_RECORD.name, " union all ".join(drawn))
        lake.write(db, STD_RECORD)
    lake.commit()
    with DuckEngine() as db:
        summary = link(run, lake, db)
    lake.commit()
    return summary


def read(home: Path, table: str, month: str) -> list[tuple[Any, ...]]:
    folder = Lake(home, home / "work", month).folder(table)
    with DuckEngine() as db:
        return db.rows(f"select * from read_parquet('{folder}/*.parquet', hive_partitioning=false) order by all")


def test_a_month_is_linked_from_records_to_households(tmp_path: Path) -> None:
    summary = run_link(tmp_path, "2026-10")
    assert summary["records"] == len(RECORDS)
    assert summary["conflicts"] == 0
    assert all(Lake(tmp_path, tmp_path, "2026-10").has(table.name) for table in WRITTEN)
    person = {record: person for record, person, *_ in read(tmp_path, "person_record", "2026-10")}
    assert person["population_register:self:1"] == person["medical_insured:self:1"]


def test_the_same_month_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for home in (tmp_path / "one", tmp_path / "two"):
        run_link(home, "2026-10")
        files = sorted(path for path in home.rglob("*.parquet") if "std_record" not in path.parts)
        written.append({path.relative_to(home): path.read_bytes() for path in files})
    assert written[0] == written[1]


def test_persons_keep_their_ids_the_next_month_and_who_is_not_delivered_stays_in_the_ledger(tmp_path: Path) -> None:
    run_link(tmp_path, "2026-09")
    before = {record: person for record, person, *_ in read(tmp_path, "person_record", "2026-09")}
    summary = run_link(tmp_path, "2026-10", RECORDS[:2])
    after = {record: person for record, person, *_ in read(tmp_path, "person_record", "2026-10")}
    assert after == {record: before[record] for record in after}
    assert summary["events"] == {"kept": 1}
    ledger = {record: (person, seen) for record, person, _, seen in read(tmp_path, "ledger_person", "2026-10")}
    assert ledger["pension:self:1"] == (before["pension:self:1"], "2026-09")
    assert ledger["medical_insured:self:1"] == (after["medical_insured:self:1"], "2026-10")


def test_records_that_lie_in_several_files_are_linked_as_if_they_lay_in_one(tmp_path: Path) -> None:
    run_link(tmp_path, "2026-10")
    expected = read(tmp_path, "person_record", "2026-10")
    run, lake = RunSettings(home=tmp_path, month="2026-10"), Lake(tmp_path, tmp_path / "work" / "again", "2026-10")
    folder = lake.folder(STD_RECORD.name)
    with DuckEngine() as db:
        lake.read(db, STD_RECORD.name)
        for part, some in enumerate(("record_id < 'pension:'", "record_id >= 'pension:'")):
            rows = f"select * from {STD_RECORD.name} where {some} order by record_id"
            db.run(f"copy ({rows}) to '{folder / f'part-{part}.new'}' (format parquet)")
    (folder / "part-0.parquet").unlink()
    for written in sorted(folder.glob("*.new")):
        written.rename(written.with_suffix(".parquet"))
    with DuckEngine() as db:
        link(run, lake, db)
    lake.commit()
    assert len(list(folder.glob("*.parquet"))) == 2
    assert read(tmp_path, "person_record", "2026-10") == expected
