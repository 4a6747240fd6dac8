"""Income of named persons by the four kinds the law counts (民发〔2021〕57号 art. 13), members and supporters apart."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matchers.eligibility.economic_check import ZERO, Item
from schemas.economic_check import INCOME_KINDS, CheckReference

# What has to be read before anything can be said of a kind.
SOURCES_OF = {
    "wages": ("income_tax",),
    "business": ("income_tax",),
    "property": ("income_tax",),
    "transfer": ("pension", "unemployment", "land_subsidy"),
}
UNCLEAR = "unclear"


@dataclass(frozen=True)
class IncomeLine:
    """One kind of income of an application over twelve months; `asked_yuan` may be theirs, or may be exempt."""

    household_no: str
    is_outside: bool
    income_kind: str
    known_yuan: Decimal
    asked_yuan: Decimal
    source_ids: tuple[str, ...]
    unread_ids: tuple[str, ...]
    as_of: datetime.date | None


def kind_of_income(content: str, reference: CheckReference) -> str:
    """Return the legal kind of what a source calls income; `unclear` where no word says."""
    for kind, words in reference.income_kinds.items():
        if any(word in content for word in words):
            return kind
    return UNCLEAR


def income_lines(items: Sequence[Item], read: Collection[str]) -> list[IncomeLine]:
    """Return every kind of income of every application, and of its supporters where anything is known of theirs.

    `read` are the sources that were there to be read.
    """
    homes = list(dict.fromkeys((item.household_no, False) for item in items))
    outside = list(dict.fromkeys((item.household_no, True) for item in items if item.role == "supporter"))
    lines = []
    for home, is_outside in sorted(homes + outside):
        own = [
            item
            for item in items
            if item.household_no == home and item.kind == "income" and (item.role == "supporter") == is_outside
        ]
        kinds = (*INCOME_KINDS, *((UNCLEAR,) if any(item.income_kind == UNCLEAR for item in own) else ()))
        lines += [income_line((home, is_outside, kind), own, read) for kind in kinds]
    return lines


def income_line(named: tuple[str, bool, str], own: Sequence[Item], read: Collection[str]) -> IncomeLine:
    """Return one kind of income of one side of an application."""
    chosen = [item for item in own if item.income_kind == named[2]]
    facts = [item for item in chosen if item.is_fact and not item.is_exempt]
    known = sum((item.low for item in facts), ZERO)
    all_of_it = sum((item.low if item.high is None else item.high for item in chosen), ZERO)
    return IncomeLine(
        *named,
        known_yuan=known,
        asked_yuan=all_of_it - known,
        source_ids=tuple(sorted({item.source_id for item in chosen})),
        unread_ids=tuple(source for source in SOURCES_OF.get(named[2], ()) if source not in read),
        as_of=max((item.as_of for item in chosen), default=None),
    )
