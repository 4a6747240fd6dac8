"""A seeded set of people who share a name, or nearly a number, with somebody who owns a car, a company and money.

Nothing of another person may count against anybody: at most one applicant in a thousand may be held to exceed a limit by what
is not theirs. Applicants who do own something stand in the same files, so that finding nothing is no way to pass.
"""

from __future__ import annotations

import datetime
import random
from collections import Counter
from pathlib import Path

import pytest
import yaml
from python_calamine import CalamineWorkbook

from flows.authorisations import Reader, authorise
from flows.economic_check import CheckRequest, check

# A check is for at most five hundred, so there are three.
CHECKS, APPLICANTS, OWNERS = 3, 500, 50
AT_MOST_WRONG = 0.001
SURNAMES, GIVEN = "王李张刘陈杨赵黄", ("芳", "伟", "秀英", "建国", "淑华", "明", "桂兰")
READER = Reader("王芳", datetime.datetime(2026, 11, 3, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=8))))
SOURCES = {
    "vehicle": ("号牌号码,车辆类型,使用性质,初次登记日期,机动车状态,所有人,身份证号", "黑{n},小型轿车,非营运,2020-01-01,正常,{name},{number}"),
    "business_registration": ("统一社会信用代码,名称,类型,法定代表人,身份证号,注册资本,成立日期,登记状态", "91230123{n:010d},某商行{n},个体工商户,{name},{number},500000,2015-05-01,存续"),
    "bank_balance": ("姓名,身份证号,机构,余额区间,查询日期", "{name},{number},银行,20万以上,2026-10-31"),
}  # fmt: skip
Person = tuple[str, str]


def numbered(digits: str) -> str:
    """Return seventeen digits with their GB 11643 check digit."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def person(pick: random.Random) -> Person:
    born = datetime.date(1940, 1, 1) + datetime.timedelta(days=pick.randrange(25_000))
    name = pick.choice(SURNAMES) + pick.choice(GIVEN)
    return name, numbered(f"230123{born:%Y%m%d}{pick.randrange(1, 400):03d}")


def alike(own: Person, pick: random.Random) -> tuple[str, Person]:
    """Return how a stranger's row resembles an applicant, and the row's name and number."""
    name, number = own
    place = pick.randrange(10, 16)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    one_off = number[:16] + str((int(number[16]) + pick.randrange(1, 10)) % 10)
    ways = {
        "same name, a sequence beside it": (name, numbered(one_off)),
        "same name, born on another day": (name, numbered(number[:12] + f"{pick.randrange(1, 28):02d}" + number[14:17])),
        "same name, another county": (name, numbered("340524" + number[6:17])),
        "same name, digits swapped": (name, swapped if swapped != number else number[:17] + "*"),
        "same name, a digit missing": (name, number[:-1]),
        "same name, no number": (name, ""),
        "same name, a masked number": (name, number[:6] + "********" + number[14:]),
        "same name, fifteen digits of another year": (name, number[:6] + f"{(int(number[8:10]) + 1) % 100:02d}" + number[10:17]),
        "another name under the number": (name[0] + "某某", number),
        "one character of the name alike": (name[0] + "霞", numbered(one_off)),
    }  # fmt: skip
    way = pick.choice(sorted(ways))
    return way, ways[way]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, set[str]], Counter[str]]:
    """Return per application the tests it is held to exceed, and how often each way of being alike was drawn."""
    found: dict[str, set[str]] = {}
    drawn = Counter[str]()
    for number in range(CHECKS):
        folder, pick = tmp_path_factory.mktemp(f"similar{number}"), random.Random(20261031 + number)
        people = list({p[1]: p for p in (person(pick) for _ in range(2 * APPLICANTS))}.values())[:APPLICANTS]
        asked(folder, people, f"{number}-")
        for source in SOURCES:
            write_source(folder, source, [*people[:OWNERS], *strangers_of(people, pick, drawn)])
        request = CheckRequest(
            folder / "home", folder / "asked.csv", "HD-1", "2026-10", "230123", folder / "result.xlsx"
        )
        check(request, READER)
        found |= exceeding(folder / "result.xlsx")
    return found, drawn


def strangers_of(people: list[Person], pick: random.Random, drawn: Counter[str]) -> list[Person]:
    """Return a row of somebody like each applicant who owns nothing; a number another applicant has would be no stranger's."""
    numbers, made = {number for _, number in people}, []
    for own in people[OWNERS:]:
        way, row = alike(own, pick)
        if row != own and (row[1] == own[1] or row[1] not in numbers):
            drawn[way] += 1
            made.append(row)
    return made


def write_source(folder: Path, source: str, owners: list[Person]) -> None:
    head, line = SOURCES[source]
    lines = [line.format(n=n, name=name, number=number) for n, (name, number) in enumerate(owners)]
    file = folder / "home" / "incoming" / "2026-10" / f"{source}.csv"
    file.write_text("\n".join([head, *lines, ""]), encoding="utf-8")


def asked(folder: Path, people: list[Person], prefix: str) -> None:
    """Write the office's question and record the authorisation that covers it."""
    (folder / "home" / "incoming" / "2026-10").mkdir(parents=True)
    lines = [f"{prefix}{place},{name},{number},申请人,农村" for place, (name, number) in enumerate(people)]
    head = "申请编号,姓名,身份证号,人员类别,城乡"
    (folder / "asked.csv").write_text("\n".join([head, *lines, ""]), encoding="utf-8")
    named = [
        {"full_name": name, "national_id": number, "role": "applicant", "consented_on": "2026-10-02"}
        for name, number in people
    ]
    said = {
        "authorisation_id": "HD-1", "signed_by": "李主任", "signed_on": "2026-10-01", "purpose": "最低生活保障",
        "valid_from": "2026-10-05", "valid_to": "2026-11-30", "sources": sorted(SOURCES), "persons": named,
    }  # fmt: skip
    (folder / "authorisation.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    authorise(folder / "home", folder / "authorisation.yaml", READER)


def exceeding(file: Path) -> dict[str, set[str]]:
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()[3:]
    found: dict[str, set[str]] = {}
    for number, test, said, *_ in rows:
        found.setdefault(str(number), set())
        if str(said).startswith("达到或超过标准"):
            found[str(number)].add(str(test))
    return found


def test_hardly_anybody_is_held_to_own_what_is_another_persons(
    verdicts: tuple[dict[str, set[str]], Counter[str]],
) -> None:
    found, drawn = verdicts
    assert len(drawn) == 10
    assert min(drawn.values()) >= 100
    strangers = [f"{number}-{place}" for number in range(CHECKS) for place in range(OWNERS, APPLICANTS)]
    wrong = [number for number in strangers if found[number]]
    assert len(wrong) <= AT_MOST_WRONG * len(strangers), (
        f"{len(wrong)} of {len(strangers)} wrongly held to exceed: {wrong}"
    )


def test_everybody_who_owns_too_much_is_found_among_them(
    verdicts: tuple[dict[str, set[str]], Counter[str]],
) -> None:
    found, _ = verdicts
    assert all(len(found[f"{number}-{place}"]) == len(SOURCES) for number in range(CHECKS) for place in range(OWNERS))
