"""The county as a whole: its size and shape, who is poor, who receives what, and that it can be made again."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from flows.synthetic.entitlement import ORPHAN, PROGRAMMES
from flows.synthetic.snapshot import Snapshot
from flows.synthetic.world.plan import WorldPlan
from flows.synthetic.world.world import simulate_chunk

PLAN = WorldPlan(people=20_000, seed=11)


@pytest.fixture(scope="module")
def county() -> list[Snapshot]:
    """Three months of 20,000 people."""
    return list(simulate_chunk(PLAN, 0))


def living(snapshot: Snapshot) -> pd.DataFrame:
    return snapshot.persons[snapshot.persons["is_alive"]]


def ages(snapshot: Snapshot) -> npt.NDArray[np.float64]:
    last = pd.Timestamp(snapshot.month) + pd.offsets.MonthEnd(0)
    days = (last - living(snapshot)["birth_date"]).dt.days
    return np.asarray(days / 365.2425, dtype=np.float64)


def share_of_poor(snapshot: Snapshot, flag: str) -> float:
    """Counted members of households with the flag, per living person."""
    rows = snapshot.entitlement
    poor = rows[(rows["programme_id"] == "subsistence_allowance") & rows[flag]]["household_no"]
    people = living(snapshot)
    return float((people["is_counted"] & people["household_no"].isin(poor)).mean())


def test_there_is_a_snapshot_a_month_in_order(county: list[Snapshot]) -> None:
    assert [snapshot.month for snapshot in county] == list(PLAN.months)


def test_about_as_many_people_live_as_were_asked_for(county: list[Snapshot]) -> None:
    assert all(abs(len(living(snapshot)) / PLAN.people - 1) < 0.02 for snapshot in county)


def test_the_county_is_old_as_the_north_east_is(county: list[Snapshot]) -> None:
    age = ages(county[-1])
    assert 0.23 < (age >= 60).mean() < 0.29
    assert 0.024 < (age >= 80).mean() < 0.034
    assert 0.10 < (age < 18).mean() < 0.16


def test_households_are_small(county: list[Snapshot]) -> None:
    sizes = living(county[-1]).groupby("household_no").size()
    assert 2.1 < sizes.mean() < 2.7
    assert sizes.max() >= 6


def test_minorities_and_disabled_are_as_many_as_in_heilongjiang(county: list[Snapshot]) -> None:
    people = living(county[-1])
    assert 0.035 < (people["ethnicity_code"] != "01").mean() < 0.075
    assert people["full_name"].str.contains("\u00b7").any()
    assert 0.045 < (people["cert_status"] == "valid").mean() < 0.07


def test_the_poor_are_as_many_as_the_office_expects(county: list[Snapshot]) -> None:
    for snapshot in county:
        assert 0.038 < share_of_poor(snapshot, "is_entitled") < 0.056
        assert 0.022 < share_of_poor(snapshot, "is_receiving") < 0.042
        rows = snapshot.entitlement
        extreme = rows[(rows["programme_id"] == "extreme_difficulty") & rows["is_entitled"]]
        assert 0.003 < len(extreme) / PLAN.people < 0.008


def test_every_programme_has_people_entitled_receiving_and_left_out(county: list[Snapshot]) -> None:
    rows = county[-1].entitlement
    for programme in PROGRAMMES:
        own = rows[rows["programme_id"] == programme]
        assert (own["is_entitled"] & own["is_receiving"]).any(), programme
        assert (own["is_entitled"] & ~own["is_receiving"]).any(), programme


def test_a_third_of_the_entitled_receive_nothing(county: list[Snapshot]) -> None:
    for snapshot in county:
        rows = snapshot.entitlement
        entitled = rows[rows["is_entitled"] & (rows["programme_id"] != ORPHAN)]
        assert 0.30 <= 1 - entitled["is_receiving"].mean() <= 0.40


def test_old_people_alone_are_reached_less(county: list[Snapshot]) -> None:
    people = living(county[-1])
    sizes = people.groupby("household_no").size()
    alone = people[people["household_no"].map(sizes) == 1]["person_no"]
    rows = county[-1].entitlement
    rows = rows[rows["is_entitled"] & rows["programme_id"].isin(["old_age_allowance", "subsistence_allowance"])]
    left_out = ~rows["is_receiving"]
    is_alone = rows["person_no"].isin(alone)
    assert left_out[is_alone].mean() > left_out[~is_alone].mean()


def test_few_receive_what_they_are_not_entitled_to(county: list[Snapshot]) -> None:
    rows = county[-1].entitlement
    receiving = rows[rows["is_receiving"]]
    assert 0.01 < (~receiving["is_entitled"]).mean() < 0.09


def test_settlements_are_those_of_twelve_months_known_by_then(county: list[Snapshot]) -> None:
    snapshot = county[-1]
    rows = snapshot.settlements
    assert 3.0 < len(rows) / len(living(snapshot)) < 4.2
    assert rows["settled_at"].min() >= pd.Timestamp("2025-11-01")
    assert rows["settled_at"].max() < pd.Timestamp("2026-11-01")
    assert (rows["reported_month"] <= snapshot.month).all()
    assert rows["settlement_no"].is_unique
    parts = rows[["fund_basic", "fund_large", "fund_serious", "aid", "own_part"]].sum(axis=1)
    assert np.allclose(parts, rows["total"], atol=0.011)


def test_reversals_take_back_what_was_settled(county: list[Snapshot]) -> None:
    rows = pd.concat([snapshot.settlements for snapshot in county]).drop_duplicates("settlement_no")
    reversals = rows[rows["is_reversal"]]
    assert 0.005 < len(reversals) / len(rows) < 0.02
    assert (reversals["total"] < 0).all()
    first = rows.set_index("settlement_no")["total"]
    known = reversals[reversals["settlement_no"].str[:-1].isin(first.index)]
    assert np.allclose(first.loc[known["settlement_no"].str[:-1]].to_numpy(), -known["total"].to_numpy())


def test_late_reports_arrive_in_a_later_month(county: list[Snapshot]) -> None:
    before, after = county[0].settlements, county[-1].settlements
    new = after[~after["settlement_no"].isin(before["settlement_no"])]
    assert (new["settled_at"] < pd.Timestamp("2026-08-01")).any()


def test_people_are_born_and_die_from_month_to_month(county: list[Snapshot]) -> None:
    first, last = county[0].persons.set_index("person_no"), county[-1].persons.set_index("person_no")
    assert set(first.index) < set(last.index)
    assert (first["is_alive"] & ~last.loc[first.index]["is_alive"]).any()
    assert not (~first["is_alive"] & last.loc[first.index]["is_alive"]).any()
    for same in ("full_name", "national_id", "birth_date", "sex", "book_no"):
        assert last.loc[first.index][same].equals(first[same]), same


def test_the_school_year_begins_in_september(county: list[Snapshot]) -> None:
    august, september = (s.persons.set_index("person_no") for s in county[:2])
    fifth = august[(august["school_stage"] == "primary") & (august["grade"] == 5) & august["is_alive"]].index
    after = september.loc[fifth]
    assert (after[after["is_alive"]]["grade"] == 6).all()


def test_the_same_seed_gives_the_same_county_and_another_seed_another() -> None:
    small = WorldPlan(people=800, months=("2026-09", "2026-10"), seed=5)
    for one, other in zip(simulate_chunk(small, 0), simulate_chunk(small, 0), strict=True):
        for frame in ("persons", "households", "settlements", "entitlement"):
            pd.testing.assert_frame_equal(getattr(one, frame), getattr(other, frame))
    different = next(simulate_chunk(WorldPlan(people=800, months=("2026-09",), seed=6), 0))
    assert set(different.persons["national_id"]) != set(one.persons["national_id"])


@pytest.mark.parametrize("people", [30, 100, 500])
def test_a_hamlet_can_be_simulated_too(people: int) -> None:
    snapshot = next(simulate_chunk(WorldPlan(people=people, seed=people), 0))
    assert len(snapshot.persons) >= people
