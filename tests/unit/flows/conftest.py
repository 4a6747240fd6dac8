"""A hand-made month of sixty people in every table of the lake, for the phases that read all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.settings import RunSettings
from matchers.sql import identifier, literal
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.findings import FINDING, SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.links import LINK_CONFLICT, LINK_PAIR, PERSON_RECORD
from schemas.people import PERSON
from schemas.records import DELIVERY, DELIVERY_PROFILE, QUARANTINE, STD_RECORD
from schemas.signals import SIGNAL
from tests.unit.flows import drawn_doubts
from tests.unit.flows.drawn_month import deliveries, signals

Row = dict[str, object]
PEOPLE = 60
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = ("秀英", "建国", "淑华", "明", "桂兰", "志强")
TOWNSHIPS = (("230123101", "江湾镇"), ("230123102", "达连河镇"), ("230123203", "团山子乡"))
PROGRAMMES = ("subsistence_allowance", "disability_nursing_subsidy", "old_age_allowance")


@dataclass
class County:
    """The hand-made home folder: settings of its month, and its tables as rows that a test may change."""

    run: RunSettings
    tables: dict[str, list[Row]]

    def lake(self, phase: str = "test") -> Lake:
        """Return the lake as a phase sees it."""
        return Lake(self.run.home, self.run.home / "work" / phase, self.run.month)

    def write(self, month: str | None = None) -> None:
        """Write every table of the month to the lake."""
        lake = Lake(self.run.home, self.run.home / "work" / "county", month or self.run.month)
        with DuckEngine(memory="1GB") as db:
            for table in TABLES:
                fill(db, table, self.tables[table.name])
                lake.write(db, table)
            lake.commit()
            raw = "select * from (values {}) as t(row_number, record_id, address, village_code)"
            for source in ("population_register", "disability_certificate"):
                rows = [r for r in self.tables["raw"] if r["source_id"] == source]
                values = ", ".join(
                    f"({r['row_number']}, {literal(str(r['record_id']))}, {literal(str(r['address']))}, "
                    f"{literal(str(r['village_code']))})"
                    for r in rows
                )
                folder = lake.folder(f"raw_{source}")
                folder.mkdir(parents=True, exist_ok=True)
                db.run(f"copy ({raw.format(values)}) to {literal(str(folder / 'part-0.parquet'))} (format parquet)")


TABLES = (
    DELIVERY, DELIVERY_PROFILE, QUARANTINE, STD_RECORD, LINK_PAIR, LINK_CONFLICT, PERSON_RECORD, PERSON, HOUSEHOLD, HOUSEHOLD_MEMBER,
    FINDING, SERVED, CANDIDATE, SIGNAL, *drawn_doubts.TABLES,
)  # fmt: skip


def fill(db: DuckEngine, table: Table, rows: list[Row]) -> None:
    """Make a contracted table from rows; what a row does not say is null."""
    kinds = [f"null::{column.type} as {identifier(column.name)}" for column in table.columns]
    selects = [f"select {', '.join(kinds)} where false"]
    for row in rows:
        cells = (f"{literal(row.get(c.name))}::{c.type}" for c in table.columns)  # type: ignore[arg-type]
        selects.append("select " + ", ".join(cells))
    db.create(table.name, " union all ".join(selects))


def number_of(place: int) -> str:
    """Return a number like a citizen's for the person at a place; its check digit is not reckoned."""
    return f"230123{1940 + place % 70}{place % 12 + 1:02d}{place % 28 + 1:02d}{100 + place}X"


def people() -> list[Row]:
    """Return sixty persons in three townships, four to a household; every tenth has no number."""
    return [
        {
            "person_id": f"P{place:04d}",
            "full_name": SURNAMES[place % 10] + GIVEN[place % 6],
            "national_id": None if place % 10 == 9 else number_of(place),
            "birth_date": f"{1940 + place % 70}-{place % 12 + 1:02d}-{place % 28 + 1:02d}",
            "sex_code": "1" if (100 + place) % 2 else "2",
            "ethnicity_code": "10" if place % 12 == 0 else "01",
            "phone": f"1384600{place:04d}",
            "area_code": "230123",
            "township_code": TOWNSHIPS[place // 4 % 3][0],
            "village_code": TOWNSHIPS[place // 4 % 3][0] + "201",
            "address": f"3组{place}号",
            "is_deceased": True if place == 59 else None,
            "record_count": 2,
            "source_count": 2,
            "link_probability": 0.93 if place % 10 == 9 else 1.0,
        }
        for place in range(PEOPLE)
    ]


def records() -> list[Row]:
    """Return two records a person, one from each source."""
    return [
        {
            "record_id": f"{source}:self:{place:016x}",
            "source_id": source,
            "role": "self",
            "full_name": person["full_name"],
            "national_id": person["national_id"],
            "id_state": "valid" if person["national_id"] else "missing" if place % 20 == 9 else "invalid",
            "as_of_date": "2026-10-31",
            "row_count": 1,
            "person_id": person["person_id"],
        }
        for source in ("population_register", "disability_certificate")
        for place, person in enumerate(people())
    ]


def linked(made: list[Row]) -> dict[str, list[Row]]:
    """Return who the records are about, and the pairs that were compared."""
    about: list[Row] = [
        {
            "record_id": record["record_id"],
            "person_id": record["person_id"],
            "link_rule": "certain_id" if record["national_id"] else "probabilistic",
            "link_probability": 1.0 if record["national_id"] else 0.93,
        }
        for record in made
    ]
    pairs: list[Row] = [
        {
            "record_id_l": f"l{place}",
            "record_id_r": f"r{place}",
            "blocking_rule": "name",
            "match_weight": float(place - 25),
            "match_probability": 1.0 if place > 30 else 0.0,
            "bits_housemate": 0.0,
            "pattern": "",
        }
        for place in range(60)
    ]
    return {"person_record": about, "link_pair": pairs, "link_conflict": []}


def homes() -> dict[str, list[Row]]:
    """Return fifteen households of four."""
    members: list[Row] = [
        {
            "person_id": f"P{place:04d}",
            "household_id": f"H{place // 4:04d}",
            "is_counted": True,
            "reason": "同户",
            "membership_probability": 0.97,
        }
        for place in range(PEOPLE)
    ]
    households: list[Row] = [
        {
            "household_id": f"H{home:04d}",
            "head_person_id": f"P{home * 4:04d}",
            "area_code": "230123",
            "township_code": TOWNSHIPS[home % 3][0],
            "village_code": TOWNSHIPS[home % 3][0] + "201",
            "member_count": 4,
            "person_count": 4,
            "is_rural": True,
            "composition_probability": 0.9,
        }
        for home in range(PEOPLE // 4)
    ]
    return {"household": households, "household_member": members}


def candidates() -> list[Row]:
    """Return three candidates for every programme and township, and one no source can place."""
    rows: list[Row] = []
    for order, programme in enumerate(PROGRAMMES):
        for home in range(12):
            is_household = order == 0
            rows.append(
                {
                    "candidate_id": f"{programme}:{home:04d}",
                    "programme_id": programme,
                    "unit": "household" if is_household else "person",
                    "unit_id": f"H{home:04d}" if is_household else f"P{home * 4 + order:04d}",
                    "person_id": f"P{home * 4 + order:04d}",
                    "household_id": f"H{home:04d}",
                    "township_code": None if home == 11 and order == 1 else TOWNSHIPS[home % 3][0],
                    "village_code": TOWNSHIPS[home % 3][0] + "201",
                    "probability": round(0.05 + 0.07 * home + 0.02 * order, 3),
                    "benefit_month_yuan": 100 * (order + 1),
                    "unknown_count": 2,
                    "reasons_zh": "持有效残疾人证（肢体二级）。\n未见于护理补贴发放名册（数据截至2026-10-31）。",
                    "reasons_en": "Holds a valid disability certificate (limb, level 2).",
                    "questions_zh": "1. 是否需要长期照护？\n2. 残疾人证是否仍在有效期内？",
                    "questions_en": "1. Is long-term care needed?\n2. Is the certificate still valid?",
                    "link_probability": 0.98,
                    "rank": 36 - home * 3 - order,
                    "is_within_capacity": home > 3,
                    "is_random_share": home == 0,
                    "rests_on_unconfirmed": order == 1,
                }
            )
    return rows


def findings() -> list[Row]:
    """Return two criteria of each programme for every unit."""
    return [
        {
            "programme_id": programme,
            "unit": "person" if order else "household",
            "unit_id": f"P{place:04d}" if order else f"H{place:04d}",
            "criterion": criterion,
            "effect": "requires",
            "is_met": (True, False, None)[(place + number) % 3],
            "limit_applied": str(80 + number),
            "authority": "民发〔2021〕57号 第八条",
            "is_confirmed": order != 1,
        }
        for order, programme in enumerate(PROGRAMMES)
        for place in range(PEOPLE if order else PEOPLE // 4)
        for number, criterion in enumerate(("age_at_least", "holds_certificate"))
    ]


def month() -> dict[str, list[Row]]:
    """Return every table of the hand-made month."""
    made = records()
    refusal: Row = {"source_id": "population_register", "reason": "birth_date: 不是日期", "delivered": "{}"}
    refused: list[Row] = [refusal | {"row_number": 60 + n} for n in (1, 2, 3)]
    raw: list[Row] = [
        {
            "source_id": record["source_id"],
            "row_number": place % PEOPLE + 1,
            "record_id": record["record_id"],
            "address": f"黑龙江省依兰县{TOWNSHIPS[place % PEOPLE // 4 % 3][1]}红旗村3组{place}号",
            "village_code": TOWNSHIPS[place % PEOPLE // 4 % 3][0] + "201",
        }
        for place, record in enumerate(made)
    ]
    served: Row = {"programme_id": PROGRAMMES[2], "unit": "person", "unit_id": "P0058", "can_exclude": True}
    served |= {"source_id": "old_age_roll", "as_of_date": "2026-10-31", "link_probability": 1.0}
    return {
        "delivery": deliveries(),
        "delivery_profile": [],
        "quarantine": refused,
        "std_record": made,
        "raw": raw,
        **linked(made),
        "person": people(),
        **homes(),
        "finding": findings(),
        "served": [{**served, "record_id": "old_age_roll:self:1"}],
        "candidate": candidates(),
        **drawn_doubts.doubts(),
        "signal": signals(),
    }


@pytest.fixture
def county(tmp_path: Path) -> County:
    """The hand-made month, not written yet, so that a test may break a table first."""
    return County(RunSettings(home=tmp_path / "home", month="2026-10", memory="1GB"), month())


@pytest.fixture
def session() -> Iterator[Callable[[], DuckEngine]]:
    """Open sessions, as a phase gets them; all are closed after the test."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(DuckEngine(memory="1GB"))
