from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml

from flows.offers import catalogue_sha256, read_offers
from flows.synthetic.offers import write_offers
from matchers.errors import RuleFileError

DAY = datetime.date(2026, 10, 31)
OFFER: dict[str, object] = {
    "name": {"zh": "集中供养", "en": "Care home"},
    "provider": {"zh": "县民政局", "en": "Civil affairs"},
    "kind": "department",
    "serves": ["extreme_difficulty"],
    "as_of": "2026-10-01",
    "source": "申报",
}


def written(home: Path, *offers: dict[str, object]) -> Path:
    (home / "offers.yaml").write_text(yaml.safe_dump({"offers": list(offers)}, allow_unicode=True), encoding="utf-8")
    return home


def test_a_home_without_a_catalogue_has_no_offers(tmp_path: Path) -> None:
    assert read_offers(tmp_path, DAY) == ()
    assert catalogue_sha256(tmp_path) is None


def test_an_offer_counts_to_its_last_day_and_not_after(tmp_path: Path) -> None:
    last, over = {**OFFER, "until": "2026-10-31"}, {**OFFER, "until": "2026-10-30", "township_code": "230123102"}
    assert [offer.until for offer in read_offers(written(tmp_path, last, over), DAY)] == [DAY]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"serves": ["free_lunch"]}, "no programme is called free_lunch"),
        ({"places": -1}, "places"),
        ({"township_code": "江湾镇"}, "township_code"),
        ({"serves": []}, "serves"),
        ({"rooms": 3}, "rooms"),
    ],
)
def test_a_fault_in_the_catalogue_is_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(RuleFileError, match=said):
        read_offers(written(tmp_path, {**OFFER, **change}), DAY)


def test_the_same_offer_twice_is_refused_because_its_places_would_count_twice(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="offered twice in one place"):
        read_offers(written(tmp_path, OFFER, {**OFFER, "places": 5}), DAY)


def test_the_simulated_county_writes_a_catalogue_that_can_be_read(tmp_path: Path) -> None:
    write_offers(tmp_path / "offers.yaml", "2026-10")
    offers = read_offers(tmp_path, DAY)
    assert {offer.kind for offer in offers} == {"department", "charity"}
    assert None in {offer.places for offer in offers}
