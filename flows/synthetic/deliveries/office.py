"""One department at work on one delivery: whom it knows, how late it hears, and what it writes down."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.births import write_births
from flows.synthetic.deliveries.chance import Chance, Mask, Numbers
from flows.synthetic.deliveries.citizen_numbers import Entry, write_numbers
from flows.synthetic.deliveries.columns import Days
from flows.synthetic.deliveries.contacts import Places, write_phones
from flows.synthetic.deliveries.errors import RATES, Rates
from flows.synthetic.deliveries.names import write_names
from flows.synthetic.deliveries.people import People

YEARS_KEPT = 3  # records are taken anew about this often, with new mistakes


class Office:
    """The department that delivers one source, looking at one chunk in one month; `luck` is the seed and the noise."""

    def __init__(self, source_id: str, people: People, luck: tuple[int, float]) -> None:
        self.source_id, self.people = source_id, people
        self.seed, self.noise = luck
        self.chance = Chance(self.seed, source_id)
        self.rates = self.rates_of("")

    def of(self, source_id: str) -> Office:
        """Return the office of another source of the same department, which copies from it."""
        return Office(source_id, self.people, (self.seed, self.noise))

    def rates_of(self, role: str) -> Rates:
        """Return how often this source gets what wrong about the people in this role (the first word of it)."""
        name = f"{self.source_id}:{role.partition(' ')[0]}"
        return RATES[name if name in RATES else self.source_id].times(self.noise)

    def entry(self, positions: Numbers, of: Numbers | None = None) -> Entry:
        """Return who is entered; luck hangs on the person, or on what is given as `of`, and is drawn anew every few years."""
        keys = self.people.person_no[positions] if of is None else of
        turn = self.chance.whole("taken anew", keys, YEARS_KEPT * 12)
        return Entry(positions, keys * 4096 + (self.people.month_index + turn) // (YEARS_KEPT * 12))

    def names(self, entry: Entry, role: str = "") -> pa.Array:
        """Return names as stated."""
        return write_names(self.people, entry, self._luck(role), self.rates_of(role))

    def numbers(self, entry: Entry, role: str = "") -> pa.Array:
        """Return citizen numbers as stated."""
        return write_numbers(self.people, entry, self._luck(role), self.rates_of(role))

    def births(self, entry: Entry, role: str = "") -> pa.Array:
        """Return dates of birth as stated, as 1962-05-14."""
        return write_births(self.people, entry, self._luck(role), self.rates_of(role))

    def phones(self, entry: Entry, role: str = "") -> pa.Array:
        """Return telephones as stated."""
        return write_phones(self.people, entry, self._luck(role), self.rates_of(role))

    def places(self, entry: Entry, villages: Numbers | None = None) -> Places:
        """Return where they live as stated; `villages` are people whose village stands for theirs."""
        return Places(self.people, entry, (self.chance, self.rates), villages)

    def knows(self, share: float, label: str = "known") -> Mask:
        """Return who is known here at all; the same people every month."""
        return self.chance.share(label, self.people.person_no) < share

    def still_lists(self, days: int) -> Mask:
        """Return who is listed: the living, and the dead until the department hears of it, within so many days."""
        died = self.people.days("death_date")
        heard = died + self.chance.whole("hears of death", self.people.person_no, days + 1).astype("timedelta64[D]")
        return np.asarray(self.people.is_alive | (heard > self.people.end))

    def amounts(self, label: str, keys: Numbers, spread: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return factors around 1 by which an amount told to an office is off."""
        return 1.0 + (self.chance.share(label, keys) - 0.5) * 2.0 * spread * min(self.noise, 1.0)

    def some_day(self, label: str, keys: Numbers, first: str = "2008-01-01") -> Days:
        """Return a day per key between the first and the end of 2026; it never changes, and may be still to come."""
        span = int((np.datetime64("2027-01-01") - np.datetime64(first)).astype(np.int64))
        return np.asarray(np.datetime64(first) + self.chance.whole(label, keys, span).astype("timedelta64[D]"))

    def _luck(self, role: str) -> Chance:
        return Chance(self.seed, f"{self.source_id}:{role}") if role else self.chance


def serial(office: Office, keys: Numbers, width: int) -> pa.Array:
    """Return a number of so many digits per key that says nothing: what a department's own system counts up."""
    drawn = pa.array(office.chance.whole("serial", keys, 10**width)).cast(pa.string())
    return pc.utf8_lpad(drawn, width, "0")
