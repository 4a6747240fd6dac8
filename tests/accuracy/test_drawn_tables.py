"""Drawn tables of shapes that have led the engine astray: each is linked from its roles alone, and must come out nearly right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pyarrow as pa
import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.engine import LinkSettings, link_records
from schemas.links import LINK_INPUT
from tests.accuracy.background import FIRST, LAST, Record

STEMS = [a + b for a in ("bal", "cor", "den", "fal", "gor", "hal", "kem", "lor", "mar", "nor") for b in ("bury", "ton", "wick", "son", "ley", "ford")]  # fmt: skip
Drawn = list[tuple[int, Record]]


def slip(text: str, draw: random.Random) -> str:
    """Return a text with one letter changed."""
    place = draw.randrange(len(text))
    return text[:place] + draw.choice("abcdefghiklmnoprstuvw") + text[place + 1 :]


def born(draw: random.Random, first: int = 1930, last: int = 2010) -> str:
    return f"{draw.randint(first, last)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"


def full_names_alone(draw: random.Random) -> Drawn:
    """Persons by full name and nothing else, in either order, some with a slip."""
    rows: Drawn = []
    for person in range(700):
        words = [draw.choice(FIRST), draw.choice(STEMS) + draw.choice(("", "er", "man", "by")), draw.choice(STEMS)]
        for _ in range(draw.choice((1, 1, 2))):
            said = words[1:] + words[:1] if draw.random() < 0.3 else words
            name = " ".join(said)
            rows.append((person, {"full_name": slip(name, draw) if draw.random() < 0.1 else name}))
    return rows


def list_against_customers(draw: random.Random) -> Drawn:
    """Two lists of full names in which half of the birth dates are missing, and few persons are on both."""
    rows: Drawn = []
    for person in range(1000):
        name, day = (
            f"{draw.choice(FIRST)} {draw.choice(STEMS)}{draw.choice(('er', 'by', 's', 'man'))} {draw.choice(LAST)}",
            born(draw),
        )
        for source in ("a", "b") if person % 6 == 0 else ("a",) if person % 2 else ("b",):
            rows.append((person, {"source_id": source, "full_name": name, "birth_date": draw.choice((day, None))}))
    return rows


def prison_in_a_town(draw: random.Random) -> Drawn:
    """A town in which a fifth of the records are of one address."""
    rows: Drawn = []
    for person in range(1100):
        home = {"address": "1 station road", "place": "kemford", "postcode": "10001"}
        if person % 4:
            home = {
                "address": f"{person} {draw.choice(STEMS)} street",
                "place": draw.choice(STEMS),
                "postcode": str(20000 + person % 300),
            }
        first, last, day = (
            draw.choice(FIRST),
            draw.choice(STEMS + LAST),
            born(draw, 1990 if not person % 4 else 1930, 1999),
        )
        for _ in range(draw.choice((1, 2))):
            given = slip(first, draw) if draw.random() < 0.06 else first
            rows.append((person, {**home, "given_name": given, "surname": last, "birth_date": day}))
    return rows


def mentions_of_few(draw: random.Random) -> Drawn:
    """A few people with two hundred rows each among many with one or two: more than any usual block holds."""
    rows: Drawn = []
    for person in range(1200):
        name = {"given_name": draw.choice(FIRST), "surname": draw.choice(STEMS) + draw.choice(("er", "by", "s"))}
        home = {"place": draw.choice(STEMS), "category": draw.choice(LAST)}
        rows += [(person, {**name, **home}) for _ in range(200 if person < 8 else draw.choice((1, 1, 2)))]
    return rows


def f1_of(drawn: Drawn, *, is_link: bool) -> float:
    """Return the pair F1 of a drawn table, linked from its roles alone."""
    records = [{"record_id": f"r{n:05}", "source_id": "s", **record} for n, (_, record) in enumerate(drawn)]
    with DuckEngine(memory="1GB") as db:
        columns = {c.name: pa.array([r.get(c.name) for r in records], pa.string()) for c in LINK_INPUT.columns}
        db.store("link_input", columns)
        labels = link_records(db, LinkSettings(is_link=is_link)).labels.tolist()
    persons = [person for person, _ in drawn]
    right, held, true = (pairs(Counter(each)) for each in (zip(labels, persons, strict=True), labels, persons))
    return 2 * right / (held + true)


def pairs(sizes: Counter[object]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


@pytest.mark.parametrize(
    ("shape", "least"),
    [
        (full_names_alone, 0.93),
        (list_against_customers, 0.97),
        (prison_in_a_town, 0.99),
        (mentions_of_few, 0.97),
    ],
)
def test_a_table_of_unusual_shape_comes_out_nearly_right(shape: Callable[[random.Random], Drawn], least: float) -> None:
    assert f1_of(shape(random.Random(5)), is_link=shape is list_against_customers) >= least
