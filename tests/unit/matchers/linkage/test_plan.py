from __future__ import annotations

import pytest

from matchers.errors import LinkInputError
from matchers.linkage.blocking import Rule
from matchers.linkage.fields import Field
from matchers.linkage.plan import Comparison, Plan
from matchers.linkage.proposing import Blocking, propose
from tests.unit.matchers.linkage.drawn_columns import coded

OWN = (Rule(("phone",)), Rule(("birth_date",)))
KNOWN = ("phone", "birth_date", "surname")


def test_an_empty_plan_leaves_everything_to_the_engine() -> None:
    fields = (Field("sex", "exact"), Field("surname", "name", is_shared=True))
    assert Plan().fields(fields) == fields
    assert Plan().blocking(OWN, KNOWN) == OWN


def test_planned_rules_come_first_and_once() -> None:
    rules = Plan((("phone",), ("birth_date", "surname"))).blocking(OWN, KNOWN)
    assert [rule.name for rule in rules] == ["phone", "birth_date + surname", "birth_date"]
    assert len(Plan((("phone",),), only_these=True).blocking(OWN, KNOWN)) == 1


def test_a_rule_by_a_role_without_data_is_refused() -> None:
    with pytest.raises(LinkInputError, match="without data: sex"):
        Plan((("sex",),)).blocking(OWN, KNOWN)


def test_a_role_the_engine_does_not_block_by_is_blocked_by_when_a_rule_names_it() -> None:
    columns = {"sex": coded("1", "2", "1"), "phone": coded("13912345678", "13912345678", "13912345678")}
    plan = Plan((("sex", "phone"),), only_these=True)
    pairs, rules = propose(columns, Blocking(3, 60, plan=plan))
    assert [rule.name for rule in rules] == ["sex + phone"]
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == [(0, 2)]


def test_comparisons_change_kind_sharing_and_bounds_or_leave_a_role_out() -> None:
    plan = Plan(comparisons=(("place", Comparison("exact", False)), ("sex", Comparison(is_compared=False))))
    fields = plan.fields((Field("place", "text", is_shared=True), Field("sex", "exact"), Field("phone", "number")))
    assert fields == (Field("place", "exact"), Field("phone", "number"))


def test_names_compared_in_another_way_are_not_looked_for_in_the_other_slot() -> None:
    assert Plan(comparisons=(("surname", Comparison("name")),)).may_swap_names
    assert not Plan(comparisons=(("surname", Comparison("exact")),)).may_swap_names
