"""Medical settlements: who is treated when, at what cost, paid by whom, reversed, or reported late."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flows.synthetic.world.columns import Array, Columns, Flags, Whole, joined, texts, words
from flows.synthetic.world.days import NEVER, as_dates, months_of
from flows.synthetic.world.plan import Part

PER_YEAR = 3.0
"""Settlements per insured person and year before illness adds to it; the county's mean comes to about 3.5."""
OUTPATIENT, CHRONIC, INPATIENT = range(3)
MED_TYPES = texts(["outpatient", "chronic", "inpatient"])
DISEASES = {
    OUTPATIENT: words(
        "J06.900 K29.500 M54.500 J40.x00 R51.x00 K08.800 L30.900 H10.900 N39.000 J02.900 R10.400 M17.900"
    ),
    CHRONIC: words("I10.x00 E11.900 I25.100 I69.300 J44.900 M06.900 N18.900 K74.100"),
    INPATIENT: words(
        "I63.900 J18.900 I25.100 E11.900 K80.200 S72.000 I50.900 J44.100 M51.200 K35.800 N20.000 H25.900 O80.900"
    ),
}
MEDIAN = np.array([95.0, 210.0, 4_600.0])
SPREAD = np.array([0.8, 0.7, 0.75])
REVERSED, LATE = 0.011, 0.06
SERIOUS_FROM = 14_000.0
"""Own share beyond which the serious-illness fund pays 60 %."""


def treat(part: Part, people: Columns, span: tuple[int, int]) -> pd.DataFrame:
    """Every settlement of the span, known or not, in order of time; `who` is a position, `known_in` a month number."""
    draws = part.draws("settlements")
    who, day = _visits(draws, people, span)
    order = np.lexsort((who, day))
    who, day = who[order], day[order]
    severe = people["severe_from"][who] <= day
    kind = _kinds(draws, people, (who, day, severe))
    size = len(who)
    total = MEDIAN[kind] * np.exp(draws.normal(0, 1, size) * SPREAD[kind])
    total = np.round(np.where(severe & (kind == INPATIENT), total * draws.lognormal(0.7, 0.6, size), total), 2)
    rows = _pay(draws, people, (who, day, kind), total)
    rows["disease_code"] = _diseases(draws, people, (who, kind, severe))
    rows["settlement_no"] = joined(
        texts([f"{part.plan.area_code}{part.chunk:04d}"]).repeat(size), np.arange(10_000_000, 10_000_000 + size)
    )
    rows["known_in"] = months_of(day) + np.where(draws.random(size) < LATE, draws.integers(1, 4, size), 0)
    rows["second"] = draws.integers(7 * 3600, 18 * 3600, size)
    return _with_reversals(draws, rows)


def _visits(draws: np.random.Generator, people: Columns, span: tuple[int, int]) -> tuple[Whole, Whole]:
    """Person and day of each visit while alive and insured; the severely ill come often."""
    age = (span[1] - people["birth"]) / 365.25
    rate = np.interp(age, [0, 5, 15, 30, 50, 65, 80, 95], [1.1, 1.0, 0.55, 0.65, 1.0, 1.7, 1.9, 1.5])
    rate = rate * draws.gamma(0.9, 1 / 0.9, people.size) * PER_YEAR * (people["insured_as"] != None)  # noqa: E711
    begins = np.maximum(people["birth"], span[0])
    ends = np.minimum(people["death"], span[1] + 1)
    usual = draws.poisson(rate * np.maximum(ends - begins, 0) / 365.25)
    ill_from = np.maximum(people["severe_from"], begins)
    ill = draws.poisson(np.where(people["severe_from"] < NEVER, 13.0, 0) * np.maximum(ends - ill_from, 0) / 365.25)
    ill = np.where(people["insured_as"] == None, 0, ill)  # noqa: E711
    parts = []
    for number, first in ((usual, begins), (ill, ill_from)):
        who = np.repeat(np.arange(people.size), number)
        parts.append((who, first[who] + (draws.random(len(who)) * (ends - first)[who]).astype(np.int64)))
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _kinds(draws: np.random.Generator, people: Columns, visits: tuple[Whole, Whole, Flags]) -> Whole:
    """Outpatient, chronic or inpatient, by age and illness."""
    who, day, severe = visits
    age = (day - people["birth"][who]) / 365.25
    chance = draws.random(len(who))
    inpatient = np.where(severe, 0.30, np.interp(age, [0, 20, 60, 80], [0.03, 0.025, 0.06, 0.085]))
    chronic = np.interp(age, [30, 50, 65, 80], [0.02, 0.16, 0.34, 0.38])
    return np.where(chance < inpatient, INPATIENT, np.where(chance < inpatient + chronic, CHRONIC, OUTPATIENT))


def _pay(
    draws: np.random.Generator, people: Columns, visits: tuple[Whole, Whole, Whole], total: Array
) -> dict[str, Array]:
    """Split each bill between the funds and the patient; the parts add up to the total to the cent."""
    who, day, kind = visits
    size = len(who)
    in_scope = np.round(total * draws.beta(9, 1.6, size), 2)
    employee = people["insured_as"][who] == "employee"
    rate = np.where(kind == INPATIENT, np.where(employee, 0.82, 0.66), np.where(employee, 0.60, 0.42))
    deductible = np.where(kind == INPATIENT, 400.0, 20.0)
    basic = np.round(np.maximum(in_scope - deductible, 0) * rate, 2)
    large = np.where(employee & (in_scope > 60_000), np.round((in_scope - basic) * 0.5, 2), 0.0)
    serious = np.round(np.maximum(in_scope - basic - large - SERIOUS_FROM, 0) * np.where(employee, 0.0, 0.6), 2)
    return {
        "who": who, "day": day, "kind": kind, "total": total, "in_scope": in_scope, "fund_basic": basic,
        "fund_large": large, "fund_serious": serious, "aid": np.zeros(size),
        "own_part": np.round(total - basic - large - serious, 2),
    }  # fmt: skip


def _diseases(draws: np.random.Generator, people: Columns, visits: tuple[Whole, Whole, Flags]) -> Array:
    """ICD-10 codes: the severe illness itself on most visits of the severely ill."""
    who, kind, severe = visits
    codes = np.empty(len(who), dtype=object)
    for number, choices in DISEASES.items():
        rows = np.flatnonzero(kind == number)
        codes[rows] = choices[draws.integers(0, len(choices), len(rows))]
    own = severe & (draws.random(len(who)) < 0.75)
    codes[own] = people["severe_code"][who[own]]
    return codes


def _with_reversals(draws: np.random.Generator, rows: dict[str, Array]) -> pd.DataFrame:
    """Add the negative half of reversed settlements, a few days later and under a number of its own."""
    frame = pd.DataFrame(rows)
    frame["is_reversal"] = False
    reversed_rows = frame[draws.random(len(frame)) < REVERSED].copy()
    money = ["total", "in_scope", "fund_basic", "fund_large", "fund_serious", "aid", "own_part"]
    reversed_rows[money] = -reversed_rows[money]
    reversed_rows["is_reversal"] = True
    reversed_rows["settlement_no"] = reversed_rows["settlement_no"] + "R"
    reversed_rows["day"] = reversed_rows["day"] + draws.integers(0, 6, len(reversed_rows))
    reversed_rows["known_in"] = np.maximum(reversed_rows["known_in"], months_of(reversed_rows["day"].to_numpy()))
    both = pd.concat([frame, reversed_rows], ignore_index=True)
    return both.sort_values(["day", "settlement_no"], kind="stable", ignore_index=True)


def known_in(rows: pd.DataFrame, month: int, window: tuple[int, int], first_number: int) -> pd.DataFrame:
    """The settlements of the window's days that the department knows in the month, as a snapshot shows them."""
    day = rows["day"].to_numpy()
    known = rows[(day >= window[0]) & (day <= window[1]) & (rows["known_in"].to_numpy() <= month)]
    seconds = known["second"].to_numpy().astype("timedelta64[s]")
    names = _month_names(known["known_in"].to_numpy())
    columns = [
        "total",
        "in_scope",
        "fund_basic",
        "fund_large",
        "fund_serious",
        "aid",
        "own_part",
        "disease_code",
        "is_reversal",
    ]
    head = {
        "person_no": known["who"].to_numpy() + first_number,
        "settlement_no": known["settlement_no"].to_numpy(),
        "settled_at": as_dates(known["day"].to_numpy()) + seconds,
        "med_type": MED_TYPES[known["kind"].to_numpy()],
    }
    return pd.DataFrame({**head, **{name: known[name].to_numpy() for name in columns}, "reported_month": names})


def _month_names(numbers: Whole) -> Array:
    """Month numbers as YYYY-MM, each text made once."""
    distinct, place = np.unique(numbers, return_inverse=True)
    return texts([f"{number // 12:04d}-{number % 12 + 1:02d}" for number in distinct])[place]
