"""Disability with its certificates, severe illness, and how far people can look after themselves."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import Array, Columns, Flags, Whole
from flows.synthetic.world.days import NEVER
from flows.synthetic.world.plan import Part

AGES = np.array([0, 10, 20, 30, 40, 50, 60, 70, 80, 95])
DISABLED = np.array([0.004, 0.011, 0.017, 0.024, 0.036, 0.056, 0.082, 0.105, 0.15, 0.22])
TYPE_SHARES = {
    True: (0.05, 0.07, 0.03, 0.28, 0.36, 0.12, 0.09),
    False: (0.115, 0.085, 0.012, 0.585, 0.075, 0.085, 0.043),
}
"""Vision, hearing, speech, limb, intellectual, mental, multiple; for people under 25 and older ones."""
LEVEL_SHARES = (0.11, 0.27, 0.30, 0.32)
MENTAL_LEVEL_SHARES = (0.14, 0.46, 0.28, 0.12)
WITHOUT_CERTIFICATE = 0.07
EXPIRED, CANCELLED, RENEWED = 0.035, 0.012, 0.85
TEN_YEARS = 3652
NEW_PER_YEAR = 0.006
SEVERE = np.array([0.001, 0.001, 0.0015, 0.003, 0.006, 0.013, 0.022, 0.03, 0.034, 0.03])
SEVERE_PER_YEAR = 0.3
"""New severe illnesses a year, per person already severely ill at that age."""
SEVERE_CODES = {
    "C34.900": 18, "C50.900": 9, "C16.900": 10, "C22.900": 9, "C18.900": 6, "C73.x00": 4, "N18.600": 12, "I63.900": 14,
    "I21.900": 6, "K74.600": 4, "C91.000": 1.5, "D61.900": 1.2, "G20.x00": 3, "M32.900": 2,
}  # fmt: skip
"""ICD-10 as settlements write it: cancers, kidney failure, stroke, heart attack, cirrhosis, leukaemia …"""


def fall_ill(part: Part, people: Columns) -> None:
    """Add disability and certificate, severe illness with the day it began, and `self_care`."""
    span = part.span
    draws = part.draws("health")
    age = np.maximum((span[0] - people["birth"]) / 365.25, 0)
    length = (span[1] - span[0]) / 365.25
    old = draws.random(people.size) < np.interp(age, AGES, DISABLED)
    new = ~old & (draws.random(people.size) < np.interp(age, AGES, DISABLED) * NEW_PER_YEAR * 10 * length)
    _classify(draws, people, old | new, age < 25)
    _certify(draws, people, (old, new), span)
    _sicken(draws, people, age, span)
    people["self_care"] = _self_care(draws, people, age)


def _classify(draws: np.random.Generator, people: Columns, disabled: Flags, young: Flags) -> None:
    """Type 1–7 and level 1–4 (0 for nobody)."""
    size = people.size
    kind = np.zeros(size, dtype=np.int64)
    for group, shares in TYPE_SHARES.items():
        rows = young == group
        kind[rows] = draws.choice(7, int(rows.sum()), p=shares) + 1
    level = draws.choice(4, size, p=LEVEL_SHARES) + 1
    of_mind = draws.choice(4, size, p=MENTAL_LEVEL_SHARES) + 1
    level = np.where((kind == 5) | (kind == 6), of_mind, level)
    people["disability_type"] = np.where(disabled, kind, 0)
    people["disability_level"] = np.where(disabled, level, 0)


def _certify(draws: np.random.Generator, people: Columns, groups: tuple[Flags, Flags], span: tuple[int, int]) -> None:
    """`cert_from`, `cert_until`, `cert_cancelled`: days; certificates are valid for ten years, some ran out unnoticed."""
    old, new = groups
    size = people.size
    holds = draws.random(size) >= WITHOUT_CERTIFICATE
    issued = span[0] - 30 - draws.integers(0, 3500, size)
    issued = np.where(draws.random(size) < EXPIRED, span[0] - TEN_YEARS - 1 - draws.integers(0, 700, size), issued)
    # most certificates that would run out while the county is watched were renewed in time
    renewed = (issued + TEN_YEARS >= span[0]) & (issued + TEN_YEARS <= span[1]) & (draws.random(size) < RENEWED)
    issued = np.where(renewed, span[0] - draws.integers(10, 300, size), issued)
    issued = np.maximum(issued, people["birth"] + 400)
    issued = np.where(new, draws.integers(span[0], span[1] + 1, size), np.minimum(issued, span[0] - 5))
    has = holds & ((old & (people["birth"] < span[0] - 500)) | new)
    people["cert_from"] = np.where(has, issued, NEVER)
    people["cert_until"] = np.where(has, issued + TEN_YEARS, NEVER)
    cancelled = has & old & (draws.random(size) < CANCELLED)
    people["cert_cancelled"] = np.where(cancelled, span[0] - 10 - draws.integers(0, 900, size), NEVER)


def _sicken(draws: np.random.Generator, people: Columns, age: Array, span: tuple[int, int]) -> None:
    """`severe_from` and `severe_code`: since when a recognised severe illness, and which."""
    size = people.size
    share = np.interp(age, AGES, SEVERE)
    ill = draws.random(size) < share
    new = ~ill & (draws.random(size) < share * SEVERE_PER_YEAR * (span[1] - span[0]) / 365.25)
    # many dying people were severely ill
    ill |= (people["death"] < NEVER) & (draws.random(size) < 0.3)
    since = span[0] - draws.gamma(1.3, 500, size).astype(np.int64) - 20
    since = np.where(new, draws.integers(span[0], span[1] + 1, size), since)
    people["severe_from"] = np.where(
        ill | new, np.minimum(np.maximum(since, people["birth"] + 30), people["death"] - 20), NEVER
    )
    codes = np.array(list(SEVERE_CODES), dtype=object)
    weights = np.array(list(SEVERE_CODES.values()))
    people["severe_code"] = codes[draws.choice(len(codes), size, p=weights / weights.sum())]


def _self_care(draws: np.random.Generator, people: Columns, age: Array) -> Whole:
    """Of eating, dressing, getting up, toilet, walking and bathing: how many somebody cannot do alone."""
    severe = (people["disability_level"] > 0) & (people["disability_level"] <= 2)
    need = np.interp(age, [0, 65, 75, 85, 95], [0.01, 0.02, 0.07, 0.22, 0.5])
    need = np.where(severe, 0.45, need)
    need = np.where(people["disability_level"] == 1, 0.75, need)
    unable = draws.binomial(6, 0.45, people.size)
    return np.where(draws.random(people.size) < need, np.maximum(unable, 1), 0)
