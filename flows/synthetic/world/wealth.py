"""What households own: savings, vehicles, houses, companies; and the lists that say a household is in difficulty."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import Array, Columns, Flags, texts
from flows.synthetic.world.days import NEVER, age_on
from flows.synthetic.world.plan import Part

GRADES = texts([None, "A", "B", "C", "D"])
CLASSES = texts([None, "脱贫不稳定户", "边缘易致贫户", "突发严重困难户"])
DISASTERS = (
    ("2025-08-16", "8·16洪涝灾害"),
    ("2026-06-21", "6·21风雹灾害"),
    ("2026-07-28", "7·28洪涝灾害"),
    ("2026-09-12", "9·12风雹灾害"),
)
HIT_VILLAGES, HIT_HOUSEHOLDS = 0.16, 0.22


def own(part: Part, people: Columns, homes: Columns, rural: Flags) -> None:
    """Add wealth and difficulty to the homes; `rural` says of each whether it is."""
    start = part.start
    draws = part.draws("wealth")
    income = _income_per_head(people, start)
    ease = np.log(np.maximum(income, 150) / 1400)
    _save(draws, homes, ease)
    _house(draws, homes, ease, rural)
    _difficulty(draws, people, homes, (ease, rural, start))
    _disasters(draws, homes, rural)


def _income_per_head(people: Columns, start: int) -> Array:
    """Roughly what a household has a month per living head, for correlation only."""
    numbers, home = 2 * people.size, people["household"]
    alive = people["death"] == NEVER
    pension = np.where(age_on(people["birth"], start) >= 60, people["pension"], 0.0)
    income = people["wage"] + people["business"] + people["property"] + people["support"] + pension
    total = np.bincount(home, weights=np.where(alive, income, 0.0), minlength=numbers)
    heads = np.bincount(home, weights=alive, minlength=numbers)
    return np.where(heads > 0, total / np.maximum(heads, 1), 1400.0)


def _save(draws: np.random.Generator, homes: Columns, ease: Array) -> None:
    """Deposits, vehicles (some exempt: for the disabled, for farm work), companies."""
    size = len(ease)
    deposits = draws.lognormal(9.3, 1.05, size) * np.exp(0.55 * ease)
    homes["deposits"] = np.round(np.where(draws.random(size) < 0.10, 0.0, deposits), 2)
    wheels = draws.random(size) < 1 / (1 + np.exp(0.95 - 1.5 * ease))
    homes["vehicle_count"] = wheels.astype(np.int64) + (wheels & (draws.random(size) < 0.06))
    homes["vehicle_is_exempt"] = wheels & (draws.random(size) < np.where(ease < -0.6, 0.35, 0.05))
    homes["has_company"] = draws.random(size) < np.clip(0.022 + 0.018 * ease, 0.004, 0.12)


def _house(draws: np.random.Generator, homes: Columns, ease: Array, rural: Flags) -> None:
    """Houses owned, the grade of the rural house, public rental flats in town."""
    size = len(ease)
    second = draws.random(size) < np.clip(0.05 + 0.05 * ease, 0.006, 0.3)
    none = draws.random(size) < np.where(rural, 0.02, np.clip(0.16 - 0.1 * ease, 0.02, 0.5))
    homes["house_count"] = np.where(none, 0, 1 + second)
    rents = ~rural & none & (draws.random(size) < np.clip(0.30 - 0.3 * ease, 0.02, 0.8))
    homes["rents_public"] = rents
    homes["public_rental_month"] = np.where(rents, 30.0 + 10 * draws.integers(0, 12, size), 0.0)
    worse = np.clip(-0.05 * ease, -0.03, 0.12)
    chance = draws.random(size)
    grade = np.select([chance < 0.012 + worse / 3, chance < 0.055 + worse, chance < 0.5], [4, 3, 2], 1)
    homes["house_grade"] = GRADES[np.where(rural & (homes["house_count"] > 0), grade, 0)]


def _difficulty(draws: np.random.Generator, people: Columns, homes: Columns, setting: tuple[Array, Flags, int]) -> None:
    """The anti-relapse class of poor rural households, and the year they were recognised."""
    ease, rural, start = setting
    numbers = 2 * people.size
    trouble = (people["severe_from"] < NEVER) | ((people["disability_level"] > 0) & (people["disability_level"] <= 2))
    hit = np.bincount(people["household"], weights=trouble, minlength=numbers) > 0
    share = np.clip(0.012 - 0.02 * (ease + 0.3), 0.001, 0.05) * np.where(hit, 2.5, 1.0)
    monitored = rural & (draws.random(numbers) < share)
    kind = np.where(hit & (draws.random(numbers) < 0.5), 3, 1 + (draws.random(numbers) < 0.5))
    homes["anti_relapse_class"] = CLASSES[np.where(monitored, kind, 0)]
    homes["anti_relapse_from"] = np.where(monitored, start - draws.integers(30, 5 * 365, numbers), NEVER)


def _disasters(draws: np.random.Generator, homes: Columns, rural: Flags) -> None:
    """Floods and hail that strike some villages."""
    numbers, villages = len(rural), int(homes["village"].max()) + 1
    homes["disaster_on"] = np.full(numbers, NEVER)
    homes["disaster_name"] = np.full(numbers, None, dtype=object)
    homes["disaster_loss"] = np.zeros(numbers)
    for day, name in DISASTERS:
        struck = draws.random(villages) < HIT_VILLAGES
        hit = rural & struck[homes["village"]] & (draws.random(numbers) < HIT_HOUSEHOLDS)
        homes["disaster_on"][hit] = int(np.datetime64(day, "D").astype(np.int64))
        homes["disaster_name"][hit] = name
        homes["disaster_loss"][hit] = np.round(draws.lognormal(8.4, 0.9, int(hit.sum())), -1)
