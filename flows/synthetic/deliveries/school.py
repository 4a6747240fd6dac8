"""Education: pupils and students with their guardians."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Mask, Numbers
from flows.synthetic.deliveries.codes import SEX_WORD, STAGE
from flows.synthetic.deliveries.columns import either, join, same, take, translate, word
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.kinship import GUARDIAN, relation_words
from flows.synthetic.deliveries.office import Office, serial

GRADES = {
    "primary": ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    "junior": ("七年级", "八年级", "九年级", "九年级"),
    "senior": ("高一", "高二", "高三", "高三"),
    "vocational": ("中职一年级", "中职二年级", "中职三年级", "中职三年级"),
    "university": ("大一", "大二", "大三", "大四", "大五"),
}
# Students elsewhere are only known here if they took a student loan at home.
KNOWN = {"primary": 0.995, "junior": 0.99, "senior": 0.98, "vocational": 0.95, "university": 0.45}
FLAG_KNOWN = 0.8  # of the children of whom something is true that the school should know
SUBSISTENCE = ("subsistence_allowance", "single_person_allowance")


def student(office: Office) -> Delivery:
    """One pupil or student with up to two guardians, as entered when the child came to the school."""
    p = office.people
    known = np.zeros(len(p), dtype=np.bool_)
    for stage, share in KNOWN.items():
        known |= p.is_word("school_stage", stage) & office.knows(share)
    at = np.flatnonzero(known & office.still_lists(60))
    entry = office.entry(at)
    numbers = office.numbers(entry)
    columns = {
        "学籍号": student_numbers(office, at, numbers),
        "姓名": office.names(entry),
        "身份证件号": numbers,
        "性别": word(p.numbers("sex")[at], SEX_WORD),
        "出生日期": office.births(entry),
        "学校": take(p.text("school"), at),
        "学段": translate(take(p.text("school_stage"), at), STAGE),
        "年级": grades(office, at),
        "就读方式": either(p.flag("boards")[at], "住校", same("走读", len(at))),
        "家庭住址": office.places(entry).addresses(),
    }
    people = {"self": p.person_no[at]}
    for which in (1, 2):
        guardian = p.related(f"guardian{which}_no")[at]
        columns |= guardian_columns(office, which, guardian, at)
        people[f"guardian{which}"] = np.where(guardian >= 0, p.person_no[guardian], -1)
    columns |= flags(office, at)
    identity = tuple(name for name in columns if name.endswith(("姓名", "号")))
    return Delivery(columns, people, p.person_no[at], identity, "出生日期", "学段")


def student_numbers(office: Office, at: Numbers, numbers: pa.Array) -> pa.Array:
    """Return the national student number: G and the citizen number, or L and a number of the system's own."""
    p = office.people
    stated = pc.fill_null(pc.match_substring_regex(numbers, "^[0-9]{17}[0-9X]$"), False)
    borrowed = pc.fill_null(pc.not_equal(numbers, take(p.text("national_id"), at)), True)
    own = pc.and_(stated, pc.invert(borrowed))
    return pc.if_else(own, join("G", numbers), join("L230123", serial(office, p.person_no[at], 12)))


def grades(office: Office, at: Numbers) -> pa.Array:
    """Return the grade in the words of the stage."""
    p = office.people
    words = same(None, len(at))
    for stage, names in GRADES.items():
        place = np.clip(p.numbers("grade")[at] - 1, 0, len(names) - 1)
        words = either(p.is_word("school_stage", stage)[at], word(place, names), words)
    return words


def guardian_columns(office: Office, which: int, guardian: Numbers, at: Numbers) -> dict[str, pa.Array]:
    """Return name, number, relation and telephone of one guardian."""
    p, role = office.people, f"guardian{which}"
    entry = office.entry(guardian, of=p.person_no[at])
    return {
        f"监护人{which}姓名": office.names(entry, role),
        f"监护人{which}身份证号": office.numbers(entry, role),
        f"监护人{which}关系": relation_words(p, (guardian, at), GUARDIAN),
        f"监护人{which}电话": office.phones(entry, role),
    }


def flags(office: Office, at: Numbers) -> dict[str, pa.Array]:
    """Return what the school has noted of the child's family, as far as somebody told it."""
    p = office.people
    father, mother = p.related("father_no"), p.related("mother_no")
    dead = ~p.is_alive
    poor = p.receives(*SUBSISTENCE)
    truths: dict[str, Mask] = {
        "是否低保": poor,
        "是否孤儿": p.receives("orphan_allowance") | ((father >= 0) & (mother >= 0) & dead[father] & dead[mother]),
        "是否残疾": p.is_word("cert_status", "valid"),
        "是否留守儿童": p.flag("is_left_behind"),
        "是否受资助": poor | p.receives("extreme_difficulty", "orphan_allowance", "unattended_child"),
    }
    return {
        name: either((truth & office.knows(FLAG_KNOWN, name))[at], "是", same("否", len(at)))
        for name, truth in truths.items()
    }
