from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from flows.engines.duckdb import DuckEngine
from flows.sources.reference import LISTED_SHAPE, REFERENCE, SIMILAR_SHAPE, read_edition, similar_shapes
from matchers.linkage.comparison import SIMILAR_SHAPE as SHAPE_LEVEL
from matchers.linkage.comparison import Comparer
from matchers.linkage.engine import LinkSettings, link_records
from matchers.linkage.fields import LEVELS, Field
from matchers.linkage.shapes import pair_similar_shapes
from matchers.linkage.signatures import UNDECIDED
from schemas.links import LINK_INPUT
from tests.conftest import Given
from tests.unit.matchers.linkage.drawn_columns import coded

SHAPES = {"己": "已巳", "已": "己巳", "巳": "己已", "末": "未", "未": "末", "娟": "捐", "捐": "娟"}
NAMES = st.lists(st.text("己已巳末未娟捐明", min_size=1, max_size=3), min_size=1, max_size=12, unique=True)
# Most of what looks alike is in the derived table; whoever changes the derivation says what it finds.
LEAST_DERIVED, MOST_STRANGERS = 0.65, 0.01


def level(one: str, other: str, **sounds: tuple[str, str]) -> str:
    columns = {"given_name": coded(one, other), **{name: coded(*pair) for name, pair in sounds.items()}}
    comparer = Comparer(columns, shapes=similar_shapes())
    rows = np.array([0], np.int32), np.array([1], np.int32)
    return str(LEVELS["han_name"][comparer.levels(Field("given_name", "han_name"), *rows)[0]])


def differ_in_one_shape(one: str, other: str) -> bool:
    unequal = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) and len(unequal) == 1 and unequal[0][1] in SHAPES.get(unequal[0][0], "")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("己", "已", "one of similar shape"),
        ("未", "末", "one of similar shape"),
        ("明己", "明巳", "one of similar shape"),
        ("晓娟", "晓捐", "one of similar shape"),
        ("钧", "钓", "one of similar shape"),
        ("己明", "明已", "a character shared"),
        ("己未", "已末", "different"),
        ("明娟", "明强", "one character off"),
        ("娟", "强", "different"),
        ("晓娟", "捐", "different"),
    ],
)
def test_one_character_of_similar_shape_is_a_level_of_its_own(one: str, other: str, expected: str) -> None:
    assert level(one, other) == level(other, one) == expected


def test_what_sounds_equal_is_worth_that_whatever_its_shape() -> None:
    assert level("峰", "锋", given_sound=("feng", "feng ")) == "one of similar shape"
    assert level("峰", "锋", given_sound=("feng", "feng")) == "sounds equal"


@hypothesis.given(NAMES)
def test_pairs_are_those_that_differ_in_one_similar_character(names: list[str]) -> None:
    values = np.array(sorted(names), dtype=object)
    pairs = pair_similar_shapes(values, SHAPES)
    one, other = (part.ravel().astype(np.int32) for part in np.meshgrid(*[np.arange(len(values))] * 2))
    expected = [differ_in_one_shape(values[a], values[b]) for a, b in zip(one, other, strict=True)]
    assert pairs.hold(one, other).tolist() == expected


@hypothesis.given(NAMES)
def test_what_is_left_undecided_is_never_less_than_what_is_found(names: list[str]) -> None:
    comparer = Comparer({"given_name": coded(*names)}, shapes=SHAPES)
    left, right = (part.ravel().astype(np.int32) for part in np.meshgrid(*[np.arange(len(names))] * 2))
    found = comparer.levels(Field("given_name", "han_name"), left, right)
    cheap = comparer.cheap_levels(Field("given_name", "han_name"), left, right)
    assert (np.where(cheap <= UNDECIDED, UNDECIDED - cheap, cheap) >= found).all()


def test_the_table_knows_what_teachers_warn_of_and_hardly_anything_else() -> None:
    derived = {row["character"] + other for row in read_edition(SIMILAR_SHAPE) for other in row["similar"]}
    listed = {"".join(sorted(p)) for row in read_edition(LISTED_SHAPE) for p in combinations(row["characters"], 2)}
    assert len(listed) > 120
    assert len(listed & derived) / len(listed) > LEAST_DERIVED
    shapes = similar_shapes()
    assert all(pair[1] in shapes[pair[0]] and pair[0] in shapes[pair[1]] for pair in listed)
    assert all(character not in others for character, others in shapes.items())
    assert strangers_alike("name_frequency/surname.csv", "surname", "share_percent") < MOST_STRANGERS
    assert strangers_alike("name_frequency/given_character.csv", "character", "weight") < MOST_STRANGERS / 3


def strangers_alike(place: str, what: str, weight: str) -> float:
    """Return how often two different characters of names, drawn by their frequency, are held to be similar."""
    often: dict[str, float] = {}
    with Path(REFERENCE / place).open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            if len(row[what]) == 1:
                often[row[what]] = often.get(row[what], 0.0) + float(row[weight])
    shapes, total = similar_shapes(), sum(often.values())
    alike = sum(often[one] * often.get(other, 0.0) for one in often for other in shapes.get(one, ""))
    return alike / (total**2 - sum(count**2 for count in often.values()))


def misread(name: str, shapes: dict[str, str], draw: np.random.Generator) -> str:
    return name[0] + str(draw.choice(list(shapes[name[1]])))


def test_a_misread_character_is_learnt_to_be_worth_more_than_another_one(db: DuckEngine, given: Given) -> None:
    draw, shapes, people = np.random.default_rng(5), similar_shapes(), 600
    characters = [one for one in "伟芳娟敏丽强磊军洋勇艳杰涛明超霞平刚桂英钧晴末侯玉浩析菜土日" if one in shapes]
    lines = ["record_id | source_id | given_name | surname | birth_date"]
    for n in range(people):
        name, surname = "".join(draw.choice(characters, 2)), draw.choice(list("王李张刘陈杨赵黄"))
        born = f"19{draw.integers(60, 99)}0502"
        written = misread(name, shapes, draw) if n % 8 == 0 else name
        lines += [f"{n:04}-a | a | {name} | {surname} | {born}", f"{n:04}-b | b | {written} | {surname} | {born}"]
    given(LINK_INPUT, "\n".join(lines))
    shares = {}
    for told in (shapes, {}):
        linkage = link_records(db, LinkSettings(shapes=told))
        assert linkage.model
        shares[bool(told)] = (linkage.labels[0::16] == linkage.labels[1::16]).mean()
        if told:
            bits = next(part.bits for part in linkage.model.fields if part.field.name == "given_name")
            assert bits[SHAPE_LEVEL] > bits[SHAPE_LEVEL - 1] + 3
    assert shares[True] > 0.95
    assert shares[False] < 0.5
