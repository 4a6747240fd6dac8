from __future__ import annotations

from dataclasses import replace

import pytest

from matchers.linkage.certain import GROUPS
from matchers.linkage.number_owners import NumberName, are_one, groups

OWNER = NumberName(1, 1, "王桂红", "wang gui hong", True, False, True, False)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"full_name": "王桂红"}, True),
        ({"full_name": "阿依古丽·买买提", "name_pinyin": "a"}, False),
        ({"full_name": "王桂红之子", "name_pinyin": "w", "agrees": True}, True),  # the number's own day of birth
        ({"full_name": "王桂红之子", "name_pinyin": "w", "contradicts": True}, False),
        ({"full_name": "李明", "name_pinyin": "li ming"}, False),
        ({"full_name": "王明", "name_pinyin": "wang ming"}, True),
        ({"full_name": "王明", "name_pinyin": "wang ming", "has_namesake": True}, False),
        ({"full_name": "王明", "name_pinyin": "wang ming", "is_registered": True}, False),
        ({"full_name": "李明", "name_pinyin": "li ming", "agrees": True}, True),
    ],
)
def test_who_takes_a_number_is_judged_by_name_birth_date_and_namesakes(
    changes: dict[str, object], expected: bool
) -> None:
    unlike = {"name": 2, "agrees": None, "is_registered": False, **changes}
    other = replace(OWNER, **unlike)  # type: ignore[arg-type]
    assert are_one(OWNER, other) is expected


def test_near_names_in_a_source_that_knows_everybody_are_two_people_when_short() -> None:
    one = replace(OWNER, full_name="黄洋", name_pinyin="huang yang")
    other = replace(OWNER, full_name="黄磊", name_pinyin="huang lei")
    assert not are_one(one, other)
    assert are_one(one, replace(other, is_registered=False))


def test_the_first_name_owns_the_number_and_groups_never_run_out() -> None:
    strangers = [
        replace(OWNER, name=n, full_name=f"{chr(0x4E00 + n)}{chr(0x5000 + n)}", name_pinyin=str(n)) for n in range(40)
    ]
    found = list(groups(strangers))
    assert found[0][2:] == (0, None)
    assert max(group for _, _, group, _ in found) == GROUPS - 2
