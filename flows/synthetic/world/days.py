"""Days as whole numbers since 1970-01-01 and months as whole numbers since year 0: what vectorised dates are made of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]
NEVER = np.int64(4_000_000)
"""A day that does not come (year 12921): an event that has not happened compares as later than everything."""


def month_number(month: str) -> int:
    """2026-08 as months since year 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def month_name(number: int) -> str:
    """Months since year 0 as YYYY-MM."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def first_day(number: int) -> int:
    """The first day of a month."""
    return int(np.datetime64(month_name(number) + "-01", "D").astype(np.int64))


def last_day(number: int) -> int:
    """The last day of a month."""
    return first_day(number + 1) - 1


def months_before(day: int, count: int) -> int:
    """The same day of an earlier month, or that month's last day if it is shorter."""
    date = np.datetime64(day, "D")
    month = date.astype("datetime64[M]").astype(int) + 1970 * 12 - count
    place = int((date - date.astype("datetime64[M]")).astype(int))
    return min(first_day(month) + place, last_day(month))


def months_of(days: Days) -> npt.NDArray[np.int64]:
    """The month each day lies in."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def years_of(days: Days) -> npt.NDArray[np.int64]:
    """The year each day lies in."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def month_and_day(days: Days) -> npt.NDArray[np.int64]:
    """The day within its year as month × 100 + day, so that birthdays compare over leap years."""
    dates = days.astype("datetime64[D]")
    day = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    found: Days = (months_of(days) % 12 + 1) * 100 + day
    return found


def age_on(births: Days, day: int) -> npt.NDArray[np.int64]:
    """Completed years of age on a day; somebody born on 29 February turns a year older on 1 March."""
    today = np.array([day], dtype=np.int64)
    years: npt.NDArray[np.int64] = years_of(today) - years_of(births)
    return np.asarray(years - (month_and_day(births) > month_and_day(today)), dtype=np.int64)


def as_dates(days: Days) -> npt.NDArray[np.datetime64]:
    """Days as datetime64[ns]; days that never come are NaT."""
    dates = np.where(days < NEVER, days, 0).astype("datetime64[D]").astype("datetime64[ns]")
    return np.where(days < NEVER, dates, np.datetime64("NaT", "ns"))
