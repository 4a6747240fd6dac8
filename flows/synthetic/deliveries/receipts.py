"""Who stands on the rolls of civil affairs: the true receipts, with what the office hears late."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from flows.synthetic.deliveries.chance import Mask, Numbers
from flows.synthetic.deliveries.columns import Days, either, iso, take, word
from flows.synthetic.deliveries.office import Office
from flows.synthetic.deliveries.people import Frame

ENTERED_AT_ONCE = 0.7  # of the new receipts of a month; the rest are entered the month after
DEAD_STILL_PAID = 0.6  # of the dead, in the month after the last true payment
MONTH = "datetime64[M]"


@dataclass(frozen=True)
class Receipts:
    """Receipts as the roll has them: whose (positions, -1 not in the chunk), of what, since when, and whether stopped."""

    who: Numbers
    home: Numbers
    programme: pa.Array
    amount: npt.NDArray[np.float64]
    since: Days
    number: pa.Array
    ended: Days

    def __len__(self) -> int:
        return len(self.who)

    @property
    def is_stopped(self) -> Mask:
        """Which of them the roll shows as stopped."""
        return ~np.isnat(self.ended)

    def few(self, chosen: npt.NDArray[np.generic]) -> Receipts:
        """Return those at these places or under this mask."""
        at = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen.astype(np.int64)
        text = (take(self.programme, at), take(self.number, at))
        return Receipts(self.who[at], self.home[at], text[0], self.amount[at], self.since[at], text[1], self.ended[at])

    def state_columns(self, state: tuple[str, str] = ("在保", "停保")) -> dict[str, pa.Array]:
        """Return since when, until when, and the state."""
        since, until = iso(self.since), iso(self.ended)
        return {"起始日期": since, "终止日期": until, "状态": word(self.is_stopped.astype(np.int64), state)}


def on_roll(office: Office, *programmes: str) -> Receipts:
    """Return the receipts of these programmes as this month's roll shows them."""
    p, before = office.people, office.people.before
    now = p.receipts
    mine = now.is_word("programme_id", *programmes)
    started = now.days("since").astype(MONTH) == p.end.astype(MONTH)
    late = started & (office.chance.share("entered late", now.numbers("person_no")) >= ENTERED_AT_ONCE)
    rows = receipts(office, now, mine & ~late)
    if before is None:
        return rows
    earlier = before.receipts
    gone = earlier.is_word("programme_id", *programmes) & ~still_there(earlier, now)
    return both(rows, ending(office, receipts(office, earlier, gone)))


def receipts(office: Office, rows: Frame, chosen: Mask) -> Receipts:
    """Return these rows of the truth as receipts, none of them ended."""
    p, at = office.people, np.flatnonzero(chosen)
    who = p.find(rows.numbers("person_no")[at])
    home = p.find_household(rows.numbers("household_no")[at])
    since = rows.days("since")[at].astype(MONTH).astype("datetime64[D]")
    text = (take(rows.text("programme_id"), at), take(rows.text("roll_no"), at))
    ended = np.full(len(at), np.datetime64("NaT", "D"))
    return Receipts(who, home, text[0], rows.yuan("amount_month")[at], since, text[1], ended).few(who >= 0)


def still_there(earlier: Frame, now: Frame) -> Mask:
    """Return which earlier receipts are also received now."""
    names = sorted({*earlier.text("programme_id").to_pylist(), *now.text("programme_id").to_pylist()})
    keys = [rows.numbers("person_no") * 64 + codes(rows, names) for rows in (earlier, now)]
    return np.asarray(np.isin(keys[0], keys[1]), dtype=np.bool_)


def codes(rows: Frame, names: list[str]) -> Numbers:
    """Return the place of each row's programme among the names."""
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[name] for name in rows.text("programme_id").to_pylist()], dtype=np.int64)


def ending(office: Office, gone: Receipts) -> Receipts:
    """Return receipts that truly ended: some of the dead are still paid, the others show as stopped."""
    p = office.people
    unheard = ~p.is_alive[gone.who] & (office.chance.share("still paid", p.person_no[gone.who]) < DEAD_STILL_PAID)
    last_day = p.end.astype(MONTH).astype("datetime64[D]") - np.timedelta64(1, "D")
    ended = np.where(unheard, np.datetime64("NaT", "D"), last_day)
    return Receipts(gone.who, gone.home, gone.programme, gone.amount, gone.since, gone.number, ended)


def both(one: Receipts, other: Receipts) -> Receipts:
    """Return the receipts of the one and of the other."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in Receipts.__dataclass_fields__]
    return Receipts(
        *(pa.concat_arrays(pair) if isinstance(pair[0], pa.Array) else np.concatenate(pair) for pair in pairs)
    )


def urban_or_rural(office: Office, at: Numbers) -> pa.Array:
    """Return under which of the two standards somebody is paid."""
    return either(office.people.flag("is_rural")[at], "农村", "城市")
