"""Citizen numbers: unique in the county though no chunk knows another, with the leftovers old files are full of."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import NOBODY, Array, Columns, Flags, Whole, place_in_run, texts
from flows.synthetic.world.days import NEVER, age_on, years_of
from flows.synthetic.world.plan import Part

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)
SLOTS = 499
"""Sequence numbers of one sex per area and day: 001, 003 … 997 for men, 002, 004 … 998 for women."""
OWN_CODE_BEFORE_1991 = "230823"
OLDEST_CODE = "232423"
NEIGHBOURS = ("230124", "230128", "230822", "230921", "231025", "230828", "230125")
ELSEWHERE = ("220182", "150722", "371326", "411523", "130825", "210381", "230882", "231283", "340321", "510922")
"""First registration of people who came: neighbouring counties (方正, 通河, 桦南, 勃利, 林口, 汤原, 宾县) and farther ones.
230823 and 232423 were Yilan's own codes until 1990 and 1983 and are abolished."""
FROM_NEIGHBOUR, FROM_ELSEWHERE = 0.05, 0.02
OLD_CODE_BEFORE_1991, OLDEST_CODE_BEFORE_1984 = 0.10, 0.01
DUPLICATED = 0.0002
"""Pairs of people sharing one number, per person."""
CORRECTED = 0.012
FIFTEEN_DIGITS = 0.02
"""Share of people born before 1985 whom some old file still knows by a 15-digit number."""


def identify(part: Part, people: Columns) -> None:
    """Add `national_id`, `old_national_id`, `id15`, `shares_number`; a birthday may move by a day to find a free number."""
    start = part.start
    draws = part.draws("identity")
    area = _areas(draws, people)
    corrected = np.flatnonzero((draws.random(people.size) < CORRECTED) & (age_on(people["birth"], start) >= 25))
    wrong_birth, wrong_area = _wrong_first_numbers(draws, people["birth"][corrected], area[corrected])
    sex = np.r_[people["sex"], people["sex"][corrected]]
    birth, sequence = _allocate(part, (np.r_[area, wrong_area], np.r_[people["birth"], wrong_birth], sex))
    numbers = _numbers(np.r_[area, wrong_area], birth, sequence)
    people["birth"] = birth[: people.size]
    people["national_id"] = texts(numbers[: people.size])
    people["old_national_id"] = np.full(people.size, None, dtype=object)
    people["old_national_id"][corrected] = texts(numbers[people.size :])
    people["shares_number"] = _share_numbers(draws, people, start)
    people["id15"] = _fifteen_digits(draws, people)


def _areas(draws: np.random.Generator, people: Columns) -> Whole:
    """The county code at first registration."""
    year, chance = years_of(people["birth"]), draws.random(people.size)
    area = np.full(people.size, 230123)
    area[(year < 1991) & (chance < OLD_CODE_BEFORE_1991)] = int(OWN_CODE_BEFORE_1991)
    area[(year < 1984) & (chance < OLDEST_CODE_BEFORE_1984)] = int(OLDEST_CODE)
    native = (people["mother"] >= 0) | (people["father"] >= 0)
    near = ~native & (chance > 1 - FROM_NEIGHBOUR - FROM_ELSEWHERE)
    far = ~native & (chance > 1 - FROM_ELSEWHERE) | people["came_in"]
    for rows, codes in ((near, NEIGHBOURS), (far, ELSEWHERE)):
        area[rows] = np.array(codes, dtype=np.int64)[draws.integers(0, len(codes), int(rows.sum()))]
    return area


def _wrong_first_numbers(draws: np.random.Generator, birth: Whole, area: Whole) -> tuple[Whole, Whole]:
    """What an earlier number said before it was corrected: a lunar or mistaken birthday, or just another sequence."""
    kind = draws.integers(0, 3, len(birth))
    shift = np.where(
        kind == 0, draws.integers(20, 51, len(birth)), np.where(kind == 1, 366 * draws.integers(-2, 3, len(birth)), 0)
    )
    return birth - shift, np.where(kind == 2, 230123, area)


def _allocate(part: Part, keys: tuple[Whole, Whole, Whole]) -> tuple[Whole, Whole]:
    """Birthdays and sequence numbers: chunk c of n owns the slots c, c + n, c + 2n … of every area, day and sex."""
    area, birth, sex = keys
    chunk_count = part.plan.chunk_count
    share = max(SLOTS // chunk_count, 1) if chunk_count <= SLOTS else 0
    if not share:
        message = f"{chunk_count} chunks do not fit into {SLOTS} sequence numbers. Use larger chunks."
        raise ValueError(message)
    birth = birth.copy()
    while True:
        order = np.lexsort((np.arange(len(birth)), sex, birth, area))
        run = (area[order] * 100_000 + birth[order] + 50_000) * 4 + sex[order]
        rank = np.empty(len(birth), dtype=np.int64)
        rank[order] = place_in_run(run)
        late = rank >= share
        if not late.any():
            break
        birth[late] += 1
    # a shift per area and day, the same in every chunk, lets numbers look unrelated and keeps them apart all the same
    slot = ((part.chunk + chunk_count * rank) * 97 + (birth * 7919 + area * 31) % SLOTS) % SLOTS
    return birth, 2 * slot + np.where(sex == 1, 1, 2)


def _numbers(area: Whole, birth: Whole, sequence: Whole) -> list[str | None]:
    """18 characters with the check character of ISO 7064 MOD 11-2."""
    dates = birth.astype("datetime64[D]").astype(str)
    digits = np.zeros((len(area), 18), dtype=np.uint8)
    digits[:, :6] = _spread(area, 6)
    day = np.char.replace(dates, "-", "").astype("S8").view(np.uint8).reshape(-1, 8) - 48
    digits[:, 6:14] = day
    digits[:, 14:17] = _spread(sequence, 3)
    remainder = (digits[:, :17].astype(np.int64) @ WEIGHTS) % 11
    text = digits + 48
    text[:, 17] = CHECK_CHARACTERS[remainder]
    return [number.decode() for number in text.view("S18").ravel().tolist()]


def _spread(values: Whole, width: int) -> Array:
    """Decimal digits, one column each."""
    return (values[:, None] // 10 ** np.arange(width - 1, -1, -1)) % 10


def _share_numbers(draws: np.random.Generator, people: Columns, start: int) -> Flags:
    """Give a few people the number (and birthday) of somebody else of their sex and nearly their age."""
    wanted = max(1, round(DUPLICATED * people.size))
    age = age_on(people["birth"], start)
    # nobody whose wedding, child or parent a new birthday could make impossible
    free = (age >= 30) & (age < 70) & (people["death"] == NEVER) & (people["mother"] == NOBODY)
    group = np.flatnonzero(free & (people["old_national_id"] == None))  # noqa: E711
    group = group[np.lexsort((people["birth"][group], people["sex"][group]))]
    at = np.sort(draws.choice(np.arange(0, len(group) - 1, 2), min(wanted, len(group) // 4), replace=False))
    giver, taker = group[at], group[at + 1]
    same = people["sex"][giver] == people["sex"][taker]
    giver, taker = giver[same], taker[same]
    people["national_id"][taker] = people["national_id"][giver]
    people["birth"][taker] = people["birth"][giver]
    shared = np.zeros(people.size, dtype=bool)
    shared[giver] = shared[taker] = True
    return shared


def _fifteen_digits(draws: np.random.Generator, people: Columns) -> Array:
    """The number without century and check character, for people born 1900–1984."""
    year = years_of(people["birth"])
    rows = np.flatnonzero((year >= 1900) & (year < 1985) & (draws.random(people.size) < FIFTEEN_DIGITS))
    short = np.full(people.size, None, dtype=object)
    short[rows] = texts([number[:6] + number[8:17] for number in people["national_id"][rows]])
    return short
