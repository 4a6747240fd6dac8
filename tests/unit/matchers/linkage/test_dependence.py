from __future__ import annotations

import numpy as np
import pyarrow as pa

from matchers.linkage.coded import CodedColumn
from matchers.linkage.comparison import Comparer
from matchers.linkage.dependence import EqualDraws, Equals, draw_equal, find_dependences, may_depend
from matchers.linkage.fields import Field
from matchers.linkage.frequencies import rarity
from matchers.linkage.model import FieldModel, LinkModel
from matchers.linkage.scoring import Scorer

NAME, SEX, PLACE = Field("given_name", "exact"), Field("sex", "exact"), Field("place", "exact", is_shared=True)
COUNT, NAMES = 4_000, 40


def coded(codes: np.ndarray) -> CodedColumn:
    counts = np.bincount(codes)
    return CodedColumn(codes.astype(np.int32), pa.array([f"v{n}" for n in range(len(counts))]), counts)


def scorer() -> Scorer:
    """A people in which a name says the sex, and says nothing of the place."""
    draw = np.random.default_rng(1)
    name = draw.integers(0, NAMES, COUNT)
    columns = {"given_name": coded(name), "sex": coded(name % 2), "place": coded(draw.integers(0, 20, COUNT))}
    comparer = Comparer(columns)
    same = np.array([0.05, 0.95])
    strangers = {"given_name": 1 / NAMES, "sex": 1 / 2, "place": 1 / 20}
    parts = tuple(
        FieldModel(field, same, same, np.array([1 - strangers[field.name], strangers[field.name]]))
        for field in (NAME, SEX, PLACE)
    )
    model = LinkModel(parts, 1e-6, 1e-9, COUNT * COUNT / 2, 1)
    return Scorer(model, comparer, rarity(model, comparer))


def drawn(model: LinkModel, comparer: Comparer) -> Equals:
    fields = tuple(part.field for part in model.fields)
    return EqualDraws(fields, comparer, everything, 1).by_chance(model)


def everything(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.ones(len(left), bool)


def test_strangers_of_one_name_are_found_to_be_of_one_sex() -> None:
    known = scorer()
    (found,) = find_dependences(known, drawn(known.model, known.comparer))
    assert {found.cause, found.effect} == {"given_name", "sex"}
    assert abs(found.nats[1] - np.log(2)) < 0.1  # of the pairs drawn 1,500 agree: four standard errors


def at_places(housemates: float) -> Scorer:
    """A people of whom a third live in one place, which has one postcode, as every other place has its own."""
    draw = np.random.default_rng(1)
    place = np.where(draw.random(COUNT) < 1 / 3, 0, draw.integers(1, 400, COUNT))
    comparer = Comparer({"place": coded(place), "postcode": coded(place)})
    same, chance = np.array([0.01, 0.99]), float((np.bincount(place) ** 2).sum()) / COUNT**2
    fields = PLACE, Field("postcode", "exact", is_shared=True)
    parts = tuple(FieldModel(field, same, same, np.array([1 - chance, chance])) for field in fields)
    model = LinkModel(parts, 1e-6, housemates, COUNT * COUNT / 2, 1)
    return Scorer(model, comparer, rarity(model, comparer))


def test_what_neighbours_share_is_counted_once() -> None:
    known = at_places(1e-9)
    (found,) = find_dependences(known, drawn(known.model, known.comparer))
    (equal,) = np.flatnonzero(known.comparer.columns["place"].codes == 0)[:1]
    levels, left = np.array([[1, 1]], np.int8), np.array([equal], np.int32)
    place = [part.field.name for part in known.model.fields].index(found.effect)
    told = known.rare(place, levels[:, place], left)[0] + found.nats[1] + np.log(known.model.fields[place].stranger[1])
    assert abs(told) < 0.1  # who is a neighbour has the postcode, and no surer than that


def test_what_mostly_housemates_share_is_left_to_their_class() -> None:
    known = at_places(0.02)
    assert not drawn(known.model, known.comparer)
    assert not may_depend(Field("spoken_name", "spoken_name"))


def test_a_field_equal_mostly_within_one_person_explains_nothing() -> None:
    known = scorer()
    often = LinkModel(known.model.fields, 1e-2, 1e-9, known.model.pair_total, 1)
    assert NAMES * 1e-2 > 0.05
    assert 0 not in drawn(often, known.comparer)


def test_pairs_drawn_are_equal_and_different_pairs() -> None:
    left, right = draw_equal(coded(np.array([0, 0, 1, 1, 1, 2])), np.random.default_rng(1))
    pairs = {frozenset(pair) for pair in zip(left.tolist(), right.tolist(), strict=True)}
    assert pairs == {frozenset(pair) for pair in ((0, 1), (2, 3), (2, 4), (3, 4))}
    assert len(draw_equal(coded(np.array([0, 1, 2])), np.random.default_rng(1))[0]) == 0
