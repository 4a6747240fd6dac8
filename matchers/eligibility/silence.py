"""What silence means: a register that came whole and lately says no by not naming somebody; any other says nothing.

A source that did not come, came in part or is too old leaves its facts unknown. Where nothing is left to tell whom a
programme looks at, or who receives it already, the programme stops and says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from matchers.eligibility.facts import FACTS
from matchers.eligibility.rolls import ROLL_OF
from matchers.eligibility.rules import Rule, RuleBook, Stopped
from matchers.errors import DeliveryError

# Where each fact whose absence a criterion reads is stated; all of them must speak for their silence to be an answer.
STATED_BY: dict[str, tuple[str, ...]] = {
    "deceased": ("population_register", "cremation"),
    "disability": ("disability_certificate",),
    "severe_illness": ("medical_settlement",),
    "medical_aid": ("medical_settlement",),
    "house_state": ("rural_housing",),
    "household_tier": ("subsistence_roll",),
    "extreme_difficulty_share": ("extreme_difficulty_roll",),
    **{f"receives_{programme}": (roll,) for programme, roll in ROLL_OF.items()},
}
# What may be deducted from an income before it is held against a line: unless all of it is known, no income excludes.
DEDUCTIBLE = frozenset({"severe_illness"})
# A statement without a shelf life of its own is missed from then on.
SILENT_AFTER_DAYS = 62


@dataclass(frozen=True)
class Heard:
    """One source in one month: whether it came whole, and the day it speaks of; null where it did not come."""

    is_whole: bool
    as_of: datetime.date | None


def mute_facts(heard: Mapping[str, Heard], day: datetime.date) -> frozenset[str]:
    """Return the facts whose absence says nothing on a day."""
    fresh = {fact.name: fact.fresh_days or SILENT_AFTER_DAYS for fact in FACTS}
    return frozenset(
        fact
        for fact, sources in STATED_BY.items()
        if not all(speaks(heard.get(source), day - datetime.timedelta(days=fresh[fact])) for source in sources)
    )


def speaks(source: Heard | None, oldest: datetime.date) -> bool:
    """Return whether a source came whole and speaks of a day recent enough."""
    return source is not None and source.is_whole and source.as_of is not None and source.as_of >= oldest


def without_the_unheard(book: RuleBook, mute: frozenset[str]) -> RuleBook:
    """Return the book without the programmes that cannot be screened without what was not heard.

    Raises DeliveryError where that leaves none.
    """
    found = {(stop.programme_id, stop.area): stop for rule in book.rules for stop in [unscreenable(rule, mute)] if stop}
    kept = tuple(rule for rule in book.rules if (rule.programme_id, rule.area) not in found)
    if not kept:
        raise DeliveryError("no programme can be screened: " + "; ".join(sorted({s.reason for s in found.values()})))
    return RuleBook(kept, book.stopped + tuple(stop for _, stop in sorted(found.items())))


def unscreenable(rule: Rule, mute: frozenset[str]) -> Stopped | None:
    """Return why a programme stops with this rule; None where it goes on."""
    roll = ROLL_OF.get(rule.programme_id)
    if roll and f"receives_{rule.programme_id}" in mute:
        return unheard(rule, (roll,), "who receives the programme already")
    read = {test.fact for test in rule.criterion.tests}
    if rule.is_universe and rule.criterion.absent is not None and read <= mute:
        return unheard(
            rule, tuple(sorted({source for fact in read for source in STATED_BY[fact]})), "whom the programme is for"
        )
    return None


def unheard(rule: Rule, sources: tuple[str, ...], unknown: str) -> Stopped:
    """Return that a programme stops in an area because of sources that were not heard."""
    reason = f"{', '.join(sources)} did not come whole and lately, so nobody can say {unknown}"
    return Stopped(rule.programme_id, rule.area, reason, sources=sources)


def heard_only(rules: tuple[Rule, ...], mute: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules with silence left unknown, and nothing said against anybody, wherever a source was not heard.

    What speaks against a unit may still be answered by what the missing source would have said for it.
    """
    return tuple(
        replace(rule, criterion=replace(rule.criterion, absent=None), unheard=mute)
        if mute & {test.fact for test in rule.criterion.tests}
        else rule
        for rule in rules
    )
