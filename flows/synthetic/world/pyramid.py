"""How old the people of the county are."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import Columns, pick
from flows.synthetic.world.days import NEVER
from flows.synthetic.world.plan import Part

BAND_SHARES = np.array(
    [2.0, 3.4, 4.9, 5.2, 4.4, 4.8, 6.2, 7.6, 7.4, 7.8, 9.6, 10.6, 8.8, 6.6, 5.0, 2.9, 1.62, 0.78, 0.27, 0.06, 0.01]
)
"""Per cent of people in five-year bands 0–4 … 100–104: the 2020 census of a Heilongjiang county, six years older."""
MALE_SHARES = np.array(
    [52, 52.5, 53, 52.5, 51.5, 51, 51, 51, 50.5, 50.5, 50.5, 50.5, 50, 49.5, 47.5, 45.5, 43, 40, 34, 27, 20]
)
DEATH_SHARES = np.array(
    [0.3, 0.1, 0.1, 0.2, 0.3, 0.4, 0.7, 1.2, 1.8, 3, 5.5, 9, 11, 13, 15, 14, 11.5, 8, 3.5, 1.1, 0.2]
)
"""The same bands for people who die within a year."""
DEAD_SHARE = 0.024
"""People who died in the two and a half years before the first month, per living person; old lists still name them."""
DEAD_YEARS = 2.5
DAYS_PER_YEAR = 365.2425


def draw_people(part: Part) -> Columns:
    """Sex, birth and, for those who died not long ago, death of everybody the chunk begins with."""
    start = part.start
    draws = part.draws("pyramid")
    living = part.plan.people_in(part.chunk)
    dead = round(living * DEAD_SHARE)
    band = np.r_[pick(draws, BAND_SHARES, living), pick(draws, DEATH_SHARES, dead)]
    death = np.full(living + dead, NEVER)
    death[living:] = start - 1 - draws.integers(0, int(DEAD_YEARS * 365), dead)
    reference = np.minimum(death, start - 1)
    age_in_days = ((band + draws.random(len(band))) * 5 * DAYS_PER_YEAR).astype(np.int64)
    order = draws.permutation(len(band))
    people = Columns(
        sex=np.where(draws.random(len(band)) * 100 < MALE_SHARES[band], 1, 2),
        birth=reference - age_in_days,
        death=death,
    )
    return Columns({name: column[order] for name, column in people.items()})
