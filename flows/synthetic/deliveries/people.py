"""One month of one chunk as the departments look at it: by position, with quick look-ups between people."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Mask, Numbers
from flows.synthetic.deliveries.columns import Days
from flows.synthetic.snapshot import Snapshot

# Outside GBK, or so rare that older systems print a box: extension A and beyond, and a few that fonts lack.
RARE = r"[\x{3400}-\x{4DBF}\x{9FA6}-\x{9FFF}\x{20000}-\x{3FFFF}龑喆堃㛃䶮]"


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
        """Return a column of text; missing is null."""
        if name not in self._text:
            self._text[name] = pa.array(self._rows[name], pa.string(), from_pandas=True)
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
        found = pc.is_in(self.text(name), value_set=pa.array(words))
        return found.to_numpy(zero_copy_only=False).astype(np.bool_)

    def has(self, name: str) -> Mask:
        """Return whether a text column holds anything."""
        return self.text(name).is_valid().to_numpy(zero_copy_only=False).astype(np.bool_)


class People(Frame):
    """The people of one chunk in one month, and the frames that hang on them."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.persons)
        self.month = snapshot.month
        self.end: np.datetime64 = (np.datetime64(snapshot.month, "M") + 1).astype("datetime64[D]") - 1
        self.month_index = int(np.datetime64(snapshot.month, "M").astype(np.int64))
        self.households = Frame(snapshot.households)
        self.settlements = Frame(snapshot.settlements)
        receiving = snapshot.entitlement["is_receiving"].to_numpy().astype(np.bool_)
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

    def find(self, person_nos: Numbers) -> Numbers:
        """Return the position of each person, -1 where the chunk has none of this number."""
        return self._by_number.find(person_nos)

    def related(self, column: str) -> Numbers:
        """Return the position of each person's father, mother, spouse or guardian, -1 where unknown."""
        return self.find(self.numbers(column))

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
    def age(self) -> npt.NDArray[np.float64]:
        """Age in years at the end of the month; counted to death for the dead it would mean nothing."""
        lived = (self.end - self.days("birth_date")).astype("timedelta64[D]").astype(np.float64)
        return np.asarray(lived / 365.25, dtype=np.float64)

    @cached_property
    def is_male(self) -> Mask:
        """Who is a man or a boy."""
        return self.numbers("sex") == 1

    @cached_property
    def has_dot(self) -> Mask:
        """Whose name has a middle dot."""
        return pc.match_substring(self.text("full_name"), "·").to_numpy(zero_copy_only=False).astype(np.bool_)

    @cached_property
    def has_rare(self) -> Mask:
        """Whose name has a character that older systems cannot print."""
        return pc.match_substring_regex(self.text("full_name"), RARE).to_numpy(zero_copy_only=False).astype(np.bool_)

    @cached_property
    def relative(self) -> Numbers:
        """The relative whose number is written by mistake: mother, father, spouse, head of household; -1 nobody."""
        chosen = np.full(len(self), -1, dtype=np.int64)
        places = np.arange(len(self))
        for column in ("mother_no", "father_no", "spouse_no"):
            chosen = np.where(chosen < 0, self.related(column), chosen)
        return np.where((chosen < 0) & (self.head != places), self.head, chosen)

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
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[alone[alone >= 0]] = True
        lived_in = np.zeros(max(1, len(self.households)), dtype=np.bool_)
        lived_in[homes[homes >= 0]] = True
        return mask | (lived_in[self.home] & (self.home >= 0) & self.is_alive)
