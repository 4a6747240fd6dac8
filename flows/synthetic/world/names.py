"""What people are called: nationality, surname and given name by generation, handed down in the family."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from flows.synthetic.world.columns import NOBODY, Array, Columns, Flags, Whole, follow, joined, of, pick, texts
from flows.synthetic.world.days import years_of
from flows.synthetic.world.plan import Part

FOLDER = Path(__file__).parents[3] / "data" / "reference" / "name_frequency"
DOT = "\u00b7"
HAN, KOREAN = "01", "10"
HAN_FORM = ("01", "11", "03")
"""Nationalities whose names are built like Han names."""
NATIONALITIES = {
    "01": 94.4, "11": 2.7, "10": 0.55, "03": 0.5, "02": 0.55, "38": 0.1, "31": 0.07, "53": 0.06, "05": 0.16, "17": 0.05,
    "04": 0.1,
}  # fmt: skip
"""GB/T 3304 codes with per cent of people outside the Korean villages: Manchu, Korean, Hui, Mongol … Uyghur, Tibetan."""
KOREAN_IN_KOREAN_VILLAGE = 0.35
SAME_NATIONALITY_COUPLES = 0.6
GENERATIONS = ("1949", "1950", "1960", "1970", "1980", "1990", "2000", "2010")
ONE_CHARACTER = (0.06, 0.13, 0.15, 0.26, 0.36, 0.27, 0.14, 0.07)
WHOLE_NAME = 0.15
OTHER_GENERATION = 0.14
SHARED_CHARACTER = 0.4
"""Share of people born before 1990 who share the first character of the given name with their brothers or sisters."""
RENAMED = 0.012

Table = tuple[Array, Array]


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@cache
def _table(name: str, value: str, weight: str, **where: str) -> Table:
    """The values and weights of the rows that fit."""
    rows = [row for row in _read(name) if all(row[key] == wanted for key, wanted in where.items())]
    return texts([row[value] for row in rows]), np.array([float(row[weight]) for row in rows])


def name_people(part: Part, people: Columns, korean_village: Flags) -> None:
    """Add `ethnicity`, `surname`, `given`, `full_name` and `former_name` (None for the many never renamed)."""
    draws = part.draws("names")
    origin = np.where(people["father"] >= 0, people["father"], people["mother"])
    root = follow(origin, 4)
    people["ethnicity"] = _nationalities(draws, people, korean_village, root)
    people["surname"] = _surnames(draws, people["ethnicity"], root)
    people["given"] = _given_names(draws, people)
    people["full_name"] = _full_names(draws, people)
    _tell_apart(draws, people, origin)
    former = np.flatnonzero((draws.random(people.size) < RENAMED) & np.isin(people["ethnicity"], HAN_FORM))
    people["former_name"] = np.full(people.size, None, dtype=object)
    people["former_name"][former] = _other_names(draws, people, former)
    same = people["former_name"] == people["full_name"]
    people["former_name"][same] = None


def _tell_apart(draws: np.random.Generator, people: Columns, origin: Whole) -> None:
    """No child bears the name of a brother, a sister or the father: the later one is named anew."""
    family = pd.DataFrame({"origin": origin, "name": people["full_name"], "birth": people["birth"]}).sort_values(
        "birth", kind="stable"
    )
    repeated = family.duplicated(["origin", "name"]).sort_index().to_numpy() & (origin >= 0)
    repeated |= of(people["full_name"], people["father"], None) == people["full_name"]
    rows = np.flatnonzero(repeated & np.isin(people["ethnicity"], HAN_FORM))
    people["full_name"][rows] = _other_names(draws, people, rows)


def _other_names(draws: np.random.Generator, people: Columns, rows: Whole) -> Array:
    """Other names the same people could bear, without regard to brothers and sisters."""
    alone = Columns(sex=people["sex"][rows], birth=people["birth"][rows], father=np.full(len(rows), NOBODY))
    return joined(people["surname"][rows], _given_names(draws, alone)) if len(rows) else people["surname"][rows]


def _nationalities(draws: np.random.Generator, people: Columns, korean_village: Flags, root: Whole) -> Array:
    """Handed down from the eldest known forefather; wives often share their husband's."""
    codes = texts(list(NATIONALITIES))
    drawn = codes[pick(draws, np.array(list(NATIONALITIES.values())), people.size)]
    drawn[korean_village & (draws.random(people.size) < KOREAN_IN_KOREAN_VILLAGE)] = KOREAN
    husband = np.where((people["sex"] == 2) & (people["spouse"] >= 0), people["spouse"], NOBODY)
    husbands_own = of(drawn[root], husband, HAN)
    follows = (husband >= 0) & (draws.random(people.size) < SAME_NATIONALITY_COUPLES) & (husbands_own != HAN)
    drawn = np.where(follows, husbands_own, drawn)
    return drawn[root]


def _surnames(draws: np.random.Generator, ethnicity: Array, root: Whole) -> Array:
    """One surname per male line."""
    surname = np.full(len(root), None, dtype=object)
    for code in NATIONALITIES:
        rows = np.flatnonzero(ethnicity == code)
        values, weights = _table("minority_surname", "surname", "share_percent", ethnicity_code=code)
        if not len(values):
            values, weights = _table("surname", "surname", "share_percent")
        surname[rows] = values[pick(draws, weights, len(rows))]
    return surname[root]


def _given_names(draws: np.random.Generator, people: Columns) -> Array:
    """Given names in Han form; a chance drawn per family makes brothers and sisters share a character."""
    size = people.size
    year = years_of(people["birth"])
    generation = np.searchsorted([1950, 1960, 1970, 1980, 1990, 2000, 2010], year, side="right")
    other = np.where(draws.random(size) < 0.5, 1, -1) * (draws.random(size) < OTHER_GENERATION)
    generation = np.clip(generation + other, 0, 7)
    chances = draws.random((size, 5))
    shares = (people["father"] >= 0) & (year < 1990) & (chances[:, 3] < SHARED_CHARACTER)
    shares |= _is_twin(people)
    first_chance = np.where(shares, of(draws.random(size), np.minimum(people["father"], size - 1), 0.5), chances[:, 0])
    given = np.empty(size, dtype=object)
    for sex in (1, 2):
        for number, label in enumerate(GENERATIONS):
            rows = np.flatnonzero((people["sex"] == sex) & (generation == number))
            given[rows] = _of_generation(chances[rows], first_chance[rows], label, sex)
    return given


def _is_twin(people: Columns) -> Flags:
    """Whether somebody shares father and birthday with another: twins' names nearly always share a character."""
    order = np.lexsort((people["birth"], people["father"]))
    father, birth = people["father"][order], people["birth"][order]
    with_next = (father[1:] == father[:-1]) & (birth[1:] == birth[:-1]) & (father[1:] >= 0)
    twin = np.zeros(people.size, dtype=bool)
    twin[order[1:]] = with_next
    twin[order[:-1]] |= with_next
    return twin


def _of_generation(chances: Array, first_chance: Array, label: str, sex: int) -> Array:
    """Names of one generation and sex: two characters, one character, or a favourite as a whole."""
    where = {"generation": label, "sex_code": str(sex)}
    first = _choose(first_chance, _table("given_character", "character", "weight", position="first", **where))
    second = _choose(chances[:, 1], _table("given_character", "character", "weight", position="second", **where))
    single = _choose(chances[:, 1], _table("given_character", "character", "weight", position="single", **where))
    whole = _choose(chances[:, 1], _table("given_whole", "given_name", "weight", **where))
    second = np.where(first == second, single, second)
    one = chances[:, 2] < ONE_CHARACTER[GENERATIONS.index(label)]
    favourite = chances[:, 4] < WHOLE_NAME
    return np.select([favourite, one], [whole, single], joined(first, second) if len(first) else first)


def _choose(chances: Array, table: Table) -> Array:
    """The value each chance falls on."""
    edges = np.cumsum(table[1]) / table[1].sum()
    chosen: Array = table[0][np.searchsorted(edges, chances, side="right").clip(0, len(edges) - 1)]
    return chosen


def _full_names(draws: np.random.Generator, people: Columns) -> Array:
    """Surname and given name as the nationality writes them."""
    full = joined(people["surname"], people["given"])
    father = people["father"]
    for code, form in (("05", "patronym"), ("17", "patronym"), ("04", "dotted"), ("02", "whole"), ("10", "character")):
        rows = np.flatnonzero(people["ethnicity"] == code)
        own, second = _two_given(draws, code, people["sex"][rows])
        if form == "patronym":
            people["given"][rows] = own
            # a child's second name is the father's given name
            fathers = _minority_given(draws, code, np.ones(len(rows), dtype=np.int64))
            fathers = np.where(
                of(people["ethnicity"], father[rows], "") == code, of(people["given"], father[rows], ""), fathers
            )
            full[rows] = joined(own, DOT, fathers) if len(rows) else own
        elif form == "dotted":
            between = np.where((draws.random(len(rows)) < 0.5) & (second != ""), DOT, "")
            full[rows] = joined(own, between, second) if len(rows) else own
        elif form == "character":
            full[rows] = joined(people["surname"][rows], own, second) if len(rows) else own
        else:
            plain = draws.random(len(rows)) < 0.8
            full[rows] = np.where(plain, full[rows], own)
    return full


def _two_given(draws: np.random.Generator, code: str, sex: Array) -> tuple[Array, Array]:
    """Two different given names of one nationality and sex."""
    own, second, third = (_minority_given(draws, code, sex) for _ in range(3))
    return own, np.where(own == second, np.where(own == third, "", third), second)


def _minority_given(draws: np.random.Generator, code: str, sex: Array) -> Array:
    """Given names (or characters of them) of one nationality."""
    given = np.empty(len(sex), dtype=object)
    for number in (1, 2):
        rows = np.flatnonzero(sex == number)
        values, weights = _table("minority_given", "name", "weight", ethnicity_code=code, sex_code=str(number))
        given[rows] = values[pick(draws, weights, len(rows))]
    return given
