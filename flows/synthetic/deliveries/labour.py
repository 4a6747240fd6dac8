"""Human resources and the trade union: insurance, pensions, unemployment, workers in difficulty."""

from __future__ import annotations

import numpy as np

from flows.synthetic.deliveries.columns import either, iso, same, take, year_month, yuan
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.office import Office

RESIDENT_SHARE = 0.72  # of grown-ups without an employer who pay into the residents' scheme
FLEXIBLE_SHARE = 0.3  # of the flexibly employed who pay as employees do
PENSION_LAG, CANCEL_LAG = 120, 150  # days until a death stops a pension, a new job an unemployment entry
UNION_SHARE = 0.12  # of workers with illness or poverty at home whom the union has on file
REASONS = ("合同到期", "用人单位解除合同", "个人原因离职", "企业关闭破产")


def social_insurance(office: Office) -> Delivery:
    """One pension insurance of one grown-up below retirement; wages as the employer declares them."""
    p = office.people
    flexible = p.is_word("job", "flexible") & office.knows(FLEXIBLE_SHARE, "pays as employee")
    lost = p.days("job_lost_date")
    interrupted = (lost >= p.end - np.timedelta64(730, "D")) & ~p.is_word("job", "employee")
    employed = p.is_word("job", "employee") | flexible | interrupted
    resident = p.is_word("job", "farmer", "flexible", "none") & office.knows(RESIDENT_SHARE, "pays as resident")
    grown = (p.age >= 16) & (p.age < 62) & ~p.is_word("pension_kind", "employee", "resident")
    at = np.flatnonzero((employed | resident) & grown & office.still_lists(60))
    entry = office.entry(at)
    as_employee = employed[at]
    month = p.end.astype("datetime64[M]").astype("datetime64[D]")
    paid = np.where(
        interrupted[at],
        lost[at],
        np.where(as_employee, month - np.timedelta64(1, "D"), np.datetime64(f"{int(p.month[:4]) - 1}-12-31")),
    )
    base = np.maximum(np.round(p.yuan("wage_month")[at], -1), 3000.0)
    columns = {
        "身份证号": office.numbers(entry),
        "姓名": office.names(entry),
        "险种": either(as_employee, "职工养老", same("居民养老", len(at))),
        "单位名称": either(flexible[at], "灵活就业人员", either(as_employee, take(p.text("employer"), at), None)),
        "缴费基数": either(as_employee, yuan(base).cast("string"), None),
        "最近缴费年月": year_month(paid),
        "参保状态": either(interrupted[at], "中断", same("正常", len(at))),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], ("身份证号", "姓名"), "最近缴费年月", "险种")


def pension(office: Office) -> Delivery:
    """One pension; the dead are paid what they had until somebody reports the death."""
    p = office.people
    paid = p.last_pension
    at = np.flatnonzero((paid.amount > 0) & office.still_lists(PENSION_LAG))
    entry = office.entry(at)
    columns = {
        "身份证号": office.numbers(entry),
        "姓名": office.names(entry),
        "待遇类型": either(paid.is_employee[at], "职工养老", same("居民养老", len(at))),
        "月养老金": yuan(paid.amount[at]),
        "其中基础养老金": yuan(paid.basic[at]),
        "发放年月": same(p.month.replace("-", ""), len(at)),
        "状态": same("发放", len(at)),
        "联系电话": office.phones(entry),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], ("身份证号", "姓名"), "发放年月", "待遇类型")


def unemployment(office: Office) -> Delivery:
    """One registered unemployment; whoever found work stays valid until it is cancelled, late."""
    p = office.people
    lost = p.days("job_lost_date")
    registered = p.flag("is_registered_unemployed")
    waits = office.chance.whole("registers", p.person_no, 75).astype("timedelta64[D]")
    since = np.where(np.isnat(lost), office.some_day("lost", p.person_no, "2025-01-01"), lost)
    told = since + waits
    found_work = (
        ~registered & ~np.isnat(lost) & (lost > p.end - np.timedelta64(730, "D")) & office.knows(0.5, "had registered")
    )
    at = np.flatnonzero((registered | found_work) & (told <= p.end) & office.still_lists(120))
    entry = office.entry(at)
    cancelled = (
        told
        + office.chance.whole("cancelled", p.person_no, CANCEL_LAG).astype("timedelta64[D]")
        + np.timedelta64(60, "D")
    )
    ended = found_work[at] & (cancelled[at] <= p.end)
    benefit = p.yuan("unemployment_month")[at]
    columns = {
        "id_card": office.numbers(entry),
        "name": office.names(entry),
        "unemployment_date": iso(since[at]),
        "unemployment_reason": office.chance.choose("reason", p.person_no[at], REASONS),
        "register_date": iso(told[at]),
        "cancel_date": iso(np.where(ended, cancelled[at], np.datetime64("NaT", "D"))),
        "is_valid": either(ended, "0", same("1", len(at))),
        "aae043": either(benefit > 0, yuan(benefit).cast("string"), None),
    }
    return Delivery(
        columns, {"self": p.person_no[at]}, p.person_no[at], ("id_card", "name"), "register_date", "is_valid"
    )


def worker_in_difficulty(office: Office) -> Delivery:
    """One worker whom the union has on file as in difficulty."""
    p = office.people
    ill_at_home = np.zeros(len(p), dtype=np.bool_)
    homes = np.unique(p.home[p.flag("severe_illness") & (p.home >= 0)])
    ill_at_home |= np.isin(p.home, homes)
    jobless = p.flag("is_registered_unemployed")
    worker = (p.is_word("job", "employee") & ill_at_home) | jobless
    filed = office.some_day("filed", p.person_no, "2024-01-01")
    at = np.flatnonzero(worker & p.is_alive & (filed <= p.end) & office.knows(UNION_SHARE, "on file"))
    entry = office.entry(at)
    own = p.flag("severe_illness")[at]
    columns = {
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "困难级别": office.chance.choose("level", p.person_no[at], ("相对困难", "相对困难", "深度困难", "意外致困")),
        "致困原因": either(own, "本人大病", either(ill_at_home[at], "家属患病", same("失业", len(at)))),
        "建档日期": iso(filed[at]),
        "单位名称": take(p.text("employer"), at),
        "联系电话": office.phones(entry),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], ("身份证号", "姓名"), "建档日期", None)
