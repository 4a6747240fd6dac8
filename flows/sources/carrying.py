"""A delivery that did not come, came again, or came short: what stands in for it, and with which date."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass

from matchers.sql import columns
from schemas.raw import raw_name
from schemas.source import SourceContract

MONTH = re.compile(r"^(19|20)\d\d-(0[1-9]|1[0-2])$")
# Shorter lists may halve without anything being wrong, or be the same as the month before.
ROWS_TO_HALVE = 30
ROWS_TO_REPEAT = 200


@dataclass(frozen=True)
class Former:
    """One source's delivery of the month before, as its run kept it."""

    state: str
    file_month: str | None
    as_of: datetime.date | None
    sha256: str | None
    content: str | None
    usual: int | None


def months_that_may_stand_in(month: str, contract: SourceContract) -> list[str]:
    """Return the earlier months whose delivery may stand in for one of this month, the newest first."""
    whole = contract.delivers == "full" and MONTH.match(month)
    return [month_before(month, back) for back in range(1, contract.carry_months + 1)] if whole else []


def month_before(month: str, back: int) -> str:
    """Return the month so many months before, as YYYY-MM."""
    year, place = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - back, 12)
    return f"{year}-{place + 1:02d}"


def last_day(month: str) -> datetime.date:
    """Return the last day of a month."""
    year, place = int(month[:4]), int(month[5:])
    return datetime.date(year, place, monthrange(year, place)[1])


def is_short(contract: SourceContract, delivered: int, former: Former | None) -> bool:
    """Return whether far fewer rows came than usual."""
    usual = former.usual if former and contract.delivers == "full" else None
    return usual is not None and usual >= ROWS_TO_HALVE and delivered < contract.least_share * usual


def is_repeated(contract: SourceContract, content: str, loaded: int, former: Former | None) -> bool:
    """Return whether a monthly source delivered the very rows it delivered before; short lists may be unchanged."""
    repeats = former is not None and former.content == content
    return repeats and loaded >= ROWS_TO_REPEAT and contract.cadence == "monthly" and contract.delivers == "full"


def spoken_of(month: str, content: str, former: Former | None) -> datetime.date:
    """Return the day a file speaks of at the latest: rows that came before keep the day they came with."""
    if former and former.content == content and former.as_of:
        return former.as_of
    return last_day(month)


def content_query(contract: SourceContract) -> str:
    """Return a query for count and hash of a source's loaded rows, whatever their order."""
    stated = columns(contract.column_names)
    return f"select count(*) || ':' || coalesce(sum(hash({stated})::hugeint), 0) from {raw_name(contract.source_id)}"
