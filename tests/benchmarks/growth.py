"""How time and memory of the linkage engine grow with the number of records, on drawn people with errors."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from matchers.sql import literal
from tests.benchmarks.alone import spent_by

SIZES = "10000 100000 1000000 10000000"
SPEC = "task: dedupe\ncolumns: {name: full_name, born: birth_date, sex: sex, phone: phone, card: other_id, village: place, house: street_number}\n"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
GIVEN = "国永文秀玉春桂金建志明德福云海英华兰芳丽军伟平强敏静杰涛超艳娟勇磊洋婷雪梅霞红燕玲丹萍鹏辉斌波宇浩凯健俊帆佳欣怡博子涵梓轩雨泽晨思诗琪"


@dataclass(frozen=True)
class Point:
    """One size: seconds and peak memory of the whole process, and pair precision and recall of the persons."""

    records: int
    seconds: float
    peak_mb: int
    precision: float
    recall: float


def bench_growth(console: Console) -> list[Point]:
    """Link drawn people of each size in a process of its own and print the curve."""
    table = Table(title="linkage: time against records (drawn people, a third of the records a second or third one)")
    for heading in ("records", "seconds", "records a second", "peak MB", "precision", "recall"):
        table.add_column(heading, justify="right")
    points = [measure(int(size)) for size in os.environ.get("SIZES", SIZES).split()]
    for p in points:
        speed = f"{p.records / p.seconds:,.0f}"
        table.add_row(
            f"{p.records:,}", f"{p.seconds:.1f}", speed, f"{p.peak_mb:,}", f"{p.precision:.4f}", f"{p.recall:.4f}"
        )
    console.print(table)
    return points


def measure(records: int) -> Point:
    """Draw the records, link them, and compare with the truth."""
    with tempfile.TemporaryDirectory(prefix="zhaoren-growth-") as folder:
        out = Path(folder)
        draw_people(out, records)
        (out / "spec.yaml").write_text(SPEC, encoding="utf-8")
        command = [sys.executable, "-m", "flows.cli", "link", str(out / "people.parquet")]
        command += ["--spec", str(out / "spec.yaml"), "--out", str(out / "result")]
        spent = spent_by(command)
        return Point(records, spent.seconds, spent.peak_mb, *judge(out))


def draw_people(out: Path, records: int) -> None:
    """Write people.parquet and truth.parquet: three quarters as many persons as records, one value in eight wrong or missing."""
    persons = max(records * 3 // 4, 1)
    letter = "substr({}, 1 + (hash(person, {}) % {})::integer, 1)"
    surname = letter.format(literal(SURNAMES), 1, len(SURNAMES))
    first, second = (letter.format(literal(GIVEN), salt, len(GIVEN)) for salt in (2, 3))
    born = "date '1930-01-01' + (hash(person, 4) % 32000)::integer"
    slip = f"substr({literal(GIVEN)}, 1 + (hash(record, {20}) % {len(GIVEN)})::integer, 1)"
    query = f"""
        with record as (
            select i as record, case when i < {persons} then i else hash(i) % {persons} end::bigint as person
            from range({records}) t(i)
        ),
        true_value as (
            select record, person, {surname} as surname, {first} as first, {second} as second, {born} as born,
                1 + hash(person, 5) % 2 as sex, 13000000000 + hash(person, 6) % 6999999999 as phone,
                100000000 + hash(person, 7) % 899999999 as card, hash(person, 8) % {max(records // 800, 1)} as village,
                1 + hash(person, 9) % 120 as house
            from record
        )
        select lpad(record::varchar, 9, '0') as record_id, person,
            surname || case when hash(record, 10) % 16 = 0 then {slip} else first end
                || case when hash(record, 11) % 10 = 0 then '' else second end as name,
            strftime(case when hash(record, 12) % 16 = 0 then born + (hash(record, 13) % 300)::integer else born end, '%Y-%m-%d') as born,
            case when hash(record, 14) % 40 > 0 then sex::varchar end as sex,
            case when hash(record, 15) % 4 > 0 then (phone + case when hash(record, 16) % 8 = 0 then hash(record, 17) % 1000 else 0 end)::varchar end as phone,
            case when hash(record, 18) % 3 > 0 then (card + case when hash(record, 19) % 12 = 0 then 10 ** (hash(record, 21) % 7) else 0 end)::bigint::varchar end as card,
            'village ' || case when hash(record, 22) % 10 = 0 then hash(record, 23) % {max(records // 800, 1)} else village end as village,
            case when hash(record, 24) % 10 > 0 then house::varchar end as house
        from true_value order by record_id"""
    with duckdb.connect(config={"threads": 2}) as db:
        db.execute(f"create table drawn as {query}")
        db.execute(
            f"copy (select * exclude person from drawn) to {literal(str(out / 'people.parquet'))} (format parquet)"
        )
        db.execute(
            f"copy (select record_id, person from drawn) to {literal(str(out / 'truth.parquet'))} (format parquet)"
        )


def judge(out: Path) -> tuple[float, float]:
    """Return pair precision and recall of the persons found."""
    joined = f"""select p.person_id, t.person from read_parquet({literal(str(out / "result" / "persons.parquet"))}) p
        join read_parquet({literal(str(out / "truth.parquet"))}) t using (record_id)"""
    right, held, true = (
        duckdb.execute(
            f"select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from ({joined}) group by {by})"
        ).fetchall()[0][0]
        for by in ("person_id, person", "person_id", "person")
    )
    return float(right) / max(float(held), 1.0), float(right) / max(float(true), 1.0)
