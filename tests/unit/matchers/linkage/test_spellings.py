from __future__ import annotations

import pytest

from matchers.linkage.spellings import cantonese_spellings, mandarin_spellings


@pytest.mark.parametrize(
    ("jyutping", "spelt"),
    [
        ("zoeng", "cheung"),
        ("can", "chan"),
        ("zang", "tsang"),
        ("gwok", "kwok"),
        ("jip", "ip"),
        ("jip", "yip"),
        ("ng", "ng"),
        ("lei", "lee"),
        ("lo", "law"),
        ("keoi", "kui"),
    ],
)
def test_a_cantonese_syllable_is_spelt_as_identity_cards_of_hong_kong_do(jyutping: str, spelt: str) -> None:
    assert spelt in cantonese_spellings(jyutping)


@pytest.mark.parametrize(
    ("pinyin", "spelt"),
    [
        ("xu", "hsu"),
        ("zhang", "chang"),
        ("cai", "tsai"),
        ("jian", "chien"),
        ("zhi", "chih"),
        ("si", "szu"),
        ("lu", "lv"),
    ],
)
def test_a_mandarin_syllable_is_spelt_in_pinyin_first_and_as_passports_of_taiwan_do(pinyin: str, spelt: str) -> None:
    assert mandarin_spellings(pinyin)[0] == pinyin
    assert spelt in mandarin_spellings(pinyin)


def test_a_syllable_is_one_of_its_own_spellings() -> None:
    assert "coeng" in cantonese_spellings("coeng")
    assert "" not in cantonese_spellings("zi")
