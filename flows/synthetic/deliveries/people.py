"""One month of one chunk as the departments look at it: by position, with quick look-ups between people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Mask, Numbers
from flows.synthetic.deliveries.columns import Days, iso, mask
from flows.synthetic.snapshot import Snapshot

# Outside GBK, or so rare that older systems print a box: extension A and beyond, and a few that fonts lack.
RARE = r"[\x{3400}-\x{4DBF}\x{9FA6}-\x{9FFF}\x{20000}-\x{3FFFF}龑喆堃㛃䶮]"


PENSION_AGE = 61


@dataclass(frozen=True)
class Pension:
    """What each person was last paid while alive: the whole, the basic part of it, and by which scheme."""

    amount: npt.NDArray[np.float64]
    basic: npt.NDArray[np.float64]
    is_employee: Mask


class Index:
    """Where each number stands in a column of unique numbers."""

    def __init__(self, numbers: Numbers) -> None:
        self._order = np.argsort(numbers, kind="stable")
        self._sorted = numbers[self._order]

    def find(self, numbers: Numbers) -> Numbers:
        """Return the position of each number, -1 where it is not there."""
        if not len(self._sorted):
            return np.full(len(numbers), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self._sorted, numbers), len(self._sorted) - 1)
        return np.where(self._sorted[place] == numbers, self._order[place], -1).astype(np.int64)


class Frame:
    """A frame by column: text as Arrow, everything else as NumPy, each converted once."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows
        self._text: dict[str, pa.Array] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def text(self, name: str) -> pa.Array:
        """Return a column of text; missing and empty are null."""
        if name not in self._text:
            values = pa.array(self._rows[name], pa.string(), from_pandas=True)
            self._text[name] = pc.if_else(pc.equal(values, ""), None, values)
        return self._text[name]

    def values(self, name: str) -> npt.NDArray[np.generic]:
        """Return a column of numbers or flags."""
        return self._rows[name].to_numpy()

    def numbers(self, name: str) -> Numbers:
        """Return a column of whole numbers."""
        return self._rows[name].to_numpy().astype(np.int64)

    def yuan(self, name: str) -> npt.NDArray[np.float64]:
        """Return a column of amounts."""
        return self._rows[name].to_numpy().astype(np.float64)

    def flag(self, name: str) -> Mask:
        """Return a column of flags."""
        return self._rows[name].to_numpy().astype(np.bool_)

    def days(self, name: str) -> Days:
        """Return a column of dates, NaT where there is none."""
        return self._rows[name].to_numpy().astype("datetime64[D]")

    def is_word(self, name: str, *words: str) -> Mask:
        """Return whether a text column holds one of the words."""
        return mask(pc.is_in(self.text(name), value_set=pa.array(words)))

    def has(self, name: str) -> Mask:
        """Return whether a text column holds anything."""
        return mask(self.text(name).is_valid())


class People(Frame):
    """The people of one chunk in one month, and the frames that hang on them.

    `before` is the same chunk the month before, which some departments still have in their books; None at first.
    """

    def __init__(self, snapshot: Snapshot, before: People | None = None) -> None:
        super().__init__(snapshot.persons)
        self.before = before
        self.month = snapshot.month
        self.end: np.datetime64 = (np.datetime64(snapshot.month, "M") + 1).astype("datetime64[D]") - 1
        self.month_index = int(np.datetime64(snapshot.month, "M").astype(np.int64))
        self.households = Frame(snapshot.households)
        self.settlements = Frame(snapshot.settlements)
        receiving = snapshot.entitlement["is_receiving"].to_numpy().astype(np.bool_)
        self._related: dict[str, Numbers] = {}
        self.receipts = Frame(snapshot.entitlement[receiving].reset_index(drop=True))

    @cached_property
    def person_no(self) -> Numbers:
        """The county's own number of each person."""
        return self.numbers("person_no")

    @cached_property
    def _by_number(self) -> Index:
        return Index(self.person_no)

    @cached_property
    def _by_household(self) -> Index:
        return Index(self.households.numbers("household_no"))

    def close_month(self) -> None:
        """Let go of what next month needs no more: the month before, and the settlements."""
        self.before, self.settlements = None, Frame(pd.DataFrame())

    def find(self, person_nos: Numbers) -> Numbers:
        """Return the position of each person, -1 where the chunk has none of this number."""
        return self._by_number.find(person_nos)

    def related(self, column: str) -> Numbers:
        """Return the position of each person's father, mother, spouse or guardian, -1 where unknown."""
        if column not in self._related:
            self._related[column] = self.find(self.numbers(column))
        return self._related[column]

    @cached_property
    def home(self) -> Numbers:
        """The row of each person's true household, -1 where there is none."""
        return self._by_household.find(self.numbers("household_no"))

    def find_household(self, household_nos: Numbers) -> Numbers:
        """Return the row of each household, -1 where the chunk has none of this number."""
        return self._by_household.find(household_nos)

    @cached_property
    def head(self) -> Numbers:
        """The position of the head of each person's household, -1 where there is none."""
        heads = self.find(self.households.numbers("head_no"))
        return np.where(self.home >= 0, heads[self.home], -1) if len(heads) else np.full(len(self), -1, dtype=np.int64)

    @cached_property
    def is_alive(self) -> Mask:
        """Who is alive at the end of the month."""
        return self.flag("is_alive")

    @cached_property
    def last_pension(self) -> Pension:
        """The pensions of the living, and what the dead had before they died (in the first month, what is usual)."""
        own = Pension(
            self.yuan("pension_month"), self.yuan("basic_pension_month"), self.is_word("pension_kind", "employee")
        )
        if self.before is None:
            usual = own.amount[own.amount > 0]
            old = ~self.is_alive & (self.age >= PENSION_AGE) & (len(usual) > 0)
            amount = float(np.median(usual)) if len(usual) else 0.0
            return Pension(np.where(old, amount, own.amount), np.where(old, amount, own.basic), own.is_employee)
        place, then = self.before.find(self.person_no), self.before.last_pension
        kept = ~self.is_alive & (place >= 0)
        pairs = ((then.amount, own.amount), (then.basic, own.basic), (then.is_employee, own.is_employee))
        return Pension(*(np.where(kept, old[place], new) for old, new in pairs))

    @cached_property
    def age(self) -> npt.NDArray[np.float64]:
        """Age in years at the end of the month; counted to death for the dead it would mean nothing."""
        lived = (self.end - self.days("birth_date")).astype("timedelta64[D]").astype(np.float64)
        return np.asarray(lived / 365.25, dtype=np.float64)

    @cached_property
    def births(self) -> pa.Array:
        """Dates of birth as 1962-05-14."""
        return iso(self.days("birth_date"))

    @cached_property
    def is_male(self) -> Mask:
        """Who is a man or a boy."""
        return np.asarray(self.numbers("sex") == 1)

    @cached_property
    def has_dot(self) -> Mask:
        """Whose name has a middle dot."""
        return mask(pc.match_substring(self.text("full_name"), "·"))

    @cached_property
    def has_rare(self) -> Mask:
        """Whose name has a character that older systems cannot print."""
        return mask(pc.match_substring_regex(self.text("full_name"), RARE))

    @cached_property
    def relative(self) -> Numbers:
        """The relative whose number is written by mistake: mother, father, spouse, head of household; -1 nobody."""
        chosen = np.full(len(self), -1, dtype=np.int64)
        places = np.arange(len(self))
        for column in ("mother_no", "father_no", "spouse_no"):
            chosen = np.where(chosen < 0, self.related(column), chosen)
        return np.where((chosen < 0) & (self.head != places), self.head, chosen)

    @cached_property
    def member_rank(self) -> Numbers:
        """The place of each person among all who ever belonged to the household, the first 0."""
        order = np.argsort(self.home, kind="stable")
        homes, places = self.home[order], np.arange(len(self))
        begins = np.append(True, homes[1:] != homes[:-1])[: len(self)]
        ranks = np.empty(len(self), dtype=np.int64)
        ranks[order] = places - np.maximum.accumulate(np.where(begins, places, 0))
        return ranks

    @cached_property
    def household_size(self) -> Numbers:
        """How many living people each person's household has."""
        counts = np.bincount(self.home[self.is_alive & (self.home >= 0)], minlength=max(1, len(self.households)))
        return np.where(self.home >= 0, counts[self.home], 1)

    def receives(self, *programmes: str) -> Mask:
        """Return who receives one of these programmes, members of a receiving household included."""
        chosen = self.receipts.is_word("programme_id", *programmes)
        whole = chosen & self.receipts.is_word("unit", "household")
        alone = self.find(self.receipts.numbers("person_no")[chosen & ~whole])
        homes = self.find_household(self.receipts.numbers("household_no")[whole])
        receivers = np.zeros(len(self), dtype=np.bool_)
        receivers[alone[alone >= 0]] = True
        lived_in = np.zeros(max(1, len(self.households)), dtype=np.bool_)
        lived_in[homes[homes >= 0]] = True
        return receivers | (lived_in[self.home] & (self.home >= 0) & self.is_alive)
