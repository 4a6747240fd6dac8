"""What a candidate rests on: the facts with their delivered rows, the uncertain link step by step, and who lives there."""

from __future__ import annotations

import datetime
import json
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.explaining_pairs import nodes_of, steps_of
from flows.lake import Lake
from flows.settings import RunSettings
from matchers.eligibility.criteria import BY_NAME
from matchers.eligibility.facts import FACTS
from matchers.sql import identifier, literal, literals
from schemas.findings import EXCLUDING_LINK

Row = dict[str, Any]
DEFINITIONS = {definition.name: definition for definition in FACTS}
INCOMES = ("wage", "pension", "unemployment_benefit", "land_subsidy")
# What a fact that is worked out rests on, among the facts of the members or, for the last two, of the relatives.
BENEATH: dict[str, tuple[str, ...]] = {
    "income_head_floor": (*INCOMES, "own_medical"),
    "declared_income_household": ("declared_income_head",),
    "declared_income_least": ("declared_income_head", "own_medical"),
    "rigid_spending": ("own_medical",),
    "rigid_share": ("own_medical", "declared_income_head"),
    "own_medical_class": ("own_medical",),
    "house_state": ("house_grade", "house_repair"),
    "emergency": ("disaster", "monitored"),
    "household_disaster": ("disaster",),
    "household_tier": ("recognised_tier",),
    "member_registered_here": ("registered_here",),
    "extreme_difficulty_share": ("receives_extreme_difficulty",),
    "strain": ("monitored", "severe_illness", "disability", "worker_in_difficulty", "unemployed", "disaster"),
    "parents_state": ("deceased", "disability", "severe_illness", "detained", "wage"),
    "supporters_state": ("wage", "pension"),
}
FACT_COLUMNS = (
    "unit_id", "fact_name", "number_value", "text_value", "date_value", "source_id", "as_of_date", "link_probability",
    "can_exclude", "record_id",
)  # fmt: skip
ROWS_SHOWN = 3


def facts_of(db: DuckEngine, run: RunSettings, candidate: Row, criteria: tuple[str, ...]) -> list[Row]:
    """Return every fact the criteria read, and those beneath, with the delivered rows that carry them."""
    lake, day = Lake(run.home, run.home / "work", run.month), run.day
    read = [test.fact for name in criteria if name in BY_NAME for test in BY_NAME[name].tests]
    names = tuple(
        dict.fromkeys(
            (*read, *(f"receives_{c.removeprefix('receives_')}" for c in criteria if c.startswith("receives_")))
        )
    )
    beneath = tuple(sorted({fact for name in names for fact in BENEATH.get(name, ())}))
    people = people_of(db, candidate)
    own = f"unit_id in ({literals((candidate['unit_id'], candidate['household_id']))}) and fact_name in ({literals(names)})"
    others = f"unit_id in ({literals(tuple(people) or ('',))}) and fact_name in ({literals(beneath or ('',))})"
    found = db.rows(
        f"select {', '.join(FACT_COLUMNS)} from fact where ({own}) or ({others}) order by {', '.join(FACT_COLUMNS[:6])}, detail"
    )
    rows = [dict(zip(FACT_COLUMNS, row, strict=True)) for row in found]
    delivered = delivered_rows(db, lake, [row["record_id"] for row in rows if row["record_id"]])
    return [
        {**dated(row, day), **delivered.get(row["record_id"], NOWHERE), "of": of_whom(row, candidate, people)}
        for row in rows
    ]


NOWHERE: Row = {"file": None, "file_month": None, "rows": [], "row_count": 0}


def people_of(db: DuckEngine, candidate: Row) -> dict[str, str]:
    """Return the members of the household, and the relatives by blood or marriage of a person: id → member or relative."""
    members = db.rows(
        f"select person_id from household_member where household_id = {literal(candidate['household_id'])} order by 1"
    )
    found = {str(person): "member" for (person,) in members}
    unit = literal(candidate["unit_id"])
    kin = db.rows(
        f"select case when person_id_l = {unit} then person_id_r else person_id_l end as other from tie "
        f"where tie_type in ('spouse', 'parent_child') and {unit} in (person_id_l, person_id_r) group by 1 order by 1"
    )
    return found | {str(person): found.get(str(person), "relative") for (person,) in kin}


def of_whom(row: Row, candidate: Row, people: dict[str, str]) -> str:
    """Return whom a fact is about: the unit itself, its household, a member, or a relative."""
    if row["unit_id"] == candidate["unit_id"]:
        return str(candidate["unit"])
    return "household" if row["unit_id"] == candidate["household_id"] else people[row["unit_id"]]


def dated(row: Row, day: datetime.date) -> Row:
    """Return a fact with its age in days and whether a statement of that age, and of such a time, may exclude at all."""
    fact = DEFINITIONS[row["fact_name"]]
    age = (day - row["as_of_date"]).days
    shown = {name: value for name, value in row.items() if name != "unit_id"}
    if row["fact_name"] == "wage":
        shown["text_value"] = None  # the employer's name explains nothing
    return {
        **shown,
        "age_days": age,
        "fresh_days": fact.fresh_days,
        "is_fresh": fact.fresh_days is None or age <= fact.fresh_days,
        "covers_period": fact.covers_period,
    }


def delivered_rows(db: DuckEngine, lake: Lake, records: list[str]) -> dict[str, Row]:
    """Return record → file, month, and the first rows of the delivered file that state it; 0 and below came before."""
    by_source: dict[str, list[str]] = {}
    for record in sorted(set(records)):
        by_source.setdefault(record.split(":")[0], []).append(record)
    files = {
        source: (file, month)
        for source, file, month in db.rows("select source_id, file_name, file_month from delivery")
    }
    found: dict[str, Row] = {}
    for source, wanted in by_source.items():
        file, month = files.get(source, (None, None))
        for record, places, count in stating_rows(db, lake, source, wanted):
            found[record] = {"file": file, "file_month": month, "rows": places, "row_count": count}
    return found


def stating_rows(db: DuckEngine, lake: Lake, source: str, records: list[str]) -> list[tuple[str, list[int], int]]:
    """Return each record of a source with the numbers of its first rows and the count of all."""
    table = f"raw_{source}"
    if not lake.has(table):
        return []
    lake.read(db, table)
    names = [name for name in db.column_types(table) if name.startswith("record_id")]
    said = " union all ".join(
        f"select {identifier(name)} as record_id, row_number from {identifier(table)} where {identifier(name)} in ({literals(records)})"
        for name in names
    )
    query = f"select record_id, list(row_number order by row_number)[:{ROWS_SHOWN}], count(*) from ({said}) group by 1 order by 1"
    return [(str(record), list(places), int(count)) for record, places, count in db.rows(query)]


def link_of(db: DuckEngine, lake: Lake, candidate: Row) -> Row:
    """Return the one uncertain link the candidate hangs on: its rows, its chance, and what each comparison added."""
    record = candidate["deciding_link"]
    if record is None:
        return {"is_sure": True, "probability": candidate["link_probability"]}
    found = db.rows(
        f"select link_rule, link_probability, deciding_link from person_record where record_id = {literal(record)}"
    )
    if not found:
        return {
            "is_sure": False,
            "is_certain": False,
            "probability": candidate["link_probability"],
            "record_id": record,
            "steps": None,
        }
    rule, probability, other = found[0]
    rows = delivered_rows(db, lake, [record, *([other] if other else [])])
    return {
        "is_sure": False, "is_certain": probability >= EXCLUDING_LINK, "probability": probability,
        "doubted_probability": candidate["link_probability"], "record_id": record, "link_rule": rule, "other_record_id": other,
        "row": {"source_id": record.split(":")[0], **rows.get(record, NOWHERE)},
        "other_row": {"source_id": other.split(":")[0], **rows.get(other, NOWHERE)} if other else None,
        "steps": pair_steps(db, record, other) if other else None,
    }  # fmt: skip


def pair_steps(db: DuckEngine, record: str, other: str) -> Row | None:
    """Return the steps of the pair of nodes two records belong to; None where they were not weighed as a pair."""
    one, two, _ = nodes_of(db, (record, other))
    content = db.rows("select content from link_model order by model_id limit 1")
    steps = steps_of(db, json.loads(content[0][0]) if content else None, (one, two))
    return steps.as_json() if steps else None


def members_of(db: DuckEngine, candidate: Row) -> list[Row]:
    """Return who lives in the household, whether they are counted and why, and what ties them to the others; names masked."""
    names = ("name", "relation_code", "is_counted", "reason", "membership_probability", "age", "is_asked_for", "ties")
    home, asked = literal(candidate["household_id"]), literal(candidate["person_id"])
    found = db.rows(f"""
        with home as (select * from household_member where household_id = {home}),
        tied as (
            select h.person_id, list(distinct t.tie_type || ':' || t.source_id order by t.tie_type || ':' || t.source_id) as ties
            from home h join tie t on h.person_id in (t.person_id_l, t.person_id_r)
            where t.person_id_l in (select person_id from home) and t.person_id_r in (select person_id from home) group by all
        )
        select p.full_name[1] || repeat('*', greatest(length(p.full_name) - 1, 1)), h.relation_code, h.is_counted, h.reason,
            h.membership_probability, (select max(number_value)::bigint from fact f where f.unit_id = h.person_id and f.fact_name = 'age'),
            h.person_id = {asked}, coalesce(t.ties, [])
        from home h join person p using (person_id) left join tied t on t.person_id = h.person_id
        order by h.person_id <> {asked}, not h.is_counted, h.person_id
    """)
    return [dict(zip(names, row, strict=True)) for row in found]
