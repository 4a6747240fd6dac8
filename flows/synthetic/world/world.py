"""The simulated county, chunk by chunk: who lives there, and what is true of them at the end of every month."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from flows.synthetic.snapshot import Snapshot
from flows.synthetic.world import snapshots
from flows.synthetic.world.cohabitation import settle
from flows.synthetic.world.contacts import connect
from flows.synthetic.world.days import first_day, last_day, month_name, month_number
from flows.synthetic.world.health import fall_ill
from flows.synthetic.world.identity import identify
from flows.synthetic.world.life_events import live
from flows.synthetic.world.livelihood import earn
from flows.synthetic.world.marriages import marry
from flows.synthetic.world.misfortunes import strike_families
from flows.synthetic.world.names import name_people
from flows.synthetic.world.parents import find_parents
from flows.synthetic.world.places import Places, places_of
from flows.synthetic.world.plan import Part, WorldPlan
from flows.synthetic.world.pyramid import draw_people
from flows.synthetic.world.receipts import Rolls
from flows.synthetic.world.registration import register
from flows.synthetic.world.residence import reside
from flows.synthetic.world.schooling import enrol
from flows.synthetic.world.settlements import known_in, treat
from flows.synthetic.world.state import Chunk, state_in
from flows.synthetic.world.wealth import own

BURN_IN = 4
"""Months lived before the first one shown, so that the newly entitled of the first month are not all enrolled at once."""
CREMATED = 0.86

__all__ = ["WorldPlan", "simulate_chunk"]


def simulate_chunk(plan: WorldPlan, chunk: int) -> Iterator[Snapshot]:
    """One snapshot per month of the plan, in order."""
    shown = [month_number(month) for month in plan.months]
    begin = shown[0] - BURN_IN
    part = Part(plan, chunk, (first_day(begin), last_day(shown[-1])))
    places = places_of(plan, chunk)
    drawn = _draw(part, places)
    visits = treat(part, drawn.people, (first_day(shown[0] - 12), part.span[1]))
    rolls: Rolls | None = None
    for month in range(begin, shown[-1] + 1):
        state = state_in(drawn, month)
        if rolls is None:
            rolls = Rolls(part, state)
        found = rolls.step(state)
        if month not in shown:
            continue
        frame = snapshots.Frame(drawn, places, plan.first_number(chunk), month)
        yield Snapshot(
            month=month_name(month),
            chunk=chunk,
            persons=snapshots.persons(frame, state),
            households=snapshots.households(frame, state),
            settlements=known_in(visits, month, (first_day(month - 11), state.day), frame.first_number),
            entitlement=snapshots.entitlement(frame, state, rolls, found),
        )


def _draw(part: Part, places: Places) -> Chunk:
    """Everybody of the chunk with everything that will happen to them within the span."""
    people = draw_people(part)
    marry(part, people)
    find_parents(part, people)
    strike_families(part, people)
    settle(part, people)
    people = live(part, people)
    homes = reside(part, people, places)
    fall_ill(part, people)
    enrol(part, people)
    register(part, people, homes)
    name_people(part, people, places.is_korean[homes["village"][people["household"]]])
    identify(part, people)
    rural = places.is_rural[homes["village"]]
    earn(part, people, homes, rural)
    own(part, people, homes, rural)
    connect(part, people)
    people["is_cremated"] = part.draws("funerals").random(people.size) < np.where(
        rural[people["household"]], CREMATED, 0.97
    )
    return Chunk(people, homes, places.is_rural)
