"""Public security and civil registration: the population register, marriages and cremations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.births import without_dashes
from flows.synthetic.deliveries.chance import Mask, Numbers
from flows.synthetic.deliveries.codes import ETHNICITY, RELATION, SEX_WORD
from flows.synthetic.deliveries.columns import Days, compact, either, iso, join, mask, same, take, translate, word
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.office import Office, serial

PAPER_UNTIL = np.datetime64("2004-01-01")  # marriages before were entered from paper
ELECTRONIC_SHARE, PAPER_SHARE = 0.93, 0.6
BIRTH_LAG, DEATH_LAG = 90, 150  # days until a birth or a death reaches the household register
DAY = np.timedelta64(1, "D")
CLOCK = {
    "at death": tuple(f"{hour:02d}:{minute:02d}:00" for hour in range(24) for minute in range(0, 60, 5)),
    "at burning": ("08:30:00", "09:00:00", "10:20:00"),
}


def population_register(office: Office) -> Delivery:
    """One person of the household register, in the order of the books; deaths and births come late."""
    p = office.people
    books, moved_out = books_of(office)
    waits = office.chance.whole("birth lag", p.person_no, BIRTH_LAG).astype("timedelta64[D]")
    at = np.flatnonzero((books >= 0) & (p.days("birth_date") + waits <= p.end))
    entry = office.entry(at)
    places = office.places(entry, hukou_villages(office)[at])
    status, since = register_status(office, moved_out)
    columns = {
        "公民身份号码": office.numbers(entry),
        "姓名": office.names(entry),
        "性别": word(p.numbers("sex")[at], SEX_WORD),
        "民族": translate(take(p.text("ethnicity_code"), at), ETHNICITY),
        "出生日期": without_dashes(office.births(entry)),
        "户号": book_numbers(books[at]),
        "与户主关系": translate(take(p.text("book_relation"), at), RELATION),
        "户口类别": either(p.flag("is_collective_book")[at], "集体户", "家庭户"),
        "户籍地址": places.addresses(),
        "村居代码": places.village_codes(),
        "户口状态": take(status, at),
        "状态日期": compact(since[at]),
    }
    identity = ("公民身份号码", "姓名")
    order = (books[at] * 2 + ~p.is_word("book_relation", "01", "02")[at]).astype(np.uint64)
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], identity, "出生日期", "性别", order)


def books_of(office: Office) -> tuple[Numbers, Mask]:
    """Return each person's book, and who left it since last month and is still in it as moved out."""
    books = office.people.numbers("book_no")
    before = office.people.before
    if before is None:
        return books, np.zeros(len(books), dtype=np.bool_)
    place = before.find(office.people.person_no)
    earlier = np.where(place >= 0, before.numbers("book_no")[place], -1)
    left = (books < 0) & (earlier >= 0)
    return np.where(left, earlier, books), left


def book_numbers(books: Numbers) -> pa.Array:
    """Return book numbers as the police write them."""
    return join("230123", pc.utf8_lpad(pa.array(books).cast(pa.string()), 11, "0"))


def hukou_villages(office: Office) -> Numbers:
    """Return for each person somebody who lives in the village the person is registered in; else the person."""
    p = office.people
    lived_in, registered = p.text("village_code"), p.text("hukou_village_code")
    villages = pc.unique(lived_in).drop_null()
    seat = pc.index_in(lived_in, value_set=villages).to_numpy(zero_copy_only=False)
    first = np.full(len(villages), -1, dtype=np.int64)
    known = ~np.isnan(seat.astype(np.float64))
    first[seat[known].astype(np.int64)[::-1]] = np.flatnonzero(known)[::-1]
    wanted = (
        pc.fill_null(pc.index_in(registered, value_set=villages), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    own = np.arange(len(p))
    elsewhere = mask(pc.not_equal(lived_in, registered))
    return np.where(elsewhere & (wanted >= 0), first[wanted], own)


def register_status(office: Office, moved_out: Mask) -> tuple[pa.Array, Days]:
    """Return the state of each entry and since when; a death shows when somebody has reported it."""
    p = office.people
    waits = office.chance.whole("death lag", p.person_no, DEATH_LAG).astype("timedelta64[D]")
    reported = p.days("death_date") + waits
    struck = ~p.is_alive & (reported <= p.end)
    since = np.where(struck, reported, np.where(moved_out, p.end, np.datetime64("NaT", "D")))
    return either(struck, "注销", either(moved_out, "迁出", same("正常", len(p)))), since


@dataclass(frozen=True)
class Events:
    """Weddings and divorces: husband and wife by position, the day, and which of the two it is."""

    men: Numbers
    women: Numbers
    days: Days
    is_divorce: Mask

    def few(self, where: Mask) -> Events:
        """Return those under the mask."""
        return Events(self.men[where], self.women[where], self.days[where], self.is_divorce[where])


def marriage(office: Office) -> Delivery:
    """One wedding or divorce of the register, a month late; older ones were entered from paper."""
    p = office.people
    events = registered_here(office, couples(office))
    no = p.person_no[events.men] * 2 + events.is_divorce
    year = pc.utf8_slice_codeunits(iso(events.days), 0, 4)
    columns = {
        "cert_no": join(
            either(events.is_divorce, "L230123-", same("J230123-", len(no))), year, "-", serial(office, no, 8)
        ),
        "op_type": either(events.is_divorce, "IB", same("IA", len(no))),
        "op_date": iso(events.days),
        **spouse_columns(office, events, no, "man"),
        **spouse_columns(office, events, no, "woman"),
        "dept_code": same("230123001", len(no)),
    }
    identity = ("name_man", "cert_num_man", "name_woman", "cert_num_woman")
    people = {"husband": p.person_no[events.men], "wife": p.person_no[events.women]}
    return Delivery(columns, people, no, identity, "op_date", "op_type")


def couples(office: Office) -> Events:
    """Return every wedding and divorce known at the end of last month of which the chunk knows both sides."""
    p = office.people
    married, divorced = p.days("marriage_date"), p.days("divorce_date")
    wife, former = p.related("spouse_no"), p.related("former_spouse_no")
    known = p.end.astype("datetime64[M]").astype("datetime64[D]") - DAY
    parts = []
    for women, days, is_divorce in (
        (wife, married, False),
        (np.where(wife < 0, former, -1), married, False),
        (former, divorced, True),
    ):
        men = np.flatnonzero(p.is_male & (women >= 0) & (days <= known))
        parts.append((men, women[men], days[men], np.full(len(men), is_divorce)))
    return Events(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def registered_here(office: Office, events: Events) -> Events:
    """Return those this county's register holds; of the paper age many were never entered."""
    luck = office.chance.share("registered here", office.people.person_no[events.men])
    return events.few(luck < np.where(events.days < PAPER_UNTIL, PAPER_SHARE, ELECTRONIC_SHARE))


def spouse_columns(office: Office, events: Events, no: Numbers, which: str) -> dict[str, pa.Array]:
    """Return the columns of one of the two spouses."""
    entry = office.entry(events.men if which == "man" else events.women, no)
    paper = events.days < PAPER_UNTIL

    def stated(write: str) -> pa.Array:
        electronic, from_paper = (getattr(office, write)(entry, role) for role in (which, f"paper {which}"))
        return either(paper, from_paper, electronic)

    return {
        f"name_{which}": stated("names"),
        f"cert_num_{which}": stated("numbers"),
        f"birth_{which}": stated("births"),
    }


def cremation(office: Office) -> Delivery:
    """One cremated person of the last twelve months; whoever was buried is missing."""
    p = office.people
    died = p.days("death_date")
    burnt = died + (1 + office.chance.whole("days to cremation", p.person_no, 3)).astype("timedelta64[D]")
    year_ago = (p.end.astype("datetime64[M]") - 11).astype("datetime64[D]")
    at = np.flatnonzero(~p.is_alive & p.flag("is_cremated") & (burnt <= p.end) & (burnt >= year_ago))
    entry = office.entry(at)
    at_death, at_burning = (office.chance.choose(label, p.person_no[at], CLOCK[label]) for label in CLOCK)
    columns = {
        "NAME": office.names(entry),
        "CARD_TYPE": same("居民身份证", len(at)),
        "ID_CARD": office.numbers(entry),
        "SEX": word(p.numbers("sex")[at], SEX_WORD),
        "FOLK": translate(take(p.text("ethnicity_code"), at), ETHNICITY),
        "FAMILY_ADD": office.places(entry).addresses(),
        "DEATH_TIME": join(iso(died[at]), " ", at_death),
        "CREMATION_TIME": join(iso(burnt[at]), " ", at_burning),
        "CREATE_ORGAN_NAME": same("依兰县殡仪馆", len(at)),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], ("NAME", "ID_CARD"), "DEATH_TIME", "SEX")
