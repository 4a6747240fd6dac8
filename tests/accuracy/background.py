"""A small population of made-up people for hard cases to stand among: the engine learns from it what is usual."""

from __future__ import annotations

import random
from collections.abc import Iterator

Record = dict[str, str | None]

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉辰子轩浩宇航博文泽楷晨俊"
FIRST = [
    "james", "mary", "robert", "patricia", "john", "jennifer", "michael", "linda", "david", "elizabeth", "william",
    "barbara", "richard", "susan", "joseph", "jessica", "thomas", "sarah", "charles", "karen", "christopher", "lisa",
    "daniel", "nancy", "matthew", "betty", "anthony", "sandra", "mark", "margaret", "donald", "ashley", "steven",
    "kimberly", "paul", "emily", "andrew", "donna", "joshua", "michelle", "kenneth", "carol", "kevin", "amanda",
    "brian", "dorothy", "george", "melissa", "edward", "deborah",
]  # fmt: skip
LAST = [
    "smith", "johnson", "williams", "brown", "jones", "garcia", "miller", "davis", "rodriguez", "martinez",
    "hernandez", "lopez", "gonzalez", "wilson", "anderson", "thomas", "taylor", "moore", "jackson", "martin", "lee",
    "perez", "thompson", "white", "harris", "sanchez", "clark", "ramirez", "lewis", "robinson", "walker", "young",
    "allen", "king", "wright", "scott", "torres", "nguyen", "hill", "flores", "green", "adams", "nelson", "baker",
    "hall", "rivera", "campbell", "mitchell", "carter", "roberts",
]  # fmt: skip
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
VILLAGES = [f"2301231{town:02}2{village:02}" for town in range(6) for village in range(10)]


def citizen_number(born: str, order: int) -> str:
    """Return a number with the right check digit; no living person's, as the county's 900s are not given out."""
    body = f"230123{born}{order:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def chinese(count: int, seed: int) -> Iterator[Record]:
    """Yield two records for most people: one with a citizen number, one as a paper list would have it."""
    draw = random.Random(seed)
    home: Record = {}
    for n in range(count):
        if n % 3 == 0 or draw.random() < 0.2:
            village, address = draw.choice(VILLAGES), f"{draw.randint(1, 8)}组{draw.randint(1, 160)}号"
            home = {"area_code": village, "address": address, "phone": mobile(draw), "household_no": f"B{n:05}"}
            surname = draw.choice(SURNAMES[:40] if draw.random() < 0.8 else SURNAMES)
        born, order = day_of_birth(draw), draw.randint(900, 999)
        name = (surname if draw.random() < 0.7 else draw.choice(SURNAMES)) + "".join(
            draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2)))
        )
        number = citizen_number(born, order)
        record: Record = {**home, "full_name": name, "birth_date": born, "sex": "1" if order % 2 else "2"}
        if draw.random() < 0.6:
            record["phone"] = mobile(draw)
        yield {**record, "record_id": f"bg-{n}-a", "person_key": number, "national_id": number}
        if draw.random() < 0.6:
            yield noisy_chinese({**record, "national_id": number}, draw, f"bg-{n}-b")


def mobile(draw: random.Random) -> str:
    """Return a mobile number."""
    return f"1{draw.choice('3578')}{draw.randint(10**8, 10**9 - 1)}"


def day_of_birth(draw: random.Random) -> str:
    """Return a day of birth as YYYYMMDD."""
    return f"{draw.randint(1935, 2020)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"


def noisy_chinese(record: Record, draw: random.Random, record_id: str) -> Record:
    """Return the record as somebody copied it: parts missing, a character or a digit wrong."""
    number = str(record["national_id"])
    at = draw.randrange(17)
    wrong = number[:at] + str((int(number[at]) + draw.randint(1, 9)) % 10) + number[at + 1 :]
    changed: Record = {**record, "record_id": record_id, "national_id": wrong if draw.random() < 0.4 else None}
    for field, share in (("phone", 0.4), ("address", 0.4), ("birth_date", 0.3), ("sex", 0.2), ("area_code", 0.1)):
        if draw.random() < share:
            changed[field] = None
    if draw.random() < 0.7:
        changed["household_no"] = None
    if draw.random() < 0.06:
        changed["full_name"] = str(record["full_name"])[:-1] + draw.choice(GIVEN)
    if draw.random() < 0.15:
        changed["phone"] = mobile(draw)
    return changed


def western(count: int, seed: int) -> Iterator[Record]:
    """Yield two records for most people, as two files of a town would have them."""
    draw = random.Random(seed)
    home: Record = {}
    for n in range(count):
        if n % 3 == 0 or draw.random() < 0.2:
            address, postcode = f"{draw.randint(1, 200)} {draw.choice(LAST)} street", f"{draw.randint(1000, 6099)}"
            home = {"surname": draw.choice(LAST), "address": address, "postcode": postcode, "phone": landline(draw)}
        born = day_of_birth(draw) if draw.random() < 0.96 else "19700101"
        record: Record = {**home, "given_name": draw.choice(FIRST), "birth_date": born}
        if draw.random() < 0.5:
            record["phone"] = landline(draw)
        yield {**record, "record_id": f"bg-{n}-a"}
        if draw.random() < 0.6:
            yield noisy_western(record, draw, f"bg-{n}-b")


def landline(draw: random.Random) -> str:
    """Return a telephone number."""
    return f"04{draw.randint(10**6, 10**7 - 1)}"


def noisy_western(record: Record, draw: random.Random, record_id: str) -> Record:
    """Return the record with usual errors: a letter lost, names exchanged, a move, values missing."""
    changed: Record = {**record, "record_id": record_id}
    for field in ("given_name", "surname"):
        name = str(record[field])
        at = draw.randrange(1, len(name))
        changed[field] = name[:at] + name[at + 1 :] if draw.random() < 0.12 else name
    if draw.random() < 0.04:
        changed["given_name"], changed["surname"] = changed["surname"], changed["given_name"]
    if draw.random() < 0.15:
        changed["address"], changed["postcode"] = (
            f"{draw.randint(1, 200)} {draw.choice(LAST)} road",
            f"7{draw.randint(100, 999)}",
        )
    for field, share in (("phone", 0.4), ("birth_date", 0.1), ("address", 0.15)):
        if draw.random() < share:
            changed[field] = None
    return changed
