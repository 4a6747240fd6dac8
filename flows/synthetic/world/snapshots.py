"""The frames of a snapshot: the state of a chunk in the words of the contract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from flows.synthetic.entitlement import ORPHAN, PROGRAMMES, SUBSISTENCE, Entitlements, State
from flows.synthetic.world.columns import NOBODY, Array, Columns, Whole, of, only, texts
from flows.synthetic.world.days import NEVER, as_dates
from flows.synthetic.world.livelihood import EMPLOYEE, JOBS, NO_JOB, loss_days
from flows.synthetic.world.places import Places
from flows.synthetic.world.receipts import Rolls, roll_numbers
from flows.synthetic.world.schooling import STAGES, boards, school_names
from flows.synthetic.world.state import Chunk

SAME = ("full_name", "former_name", "sex", "national_id", "id15", "old_national_id", "phone", "insured_no")
MONEY = ("wage", "business", "property", "support", "pension", "basic_pension", "unemployment")
ELDER = ("father", "mother")


@dataclass(frozen=True)
class Frame:
    """What turns positions into numbers and villages into names."""

    chunk: Chunk
    places: Places
    first_number: int
    month: int

    def number(self, positions: Whole) -> Whole:
        """County-wide numbers; NOBODY stays NOBODY."""
        return np.where(positions >= 0, positions + self.first_number, NOBODY)


def persons(frame: Frame, state: State) -> pd.DataFrame:
    """One row per person ever alive up to the month."""
    people, now = frame.chunk.people, state.people
    born = np.flatnonzero(now["born"])
    columns: dict[str, Array] = {"person_no": frame.number(np.arange(people.size))}
    for part in (_identity, _place, _family, _work, _health, _school):
        columns.update(part(frame, state))
    columns["is_counted"] = now["counted"]
    return pd.DataFrame({name: column[born] for name, column in columns.items()})


def _identity(frame: Frame, state: State) -> dict[str, Array]:
    people, now = frame.chunk.people, state.people
    columns: dict[str, Array] = {
        "household_no": frame.number(now["home"]),
        "book_no": frame.number(people["book"]),
        "book_relation": np.where(people["book"] >= 0, people["relation"], ""),
        "is_collective_book": people["collective"],
        "birth_date": as_dates(people["birth"]),
        "ethnicity_code": people["ethnicity"],
        "shares_number": people["shares_number"],
    }
    columns.update({name: people[name] for name in SAME})
    died = people["death"] <= state.day
    columns["is_alive"] = now["alive"]
    columns["death_date"] = as_dates(np.where(died, people["death"], NEVER))
    columns["is_cremated"] = died & people["is_cremated"]
    return columns


def _place(frame: Frame, state: State) -> dict[str, Array]:
    people, now, places, homes = frame.chunk.people, state.people, frame.places, frame.chunk.homes
    village = state.homes["village_now"][now["home"]]
    moved = (homes["moves_on"] <= state.day)[now["home"]]
    address = np.where(moved, homes["address_after"][now["home"]], homes["address"][now["home"]])
    columns = {
        name: getattr(places, name)[village]
        for name in ("township_code", "township_name", "village_code", "village_name")
    }
    return {
        **columns,
        "is_rural": places.is_rural[village],
        "address": address,
        "hukou_village_code": of(places.village_code, people["hukou_village"], None),
        "is_migrant_out": now["away"] & now["registered"],
        "is_migrant_in": now["came_in"] & now["alive"],
        "is_left_behind": people["left_behind"] & now["alive"],
    }


def _family(frame: Frame, state: State) -> dict[str, Array]:
    people, now = frame.chunk.people, state.people
    first, second = _guardians(people, state)
    return {
        "father_no": frame.number(people["father"]),
        "mother_no": frame.number(people["mother"]),
        "spouse_no": frame.number(now["spouse"]),
        "former_spouse_no": frame.number(now["former_spouse"]),
        "guardian1_no": frame.number(first),
        "guardian2_no": frame.number(second),
        "children_away": people["children_away"],
        "marriage_date": as_dates(np.where(people["wedding"] <= state.day, people["wedding"], NEVER)),
        "divorce_date": as_dates(np.where(people["divorce"] <= state.day, people["divorce"], NEVER)),
        "marital": texts(["10", "20", "30", "40"])[now["marital"] // 10 - 1],
        "is_missing_contact": now["missing_since"] <= state.day,
        "is_imprisoned": now["prison_since"] <= state.day,
        "state_since": as_dates(_gone_since(now, state.day)),
    }


def _gone_since(now: Columns, day: int) -> Whole:
    """Since when somebody is in prison or out of contact, NEVER for the others and the future."""
    since = np.minimum(now["missing_since"], now["prison_since"])
    return np.where(since <= day, since, NEVER)


def _guardians(people: Columns, state: State) -> tuple[Whole, Whole]:
    """Whom a school files as guardians of a minor: the parents, or the grandparents who keep the child."""
    now = state.people
    there = now["alive"] & (_gone_since(now, state.day) == NEVER)
    minor = now["alive"] & (state.age < 19)
    keepers = [(elder, parent) for parent in ELDER for elder in ELDER]
    choices = [np.where(people["left_behind"], NOBODY, people[parent]) for parent in ELDER]
    choices += [of(people[elder], people[parent], NOBODY) for elder, parent in keepers]
    choices += [people[parent] for parent in ELDER]
    first, second = np.full(people.size, NOBODY), np.full(people.size, NOBODY)
    for who in choices:
        fits = minor & (who >= 0) & of(there, who, False)
        takes_first = fits & (first == NOBODY)
        second = np.where(fits & ~takes_first & (second == NOBODY) & (who != first), who, second)
        first = np.where(takes_first, who, first)
    return first, second


def _work(frame: Frame, state: State) -> dict[str, Array]:
    people, now = frame.chunk.people, state.people
    age = state.age
    retired = (now["job_now"] == NO_JOB) & ((now["pension"] > 0) | (age >= 60))
    job = JOBS[now["job_now"]]
    job = np.select([age < 6, now["stage"] > 0, age < 16, retired], ["child", "student", "child", "retired"], job)
    lost = loss_days(people, frame.month)
    works_again = now["job_now"] != NO_JOB
    columns: dict[str, Array] = {f"{name}_month": now[name] for name in MONEY}
    columns["counted_income_year"] = now["income_year"]
    return {
        "job": job.astype(object),
        "employer": only(now["job_now"] == EMPLOYEE, people["employer"]),
        "job_lost_date": as_dates(lost),
        "is_registered_unemployed": now["alive"] & people["registers"] & (lost < NEVER) & ~works_again & (age < 60),
        **columns,
        "pension_kind": only(now["pension"] > 0, np.where(people["is_employee_pension"], "employee", "resident")),
        "insured_kind": people["insured_as"],
    }


def _health(frame: Frame, state: State) -> dict[str, Array]:
    people, now = frame.chunk.people, state.people
    begun = people["cert_from"] <= state.day
    cancelled = people["cert_cancelled"] <= state.day
    status = only(begun, np.where(cancelled, "cancelled", "valid"))
    return {
        "disability_type": now["disability_type"],
        "disability_level": now["disability_level"],
        "cert_issue_date": as_dates(np.where(begun, people["cert_from"], NEVER)),
        "cert_valid_to": as_dates(np.where(begun, people["cert_until"], NEVER)),
        "cert_status": status,
        "severe_illness": now["severe"],
        "severe_illness_code": only(now["severe"], people["severe_code"]),
        "self_care": people["self_care"],
    }


def _school(frame: Frame, state: State) -> dict[str, Array]:
    people, now = frame.chunk.people, state.people
    township = of(frame.places.township_name, state.homes["village_now"][now["home"]], None)
    return {
        "school_stage": STAGES[now["stage"]],
        "school": school_names(people, now["stage"], township, now["rural"]),
        "grade": now["grade"],
        "boards": boards(people, now["stage"]) & (now["stage"] > 0),
    }


def households(frame: Frame, state: State) -> pd.DataFrame:
    """One row per household with somebody alive in it."""
    homes, now = frame.chunk.homes, state.people
    heads = head_of_homes(state)
    here = np.flatnonzero(np.bincount(now["home"], weights=now["alive"], minlength=homes.size) > 0)
    struck = homes["disaster_on"] <= state.day
    monitored = homes["anti_relapse_from"] <= state.day
    columns = ("deposits", "vehicle_count", "vehicle_is_exempt", "house_count", "house_grade", "has_company")
    values = {
        "household_no": frame.number(np.arange(homes.size)),
        **{name: homes[name] for name in columns},
        "land_mu": homes["land"],
        "rents_public": homes["rents_public"],
        "public_rental_month": homes["public_rental_month"],
        "anti_relapse_class": only(monitored, homes["anti_relapse_class"]),
        "anti_relapse_date": as_dates(np.where(monitored, homes["anti_relapse_from"], NEVER)),
        "disaster_date": as_dates(np.where(struck, homes["disaster_on"], NEVER)),
        "disaster_name": only(struck, homes["disaster_name"]),
        "disaster_loss": np.where(struck, homes["disaster_loss"], 0.0),
        "head_no": frame.number(heads),
        "member_count": np.bincount(now["home"], weights=now["counted"], minlength=homes.size).astype(np.int64),
    }
    return pd.DataFrame({name: column[here] for name, column in values.items()})


def head_of_homes(state: State) -> Whole:
    """Whom the rolls name for each home: a counted grown man of working age before others, a dead member as the last."""
    now = state.people
    rows = np.flatnonzero(now["born"])
    prime = (state.age >= 18) & (state.age < 75)
    last_to_first = ("birth", "sex")
    keys = [now[name][rows] for name in last_to_first]
    keys += [~prime[rows], ~now["counted"][rows], ~now["alive"][rows], now["home"][rows]]
    order = rows[np.lexsort(keys)]
    heads = np.full(state.homes.size, NOBODY)
    # written backwards, the first of each home is written last and stays
    heads[now["home"][order[::-1]]] = order[::-1]
    return heads


def entitlement(frame: Frame, state: State, rolls: Rolls, found: Entitlements) -> pd.DataFrame:
    """One row per programme and entitled or receiving unit."""
    heads = head_of_homes(state)
    parts = []
    for programme in (*PROGRAMMES, ORPHAN):
        roll, entitled = rolls.roll(programme), found.is_entitled[programme]
        units = np.flatnonzero(entitled | roll.receives)
        household = programme == SUBSISTENCE
        home = units if household else state.people["home"][units]
        who = heads[units] if household else units
        receives = roll.receives[units]
        numbers = roll_numbers(programme, frame.first_number, units)
        rows = {
            "programme_id": texts([programme] * len(units)),
            "unit": texts(["household" if household else "person"] * len(units)),
            "person_no": frame.number(who),
            "household_no": frame.number(home),
            "is_entitled": entitled[units],
            "is_receiving": receives,
            "amount_month": np.where(receives, roll.amount[units], found.amount[programme][units]),
            "since": as_dates(np.where(receives, roll.since[units], NEVER)),
            "roll_no": only(receives, texts(numbers)),
        }
        parts.append(pd.DataFrame(rows))
    return pd.concat(parts, ignore_index=True)
