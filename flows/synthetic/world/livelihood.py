"""What people live on: work found and lost, land, rent, pensions, unemployment benefit, support from children."""

from __future__ import annotations

import numpy as np

from flows.synthetic.world.columns import Array, Columns, Flags, Whole, of, only, texts, words
from flows.synthetic.world.days import NEVER, first_day, months_of
from flows.synthetic.world.plan import Part
from flows.synthetic.world.schooling import stage_in

JOBS = texts(["none", "employee", "flexible", "farmer"])
NO_JOB, EMPLOYEE, FLEXIBLE, FARMER = range(4)
ALWAYS, LATER = np.int64(-1_000_000), np.int64(1_000_000)
"""Months outside everything watched."""
RURAL_SHARES = (0.05, 0.14, 0.24, 0.57)
URBAN_SHARES = (0.09, 0.51, 0.38, 0.02)
AWAY_SHARES = (0.02, 0.55, 0.43, 0.0)
LOSS_PER_MONTH = 0.004
LOSS_MONTHS = 20
"""How far back before the first day job losses are known; yearly income still feels them."""
RECENT_DAYS = 600
"""A severe illness younger than this had not yet cost the work it costs."""
BASIC_PENSION = 163.0
MU_PER_HEAD, LANDLESS = 9.0, 0.10
NET_PER_MU, RENT_PER_MU = 640.0, 480.0
EMPLOYERS = words(
    "依兰县人民医院 依兰县环卫服务中心 依兰县鑫源粮油有限公司 依兰县达连河煤业有限公司 依兰县松江热力有限公司 依兰县兴达建筑有限公司 "
    "依兰县供销合作社 依兰县永和米业有限公司 依兰县客运有限公司 依兰县惠民超市有限公司 依兰县自来水公司 依兰县宏远物流有限公司 "
    "依兰县北方药业有限公司 依兰县丰收农机合作社 依兰县龙江物业有限公司 依兰县第一幼儿园"
)
EMPLOYERS_AWAY = words(
    "哈尔滨东安电子有限公司 大连港湾船务有限公司 青岛海润食品有限公司 北京顺达快递有限公司 天津津滨机械有限公司 沈阳中兴商业有限公司 "
    "苏州华创电子科技有限公司 上海浦江家政服务有限公司"
)


def earn(part: Part, people: Columns, homes: Columns, rural_home: Flags) -> None:
    """Add jobs, wages, land, rent, pensions and support; `rural_home` says of each home whether it is rural."""
    start = part.start
    draws = part.draws("livelihood")
    age = (start - people["birth"]) / 365.25
    rural = rural_home[people["household"]]
    luck = draws.normal(0, 0.30, 2 * people.size)[people["household"]]
    people["ability"] = np.exp(luck + draws.normal(0, 0.25, people.size)) * _health_factor(draws, people, start)
    job = _first_jobs(draws, people, start, rural)
    _spells(draws, people, job, start)
    _pensions(draws, people, age, (job, rural))
    _till_land(draws, people, homes, (age, rural_home))
    _support(draws, people, age)
    _insure(draws, people, job, age)


def _long_weak(people: Columns, start: int) -> tuple[Whole, Flags]:
    """Level of disability and severe illness of those who have had it for long; the others worked like anybody."""
    new = (people["cert_from"] >= start) & (people["cert_from"] < NEVER)
    return np.where(new, 0, people["disability_level"]), people["severe_from"] <= start - RECENT_DAYS


def _health_factor(draws: np.random.Generator, people: Columns, start: int) -> Array:
    """How much of a healthy person's income disability and severe illness leave."""
    level, ill = _long_weak(people, start)
    factor = np.select([level == 1, level == 2, level == 3, level == 4], [0.1, 0.35, 0.65, 0.85], 1.0)
    return np.where(ill & (draws.random(people.size) < 0.7), factor * 0.4, factor)


def _month_of_collapse(draws: np.random.Generator, people: Columns, start: int) -> Whole:
    """The month in which a new severe illness or disability ends somebody's work, LATER for all others."""
    ill = (people["severe_from"] > start - RECENT_DAYS) & (people["severe_from"] < NEVER)
    disabled = (people["cert_from"] >= start) & (people["cert_from"] < NEVER) & (people["disability_level"] <= 2)
    day = np.minimum(np.where(ill, people["severe_from"], NEVER), np.where(disabled, people["cert_from"], NEVER))
    stops = (day < NEVER) & (draws.random(people.size) < 0.55)
    return np.where(stops, months_of(np.where(stops, day, start)), LATER)


def _first_jobs(draws: np.random.Generator, people: Columns, start: int, rural: Flags) -> Whole:
    """The job everybody has or last had before anything happens in the months watched."""
    size = people.size
    age = (start - people["birth"]) / 365.25
    away = people["away_from"] < NEVER
    tables = np.cumsum([RURAL_SHARES, URBAN_SHARES, AWAY_SHARES], axis=1)
    place = np.where(away, 2, np.where(rural, 0, 1))
    chance = draws.random(size)
    job = (chance[:, None] >= tables[place][:, :3]).sum(axis=1)
    level, ill = _long_weak(people, start)
    unable = draws.random(size) > np.select([level == n for n in (1, 2, 3)], [0.06, 0.25, 0.7], 1.0)
    unable |= ill & (draws.random(size) < 0.6)
    student = stage_in(people, int(months_of(np.array([start]))[0]))[0] > 0
    idle = (job == NO_JOB) & (draws.random(size) < 0.28)
    job = np.where(job == NO_JOB, FLEXIBLE, job)
    job = np.where(idle | unable | student | (age < 17.5), NO_JOB, job)
    stops = np.select([job == EMPLOYEE, job == FLEXIBLE, job == FARMER], [_retirement(people), 64.0, 70.0], 0.0)
    stops = stops + np.where(job == EMPLOYEE, 0.0, draws.normal(0, 4, size))
    return np.where(age < stops, job, NO_JOB)


def _retirement(people: Columns) -> Array:
    """Pension age of employees: 60 for men; 55, for many 50, for women."""
    return np.where(people["sex"] == 1, 60.0, np.where(people["board_chance"] < 0.5, 50.0, 55.0))


def _spells(draws: np.random.Generator, people: Columns, job: Whole, start: int) -> None:
    """Two spells of work with a gap: `job`, `wage`, `job_until`, then `next_job`, `next_wage`, `next_from` (months)."""
    size = people.size
    first_month = int(months_of(np.array([start]))[0])
    factor = people["ability"] * np.where(people["away_from"] < NEVER, 1.45, 1.0)
    wage = np.select(
        [job == EMPLOYEE, job == FLEXIBLE],
        [1900 + draws.lognormal(7.2, 0.6, size) * factor, draws.lognormal(7.89, 0.36, size) * factor],
        0.0,
    )
    wait = draws.geometric(LOSS_PER_MONTH, size)
    lost = np.where((job == EMPLOYEE) | (job == FLEXIBLE), first_month - LOSS_MONTHS + wait, LATER)
    retired = months_of(people["birth"] + (_retirement(people) * 365.25).astype(np.int64))
    falls = np.where(job == NO_JOB, LATER, _month_of_collapse(draws, people, start))
    until = np.minimum(np.where(job == EMPLOYEE, np.minimum(lost, retired), lost), falls)
    people["job"], people["wage"] = job, np.round(wage / 10) * 10
    people["job_until"] = np.where(job == NO_JOB, ALWAYS, until)
    people["was_dismissed"] = (until == lost) & (until < LATER) & (lost < falls)
    again = people["was_dismissed"] & (draws.random(size) < 0.45)
    people["next_from"] = np.where(again, until + draws.integers(2, 11, size), LATER)
    people["next_wage"] = np.round(draws.lognormal(7.5, 0.40, size) * factor / 10) * 10
    people["next_job"] = np.full(size, FLEXIBLE)
    people["lost_day"] = draws.integers(0, 28, size)
    registers = people["was_dismissed"] & (job == EMPLOYEE) & (draws.random(size) < 0.5)
    people["registers"] = registers
    people["benefit_months"] = np.where(registers & (draws.random(size) < 0.7), draws.integers(3, 19, size), 0)
    names = np.where(
        people["away_from"] < NEVER,
        EMPLOYERS_AWAY[draws.integers(0, len(EMPLOYERS_AWAY), size)],
        EMPLOYERS[draws.integers(0, len(EMPLOYERS), size)],
    )
    people["employer"] = only(job == EMPLOYEE, names)


def _pensions(draws: np.random.Generator, people: Columns, age: Array, setting: tuple[Whole, Flags]) -> None:
    """`pension_from` (month), `pension` and whether it is an employee's; residents' pensions begin at 60."""
    job, rural = setting
    size = people.size
    was_employee = draws.random(size) < np.where(rural, 0.08, 0.66)
    employee = (job == EMPLOYEE) | ((age >= 50) & was_employee & (job == NO_JOB) & (people["disability_level"] != 1))
    at = np.where(employee, _retirement(people), 60.0)
    people["pension_from"] = months_of(people["birth"] + (at * 365.25).astype(np.int64)) + 1
    people["is_employee_pension"] = employee
    own = np.where(draws.random(size) < 0.75, 12, draws.integers(20, 160, size))
    people["pension"] = np.round(np.where(employee, 1300 + draws.lognormal(6.9, 0.5, size), BASIC_PENSION + own))


def _till_land(draws: np.random.Generator, people: Columns, homes: Columns, setting: tuple[Array, Flags]) -> None:
    """Land per household: farmed by its farmers, else let by its eldest; adds `business` and `property` a month."""
    age, rural_home = setting
    numbers, home = 2 * people.size, people["household"]
    alive = people["death"] == NEVER
    heads = np.bincount(home, weights=alive & (age > 5) & ~people["came_in"], minlength=numbers)
    per_head = MU_PER_HEAD * draws.lognormal(-0.08, 0.4, numbers)
    has_land = rural_home & (draws.random(numbers) >= LANDLESS)
    homes["land"] = np.round(np.where(has_land, heads * per_head, 0.0), 1)
    farms = (people["job"] == FARMER) & alive
    farmers = np.bincount(home, weights=farms, minlength=numbers)
    net = homes["land"] * NET_PER_MU * draws.lognormal(-0.03, 0.25, numbers) / 12
    side = draws.lognormal(6.85, 0.42, people.size) * people["ability"]
    people["business"] = np.round(np.where(farms, net[home] / np.maximum(farmers[home], 1) + side, 0.0))
    oldest = np.zeros(numbers, dtype=np.int64)
    order = np.argsort(-people["birth"], kind="stable")
    order = order[alive[order] & (age[order] >= 18)]
    oldest[home[order]] = order
    lets = np.flatnonzero((farmers == 0) & (homes["land"] > 0))
    people["property"] = np.zeros(people.size)
    people["property"][oldest[lets]] = np.round(homes["land"][lets] * RENT_PER_MU / 12)
    shop = alive & (age >= 22) & (age < 62) & (draws.random(people.size) < 0.03)
    people["business"] = np.where(
        shop, people["business"] + np.round(draws.lognormal(7.4, 0.6, people.size)), people["business"]
    )
    lessor = alive & (age >= 30) & (draws.random(people.size) < 0.025)
    people["property"] += np.where(lessor, np.round(draws.lognormal(5.8, 0.5, people.size)), 0.0)


def _support(draws: np.random.Generator, people: Columns, age: Array) -> None:
    """`support`: what grown children outside the household give their parents a month."""
    gives = np.flatnonzero((age >= 22) & (people["death"] == NEVER))
    total = np.zeros(people.size)
    able = (people["job"][gives] != NO_JOB) & (draws.random(len(gives)) < 0.9)
    amount = np.where(able, draws.lognormal(5.75, 0.48, len(gives)), 0.0)
    for parent in ("mother", "father"):
        elder = people[parent][gives]
        apart = of(people["household"], elder, -1) != people["household"][gives]
        ok = (elder >= 0) & (apart | (people["away_from"][gives] < NEVER))
        np.add.at(total, elder[ok], amount[ok] * 0.6)
    total += (
        people["children_away"] * draws.lognormal(5.68, 0.48, people.size) * (draws.random(people.size) < 0.9) * 0.75
    )
    total = np.where(age >= 78, total * 1.35, total)
    people["support"] = np.where((age >= 58) & (people["death"] == NEVER), np.round(total / 10) * 10, 0.0)


def _insure(draws: np.random.Generator, people: Columns, job: Whole, age: Array) -> None:
    """`insured_as`: employee or resident medical insurance, None for the few without any."""
    employee = (job == EMPLOYEE) | (people["is_employee_pension"] & (age >= 50))
    people["insured_as"] = np.where(employee, "employee", "resident").astype(object)
    people["insured_as"][draws.random(people.size) < np.where(employee, 0.0, 0.045)] = None


def months_within(first: Whole, end: Whole, month: int, length: int) -> Whole:
    """Months of [first, end) among the `length` months up to and including `month`."""
    months: Whole = np.clip(np.minimum(end, month + 1) - np.maximum(first, month - length + 1), 0, length)
    return months


def loss_days(people: Columns, month: int) -> Whole:
    """The day of the last job loss up to the month, NEVER without one."""
    lost = people["was_dismissed"] & (people["job_until"] <= month)
    months = np.where(lost, people["job_until"], month)
    starts = (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return np.where(lost, np.minimum(starts + people["lost_day"], first_day(month + 1) - 1), NEVER)
