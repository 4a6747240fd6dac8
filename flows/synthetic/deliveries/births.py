"""Dates of birth as departments write them down."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lunar_python import LunarYear

from flows.synthetic.deliveries.chance import Chance, Numbers
from flows.synthetic.deliveries.citizen_numbers import Entry
from flows.synthetic.deliveries.columns import Days, iso, put, take
from flows.synthetic.deliveries.errors import Rates
from flows.synthetic.deliveries.people import People

LAST_DAY = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR = 1895, 2040
JULIAN_DAY_OF_1970 = 2_440_588
SLIPS = ("lunar", "year_guessed", "no_day", "default_birth", "no_birth", "loose_birth")
LUNAR = SLIPS.index("lunar")


@lru_cache(maxsize=1)
def moons() -> tuple[Numbers, Numbers, Numbers]:
    """Return first day (since 1970), year and number of every lunar month of a lifetime; a leap month has its number again."""
    years = (LunarYear.fromYear(year) for year in range(FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR))
    months = [month for year in years for month in year.getMonthsInYear()]
    rows = sorted({(int(m.getFirstJulianDay()) - JULIAN_DAY_OF_1970, m.getYear(), abs(m.getMonth())) for m in months})
    first, year, number = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return first, year, number


def lunar(days: Days) -> pa.Array:
    """Return the lunar dates of solar days, in the same shape; the 29th or 30th is fitted to the solar month."""
    first, years, numbers = moons()
    since_1970 = days.astype("datetime64[D]").astype(np.int64)
    moon = np.searchsorted(first, since_1970, side="right") - 1
    date = np.minimum(since_1970 - first[moon] + 1, LAST_DAY[numbers[moon]])
    month = ((years[moon] - 1970) * 12 + numbers[moon] - 1).astype("datetime64[M]")
    return iso(month.astype("datetime64[D]") + (date - 1).astype("timedelta64[D]"))


def slipped(day: str, kind: int, luck: int) -> str | None:
    """Return a date of birth as one of the kinds of SLIPS makes it; the lunar ones are made together."""
    year, month, date = day.split("-")
    loose = (
        f"{year}.{int(month)}.{int(date)}",
        f"{year}年{int(month)}月{int(date)}日",
        f"{year}/{int(month)}/{int(date)}",
        f"{year}.{int(month)}",
    )
    guessed = str(int(year) + (1, -1, 2, -2)[luck % 4])
    kept_day = "28" if month == "02" and date == "29" else date
    answers = (day, f"{guessed}-{month}-{kept_day}", f"{year}-{month}-00", "1900-01-01", None, loose[luck % 4])
    return answers[kind]


def write_births(people: People, entry: Entry, chance: Chance, rates: Rates) -> pa.Array:
    """Return the date of birth as this source states it, as 1962-05-14 where nothing went wrong."""
    dates = take(people.births, entry.positions)
    edges = np.cumsum([getattr(rates, name) for name in SLIPS])
    kinds = np.searchsorted(edges, chance.share("birth", entry.keys), side="right")
    hit = (kinds < len(SLIPS)) & (entry.positions >= 0)
    if not hit.any():
        return dates
    by_moon = hit & (kinds == LUNAR)
    wrong = slips(dates.filter(pa.array(hit)), kinds[hit], chance.whole("birth luck", entry.keys[hit], 1 << 10))
    return put(put(dates, hit, wrong), by_moon, lunar(people.days("birth_date")[entry.positions[by_moon]]))


def slips(dates: pa.Array, kinds: Numbers, luck: Numbers) -> pa.Array:
    """Return the dates that went wrong, one by one."""
    rows = zip(dates.to_pylist(), kinds.tolist(), luck.tolist(), strict=True)
    return pa.array([slipped(day, kind, chosen) for day, kind, chosen in rows], pa.string())


def without_dashes(dates: pa.Array) -> pa.Array:
    """Return dates as 19620514, for the systems that write them so."""
    return pc.replace_substring(dates, "-", "")
