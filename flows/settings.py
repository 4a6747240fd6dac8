"""The settings of one run: everything a run depends on besides its deliveries."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass
from pathlib import Path

from matchers.errors import DeliveryError

MONTH = re.compile(r"^(19|20)\d\d-(0[1-9]|1[0-2])$")


@dataclass(frozen=True)
class RunSettings:
    """One monthly run. `memory` is what DuckDB starts with; shares are between 0 and 1."""

    home: Path
    month: str
    seed: int = 1
    threads: int = 2
    memory: str = "2500MB"
    lang: str = "zh"
    capacity_share: float = 0.01
    random_share: float = 0.05

    def __post_init__(self) -> None:
        """Refuse a month that is not one."""
        if not MONTH.match(self.month):
            raise DeliveryError(f"{self.month} is not a month. Write it as 2026-10.")

    @property
    def day(self) -> datetime.date:
        """The day rules are read on: the last of the month."""
        year, month = int(self.month[:4]), int(self.month[5:])
        return datetime.date(year, month, monthrange(year, month)[1])

    @property
    def incoming(self) -> Path:
        """Where departments' files for this month are; never written."""
        return self.home / "incoming" / self.month

    @property
    def previous_month(self) -> str:
        """The month before, as YYYY-MM."""
        before = self.day.replace(day=1) - datetime.timedelta(days=1)
        return f"{before:%Y-%m}"
