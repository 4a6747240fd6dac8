"""Quick first world (being replaced): all columns filled plausibly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from flows.synthetic.snapshot import Snapshot
from flows.synthetic.world.plan import WorldPlan

W = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
TOWNS = ["依兰镇", "达连河镇", "江湾镇", "三道岗镇", "道台桥镇", "宏克力镇", "团山子乡", "愚公乡", "迎兰朝鲜族乡"]
VILLAGES = ["红旗村", "永丰村", "向阳村", "太平村", "新兴村", "胜利村", "团结村", "前进村"]


def national_ids(area: np.ndarray, birth: pd.DatetimeIndex, seq: np.ndarray) -> np.ndarray:
    out = []
    for a, b, s in zip(area, birth.strftime("%Y%m%d"), seq, strict=True):
        body = f"{a}{b}{s:03d}"
        out.append(body + "10X98765432"[sum(int(c) * w for c, w in zip(body, W, strict=True)) % 11])
    return np.array(out, dtype=object)


def simulate_chunk(plan: WorldPlan, chunk: int) -> Iterator[Snapshot]:
    """One snapshot per month, in order."""
    r = np.random.default_rng([plan.seed, chunk])
    n = plan.people_in(chunk)
    start = pd.Timestamp(plan.months[0] + "-01")
    hh = np.arange(n) // 3
    pos = np.arange(n) % 3
    base = r.integers(25, 82, hh.max() + 1)[hh]
    age = np.where(pos < 2, base + r.integers(-2, 3, n), np.maximum(base - 27, 0)) + r.random(n)
    birth = (start - pd.to_timedelta((age * 365.25).astype(int), "D")).normalize()
    birth = pd.DatetimeIndex(birth)
    sex = np.where(pos == 0, 1, np.where(pos == 1, 2, r.integers(1, 3, n)))
    first = hh * 3
    surn = np.array(list("王李张刘陈杨赵黄周吴孙徐高"), dtype=object)[r.integers(0, 13, n)]
    surn = np.where(pos == 2, surn[first], surn)
    giv = np.array(list("伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华红"), dtype=object)
    name = surn + giv[r.integers(0, 26, n)] + np.where(r.random(n) < 0.6, giv[r.integers(0, 26, n)], "")
    minority = r.random(n) < 0.003
    name = np.where(minority, "阿依古丽·买买提", name)
    nid = national_ids(np.full(n, 230123), birth, ((chunk * 20 + r.integers(0, 20, n)) * 2 + (sex == 1)) % 1000)
    t = r.integers(0, 9, hh.max() + 1)[hh]
    v = r.integers(0, 8, hh.max() + 1)[hh]
    town = np.array([f"23012310{i}" for i in range(9)], dtype=object)[t]
    vill = town + np.array([f"{200 + i}" for i in range(8)], dtype=object)[v]
    gno = chunk * 100_000 + np.arange(n)
    none = np.full(n, None, dtype=object)
    nat = np.full(n, np.datetime64("NaT", "ns"))
    adult = age >= 18
    dis = r.random(n) < 0.06
    emp = adult & (age < 60) & (r.random(n) < 0.5)
    old = age >= 60
    school = np.select([(age >= 6) & (age < 12), (age >= 12) & (age < 15), (age >= 15) & (age < 18)],
                       ["primary", "junior", "senior"], None)
    death = np.where(r.random(n) < 0.01 * (age > 50), np.datetime64(start + pd.Timedelta(days=20), "ns"), nat)
    kid = pos == 2
    couple = pos < 2
    last = np.minimum(first + 1, n - 1)
    partner = np.where(pos == 0, last, first)
    p = pd.DataFrame({
        "person_no": gno, "household_no": chunk * 100_000 + hh, "book_no": chunk * 100_000 + hh,
        "book_relation": np.array(["02", "12", "20"], dtype=object)[pos], "full_name": name, "former_name": none,
        "sex": sex, "birth_date": birth, "ethnicity_code": np.where(minority, "05", "01"), "national_id": nid,
        "id15": none, "old_national_id": none,
        "phone": np.where(adult, np.char.add("139", np.char.zfill(r.integers(0, 10**8, n).astype(str), 8)), None),
        "township_code": town, "township_name": np.array(TOWNS, dtype=object)[t], "village_code": vill,
        "village_name": np.array(VILLAGES, dtype=object)[v], "is_rural": t > 0,
        "address": np.array([f"{i % 9 + 1}组{i % 140 + 1}号" for i in hh], dtype=object),
        "hukou_village_code": vill, "is_migrant_out": (r.random(n) < 0.1) & adult, "is_migrant_in": False,
        "is_alive": True, "death_date": death, "is_cremated": False,
        "father_no": np.where(kid, gno[first], -1), "mother_no": np.where(kid, gno[last], -1),
        "spouse_no": np.where(couple & (partner != np.arange(n)), gno[partner], -1),
        "guardian1_no": np.where(kid & ~adult, gno[first], -1), "guardian2_no": np.where(kid & ~adult, gno[last], -1),
        "marriage_date": np.where(couple, np.datetime64("2005-10-01", "ns"), nat), "divorce_date": nat,
        "marital": np.where(couple, "20", "10"),
        "job": np.select([~adult & (age < 6), ~adult, old, emp], ["child", "student", "retired", "employee"], "farmer"),
        "employer": np.where(emp, "依兰县兴达粮食加工有限公司", None), "job_lost_date": nat,
        "is_registered_unemployed": adult & ~emp & ~old & (r.random(n) < 0.02),
        "wage_month": emp * r.integers(1900, 5000, n).astype(float), "business_month": (adult & ~emp & ~old) * 700.0,
        "property_month": 0.0, "pension_month": old * 180.0, "basic_pension_month": old * 128.0,
        "unemployment_month": 0.0, "pension_kind": np.where(old, "resident", None),
        "disability_type": np.where(dis, r.integers(1, 8, n), 0), "disability_level": np.where(dis, r.integers(1, 5, n), 0),
        "cert_issue_date": np.where(dis, np.datetime64("2020-05-01", "ns"), nat),
        "cert_valid_to": np.where(dis, np.datetime64("2030-05-01", "ns"), nat), "cert_status": np.where(dis, "valid", None),
        "severe_illness": r.random(n) < 0.012, "severe_illness_code": none, "self_care": 0,
        "school_stage": school, "school": np.where(school != None, "依兰县实验学校", None),  # noqa: E711
        "grade": np.where(school != None, 1, 0), "boards": False,  # noqa: E711
        "insured_kind": np.where(emp, "employee", "resident"),
        "insured_no": np.char.add("2301230000", np.char.zfill(gno.astype(str), 9)).astype(object),
        "is_missing_contact": False, "is_imprisoned": False, "state_since": nat,
        "former_spouse_no": np.int64(-1), "is_collective_book": False, "is_counted": True,
    })
    p["counted_income_year"] = 12 * (p.wage_month + p.business_month + p.pension_month - p.basic_pension_month)
    h = p.groupby("household_no", as_index=False).person_no.first().rename(columns={"person_no": "head_no"})
    m = len(h)
    h["deposits"] = r.lognormal(9, 1.2, m).round(2)
    h["vehicle_count"] = (r.random(m) < 0.3).astype(int)
    h["vehicle_is_exempt"] = False
    h["house_count"] = 1
    h["house_grade"] = np.array(["A", "B", "C", "D"], dtype=object)[r.integers(0, 4, m)]
    h["has_company"] = r.random(m) < 0.03
    h["land_mu"] = r.integers(0, 30, m).astype(float)
    h["rents_public"] = r.random(m) < 0.02
    h["public_rental_month"] = 80.0 * h.rents_public
    h["anti_relapse_class"] = np.where(r.random(m) < 0.005, "脱贫不稳定户", None)
    h["anti_relapse_date"] = pd.Timestamp("2024-03-01")
    hit = r.random(m) < 0.01
    h["disaster_date"] = np.where(hit, np.datetime64("2026-07-28", "ns"), np.datetime64("NaT", "ns"))
    h["disaster_name"] = np.where(hit, "7·28洪涝灾害", None)
    h["disaster_loss"] = hit * 5000.0
    k = int(n * 3.5 * 15 / 12)
    total = r.lognormal(5.5, 1.5, k).round(2)
    s = pd.DataFrame({
        "person_no": gno[r.integers(0, n, k)], "settlement_no": np.char.add(f"S{chunk:04d}", np.arange(k).astype(str)).astype(object),
        "settled_at": start - pd.DateOffset(months=12) + pd.to_timedelta(r.integers(0, 450 * 86400, k), "s"),
        "med_type": np.array(["outpatient", "chronic", "inpatient"], dtype=object)[r.integers(0, 3, k)], "total": total,
        "in_scope": (total * 0.8).round(2), "fund_basic": (total * 0.4).round(2), "fund_large": 0.0, "fund_serious": 0.0,
        "aid": 0.0, "own_part": (total - (total * 0.4).round(2)).round(2), "disease_code": "J06.900", "is_reversal": False,
    })
    s["reported_month"] = s.settled_at.dt.strftime("%Y-%m")
    for month in plan.months:
        end = pd.Timestamp(month + "-01") + pd.offsets.MonthEnd(0)
        q = p.copy()
        q["is_alive"] = ~(q.death_date <= end)
        q["is_cremated"] = ~q.is_alive
        q.loc[q.is_alive, "death_date"] = pd.NaT
        year_ago = end - pd.DateOffset(months=12)
        known = s[(s.settled_at <= end + pd.Timedelta(days=1)) & (s.settled_at > year_ago) & (s.reported_month <= month)]
        a = q[(age >= 80) & q.is_alive]
        b = q[(q.disability_level.isin([1, 2])) & q.is_alive]
        c = h[h.household_no % 25 == 0]
        e = pd.concat([
            pd.DataFrame({"programme_id": "old_age_allowance", "unit": "person", "person_no": a.person_no,
                          "household_no": a.household_no, "is_entitled": True, "is_receiving": a.person_no % 3 > 0, "amount_month": 25.0}),
            pd.DataFrame({"programme_id": "disability_nursing_subsidy", "unit": "person", "person_no": b.person_no,
                          "household_no": b.household_no, "is_entitled": True, "is_receiving": b.person_no % 3 > 0, "amount_month": 100.0}),
            pd.DataFrame({"programme_id": "subsistence_allowance", "unit": "household", "person_no": c.head_no,
                          "household_no": c.household_no, "is_entitled": True, "is_receiving": c.household_no % 3 > 0, "amount_month": 350.0}),
        ], ignore_index=True)
        e["since"] = np.where(e.is_receiving, np.datetime64("2024-01-01", "ns"), np.datetime64("NaT", "ns"))
        e["roll_no"] = np.where(e.is_receiving, "R" + e.person_no.astype(str), None)
        yield Snapshot(month, chunk, q.reset_index(drop=True), h.copy(), known.reset_index(drop=True), e)
