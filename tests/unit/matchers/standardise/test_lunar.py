"""Lunar birthdays: what the calendar explains is told, and nothing else."""

from __future__ import annotations

import datetime

import pytest

from matchers.standardise.lunar import explained_by_lunar_calendar, lunar_date

DAY = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("1984-02-02", (1984, 1, 1)),  # new year's day
        ("1984-02-01", (1983, 12, 30)),
        ("2024-02-10", (2024, 1, 1)),
        ("2023-03-22", (2023, 2, 1)),  # the first day of a leap month, which has the number of the month before it
        ("1962-06-15", (1962, 5, 14)),
    ],
)
def test_a_day_has_its_published_date_in_the_lunar_calendar(day: str, said: tuple[int, int, int]) -> None:
    assert lunar_date(DAY(day)) == said


@pytest.mark.parametrize(
    ("stated", "number_says", "is_explained"),
    [
        ("1962-05-14", "1962-06-15", True),
        ("1962-06-15", "1962-05-14", True),  # the number holds the lunar date
        ("1983-12-30", "1984-02-01", True),  # across the year
        ("1962-05-14", "1962-06-16", False),
        ("1962-05-14", "1963-06-15", False),
        ("1962-05-14", "1962-05-14", False),
    ],
)
def test_only_the_same_day_in_two_calendars_is_explained(stated: str, number_says: str, is_explained: bool) -> None:
    assert explained_by_lunar_calendar(DAY(stated), DAY(number_says)) == is_explained
