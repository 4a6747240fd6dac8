"""Who is entitled to what, from the true state of people and households: the examiner's own rules.

Written from the published rules, never from the product's code, so that a mistake in one is not copied into the other.
All rules are read on the last day of the month.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from flows.synthetic.world.columns import Array, Columns, Flags, Whole, of
from flows.synthetic.world.days import age_on, months_before
from flows.synthetic.world.figures import Figures

SUBSISTENCE, SINGLE, EXTREME = "subsistence_allowance", "single_person_allowance", "extreme_difficulty"
LIVING, NURSING = "disability_living_subsidy", "disability_nursing_subsidy"
CHILD, OLD_AGE, ORPHAN = "unattended_child", "old_age_allowance", "orphan_allowance"
PROGRAMMES = (SUBSISTENCE, SINGLE, EXTREME, LIVING, NURSING, CHILD, OLD_AGE)
"""What is left unclaimed. Orphans are simulated too: nearly all of them are paid and must not be candidates."""
VISION, HEARING, SPEECH, LIMB, INTELLECTUAL, MENTAL = 1, 2, 3, 4, 5, 6
MONTHS_GONE = 6
"""Months a parent must be in prison or out of contact before the child rule counts it."""


@dataclass(frozen=True)
class State:
    """What the rules read, as columns: `people` (relatives and `home` are positions) and `homes`, on `day`.

    people: home, birth, alive, registered, rural, counted, income_year, spouse, father, mother, children_away,
    disability_type, disability_level, cert_valid, severe, missing_since, prison_since (days, NEVER), care_unable.
    homes: deposits, vehicles (those that count), houses, company.
    """

    people: Columns
    homes: Columns
    day: int
    figures: Figures

    @cached_property
    def age(self) -> Whole:
        """Completed years of age."""
        return age_on(self.people["birth"], self.day)


@dataclass(frozen=True)
class Receipts:
    """Who receives what so far: `homes` for the subsistence allowance, else `people`."""

    subsistence: Flags
    single: Flags
    extreme: Flags
    child: Flags
    orphan: Flags


@dataclass
class Entitlements:
    """Entitled or not per programme (homes for the subsistence allowance) and what would be paid a month."""

    is_entitled: dict[str, Flags] = field(default_factory=dict)
    amount: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)

    def add(self, programme: str, entitled: Flags, amount: Array | float) -> None:
        """Note one programme."""
        self.is_entitled[programme] = entitled
        self.amount[programme] = np.where(entitled, amount, 0.0)


@dataclass(frozen=True)
class Means:
    """A household's means: counted members, their income per head and month, standard, and conforming property."""

    members: Whole
    income_month: Array
    per_head: Array
    standard: Array
    conforms: Flags
    registered: Flags


def means_of(state: State) -> Means:
    """Income and property of every household; a household without counted members has none."""
    people, homes, figures = state.people, state.homes, state.figures
    number, home = homes.size, people["home"]
    counted = people["counted"]
    members = np.bincount(home, weights=counted, minlength=number).astype(np.int64)
    year = np.bincount(home, weights=np.where(counted, people["income_year"], 0.0), minlength=number)
    rural = np.bincount(home, weights=counted & people["rural"], minlength=number) > 0
    standard = np.where(rural, figures.rural_standard, figures.urban_standard)
    conforms = (
        (homes["deposits"] <= figures.deposit_months * standard * members)
        & (homes["vehicles"] == 0)
        & (homes["houses"] <= 1)
        & ~homes["company"]
    )
    registered = np.bincount(home, weights=counted & people["registered"], minlength=number) > 0
    return Means(members, year / 12, year / 12 / np.maximum(members, 1), standard, conforms & (members > 0), registered)


def assess_means(state: State, receipts: Receipts) -> Entitlements:
    """Subsistence and single-person allowance, extreme difficulty, and the two kinds of children."""
    found, means = Entitlements(), means_of(state)
    _assess_children(state, found)
    _assess_extreme(state, means, receipts, found)
    _assess_subsistence(state, means, receipts, found)
    _assess_single(state, means, receipts, found)
    return found


def assess_supplements(state: State, receipts: Receipts, found: Entitlements) -> None:
    """Both disability subsidies and the old-age allowance, which depend on what the family receives."""
    people, figures = state.people, state.figures
    certified = people["alive"] & people["cert_valid"] & people["registered"] & ~receipts.extreme
    poor_family = receipts.subsistence[people["home"]] & people["counted"]
    paid_child = receipts.child | receipts.orphan
    found.add(LIVING, certified & (poor_family | receipts.single) & ~paid_child, figures.living_subsidy)
    found.add(NURSING, certified & _severe(people), figures.nursing_subsidy)
    age = state.age
    poor = receipts.subsistence[people["home"]] | _any_at_home(state, receipts.extreme)[people["home"]]
    eighty = np.where(poor, figures.old_age_80_poor, figures.old_age_80)
    amount = np.where(age >= 100, figures.old_age_100, np.where(age >= 90, figures.old_age_90, eighty))
    found.add(OLD_AGE, people["alive"] & people["registered"] & (age >= 80), amount)


def _severe(people: Columns) -> Flags:
    """Level 1 or 2 of any type, level 3 of the mind: nursing subsidy and single-person allowance alike."""
    level, kind = people["disability_level"], people["disability_type"]
    of_mind = (kind == INTELLECTUAL) | (kind == MENTAL)
    severe: Flags = (level == 1) | (level == 2) | ((level == 3) & of_mind)
    return severe


def _any_at_home(state: State, flags: Flags) -> Flags:
    """Whether anybody of the household has the flag."""
    return np.bincount(state.people["home"], weights=flags, minlength=state.homes.size) > 0


def _assess_subsistence(state: State, means: Means, receipts: Receipts, found: Entitlements) -> None:
    """Income per head below the standard, conforming property, and not everybody in extreme difficulty already."""
    people = state.people
    others = np.bincount(people["home"], weights=people["counted"] & ~receipts.extreme, minlength=state.homes.size)
    entitled = (means.per_head < means.standard) & means.conforms & means.registered & (others > 0)
    gap = np.ceil(np.round(means.standard * means.members - means.income_month, 2))
    found.add(SUBSISTENCE, entitled, np.maximum(gap, 1))


def _assess_single(state: State, means: Means, receipts: Receipts, found: Entitlements) -> None:
    """A severely disabled or ill member of a household between the standard and 1.5 times the standard.

    Nobody is paid beside the allowance of the whole family, also where the family's income has passed the standard since.
    """
    people, home = state.people, state.people["home"]
    verge = (means.per_head >= means.standard) & (means.per_head < state.figures.verge_factor * means.standard)
    verge &= means.conforms & means.registered
    needy = (people["cert_valid"] & _severe(people)) | people["severe"]
    entitled = verge[home] & needy & people["counted"] & people["registered"] & ~receipts.extreme
    entitled &= ~receipts.subsistence[home]
    found.add(SINGLE, entitled & ~(receipts.child | receipts.orphan), state.figures.single_person)


def _assess_extreme(state: State, means: Means, receipts: Receipts, found: Entitlements) -> None:
    """No capacity to work, no source of living, nobody able to support; children paid as such are left out."""
    people, home = state.people, state.people["home"]
    age = state.age
    level, kind = people["disability_level"], people["disability_type"]
    of_mind = ((kind == INTELLECTUAL) | (kind == MENTAL)) & (level <= 3)
    unable = (of_mind | ((kind == LIMB) & (level <= 2)) | ((kind == VISION) & (level == 1))) & people["cert_valid"]
    no_capacity = (age >= 60) | (age < 16) | unable
    own = people["income_year"] / 12
    no_living = (own < means.standard[home]) & (means.per_head < means.standard)[home] & means.conforms[home]
    supported = _has_capable_supporter(state, means, receipts)
    child = found.is_entitled[CHILD] | found.is_entitled[ORPHAN]
    entitled = no_capacity & no_living & ~supported & people["counted"] & people["registered"] & ~child
    basic = np.where(people["rural"], state.figures.extreme_rural, state.figures.extreme_urban)
    care = np.array(state.figures.extreme_care)[np.digitize(people["care_unable"], [1, 4])]
    found.add(EXTREME, entitled, basic + care)


def _has_capable_supporter(state: State, means: Means, receipts: Receipts) -> Flags:
    """A capable spouse, grown child (also one who moved away), or, for minors, parent."""
    people, age = state.people, state.age
    capable = ~_cannot_support(state, means, receipts)
    supported = of(capable, people["spouse"], False) | (people["children_away"] > 0)
    supported |= (age < 18) & (of(capable, people["father"], False) | of(capable, people["mother"], False))
    grown = capable & (age >= 18)
    for parent in ("father", "mother"):
        known = grown & (people[parent] >= 0)
        supported[people[parent][known]] = True
    return supported


def _cannot_support(state: State, means: Means, receipts: Receipts) -> Flags:
    """Supporters the law calls unable: dead, gone, in prison, in extreme difficulty, old or severely disabled and poor."""
    people, home, age = state.people, state.people["home"], state.age
    gone = ~people["alive"] | (people["missing_since"] <= state.day) | (people["prison_since"] <= state.day)
    poor = (people["income_year"] < state.figures.disposable_income_year) & means.conforms[home]
    old_on_allowance = receipts.subsistence[home] & (age >= 60)
    weak = (age >= 70) | (people["cert_valid"] & _severe(people))
    return gone | receipts.extreme | old_on_allowance | (weak & poor)


def _assess_children(state: State, found: Entitlements) -> None:
    """De-facto-unattended children (each parent dead or in a listed state, not both dead) and orphans."""
    people = state.people
    minor = people["alive"] & people["registered"] & (state.age < 18)
    known = (people["father"] >= 0) & (people["mother"] >= 0)
    dead = [of(~people["alive"], people[parent], False) for parent in ("father", "mother")]
    listed = _in_listed_state(people, state.day)
    out = [gone | of(listed, people[parent], False) for gone, parent in zip(dead, ("father", "mother"), strict=True)]
    orphan = minor & known & dead[0] & dead[1]
    found.add(ORPHAN, orphan, state.figures.orphan)
    found.add(CHILD, minor & known & out[0] & out[1] & ~orphan, state.figures.child)


def _in_listed_state(people: Columns, day: int) -> Flags:
    """Severely disabled (L1–2, L3–4 of the mind), severely ill, or six months in prison or without contact."""
    level, kind = people["disability_level"], people["disability_type"]
    of_mind = (kind == INTELLECTUAL) | (kind == MENTAL)
    disabled = people["cert_valid"] & ((level == 1) | (level == 2) | ((level >= 3) & of_mind))
    away = np.minimum(people["missing_since"], people["prison_since"]) <= months_before(day, MONTHS_GONE)
    listed: Flags = disabled | people["severe"] | away
    return listed


def counted_members(people: Columns, day: int) -> Flags:
    """Who counts as living together: residents; spouses and parents of minors among them who work elsewhere; students.

    Left out: the dead, prisoners, the missing, and grown relatives who live elsewhere.
    """
    there = people["alive"] & (people["missing_since"] > day) & (people["prison_since"] > day)
    present = there & ~people["away"]
    student = there & people["studies"] & (people["spouse"] < 0)
    home = people["home"]
    same_home = of(home, people["spouse"], -1) == home
    by_marriage = there & same_home & of(present, people["spouse"], False)
    minor = present & (age_on(people["birth"], day) < 18)
    as_parent = np.zeros(people.size, dtype=bool)
    for parent in ("father", "mother"):
        child = np.flatnonzero(minor & (people[parent] >= 0))
        child = child[home[people[parent][child]] == home[child]]
        as_parent[people[parent][child]] = True
    counted: Flags = present | student | by_marriage | (there & as_parent)
    return counted
