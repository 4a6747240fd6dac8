"""What the items found mean against an area's limits. A finding is a question or a fact, never a decision.

Two bars: an item states a fact only where its row carries the person's own valid number and name and is in date. All
else is asked. What was not read is unknown; what was read and not found is "not seen", which is not "none".
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from schemas.economic_check import CheckReference

UNITS = {"": 1, "千": 1_000, "万": 10_000}
BAND = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)(?P<low_unit>[千万]?)元?(?:[-~至—](?P<high>\d+(?:\.\d+)?)(?P<high_unit>[千万]?)元?)?(?P<open>以上|以下)?"
)
TESTS = ("money", "vehicle", "house", "business", "income")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Item:
    """One thing found about one person; `low` and `high` bound what it is worth in yuan, None where nothing does."""

    place: int
    household_no: str
    role: str
    source_id: str
    kind: str
    link: str
    content: str
    state: str
    thing: str
    low: Decimal
    high: Decimal | None
    as_of: datetime.date
    is_gone: bool
    is_exempt: bool
    is_fact: bool
    income_kind: str = ""


@dataclass(frozen=True)
class Line:
    """One household against one limit: exceeds, question, not_seen or unread; counts of items behind it."""

    household_no: str
    test: str
    verdict: str
    observed: Decimal
    limit: Decimal | None
    fact_count: int
    doubt_count: int


def bounds(content: str, amount: Decimal | None) -> tuple[Decimal, Decimal | None]:
    """Return what an amount or a band such as 5万-10万 lies between; (0, None) where it says nothing."""
    if amount is not None:
        return amount, amount
    found = BAND.fullmatch(content.replace(" ", "").replace(",", ""))
    if not found:
        return ZERO, None
    high_unit = found["high_unit"] or ""
    first = Decimal(found["low"]) * UNITS[found["low_unit"] or (high_unit if found["high"] else "")]
    if found["open"]:
        return (ZERO, first) if found["open"] == "以下" else (first, None)
    return first, Decimal(found["high"]) * UNITS[high_unit] if found["high"] else first


def is_gone(kind: str, state: str, reference: CheckReference) -> bool:
    """Return whether a thing on file is no longer there."""
    return any(kind == gone and state in states for gone, states in reference.gone.items())


def is_exempt(kind: str, content: str, reference: CheckReference) -> bool:
    """Return whether the register itself shows an exemption; the office confirms it."""
    words = [word for exemption in reference.exemptions if exemption.kind == kind for word in exemption.contents]
    return any(word in content for word in words)


@dataclass(frozen=True)
class Household:
    """One application: its number, its members without supporters outside, and the limits of its place."""

    household_no: str
    member_count: int
    limits: dict[str, Decimal | None]


def judge(household: Household, items: Sequence[Item], unread: frozenset[str]) -> list[Line]:
    """Return one line per limit; `unread` are the tests whose source was not read. Supporters' things never count."""
    own = [item for item in items if item.household_no == household.household_no and item.role != "supporter"]
    looked_at = {test: counted(own, test) for test in TESTS}
    looked_at["income"] += silent_wages(own)
    return [judge_test(household, test, looked_at[test], test in unread) for test in TESTS]


def silent_wages(items: Sequence[Item]) -> list[Item]:
    """Return what contributions are reckoned from, for those who pay them and whose wages nobody states: a question."""
    paid = {item.place for item in items if item.income_kind == "wages"}
    return [
        replace(item, is_fact=False)
        for item in items
        if item.kind in ("housing_fund", "wage_base") and not item.is_gone and item.place not in paid
    ]


def counted(items: Iterable[Item], test: str) -> list[Item]:
    """Return the items a limit looks at; one dwelling two members share is one."""
    chosen = [item for item in items if item.kind == test and not item.is_gone]
    chosen.sort(key=lambda item: (not item.is_fact, item.place))
    if test in ("vehicle", "house", "business"):
        return list(
            {
                (item.source_id, item.thing or str(place)): item for place, item in reversed(list(enumerate(chosen)))
            }.values()
        )
    return chosen


def judge_test(household: Household, test: str, items: list[Item], is_unread: bool) -> Line:
    """Return one line: only facts may say that a limit is exceeded."""
    limit = household.limits.get(test)
    facts = [item for item in items if item.is_fact and not item.is_exempt]
    doubts = [item for item in items if item not in facts]
    sure = worth(test, facts, household.member_count)
    verdict = "unread" if is_unread else "not_seen"
    if limit is None:
        verdict = "question" if items else verdict
    elif sure > limit or (test == "income" and sure >= limit):
        verdict = "exceeds"
    elif doubts or most(test, items, household.member_count) > limit:
        verdict = "question"
    return Line(household.household_no, test, verdict, sure, limit, len(facts), len(doubts))


def worth(test: str, items: list[Item], heads: int) -> Decimal:
    """Return the least the items are worth: things counted, money per head, income per head and month over twelve."""
    if test in ("vehicle", "house", "business"):
        return Decimal(len(items))
    total = sum((item.low for item in items), ZERO) / max(heads, 1)
    return (total / 12 if test == "income" else total).quantize(Decimal("0.01"))


def most(test: str, items: list[Item], heads: int) -> Decimal:
    """Return the most the items may be worth; endless where one has no upper bound.

    What one month brought stands for every month: a declared month does not cover the year the rule asks about.
    """
    if test in ("vehicle", "house", "business"):
        return worth(test, items, heads)
    if test == "income":
        return most_income(items) / max(heads, 1)
    if any(item.high is None for item in items):
        return Decimal("Infinity")
    return sum((item.high or ZERO for item in items), ZERO) / max(heads, 1)


def most_income(items: Iterable[Item]) -> Decimal:
    """Return the most a month may bring: the best month known, and a twelfth of what is stated for a year.

    What contributions are reckoned from stands for a month of wages; parts that may be exempt are in it.
    """
    yearly, months = ZERO, {"": ZERO}
    for item in items:
        amount = item.low if item.high is None else item.high
        if re.fullmatch(r"\d{4}", item.thing):
            yearly += amount / 12
        else:
            month = item.thing if item.kind == "income" else "contributions"
            months[month] = months.get(month, ZERO) + amount
    return max(months.values()) + yearly
