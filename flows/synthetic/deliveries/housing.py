"""Housing and emergency management: rural houses, public rental, disaster losses."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Numbers
from flows.synthetic.deliveries.columns import either, iso, join, same, take, whole, yuan
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.office import Office

ASSESSED = {"A": 0.08, "B": 0.15, "C": 0.9, "D": 0.95}  # share of rural houses of each grade that were assessed at all
ESTATES = ("幸福家园", "依兰新城", "松江小区", "安居小区", "民生家园")
DISASTER_MONTHS = 12
HOUSE_STATES = ("未受损", "未受损", "一般损坏", "严重损坏", "倒塌")


def heads_of(office: Office, homes: Numbers) -> tuple[Numbers, Numbers]:
    """Return the heads of these households, and the households, without those whose head the chunk does not know."""
    heads = office.people.find(office.people.households.numbers("head_no")[homes])
    return heads[heads >= 0], homes[heads >= 0]


def rural_housing(office: Office) -> Delivery:
    """One assessed rural house under the name of the head of the household."""
    p, h = office.people, office.people.households
    no = h.numbers("household_no")
    luck = office.chance.share("assessed", no)
    known = np.zeros(len(h), dtype=np.bool_)
    for grade, share in ASSESSED.items():
        known |= h.is_word("house_grade", grade) & (luck < share)
    heads, homes = heads_of(office, np.flatnonzero(known))
    entry = office.entry(heads)
    places = office.places(entry)
    no = no[homes]
    assessed = int(p.month[:4]) - 1 - office.chance.whole("year", no, 4)
    repaired = h.is_word("house_grade", "C", "D")[homes] & (office.chance.share("repaired", no) < 0.25)
    columns = {
        "户主姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "家庭人口": whole(p.household_size[heads]),
        "房屋地址": places.addresses(),
        "村居代码": places.village_codes(),
        "鉴定等级": take(h.text("house_grade"), homes),
        "鉴定年度": whole(assessed),
        "改造情况": either(repaired, "已列入改造计划", same("未改造", len(homes))),
    }
    return Delivery(columns, {"self": p.person_no[heads]}, no, ("户主姓名", "身份证号"), None, "鉴定等级")


def public_rental(office: Office) -> Delivery:
    """One contract of public rental housing."""
    p, h = office.people, office.people.households
    no = h.numbers("household_no")
    start = office.some_day("contract", no, "2021-09-01")
    heads, homes = heads_of(office, np.flatnonzero(h.flag("rents_public") & (start <= p.end)))
    entry = office.entry(heads)
    no, start = no[homes], start[homes]
    numbers = [
        pc.add(pa.array(office.chance.whole(part, no, count)), 1).cast(pa.string())
        for part, count in (("block", 28), ("stair", 4), ("flat", 6))
    ]
    flat = join(numbers[0], "号楼", numbers[1], "单元", numbers[2], "0", numbers[1], "室")
    columns = {
        "承租人姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "家庭人口数": whole(p.household_size[heads]),
        "房源地址": join("依兰县依兰镇", office.chance.choose("estate", no, ESTATES), flat),
        "合同起始日": pa.array(start),
        "合同终止日": pa.array(start + np.timedelta64(5 * 365, "D")),
        "月租金": yuan(h.yuan("public_rental_month")[homes]),
        "状态": same("在租", len(homes)),
    }
    return Delivery(columns, {"self": p.person_no[heads]}, no, ("承租人姓名", "身份证号"), "合同终止日", "状态")


def disaster_loss(office: Office) -> Delivery:
    """One household's loss in one disaster of the last twelve months."""
    p, h = office.people, office.people.households
    day = h.days("disaster_date")
    year_ago = (p.end.astype("datetime64[M]") - (DISASTER_MONTHS - 1)).astype("datetime64[D]")
    reported = day + office.chance.whole("reports", h.numbers("household_no"), 30).astype("timedelta64[D]")
    heads, homes = heads_of(office, np.flatnonzero((day >= year_ago) & (reported <= p.end)))
    entry = office.entry(heads)
    no = h.numbers("household_no")[homes]
    loss = h.yuan("disaster_loss")[homes]
    columns = {
        "事件名称": take(h.text("disaster_name"), homes),
        "灾害日期": iso(day[homes]),
        "户主姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "家庭人口": whole(p.household_size[heads]),
        "损失金额": yuan(np.round(loss * office.amounts("loss", no, 0.2), -2)),
        "房屋情况": office.chance.choose("house", no, HOUSE_STATES),
        "村居代码": office.places(entry).village_codes(),
    }
    return Delivery(columns, {"self": p.person_no[heads]}, no, ("户主姓名", "身份证号"), "灾害日期", None)
