"""What a month of each programme would bring, where its standard says so without anybody's income."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import literal


@dataclass(frozen=True)
class Benefit:
    """One case of one programme in one area: the sums in a village and in a community, and who gets them."""

    programme_id: str
    area: str
    rural: float
    urban: float
    age_at_least: int | None = None
    when_receiving: tuple[str, ...] = ()


def benefit_sql(benefits: tuple[Benefit, ...]) -> str:
    """Return the monthly sum over a prospect `p`, its household `h`, age `a` and receipts `g`; the first case that fits."""
    cases = " ".join(f"when {condition(case)} then {amount(case)}" for case in benefits)
    return f"case {cases} end" if cases else "null"


def condition(case: Benefit) -> str:
    """Return who gets this sum."""
    tests = [f"p.programme_id = {literal(case.programme_id)}", f"h.area_code = {literal(case.area)}"]
    if case.age_at_least is not None:
        tests.append(f"a.age >= {case.age_at_least}")
    if case.when_receiving:
        receipts = " or ".join(
            f"list_contains(g.receives, {literal('receives_' + name)})" for name in case.when_receiving
        )
        tests.append(f"({receipts})")
    return " and ".join(tests)


def amount(case: Benefit) -> str:
    """Return the sum, by place where the place decides; null where the place is not known."""
    if case.rural == case.urban:
        return literal(case.rural)
    return f"(case when h.is_rural then {literal(case.rural)} when not h.is_rural then {literal(case.urban)} end)"
