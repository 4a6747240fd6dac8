"""The state of a chunk at the end of a month, read off its people's lives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.synthetic.entitlement import State, counted_members
from flows.synthetic.world.columns import NOBODY, Array, Columns, Flags, Whole, of
from flows.synthetic.world.days import NEVER, age_on, last_day, month_name
from flows.synthetic.world.figures import figures_for
from flows.synthetic.world.livelihood import (
    BASIC_PENSION,
    FARMER,
    LATER,
    NO_JOB,
    months_within,
)
from flows.synthetic.world.marriages import DIVORCE, WIDOW
from flows.synthetic.world.schooling import stage_in

YEAR = 12


@dataclass(frozen=True)
class Chunk:
    """Everything drawn for one chunk: people and homes with their whole future."""

    people: Columns
    homes: Columns
    is_rural_village: Flags


def state_in(chunk: Chunk, month: int) -> State:
    """What the rules read in a month; `people` also has what only the snapshot shows."""
    day = last_day(month)
    people = chunk.people
    now = Columns(born=people["birth"] <= day)
    now["alive"] = now["born"] & (people["death"] > day)
    now["birth"], now["sex"] = people["birth"], people["sex"]
    now["home"] = np.where(people["moves_on"] <= day, people["household_after"], people["household"])
    homes = _homes_in(chunk, day)
    now["rural"] = chunk.is_rural_village[homes["village_now"]][now["home"]]
    _relatives(people, now, day)
    _whereabouts(people, now, day)
    now["stage"], now["grade"] = stage_in(people, month)
    now["studies"] = now["alive"] & (now["stage"] >= 3) & (age_on(people["birth"], day) >= 18)
    _health(people, now, day)
    _income(people, now, month)
    now["counted"] = counted_members(now, day)
    return State(now, homes, day, figures_for(month_name(month)))


def _homes_in(chunk: Chunk, day: int) -> Columns:
    """Where each home is now, and its property in the words of the rules."""
    homes = chunk.homes
    village = np.where(homes["moves_on"] <= day, homes["village_after"], homes["village"])
    return Columns(
        village_now=village,
        deposits=homes["deposits"],
        vehicles=np.where(
            homes["vehicle_is_exempt"], np.maximum(homes["vehicle_count"] - 1, 0), homes["vehicle_count"]
        ),
        houses=homes["house_count"],
        company=homes["has_company"],
    )


def _relatives(people: Columns, now: Columns, day: int) -> None:
    """Spouse now, former spouse (divorced or dead), marital status."""
    met = people["wedding"] <= day
    parted = people["divorce"] <= day
    bereft = met & ~parted & of(people["death"] <= day, people["spouse"], False)
    married = met & ~parted & ~bereft & (people["spouse"] >= 0)
    now["spouse"] = np.where(married & now["alive"], people["spouse"], NOBODY)
    now["former_spouse"] = np.where(met & (now["spouse"] == NOBODY), people["spouse"], NOBODY)
    widowed = bereft | (~parted & (people["status"] == WIDOW))
    single = people["status"] == DIVORCE
    now["marital"] = np.select([widowed, parted & met, married, met & single], [30, 40, 20, 40], 10)
    for name in ("father", "mother", "children_away"):
        now[name] = people[name]


def _whereabouts(people: Columns, now: Columns, day: int) -> None:
    """Away, come in, registered here, in prison or missing (since when)."""
    works_away = (people["away_from"] <= day) & (people["away_to"] > day)
    now["away"] = now["alive"] & (works_away | people["out_with_household"])
    now["came_in"] = people["came_in"]
    now["registered"] = people["book"] >= 0
    now["missing_since"], now["prison_since"] = people["vanished_from"], people["prison_from"]
    now["minority"] = people["ethnicity"] != "01"


def _health(people: Columns, now: Columns, day: int) -> None:
    """Disability as the certificate states it (a disability without certificate counts for nobody's rule)."""
    begun = people["cert_from"] <= day
    now["cert_from"] = people["cert_from"]
    unseen = (people["cert_from"] == NEVER) & (people["disability_type"] > 0)
    for name in ("disability_type", "disability_level"):
        now[name] = np.where(begun | unseen, people[name], 0)
    now["cert_valid"] = begun & (people["cert_until"] >= day) & (people["cert_cancelled"] > day)
    now["severe"] = now["alive"] & (people["severe_from"] <= day)
    now["care_unable"] = people["self_care"]


def _income(people: Columns, now: Columns, month: int) -> None:
    """The month's income by kind, and the counted income of twelve months."""
    alive = now["alive"]
    until, again = people["job_until"], people["next_from"]
    far = np.full(people.size, -LATER)
    now["job_now"] = np.where(month < until, people["job"], np.where(month >= again, people["next_job"], NO_JOB))
    wage = np.where(month < until, people["wage"], np.where(month >= again, people["next_wage"], 0.0))
    year = months_within(far, until, month, YEAR) * people["wage"]
    year = year + months_within(again, np.full(people.size, LATER), month, YEAR) * people["next_wage"]
    pension = _pension(people, now, month)
    benefit_from = until + 1
    benefit_to = np.minimum(benefit_from + people["benefit_months"], again)
    benefit = np.where((month >= benefit_from) & (month < benefit_to), BENEFIT, 0.0)
    year = year + months_within(benefit_from, benefit_to, month, YEAR) * BENEFIT
    other = people["business"] + people["property"] + people["support"]
    now["income_year"] = np.where(alive, np.round(year + pension + YEAR * other), 0.0)
    for name, value in (("wage", wage), ("unemployment", benefit)):
        now[name] = np.where(alive, value, 0.0)
    for name in ("business", "property", "support"):
        now[name] = np.where(alive, people[name], 0.0)


BENEFIT = 1_320.0
"""Unemployment benefit a month."""


def _pension(people: Columns, now: Columns, month: int) -> Array:
    """Sets the month's pension and its basic part; returns the counted pension of twelve months, without the basic part."""
    begins = people["pension_from"]
    draws_it = now["alive"] & (month >= begins)
    basic = np.where(people["is_employee_pension"], 0.0, BASIC_PENSION)
    now["pension"] = np.where(draws_it, people["pension"], 0.0)
    now["basic_pension"] = np.where(draws_it, basic, 0.0)
    months: Whole = months_within(begins, np.full(people.size, LATER), month, YEAR)
    counted: Array = months * (people["pension"] - basic)
    return counted


__all__ = ["FARMER", "Chunk", "state_in"]
