"""Who goes to which school, by age on the first of September."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import Array, Columns, Flags, Whole, texts, words
from flows.synthetic.world.days import NEVER, age_on, first_day
from flows.synthetic.world.plan import Part

STAGES = texts([None, "primary", "junior", "senior", "vocational", "university"])
NONE, PRIMARY, JUNIOR, SENIOR, VOCATIONAL, UNIVERSITY = range(6)
ENTRY_AGE = np.array([0, 6, 12, 15, 15, 18])
UNIVERSITIES = words(
    "哈尔滨师范大学 佳木斯大学 黑龙江大学 东北农业大学 哈尔滨商业大学 齐齐哈尔大学 黑龙江职业学院 牡丹江师范学院"
)
GOES_TO_VOCATIONAL, GOES_TO_NEITHER, GOES_TO_UNIVERSITY = 0.36, 0.07, 0.42
BOARDS = np.array([0.0, 0.06, 0.38, 0.72, 0.8, 1.0])


def enrol(part: Part, people: Columns) -> None:
    """Add what decides a school career: `school_path` (senior, vocational, neither), `to_university`, `board_chance`."""
    draws = part.draws("schooling")
    size = people.size
    shares = (1 - GOES_TO_VOCATIONAL - GOES_TO_NEITHER, GOES_TO_VOCATIONAL, GOES_TO_NEITHER)
    path = draws.choice(3, size, p=shares)
    severe = (people["disability_level"] > 0) & (people["disability_level"] <= 2)
    people["school_path"] = np.where(severe & (draws.random(size) < 0.6), 2, path)
    people["to_university"] = (people["school_path"] == 0) & (draws.random(size) < GOES_TO_UNIVERSITY / shares[0])
    people["board_chance"] = draws.random(size)
    people["university"] = UNIVERSITIES[draws.integers(0, len(UNIVERSITIES), size)]


def stage_in(people: Columns, month: int) -> tuple[Whole, Whole]:
    """Stage and grade of everybody in a month; the school year begins in September."""
    year = month // 12 if month % 12 >= 8 else month // 12 - 1
    age = age_on(people["birth"], first_day(year * 12 + 8))
    path = people["school_path"]
    stage = np.select(
        [age < 6, age < 12, age < 15, (age < 18) & (path < 2), (age < 22) & people["to_university"]],
        [NONE, PRIMARY, JUNIOR, np.where(path == 1, VOCATIONAL, SENIOR), UNIVERSITY],
        NONE,
    )
    stage = np.where((people["death"] < NEVER) & (people["death"] < first_day(month)), NONE, stage)
    return stage, np.where(stage == NONE, 0, age - ENTRY_AGE[stage] + 1)


def school_names(people: Columns, stage: Whole, township: Array, is_rural: Flags) -> Array:
    """The school's name: the township's own up to the ninth grade, the county's after that."""
    small = texts([None, "中心小学", "中学"])
    town = texts([None, "第一小学", "第二中学"])
    low = (stage == PRIMARY) | (stage == JUNIOR)
    names = np.full(people.size, None, dtype=object)
    rural, urban = low & is_rural, low & ~is_rural
    names[rural] = "依兰县" + township[rural] + small[stage[rural]]
    names[urban] = "依兰县" + town[stage[urban]]
    names[stage == SENIOR] = "依兰县高级中学"
    names[stage == VOCATIONAL] = "依兰县职业技术教育中心学校"
    names[stage == UNIVERSITY] = people["university"][stage == UNIVERSITY]
    return names


def boards(people: Columns, stage: Whole) -> Flags:
    """Who lives at school during the week."""
    return people["board_chance"] < BOARDS[stage]
