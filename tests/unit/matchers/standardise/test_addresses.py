"""Addresses: cut into parts, and placed only where the month's own codes are certain."""

from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from flows.sources.reference import area_names
from matchers.standardise.addresses import area_forms, cut_address, cut_addresses, learn_place_names, locate_addresses
from schemas.records import AREA_NAME, STATED_ADDRESS, STATED_IDENTITY
from tests.conftest import Given


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("黑龙江省依兰县江湾镇红旗村3组12号", ("黑龙江省", "", "依兰县", "江湾", "红旗", "3组12号")),
        ("黑龙江省哈尔滨市依兰县江湾镇红旗村第3组12号", ("黑龙江省", "哈尔滨市", "依兰县", "江湾", "红旗", "3组12号")),
        ("江湾镇人民政府红旗村民委员会三组", ("", "", "", "江湾", "红旗", "3组")),
        ("依兰镇城东社区居民委员会３号楼 2单元", ("", "", "", "依兰", "城东", "3号楼2单元")),
        ("北京市朝阳区望京街道花家地社区", ("", "北京市", "朝阳区", "望京", "花家地", "")),
        (
            "内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇向阳村",
            ("内蒙古自治区", "呼伦贝尔市", "鄂伦春自治旗", "大杨树", "向阳", ""),
        ),
        ("红旗村十二村民小组", ("", "", "", "", "红旗", "12组")),
        ("市场街3号", ("", "", "", "", "", "市场街3号")),
    ],
)
def test_an_address_is_cut_where_its_words_say(address: str, parts: tuple[str, ...]) -> None:
    assert cut_address(address) == parts


def test_a_county_name_that_several_counties_have_is_left_out() -> None:
    forms = area_forms(area_names())
    known = dict(
        zip(zip(forms["province"], forms["prefecture"], forms["county"], strict=True), forms["area_code"], strict=True)
    )
    assert known["", "", "依兰县"] == known["黑龙江省", "哈尔滨市", "依兰县"] == "230123"
    assert ("", "", "朝阳区") not in known
    assert known["北京市", "", "朝阳区"] == "110105"


@pytest.fixture
def located(db: DuckEngine, given: Given) -> dict[str, tuple[str | None, str | None, str | None]]:
    """What is made of a few addresses beside three villages whose codes the month states."""
    coded = {
        "230123102201": "黑龙江省依兰县江湾镇红旗村{}组",
        "230123102202": "黑龙江省依兰县江湾镇向阳村{}组",
        "230123103201": "黑龙江省依兰县愚公乡红旗村{}组",
    }
    rows = [f"a:{code}:{n} | {address.format(n)} | {code}" for code, address in coded.items() for n in range(1, 5)]
    asked = [
        "江湾镇红旗村9组",
        "依兰县向阳村9组",
        "依兰县红旗村9组",
        "依兰县江湾红旗村9组",
        "四川省昭觉县新城镇",
        "江湾镇无名村",
    ]
    rows += [f"b:{n} | {address} |" for n, address in enumerate(asked)]
    given(STATED_IDENTITY, "record_id | address_raw | village_code\n" + "\n".join(rows))
    db.store(
        STATED_ADDRESS.name, cut_addresses(a for (a,) in db.rows("select distinct address_raw from stated_identity"))
    )
    db.store(AREA_NAME.name, area_forms(area_names()))
    learn_place_names(db)
    locate_addresses(db)
    found = db.rows("select address_raw, area_code, township_code, village_code from located_address")
    return {address: (area, township, village) for address, area, township, village in found}


def test_names_learnt_from_codes_place_addresses_without_one(located: dict[str, tuple[str | None, ...]]) -> None:
    assert located["江湾镇红旗村9组"] == ("230123", "230123102", "230123102201")
    assert located["依兰县江湾红旗村9组"] == ("230123", "230123102", "230123102201")
    assert located["依兰县向阳村9组"] == ("230123", "230123102", "230123102202")
    assert located["江湾镇无名村"] == ("230123", "230123102", None)


def test_a_name_two_townships_have_is_not_guessed(located: dict[str, tuple[str | None, ...]]) -> None:
    assert located["依兰县红旗村9组"] == ("230123", None, None)


def test_an_address_elsewhere_keeps_its_own_county(located: dict[str, tuple[str | None, ...]]) -> None:
    assert located["四川省昭觉县新城镇"] == ("513431", None, None)
