"""Agriculture: households monitored against relapse into poverty, and land subsidies."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Numbers
from flows.synthetic.deliveries.columns import either, iso, join, same, take, whole, yuan
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.housing import heads_of
from flows.synthetic.deliveries.kinship import TO_HEAD, relation_words
from flows.synthetic.deliveries.office import Office, serial

RISKS = ("因病", "因病", "因残", "因学", "因灾", "务工就业不稳", "产业项目失败", "缺劳动力")
RISK_REMOVED = 0.3
CERTIFICATE_AS_NUMBER = 0.25  # of the disabled, who are entered with the number of the certificate
RATE_PER_MU = 68.5
OLD_OWNER = 0.06  # of the plots that still stand in the name of the head's father, dead or alive
INCOMES = {"gzxsr": "wage_month", "scjyxsr": "business_month", "ccxsr": "property_month", "zyxsr": "pension_month"}


def anti_relapse(office: Office) -> Delivery:
    """One member of a monitored household, with the household's income as the village worked it out."""
    p, h = office.people, office.people.households
    watched = h.has("anti_relapse_class") & (h.days("anti_relapse_date") <= p.end)
    at = np.flatnonzero((p.home >= 0) & p.is_alive & np.append(watched, False)[p.home])
    entry, home = office.entry(at), p.home[at]
    no = h.numbers("household_no")
    head_first = p.head[at] != at
    member = pc.utf8_lpad(pa.array(p.member_rank[at] + 1).cast(pa.string()), 2, "0")
    number = join("230123", serial(office, no[home], 10))
    removed = office.chance.share("removed", no[home]) < RISK_REMOVED
    since = h.days("anti_relapse_date")[home] + (200 + office.chance.whole("removed on", no[home], 200)).astype(
        "timedelta64[D]"
    )
    removed &= since <= p.end
    columns = {
        "hbh": number,
        "rbh": join(number, member),
        "xm": office.names(entry),
        "zjhm": certificate_or_number(office, at),
        "yhzgx": relation_words(p, (at, p.head[at]), {**TO_HEAD, 0: ("户主", "户主")}),
        "jcdxlb": take(h.text("anti_relapse_class"), home),
        "zyfxlx1": office.chance.choose("risk", no[home], RISKS),
        **household_incomes(office, home),
        "jkzk": health(office, at),
        "ldjn": labour(office, at),
        "wgsc": whole(np.where(p.flag("is_migrant_out")[at], 6 + office.chance.whole("away", p.person_no[at], 6), 0)),
        "fxxcfs": either(removed, "自然消除", None),
        "fxxcsj": either(removed, iso(since), None),
        "village_code": office.places(entry).village_codes(),
    }
    order = (no[home] * 2 + head_first).astype(np.uint64)
    return Delivery(
        columns, {"self": p.person_no[at]}, p.person_no[at], ("rbh", "xm", "zjhm"), "fxxcsj", "jcdxlb", order
    )


def certificate_or_number(office: Office, at: Numbers) -> pa.Array:
    """Return the citizen number, or for some of the disabled the 20 digits of the disability certificate."""
    p = office.people
    numbers = office.numbers(office.entry(at))
    kind = p.numbers("disability_type")[at]
    holds = (kind > 0) & p.is_word("cert_status", "valid")[at]
    use = holds & (office.chance.share("by certificate", p.person_no[at]) < CERTIFICATE_AS_NUMBER)
    tail = pa.array(kind * 10 + p.numbers("disability_level")[at]).cast(pa.string())
    return either(use, pc.binary_join_element_wise(numbers, tail, ""), numbers)


def household_incomes(office: Office, home: Numbers) -> dict[str, pa.Array]:
    """Return the household's incomes of a year in yuan; the village's figures are somewhat low."""
    p, h = office.people, office.people.households
    lives = p.is_alive & (p.home >= 0)
    heads = np.bincount(p.home[lives], minlength=len(h))
    no = h.numbers("household_no")
    told: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for name, column in INCOMES.items():
        sums = np.bincount(p.home[lives], weights=p.yuan(column)[lives], minlength=len(h)) * 12.0
        told[name] = np.round(sums * office.amounts(name, no, 0.15), -1)
    told["scjyxzc"] = np.round(told["scjyxsr"] * 0.25, -1)
    net = sum(told[name] for name in INCOMES) - told["scjyxzc"]
    told["jtrjcsr"] = net / np.maximum(heads, 1)
    told["hgzfzc"] = own_pay(office, len(h))
    return {name: yuan(amounts[home]) for name, amounts in told.items()}


def own_pay(office: Office, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return what each household paid itself for treatment in twelve months."""
    p, s = office.people, office.people.settlements
    patient = p.find(s.numbers("person_no"))
    home = np.where(patient >= 0, p.home[patient], -1)
    sign = np.where(s.flag("is_reversal"), -1.0, 1.0)
    fen = np.rint(np.abs(s.yuan("own_part")) * sign * 100.0)
    return np.asarray(np.bincount(home[home >= 0], weights=fen[home >= 0], minlength=count) / 100.0)


def health(office: Office, at: Numbers) -> pa.Array:
    """Return the state of health as the village puts it."""
    p = office.people
    disabled, ill = p.is_word("cert_status", "valid")[at], p.flag("severe_illness")[at]
    frail = (p.age[at] > 65) & (office.chance.share("frail", p.person_no[at]) < 0.4)
    return either(disabled, "残疾", either(ill, "患有大病", either(frail, "长期慢性病", same("健康", len(at)))))


def labour(office: Office, at: Numbers) -> pa.Array:
    """Return the ability to work as the village puts it."""
    p = office.people
    weak = p.flag("severe_illness")[at] | (p.age[at] >= 60) | p.is_word("cert_status", "valid")[at]
    none = (
        (p.age[at] < 16)
        | (p.age[at] >= 75)
        | ((p.numbers("disability_type")[at] > 0) & (p.numbers("disability_level")[at] <= 2))
    )
    return either(none, "无劳动力", either(weak, "弱劳动力或半劳动力", same("普通劳动力", len(at))))


def land_subsidy(office: Office) -> Delivery:
    """One household's subsidy of the year; some plots still stand in the name of a father, dead or alive."""
    p, h = office.people, office.people.households
    heads, homes = heads_of(office, np.flatnonzero(h.yuan("land_mu") > 0))
    no = h.numbers("household_no")[homes]
    fathers = p.related("father_no")[heads]
    old = (fathers >= 0) & (office.chance.share("old owner", no) < OLD_OWNER * office.noise)
    at = np.where(old, fathers, heads)
    entry = office.entry(at)
    area = np.round(h.yuan("land_mu")[homes], 1)
    columns = {
        "农户姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "村居代码": office.places(entry).village_codes(),
        "补贴面积": yuan(area),
        "补贴标准": yuan(np.full(len(at), RATE_PER_MU)),
        "补贴金额": yuan(area * RATE_PER_MU),
        "年度": same(p.month[:4], len(at)),
    }
    return Delivery(columns, {"self": p.person_no[at]}, no, ("农户姓名", "身份证号"), None, None)
