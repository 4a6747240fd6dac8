from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from flows.settings import RunSettings
from matchers.errors import DeliveryError


@pytest.mark.parametrize(
    ("month", "day", "before"),
    [("2026-10", "2026-10-31", "2026-09"), ("2028-02", "2028-02-29", "2028-01"), ("2026-01", "2026-01-31", "2025-12")],
)
def test_rules_are_read_on_the_last_day_of_the_month(month: str, day: str, before: str) -> None:
    run = RunSettings(Path(), month)
    assert run.day == datetime.date.fromisoformat(day)
    assert run.previous_month == before


@pytest.mark.parametrize("month", ["2026-13", "202610", "2026-1", "", "../x"])
def test_what_is_not_a_month_is_refused(month: str) -> None:
    with pytest.raises(DeliveryError, match="not a month"):
        RunSettings(Path(), month)
