"""What items mean against limits: the exact limit, one either side, and what only raises a question."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from matchers.eligibility.economic_check import Household, Item, bounds, judge

DAY = datetime.date(2026, 10, 31)
LIMITS = {
    name: Decimal(value)
    for name, value in {"money": 15168, "vehicle": 0, "house": 1, "business": 0, "income": 632}.items()
}
HOME = Household("S1", 2, dict(LIMITS))
MONEY = Item(
    place=1, household_no="S1", role="applicant", source_id="bank_balance", kind="money", link="certain", content="",
    state="", thing="", low=Decimal(0), high=None, as_of=DAY, is_gone=False, is_exempt=False, is_fact=True,
)  # fmt: skip


def verdict(test: str, *items: Item, unread: frozenset[str] = frozenset()) -> str:
    return next(line.verdict for line in judge(HOME, items, unread) if line.test == test)


def money(low: str, high: str | None = None) -> Item:
    return replace(MONEY, low=Decimal(low), high=Decimal(high) if high else Decimal(low))


def house(thing: str, place: int = 1) -> Item:
    return replace(MONEY, kind="house", source_id="real_estate", thing=thing, place=place)


@pytest.mark.parametrize(
    ("content", "low", "high"),
    [
        ("5万-10万", "50000", "100000"), ("5千-1万", "5000", "10000"), ("5-10万", "50000", "100000"), ("1千以下", "0", "1000"),
        ("20万以上", "200000", None), ("3.5万元", "35000", "35000"), ("不明", "0", None), ("", "0", None),
    ],
)  # fmt: skip
def test_a_band_is_read_as_what_it_lies_between_and_what_cannot_be_read_has_no_upper_bound(
    content: str, low: str, high: str | None
) -> None:
    assert bounds(content, None) == (Decimal(low), Decimal(high) if high else None)


def test_money_exceeds_one_yuan_over_the_limit_per_head_and_not_at_it() -> None:
    assert verdict("money", money("30336")) == "not_seen"
    assert verdict("money", money("30338")) == "exceeds"


def test_a_band_across_the_limit_and_a_doubtful_link_are_questions() -> None:
    assert verdict("money", money("20000", "50000")) == "question"
    assert verdict("money", replace(money("900000"), is_fact=False, link="name_only")) == "question"


def test_a_dwelling_two_members_share_is_one() -> None:
    assert verdict("house", house("U1"), house("U1", 2)) == "not_seen"
    assert verdict("house", house("U1"), house("U2", 2)) == "exceeds"


def test_what_is_gone_does_not_count_and_what_may_be_exempt_is_asked() -> None:
    car = replace(MONEY, kind="vehicle", source_id="vehicle", thing="A1")
    assert verdict("vehicle", car) == "exceeds"
    assert verdict("vehicle", replace(car, is_gone=True)) == "not_seen"
    assert verdict("vehicle", replace(car, is_exempt=True)) == "question"


def test_income_of_a_month_asks_and_only_twelve_months_of_it_reach_the_line() -> None:
    def pay(month: int, yuan: str) -> Item:
        return replace(money(yuan), kind="income", source_id="income_tax", thing=f"2026-{month:02d}")

    assert verdict("income", pay(9, "1200")) == "not_seen"
    assert verdict("income", pay(9, "6000")) == "question"
    assert verdict("income", *(pay(month, "1264") for month in range(1, 13))) == "exceeds"


def test_a_supporters_things_never_count() -> None:
    assert verdict("money", replace(money("900000"), role="supporter")) == "not_seen"


def test_what_was_not_read_is_unknown_and_a_limit_nobody_set_is_a_question() -> None:
    assert verdict("money", unread=frozenset({"money"})) == "unread"
    unset = Household("S1", 2, LIMITS | {"money": None})
    assert judge(unset, [money("1")], frozenset())[0].verdict == "question"
