"""People and families hold together: numbers, names, relatives, books, and chunks that do not know each other."""

from __future__ import annotations

import gb2260
import pandas as pd
import pytest

from flows.rules import REFERENCE
from flows.synthetic.snapshot import Snapshot
from flows.synthetic.world.identity import ELSEWHERE, NEIGHBOURS
from flows.synthetic.world.plan import WorldPlan
from flows.synthetic.world.world import simulate_chunk

PLAN = WorldPlan(people=9_000, months=("2026-09", "2026-10"), seed=21, chunk_size=3_000)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.fixture(scope="module")
def chunks() -> list[Snapshot]:
    """The last month of three chunks."""
    return [list(simulate_chunk(PLAN, chunk))[-1] for chunk in range(PLAN.chunk_count)]


@pytest.fixture(scope="module")
def people(chunks: list[Snapshot]) -> pd.DataFrame:
    """Everybody of all chunks, by number."""
    return pd.concat([snapshot.persons for snapshot in chunks]).set_index("person_no", drop=False)


def is_valid(number: str) -> bool:
    """GB 11643: the check character fits."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return len(number) == 18 and "10X98765432"[total % 11] == number[17]


def test_numbers_of_people_and_households_are_disjoint_between_chunks(chunks: list[Snapshot]) -> None:
    persons = pd.concat([snapshot.persons["person_no"] for snapshot in chunks])
    households = pd.concat([snapshot.households["household_no"] for snapshot in chunks])
    settlements = pd.concat([snapshot.settlements["settlement_no"] for snapshot in chunks])
    rolls = pd.concat([snapshot.entitlement["roll_no"] for snapshot in chunks]).dropna()
    insured = pd.concat([snapshot.persons["insured_no"] for snapshot in chunks]).dropna()
    for numbers in (persons, households, settlements, rolls, insured):
        assert numbers.is_unique
    books = [set(snapshot.persons["book_no"]) - {-1} for snapshot in chunks]
    assert not books[0] & books[1]
    assert not books[1] & books[2]


def test_every_national_id_is_valid_and_says_birth_and_sex(people: pd.DataFrame) -> None:
    assert people["national_id"].map(is_valid).all()
    assert (people["national_id"].str[6:14] == people["birth_date"].dt.strftime("%Y%m%d")).all()
    assert ((people["national_id"].str[16].astype(int) % 2 == 1) == (people["sex"] == 1)).all()


def test_national_ids_are_unique_but_for_the_declared_pairs(people: pd.DataFrame) -> None:
    repeated = people["national_id"].duplicated(keep=False)
    assert repeated.any()
    assert repeated.equals(people["shares_number"])
    assert people[repeated].groupby("national_id").size().eq(2).all()
    assert people[repeated].groupby("national_id")["sex"].nunique().eq(1).all()


def test_old_numbers_are_valid_and_nobody_elses(people: pd.DataFrame) -> None:
    old = people["old_national_id"].dropna()
    assert len(old) > 0
    assert old.map(is_valid).all()
    assert not old.isin(people["national_id"]).any()
    assert old.is_unique


def test_fifteen_digits_are_the_eighteen_without_century_and_check(people: pd.DataFrame) -> None:
    short = people.dropna(subset=["id15"])
    assert len(short) > 0
    assert (short["id15"] == short["national_id"].str[:6] + short["national_id"].str[8:17]).all()


def test_most_area_codes_are_the_countys_own_and_the_others_are_real(people: pd.DataFrame) -> None:
    area = people["national_id"].str[:6]
    assert 0.75 < (area == "230123").mean() < 0.95
    known = {code for code in (*NEIGHBOURS, *ELSEWHERE) if gb2260.get(code)}
    assert len(known) == len(NEIGHBOURS) + len(ELSEWHERE)
    assert set(area) <= {"230123", "230823", "232423", *known}
    assert (area == "230823").any()


def test_nobody_is_born_before_a_parent_is_fourteen(people: pd.DataFrame) -> None:
    for parent in ("mother_no", "father_no"):
        children = people[people[parent] >= 0]
        gap = (children["birth_date"].to_numpy() - people.loc[children[parent], "birth_date"].to_numpy()).astype(
            "timedelta64[D]"
        )
        assert gap.min().astype(int) > 14 * 365, parent


def test_mothers_are_women_and_fathers_men(people: pd.DataFrame) -> None:
    for parent, sex in (("mother_no", 2), ("father_no", 1)):
        known = people[people[parent] >= 0][parent]
        assert (people.loc[known, "sex"] == sex).all()


def test_brothers_and_sisters_are_months_apart_or_twins(people: pd.DataFrame) -> None:
    ordered = people[people["mother_no"] >= 0].sort_values(["mother_no", "birth_date"])
    gap = ordered.groupby("mother_no")["birth_date"].diff().dropna().dt.days
    assert ((gap >= 280) | (gap <= 1)).mean() > 0.995
    assert 0.001 < (gap <= 1).mean() < 0.03


def test_marriage_goes_both_ways_and_between_grown_people(people: pd.DataFrame) -> None:
    married = people[people["spouse_no"] >= 0]
    spouses = people.loc[married["spouse_no"]]
    assert (spouses["spouse_no"].to_numpy() == married["person_no"].to_numpy()).all()
    assert (spouses["sex"].to_numpy() != married["sex"].to_numpy()).all()
    assert (spouses["marriage_date"].to_numpy() == married["marriage_date"].to_numpy()).all()
    assert ((married["marriage_date"] - married["birth_date"]).dt.days > 18 * 365).all()
    assert (married["marital"] == "20").all()


def test_children_have_their_fathers_surname(people: pd.DataFrame) -> None:
    children = people[(people["father_no"] >= 0) & (people["ethnicity_code"] == "01")]
    fathers = people.loc[children["father_no"]]
    assert (children["full_name"].str[0].to_numpy() == fathers["full_name"].str[0].to_numpy()).mean() > 0.99


def test_common_surnames_are_common_and_names_repeat(people: pd.DataFrame) -> None:
    share = people["full_name"].str[0].value_counts(normalize=True)
    assert set(share.index[:3]) == {"王", "李", "张"}
    assert 0.2 < share.iloc[:3].sum() < 0.4
    assert people["full_name"].duplicated().mean() > 0.05
    assert people["full_name"].str.len().isin([2, 3]).mean() > 0.97


def test_minors_live_with_somebody_grown(people: pd.DataFrame) -> None:
    alive = people[people["is_alive"]]
    grown = alive["birth_date"] < pd.Timestamp("2008-10-31")
    homes = set(alive[grown]["household_no"])
    minors = alive[~grown]
    assert minors["household_no"].isin(homes).mean() > 0.995
    assert (minors["guardian1_no"] >= 0).mean() > 0.98


def test_left_behind_children_have_a_grandparent_as_guardian(people: pd.DataFrame) -> None:
    children = people[people["is_left_behind"] & (people["guardian1_no"] >= 0)]
    assert len(children) > 0
    parents = children["guardian1_no"].isin(children["father_no"]) | children["guardian1_no"].isin(
        children["mother_no"]
    )
    assert parents.mean() < 0.2


def test_books_have_one_head_and_known_relations(people: pd.DataFrame) -> None:
    registered = people[(people["book_no"] >= 0) & ~people["is_collective_book"]]
    heads = registered[registered["book_relation"] == "02"].groupby("book_no").size()
    assert (heads == 1).all()
    assert set(registered["book_no"]) == set(heads.index)
    codes = pd.read_csv(REFERENCE / "relation_word" / "gbt4761-2008.csv", dtype=str)["code"]
    assert set(registered["book_relation"]) <= set(codes)


def test_books_are_not_households(people: pd.DataFrame) -> None:
    registered = people[people["book_no"] >= 0]
    assert 0.05 < (registered["book_no"] != registered["household_no"]).mean() < 0.3


def test_whoever_is_registered_elsewhere_has_no_book_here(people: pd.DataFrame) -> None:
    assert (people["book_no"] < 0).equals(people["hukou_village_code"].isna())
    assert (people[people["is_migrant_in"]]["book_no"] == -1).all()
    assert (people[people["is_migrant_out"]]["book_no"] >= 0).all()


def test_villages_have_twelve_digits_and_their_townships_first_nine(people: pd.DataFrame) -> None:
    assert people["village_code"].str.fullmatch(r"230123\d{6}").all()
    assert (people["village_code"].str[:9] == people["township_code"]).all()
    names = people.drop_duplicates("village_code").groupby("township_code")["village_name"]
    assert names.nunique().equals(names.size())


def test_too_many_chunks_are_refused() -> None:
    plan = WorldPlan(people=100_000, seed=1, chunk_size=100)
    with pytest.raises(ValueError, match="larger chunks"):
        next(simulate_chunk(plan, 0))
