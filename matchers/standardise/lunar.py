"""Dates of birth that differ as the two calendars do: the lunar birthday written where the solar one belongs, or the reverse."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache

from lunar_python import LunarYear

# The lunar date of a solar day, read as a solar one, comes this many days before it; a leap month adds one more month.
NEAREST, FARTHEST = 18, 52
# Noon of 2000-01-01 as a Julian day.
JULIAN = 2451545
Pair = tuple[datetime.date, datetime.date]


def explained_by_lunar_calendar(stated: datetime.date, other: datetime.date) -> bool:
    """Return whether one of two days is the lunar date of the other; of two this near by chance about one in thirty is."""
    earlier, later = sorted((stated, other))
    said = (earlier.year, earlier.month, earlier.day)
    return NEAREST <= (later - earlier).days <= FARTHEST and lunar_date(later) == said


def lunar_date(day: datetime.date) -> tuple[int, int, int]:
    """Return year, month and day of a solar day in the lunar calendar; a leap month has the number of the month before it."""
    months = [*months_of(day.year - 1), *months_of(day.year)]
    first, year, month = months[bisect_right([start for start, *_ in months], day) - 1]
    return year, month, (day - first).days + 1


@cache
def months_of(year: int) -> tuple[tuple[datetime.date, int, int], ...]:
    """Return the months of a lunar year: first day, year, number. Worked out once, as a single day costs as much."""
    found = (month for month in LunarYear.fromYear(year).getMonths() if month.getYear() == year)
    noon = datetime.date(2000, 1, 1)
    return tuple(
        (noon + datetime.timedelta(days=round(m.getFirstJulianDay() - JULIAN)), year, abs(m.getMonth())) for m in found
    )


def judge_pairs(pairs: Iterable[Pair]) -> dict[str, list[datetime.date]]:
    """Return the columns of lunar_pair for the pairs of days that the lunar calendar explains."""
    explained = [pair for pair in pairs if explained_by_lunar_calendar(*pair)]
    return {"birth_date": [stated for stated, _ in explained], "other_date": [other for _, other in explained]}
