"""Names: one spelling for every way a department types one, and nothing made up."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.sources.reference import read_lexicon
from matchers.standardise.names import NameStandardiser, standard_names

STANDARDISER = NameStandardiser(read_lexicon().names)


def standard(raw: str) -> str | None:
    """Return the standard spelling of a name."""
    return STANDARDISER.standardise(raw)[0]


@pytest.mark.parametrize("dot", list("\u2022\u30fb\uff65\u2027\uff0e.\u2219\u22c5\u25cf\u0387\u2024\u00b7"))
def test_every_middle_dot_becomes_the_one_of_the_2016_notice(dot: str) -> None:
    assert standard(f"阿卜杜拉{dot}买买提") == "阿卜杜拉\u00b7买买提"
    assert standard(f"阿卜杜拉 {dot} 买买提") == "阿卜杜拉\u00b7买买提"


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("王 芳", "王芳"),
        ("王\u3000芳", "王芳"),
        ("\ufeff王芳\u200b", "王芳"),
        ("王芳（已故）", "王芳"),
        ("王芳(户主", "王芳"),
        ("王芳[低保]", "王芳"),
        ("王小芳女士", "王小芳"),
        ("張國強", "张国强"),
        ("髙峯", "高峰"),
        ("刘\uf9dc", "刘隆"),
        ("\ue863明", "䶮明"),
        ("䶮明", "䶮明"),
        ("𠮷小山", "𠮷小山"),
        ("阿不都热合曼 阿卜杜拉", "阿不都热合曼·阿卜杜拉"),
        ("·王芳·", "王芳"),
        ("白玛 拉姆", "白玛·拉姆"),
        ("欧阳 娜娜", "欧阳娜娜"),
        ("王小芳*", "王小芳"),
        ("王？芳", "王*芳"),
        ("王\u200b芳", "王芳"),
        ("王\u2060\u00ad芳\u200e", "王芳"),
        ("葛\U000e0100小城", "葛小城"),
        ("王\x1a芳", "王*芳"),
        ("王芳\0\0\0", "王芳"),
        ("薴", "苧"),
        ("苧", "苧"),
        ("王□芳", "王*芳"),
        ("ＡＢＤＵＬＬＡ  Memet", "abdulla memet"),
        ("J. Smith", "j. smith"),
    ],
)
def test_a_name_is_written_one_way(raw: str, wanted: str) -> None:
    assert standard(raw) == wanted


@pytest.mark.parametrize(
    "name", ["李乾", "高昇", "刘喆", "於秋梅", "王先生", "王芳*", "张*", "王芳之子", "欧阳娜娜", "著云"]
)
def test_a_name_in_use_is_left_alone(name: str) -> None:
    assert standard(name) == name


def test_a_traditional_name_is_simplified_throughout() -> None:
    assert standard("於鳳芝") == "于凤芝"


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("单雄信", "shan xiong xin"),
        ("尉迟恭", "yu chi gong"),
        ("仇英", "qiu ying"),
        ("乐", "yue"),
        ("阿卜杜拉·买买提", "a bo du la mai mai ti"),
        ("张*", "zhang"),
        ("abdulla memet", "abdulla memet"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, pinyin: str) -> None:
    assert STANDARDISER.standardise(name)[1] == pinyin


def test_nothing_is_left_of_marks_alone() -> None:
    assert STANDARDISER.standardise(" · ") == (None, None)


@drawn(st.text(max_size=30))
def test_any_text_is_standardised_without_complaint(raw: str) -> None:
    name, pinyin = STANDARDISER.standardise(raw)
    assert (name is None) == (pinyin is None)
    assert name is None or name == name.strip() != ""


@drawn(st.text(alphabet="王芳小明张國強阿·. *(已故)", max_size=12))
def test_a_standard_name_is_its_own_standard(raw: str) -> None:
    name = standard(raw)
    assert name is None or standard(name) == name


def test_the_columns_are_those_of_the_contract() -> None:
    assert standard_names(["王 芳"], read_lexicon().names) == {
        "full_name_raw": ["王 芳"],
        "full_name": ["王芳"],
        "name_pinyin": ["wang fang"],
    }
