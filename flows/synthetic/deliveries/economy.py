"""The sources of the check stage: cars, companies, real estate, housing fund, income tax, bank balances."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Numbers
from flows.synthetic.deliveries.columns import Days, either, iso, join, mask, same, word, yuan
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.office import Office, serial

PLATES = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
TRADES = ("餐饮店", "超市", "农机维修部", "建材经销部", "粮食经销有限公司", "养殖专业合作社")
SHOPS = ("兴旺", "顺达", "鑫源", "永盛", "福满", "诚信")
BANKS = ("中国农业银行依兰支行", "依兰县农村信用合作联社", "中国邮政储蓄银行依兰支行", "中国建设银行依兰支行")
BANDS = (1_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
BAND_WORDS = ("1千以下", "1千-5千", "5千-1万", "1万-2万", "2万-5万", "5万-10万", "10万-20万", "20万以上")
FUND_FROM, TAX_FROM = 3_500.0, 3_000.0  # wages from which employers pay into the fund, and declare to the tax office
FUND_SHARE, TAX_SHARE, ON_FILE = 0.6, 0.8, 0.95
DORMANT, JOINT = 0.12, 0.5  # of the businesses, of the dwellings of couples
NAMED = ("姓名", "身份证号")


def owners(office: Office, homes: Numbers, label: str) -> Numbers:
    """Return who of each household owns the thing: mostly the head, else the head's spouse."""
    p = office.people
    heads = p.find(p.households.numbers("head_no")[homes])
    spouses = np.where(heads >= 0, p.related("spouse_no")[heads], -1)
    spouse = (spouses >= 0) & (office.chance.share(label, p.households.numbers("household_no")[homes]) < 0.35)
    return np.where(spouse, spouses, heads)


def things(office: Office, counts: Numbers, label: str) -> tuple[Numbers, Numbers, Days]:
    """Return household, key and first day of each thing on file, as many per household as counted, few more than four."""
    h = office.people.households
    homes = np.repeat(np.arange(len(h)), np.minimum(counts, 4))
    nth = np.arange(len(homes)) - np.searchsorted(homes, homes)
    keys = h.numbers("household_no")[homes] * 8 + nth
    days = office.some_day(f"{label} since", keys)
    on_file = (days <= office.people.end) & (office.chance.share("on file", keys) < ON_FILE)
    return homes[on_file], keys[on_file], days[on_file]


def vehicle(office: Office) -> Delivery:
    """One registered car or motorcycle; some are scrapped and still on file."""
    p, h = office.people, office.people.households
    homes, keys, days = things(office, h.numbers("vehicle_count"), "car")
    who = owners(office, homes, "car")
    homes, keys, days, who = homes[who >= 0], keys[who >= 0], days[who >= 0], who[who >= 0]
    entry = office.entry(who)
    letters = [office.chance.choose(f"plate {place}", keys, tuple(PLATES)) for place in range(5)]
    scrapped = (days < p.end - np.timedelta64(12 * 365, "D")) & (office.chance.share("scrapped", keys) < 0.3)
    kinds = office.chance.choose("type", keys, ("小型轿车", "小型普通客车", "轻型普通货车"))
    columns = {
        "号牌号码": join("黑A", *letters),
        "车辆类型": either(h.flag("vehicle_is_exempt")[homes], "残疾人机动轮椅车", kinds),
        "使用性质": same("非营运", len(keys)),
        "初次登记日期": iso(days),
        "机动车状态": either(scrapped, "达到报废标准", same("正常", len(keys))),
        "所有人": office.names(entry),
        "身份证号": office.numbers(entry),
    }
    return Delivery(columns, {"self": p.person_no[who]}, keys, ("所有人", "身份证号"), "初次登记日期", None)


def business_registration(office: Office) -> Delivery:
    """One business and its legal representative."""
    p, h = office.people, office.people.households
    homes, no, days = things(office, h.numbers("has_company"), "company")
    who = owners(office, homes, "company")
    no, days, who = no[who >= 0], days[who >= 0], who[who >= 0]
    entry = office.entry(who)
    trade = office.chance.choose("trade", no, TRADES)
    company = mask(pc.match_substring(trade, "公司"))
    columns = {
        "统一社会信用代码": join("92230123MA1", serial(office, no, 7)),
        "名称": join("依兰县", office.chance.choose("shop", no, SHOPS), trade),
        "类型": either(company, "有限责任公司", same("个体工商户", len(no))),
        "法定代表人": office.names(entry),
        "身份证号": office.numbers(entry),
        "注册资本": yuan(np.where(company, 500_000.0, 30_000.0)),
        "成立日期": iso(days),
        "登记状态": either(office.chance.share("dormant", no) < DORMANT, "吊销", same("存续", len(no))),
    }
    return Delivery(columns, {"self": p.person_no[who]}, no, ("法定代表人", "身份证号"), "成立日期", None)


def real_estate(office: Office) -> Delivery:
    """One share of one dwelling: a couple that owns together has two rows."""
    p, h = office.people, office.people.households
    homes, units, days = things(office, h.numbers("house_count"), "house")
    heads = p.find(h.numbers("head_no")[homes])
    spouses = np.where(heads >= 0, p.related("spouse_no")[heads], -1)
    joint = (spouses >= 0) & (office.chance.share("joint", units) < JOINT)
    who = np.concatenate([heads, spouses[joint]])
    units, days = np.concatenate([units, units[joint]]), np.concatenate([days, days[joint]])
    second = np.arange(len(who)) >= len(heads)
    units, days, second, who = units[who >= 0], days[who >= 0], second[who >= 0], who[who >= 0]
    entry = office.entry(who)
    columns = {
        "qlr": office.names(entry),
        "zjh": office.numbers(entry),
        "bdcdyh": join("230123", serial(office, units, 12), "F00010001"),
        "zl": office.places(entry).addresses(),
        "djsj": iso(days),
        "qszt": same("现势", len(units)),
        "house_use": same("住宅", len(units)),
        "area_m2": yuan(45.0 + office.chance.whole("area", units, 900) / 10.0),
    }
    return Delivery(columns, {"self": p.person_no[who]}, units * 2 + second, ("qlr", "zjh"), "djsj", None)


def housing_fund(office: Office) -> Delivery:
    """One account of the housing provident fund."""
    p = office.people
    wage = p.yuan("wage_month")
    at = np.flatnonzero(p.is_word("job", "employee") & p.is_alive & (wage >= FUND_FROM) & office.knows(FUND_SHARE))
    entry = office.entry(at)
    base = np.round(wage[at], -1)
    columns = {
        "个人账号": join("0123", serial(office, p.person_no[at], 12)),
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "缴存基数": yuan(base),
        "月缴存额": yuan(np.round(base * 0.16)),
        "账户余额": yuan(np.round(base * 0.16 * (6.0 + office.chance.whole("months", p.person_no[at], 120)), 2)),
        "账户状态": same("正常", len(at)),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], (*NAMED, "个人账号"), None, None)


def income_tax(office: Office) -> Delivery:
    """One person's declared wages of the month before."""
    p = office.people
    wage = p.yuan("wage_month")
    at = np.flatnonzero(p.is_alive & (wage >= TAX_FROM) & office.knows(TAX_SHARE))
    entry = office.entry(at)
    period = str(p.end.astype("datetime64[M]") - 1).replace("-", "")
    columns = {
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "所属期": same(period, len(at)),
        "所得项目": same("工资薪金所得", len(at)),
        "收入额": yuan(wage[at]),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], NAMED, "所属期", None)


def bank_balance(office: Office) -> Delivery:
    """One grown-up's balance band at one bank."""
    p = office.people
    money = np.append(p.households.yuan("deposits"), 0.0)[p.home]
    adults = np.bincount(p.home[(p.age >= 18) & (p.home >= 0)], minlength=len(p.households) + 1)
    share = money / np.maximum(np.append(adults[: len(p.households)], 1)[p.home], 1)
    at = np.flatnonzero(p.is_alive & (p.age >= 18) & (share > 100.0) & office.knows(0.75))
    entry = office.entry(at)
    columns = {
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "机构": office.chance.choose("bank", p.person_no[at], BANKS),
        "余额区间": word(np.searchsorted(np.array(BANDS), share[at], side="right"), BAND_WORDS),
        "查询日期": same(str(p.end), len(at)),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], NAMED, "查询日期", None)
