"""Addresses: cut into area, township, village and the rest, once per distinct address; names of places learnt from codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from matchers.sql import literal
from matchers.stage import stage
from schemas.records import AREA_NAME, LEARNT_PLACE, LOCATED_ADDRESS, STATED_ADDRESS, STATED_IDENTITY

MARKS = re.compile(r"[\s,;。、\u200b-\u200f\ufeff]+")
# Each part stops at the words that end the next one, so that 江湾镇红旗村 is no county and 城东社区 no district.
AREA = re.compile(
    r"(?:([^省市县区旗镇乡村\d]{2,4}省|[^省市县区旗镇乡村\d]{2,6}自治区)?)"
    r"(?:([^市县区旗镇乡村\d]{2,8}?(?:市|自治州|地区|盟))?)"
    r"(?:([^市县区旗镇乡村社小\d]{1,9}(?:自治县|自治旗|林区|县|区|市|旗)(?![村镇乡社场委街]))?)"
)
# What follows the county: a township with the kind of its office, a village with the kind of its committee, the rest.
PLACE = re.compile(
    r"(?:([^\d镇乡村]{1,10}?)(?:街道办事处|街道|镇人民政府|镇|民族乡|乡人民政府|乡|苏木))?"
    r"(?:([^\d村号组]{1,12}?)(?:村民委员会|村委会|社区居民委员会|社区居委会|居民委员会|居委会|社区|村|嘎查))?"
)
GROUP = re.compile(
    r"^第?(\d{1,3}|[一二三四五六七八九]?十?[一二三四五六七八九]|[一二三四五六七八九]?十)(?:村民小组|村民组|小组|组)"
)
BEFORE_DIGITS = re.compile(r"\D*")
DIGITS = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)}
# A name is believed where at least this share of its addresses has the same code, and this many addresses say so.
AGREEING_SHARE = 0.9
AGREEING_ADDRESSES = 3


def cut_addresses(raw: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns of stated_address for distinct delivered addresses.

    In Python, where it takes a tenth of the time: SQL's expressions are slow at captures among Chinese characters.
    """
    delivered = list(raw)
    parts = list(zip(*map(cut_address, delivered), strict=True)) or [()] * (len(STATED_ADDRESS.columns) - 1)
    named = zip(STATED_ADDRESS.column_names[1:], map(list, parts), strict=True)
    return {"address_raw": delivered, **dict(named)}


def cut_address(raw: str) -> tuple[str, str, str, str, str, str]:
    """Return province, prefecture, county, township, village and the rest of one address; empty where not named."""
    even = raw if raw.isascii() else unicodedata.normalize("NFKC", raw)
    # No mark is a letter or a digit, and most addresses are made of nothing else.
    bare = even if even.isalnum() else MARKS.sub("", even)
    named = BEFORE_DIGITS.match(bare)
    head = named.group() if named else ""
    *places, rest = cut_places(head)
    province, prefecture, county, township, village = places
    return province, prefecture, county, township, village, with_group(rest + bare[len(head) :])


@lru_cache(maxsize=1 << 16)
def cut_places(head: str) -> tuple[str, str, str, str, str, str]:
    """Return the places named before the first digit of an address, and what is left before it.

    No name of a place holds a digit, and a month has a hundred addresses with one beginning.
    """
    area = AREA.match(head)
    province, prefecture, county = area.groups("") if area else ("", "", "")
    local = head[area.end() :] if area else head
    place = PLACE.match(local)
    township, village = place.groups("") if place else ("", "")
    return province, prefecture, county, township, village, local[place.end() :] if place else local


@lru_cache(maxsize=1 << 16)
def with_group(rest: str) -> str:
    """Return what is left of an address with its villagers' group as 5组; a month has each house number many times."""
    return GROUP.sub(group_number, rest)


def group_number(found: re.Match[str]) -> str:
    """Return the villagers' group as 5组, however it is written: 第5组, 5村民小组, 五组."""
    number = found.group(1)
    if not number.isdigit():
        tens, ten, ones = number.rpartition("十")
        value = (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)
        number = str(value)
    return f"{number}组"


@stage(reads=(STATED_IDENTITY, STATED_ADDRESS), writes=LEARNT_PLACE)
def learn_place_names() -> str:
    """Names of townships and villages whose code this month's deliveries agree on."""
    levels = {
        "township": ("area_code", "township", "township_code"),
        "township_anywhere": ("''", "township", "township_code"),
        "village": ("township_code", "village", "village_code"),
        "village_of_county": ("area_code", "village", "village_code"),
    }
    named = " union all ".join(
        f"select {literal(level)} as level, {parent} as parent_code, {name} as place_name, {code} as place_code, "
        f"sum(address_count) as address_count from coded where {name} <> '' group by all"
        for level, (parent, name, code) in levels.items()
    )
    return f"""
        with coded as (
            select left(village_code, 6) as area_code, left(village_code, 9) as township_code, village_code,
                township, village, count(*) as address_count
            from {STATED_IDENTITY.name} join {STATED_ADDRESS.name} using (address_raw)
            where village_code is not null and township <> ''
            group by all
        ), named as ({named}), counted as (
            select *, sum(address_count) over (partition by level, parent_code, place_name) as all_count from named
        )
        select level, parent_code, place_name, place_code from counted
        where address_count >= {AGREEING_SHARE} * all_count and address_count >= {AGREEING_ADDRESSES}
    """


@stage(reads=(STATED_ADDRESS, AREA_NAME, LEARNT_PLACE), writes=LOCATED_ADDRESS)
def locate_addresses() -> str:
    """Every address with the codes of the county, township and village it names, where that is certain."""
    return f"""
        with county as (
            select address_raw, c.area_code, township, village, address
            from {STATED_ADDRESS.name} left join {AREA_NAME.name} as c using (province, prefecture, county)
        ), begun as ({villages_after_townships()}), town as (
            select county.* replace (coalesce(begun.village, county.village) as village),
                coalesce(t.place_code, a.place_code, begun.township_code) as township_code
            from county left join begun using (address_raw)
            left join {named_place("township", "t")} on t.parent_code = county.area_code and t.place_name = township
            left join {named_place("township_anywhere", "a")} on county.area_code is null and a.place_name = township
        )
        select address_raw, coalesce(area_code, left(township_code, 6)) as area_code,
            coalesce(township_code, left(o.place_code, 9)) as township_code,
            coalesce(v.place_code, o.place_code) as village_code, nullif(address, '') as address
        from town
        left join {named_place("village", "v")} on v.parent_code = township_code and v.place_name = village
        left join {named_place("village_of_county", "o")}
            on township_code is null and township = '' and o.parent_code = area_code and o.place_name = village
    """


def named_place(level: str, alias: str) -> str:
    """Return the learnt names of one level, to be joined."""
    return f"(select * from {LEARNT_PLACE.name} where level = {literal(level)}) as {alias}"


def villages_after_townships() -> str:
    """Return a select of addresses that name a township without its kind before the village, as 团山子新发村 does."""
    return f"""
        select address_raw, arg_max(place_code, strlen(place_name)) as township_code,
            arg_max(substr(village, length(place_name) + 1), strlen(place_name)) as village
        from county join {named_place("township", "t")} on t.parent_code = county.area_code
        where township = '' and starts_with(village, place_name) and village <> place_name
        group by address_raw
    """


def area_forms(names: dict[str, str]) -> dict[str, list[str]]:
    """Return the columns of area_name: every way an address may name a county; ways that mean several are left out."""
    meant: dict[tuple[str, str, str], set[str]] = {}
    for code, county in names.items():
        if code.endswith("00"):
            continue
        province, prefecture = names.get(code[:2] + "0000", ""), names.get(code[:4] + "00", "")
        for form in {
            (province, prefecture, county),
            (province, "", county),
            ("", prefecture, county),
            ("", "", county),
        }:
            meant.setdefault(form, set()).add(code)
    certain = sorted((form, next(iter(codes))) for form, codes in meant.items() if len(codes) == 1)
    return {
        "province": [form[0] for form, _ in certain],
        "prefecture": [form[1] for form, _ in certain],
        "county": [form[2] for form, _ in certain],
        "area_code": [code for _, code in certain],
    }
