from __future__ import annotations

import numpy as np
import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.reference import cantonese_readings
from matchers.linkage.engine import LinkSettings, link_records
from matchers.linkage.readings import common_spellings
from matchers.linkage.results import keep_results
from matchers.linkage.two_scripts import read_two_scripts
from schemas.links import LINK_INPUT
from tests.conftest import Given

DIFFERENT, SURNAME, ALL_BUT_ONE, SOUNDS_EQUAL, NOT_COMPARED = 0, 1, 2, 3, -1


def level(characters: str, letters: str) -> int:
    both = np.array([characters, letters], dtype=object)
    codes = np.array([0, 1], dtype=np.int32)
    names = read_two_scripts(both, cantonese_readings())
    one, other = names.levels(codes, codes[::-1].copy())
    assert one == other
    return int(one)


@pytest.mark.parametrize(
    ("characters", "letters", "expected"),
    [
        ("陈家伟", "chan ka wai", SOUNDS_EQUAL),
        ("陈家伟", "ka wai chan", SOUNDS_EQUAL),
        ("陈家伟", "chan ka wai thomas", SOUNDS_EQUAL),
        ("陈家伟", "angela chan ka wai", SOUNDS_EQUAL),
        ("陈家伟", "chen jiawei", SOUNDS_EQUAL),
        ("陈家伟", "jiawei chen", SOUNDS_EQUAL),
        ("许志明", "hsu chih ming", SOUNDS_EQUAL),
        ("欧阳美玲", "mei ling ou yang", SOUNDS_EQUAL),
        ("梁乐轩", "leung lok 軒", SOUNDS_EQUAL),
        ("陈家伟", "chan ka ming", ALL_BUT_ONE),
        ("陈家伟", "chan ka", ALL_BUT_ONE),
        ("陈家伟", "thomas chan", SURNAME),
        ("陈家伟", "angela chan", SURNAME),
        ("陈伟", "chan ming", DIFFERENT),
        ("陈家伟", "wong mei ling", DIFFERENT),
        ("陈家伟", "thomas smith", NOT_COMPARED),
        ("陈家伟", "陈家伟", NOT_COMPARED),
        ("chan ka wai", "chan ka wai", NOT_COMPARED),
    ],
)
def test_a_name_in_letters_is_held_against_one_in_characters_by_how_its_syllables_may_be_spelt(
    characters: str, letters: str, expected: int
) -> None:
    assert level(characters, letters) == expected


def test_two_languages_are_not_mixed_in_one_reading() -> None:
    assert level("陈志强", "chen zhi qiang") == SOUNDS_EQUAL
    assert level("陈志强", "chan chi qiang") == ALL_BUT_ONE


def test_the_words_a_name_is_found_by_hold_its_common_spellings_in_both_languages() -> None:
    words = common_spellings("陈家伟", cantonese_readings()).split()
    assert {"chan", "ka", "wai", "chen", "jia", "wei"} <= set(words)


GIVEN = ["家伟", "志明", "美玲", "国强", "淑芬", "建华", "丽珍", "文杰", "子轩", "慧敏", "永康", "雪芳"]
SPELT = [
    "Ka Wai",
    "Chi Ming",
    "Mei Ling",
    "Kwok Keung",
    "Suk Fan",
    "Kin Wah",
    "Lai Chan",
    "Man Kit",
    "Chi Hin",
    "Wai Man",
    "Wing Hong",
    "Suet Fong",
]
SURNAMES = ["陈 Chan", "黄 Wong", "张 Cheung", "李 Lee", "何 Ho", "刘 Lau", "吴 Ng", "梁 Leung", "林 Lam", "郑 Cheng"]


def test_the_same_people_in_characters_and_in_letters_are_found_from_roles_alone(db: DuckEngine, given: Given) -> None:
    lines = ["record_id | source_id | full_name | phone"]
    for n in range(len(GIVEN) * len(SURNAMES)):
        surname, spelt = SURNAMES[n % len(SURNAMES)].split()
        phone = 60000000 + n * 7919
        lines.append(f"p{n:03}-a | s | {surname}{GIVEN[n // len(SURNAMES)]}先生 | {phone if n % 3 else ''}")
        lines.append(f"p{n:03}-b | s | {spelt.upper()} {SPELT[n // len(SURNAMES)]}; Tony | {phone}")
    given(LINK_INPUT, "\n".join(lines))
    keep_results(db, link_records(db, LinkSettings(cantonese=cantonese_readings())))
    counts = (
        "count(*), count(*) filter (where left(c.record_id, 4) <> left(c.cluster_id, 4)), count(distinct cluster_id)"
    )
    assert db.rows(f"select {counts} from link_cluster c") == [(240, 0, 120)]
