from __future__ import annotations

from flows.engines.duckdb import DuckEngine
from matchers.quality.supply import weigh_supply
from schemas.quality import CANDIDATE_COUNT
from schemas.supply import OFFER
from tests.conftest import Given

COUNTED = "candidate_count | listed_count | random_count | expected_count | listed_expected_count | unconfirmed_count | benefit_month_yuan"
NEEDS = f"""
    programme_id       | township_code | {COUNTED}
    extreme_difficulty | 230123101     | 40 | 2 | 0 | 5.5 | 1.0 | 0 | 0
    extreme_difficulty | 230123102     | 20 | 1 | 0 | 3.0 | 0.5 | 0 | 0
    medical_aid        | 230123103     | 10 | 0 | 0 | 4.0 | 0.0 | 0 | 0
"""
OFFERS = """
    offer_number | kind       | programme_id       | township_code | places
    1            | department | extreme_difficulty | 230123101     | 4
    2            | department | extreme_difficulty | 230123101     |
    3            | charity    | extreme_difficulty |               | 6
    4            | charity    | medical_aid        |               |
    5            | department | housing_aid        | 230123102     | 9
"""


def weighed(db: DuckEngine, given: Given, offers: str) -> dict[tuple[str, str], tuple[object, ...]]:
    given(CANDIDATE_COUNT, NEEDS)
    given(OFFER, offers)
    weigh_supply(db, "230123")
    rows = db.rows("select programme_id, place_code, * exclude (programme_id, place_code) from supply")
    return {(str(programme), str(place)): tuple(rest) for programme, place, *rest in rows}


def test_places_of_a_township_count_there_and_for_the_county_and_county_wide_ones_only_there(
    db: DuckEngine, given: Given
) -> None:
    found = weighed(db, given, OFFERS)
    assert found["extreme_difficulty", "230123101"] == (2, 5.5, 2, 4, 0, None)
    assert found["extreme_difficulty", "230123102"] == (1, 3.0, 0, None, 0, None)
    assert found["extreme_difficulty", "230123"] == (3, 8.5, 2, 4, 1, 6)


def test_places_nobody_stated_are_unknown_and_not_none(db: DuckEngine, given: Given) -> None:
    assert weighed(db, given, OFFERS)["medical_aid", "230123"] == (0, 4.0, 0, None, 1, None)


def test_an_offer_nobody_is_found_for_still_stands_there(db: DuckEngine, given: Given) -> None:
    assert weighed(db, given, OFFERS)["housing_aid", "230123102"] == (0, 0.0, 1, 9, 0, None)


def test_without_offers_the_needs_stand_alone(db: DuckEngine, given: Given) -> None:
    found = weighed(db, given, "offer_number | kind | programme_id | township_code | places")
    assert found["extreme_difficulty", "230123"] == (3, 8.5, 0, None, 0, None)
    assert len(found) == 5
