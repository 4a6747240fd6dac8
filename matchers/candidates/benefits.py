"""What a month of each programme would bring, and how far a household's income is from the line that decides."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import literal


@dataclass(frozen=True)
class LocalSum:
    """A monthly sum of one programme in one area, in a village and in a community."""

    programme_id: str
    area: str
    rural: float
    urban: float


@dataclass(frozen=True)
class Benefit:
    """One case of a programme: its sum, and who gets it.

    `makes_up`: the sum is a line for each member, and the household gets what its income falls short of it. `tops_up`: it
    gets what other help falls short of the sum, and nobody knows how much that is.
    """

    sum: LocalSum
    age_at_least: int | None = None
    when_receiving: tuple[str, ...] = ()
    makes_up: bool = False
    tops_up: bool = False


HALF_A_FEN = 0.005
# The members' income a month: what they declared, which is all of it, and what lists show, which is at least that much. What
# was spent on treatment may be more than the income it is taken off; nobody's income is below nothing.
INCOME_SEEN = """
    select unit_id, max(if(number_value < 0, 0, number_value)) filter (where fact_name = 'declared_income_household') as declared,
        max(if(number_value < 0, 0, number_value)) filter (where fact_name = 'income_head_floor') as least
    from fact where fact_name in ('declared_income_household', 'income_head_floor') group by unit_id
"""


def benefit_sql(benefits: tuple[Benefit, ...]) -> str:
    """Return the monthly sum over a prospect `p`, its household `h`, age `a`, receipts `g` and income `i`; the first case that fits."""
    cases = " ".join(f"when {condition(case)} then {paid(case)}" for case in benefits)
    return f"case {cases} end" if cases else "null"


def distance_sql(lines: tuple[LocalSum, ...]) -> str:
    """Return how much a head and month the income seen, `i`, is below the line of prospect `p` in household `h`."""
    cases = " ".join(f"when {belongs(line)} then {amount(line)} - coalesce(i.declared, i.least)" for line in lines)
    return f"case {cases} end" if cases else "null"


def belongs(figure: LocalSum) -> str:
    """Return whether a figure is the prospect's programme's and area's."""
    return f"p.programme_id = {literal(figure.programme_id)} and h.area_code = {literal(figure.area)}"


def paid(case: Benefit) -> str:
    """Return the sum a case brings; what makes up to a line brings an unknown sum where the income is not declared."""
    if case.tops_up:
        return "null"
    if not case.makes_up:
        return amount(case.sum)
    # Reckoned on the household's totals and rounded up to whole yuan once, as a township's program does: 632 for each of
    # three with 1,894 among them leaves 2 yuan, not three times one. Income a head comes rounded to the fen. Whoever only lives
    # at the same address is no member the line is paid for.
    missing = f"({amount(case.sum)} - i.declared)"
    owed = f"ceil(round(({missing} - {HALF_A_FEN}) * h.member_count, 3))"
    return f"case when {missing} > 0 then {owed} when {missing} <= 0 then 0 end"


def condition(case: Benefit) -> str:
    """Return who gets this sum."""
    tests = [belongs(case.sum)]
    if case.age_at_least is not None:
        tests.append(f"a.age >= {case.age_at_least}")
    if case.when_receiving:
        receipts = " or ".join(
            f"list_contains(g.receives, {literal('receives_' + name)})" for name in case.when_receiving
        )
        tests.append(f"({receipts})")
    return " and ".join(tests)


def amount(case: LocalSum) -> str:
    """Return the sum, by place where the place decides; null where the place is not known."""
    if case.rural == case.urban:
        return literal(case.rural)
    return f"(case when h.is_rural then {literal(case.rural)} when not h.is_rural then {literal(case.urban)} end)"
