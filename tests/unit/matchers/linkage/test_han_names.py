from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.han_names import name_parts, simplified, store_han_names
from schemas.links import LINK_WRITTEN
from tests.conftest import Given


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("王桂红", ("王", "桂红", "wang", "gui hong")),
        ("欧阳娜娜", ("欧阳", "娜娜", "ou yang", "na na")),
        ("阿依古丽·买买提", ("", "阿依古丽买买提", "", "a yi gu li mai mai ti")),
        ("李", ("李", "", "li", "")),
        ("Wang Hong", None),
        ("王 Hong", None),
    ],
)
def test_a_chinese_name_is_cut_into_surname_and_given_name_with_sounds(
    name: str, parts: tuple[str, ...] | None
) -> None:
    assert name_parts(name, "full_name") == parts


def test_names_lose_titles_and_blanks_and_become_simplified() -> None:
    assert simplified(["張俊傑先生", "王 红", "阿依•买买提"]) == ["张俊杰", "王红", "阿依·买买提"]


def test_only_chinese_names_are_stored_of_the_roles_asked_for(db: DuckEngine, given: Given) -> None:
    given(LINK_WRITTEN, "role | written\nfull_name | 王红\nsurname | 王\nfull_name | Ann Lee")
    assert store_han_names(db, ("full_name",)) == 1


def test_no_name_at_all_makes_an_empty_table(db: DuckEngine, given: Given) -> None:
    given(LINK_WRITTEN, "")
    assert store_han_names(db, ()) == 0
