"""Civil affairs' own rolls: who receives what, one row per person."""

from __future__ import annotations

import numpy as np

from flows.synthetic.deliveries.chance import Numbers
from flows.synthetic.deliveries.columns import either, iso, join, same, translate, whole, word, yuan
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.health import certificate_numbers
from flows.synthetic.deliveries.kinship import TO_HEAD, relation_words
from flows.synthetic.deliveries.office import Office
from flows.synthetic.deliveries.receipts import Receipts, both, on_roll, urban_or_rural

TIER = {"subsistence_allowance": "低保", "single_person_allowance": "单人保", "verge_family": "低保边缘"}
VERGE_SHARE = 0.6  # of the families of single receivers, which the roll also keeps as allowance-verge families
CENTRAL_CARE = 0.2
CARE_LEVEL = ("全自理", "半护理", "全护理")
SUBSIDY = {"disability_living_subsidy": "生活补贴", "disability_nursing_subsidy": "护理补贴"}
CHILD_KIND = {"orphan_allowance": "孤儿", "unattended_child": "事实无人抚养儿童"}
NAMED = ("姓名", "身份证号")


def subsistence_roll(office: Office) -> Delivery:
    """One member of a household on the roll, or one single receiver, or one member of a verge family."""
    p = office.people
    families, member = members(office, on_roll(office, "subsistence_allowance"))
    single = on_roll(office, "single_person_allowance")
    verge, relative = verge_members(office, single)
    rows = both(both(families, single), verge)
    at = np.concatenate([member, single.who, relative])
    entry = office.entry(at)
    sizes = np.unique(families.who, return_counts=True)
    size = np.ones(len(at), dtype=np.int64)
    size[: len(member)] = sizes[1][np.searchsorted(sizes[0], families.who)] if len(member) else size[:0]
    amount = np.where(np.arange(len(at)) < len(member) + len(single), rows.amount, 0.0)
    columns = {
        "户编号": rows.number,
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "与申请人关系": relation_words(p, (at, rows.who), TO_HEAD),
        "救助类型": translate(rows.programme, TIER),
        "城乡": urban_or_rural(office, at),
        "保障人口": whole(size),
        "户月保障金额": yuan(amount),
        **rows.state_columns(),
        "村居代码": office.places(entry).village_codes(),
    }
    order = (p.person_no[rows.who] * 2 + (at != rows.who)).astype(np.uint64)
    return Delivery(
        columns, {"self": p.person_no[at]}, p.person_no[at] * 4 + tiers(rows), NAMED, "起始日期", "救助类型", order
    )


def tiers(rows: Receipts) -> Numbers:
    """Return the place of each row's tier, so that a person on the roll twice has two keys."""
    return np.array([list(TIER).index(name) for name in rows.programme.to_pylist()], dtype=np.int64)


def members(office: Office, rows: Receipts) -> tuple[Receipts, Numbers]:
    """Return for each counted member of the receiving households the receipt, and the member."""
    p = office.people
    by_home = np.full(len(p.households) + 1, -1, dtype=np.int64)
    by_home[rows.home] = np.arange(len(rows))
    receipt = np.where(p.home >= 0, by_home[p.home], -1)
    is_head = np.append(rows.who, -1)[receipt] == np.arange(len(p))
    at = np.flatnonzero((receipt >= 0) & (p.flag("is_counted") | is_head) & office.still_lists(45))
    return rows.few(receipt[at]), at


def verge_members(office: Office, single: Receipts) -> tuple[Receipts, Numbers]:
    """Return the families of single receivers whom the roll keeps as verge families: receipt and member."""
    p = office.people
    kept = single.few((office.chance.share("verge", p.person_no[single.who]) < VERGE_SHARE) & ~single.is_stopped)
    rows, at = members(office, kept)
    others = at != rows.who
    rows, at = rows.few(others), at[others]
    receivers = np.isin(at, single.who)
    rows, at = rows.few(~receivers), at[~receivers]
    number = join(rows.number, "B")
    programme = same("verge_family", len(at))
    return Receipts(rows.who, rows.home, programme, rows.amount, rows.since, number, rows.ended), at


def extreme_difficulty_roll(office: Office) -> Delivery:
    """One person supported in extreme difficulty."""
    p = office.people
    rows = on_roll(office, "extreme_difficulty")
    entry = office.entry(rows.who)
    no = p.person_no[rows.who]
    unable = p.numbers("self_care")[rows.who]
    columns = {
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "供养方式": either(office.chance.share("central", no) < CENTRAL_CARE, "集中", same("分散", len(rows))),
        "护理等级": word(np.where(unable >= 4, 2, np.where(unable > 0, 1, 0)), CARE_LEVEL),
        "月救助金额": yuan(rows.amount),
        **rows.state_columns(),
        "村居代码": office.places(entry).village_codes(),
    }
    return Delivery(columns, {"self": no}, no, NAMED, "起始日期", "供养方式")


def disability_subsidy_roll(office: Office) -> Delivery:
    """One subsidy of one disabled person."""
    p = office.people
    rows = on_roll(office, *SUBSIDY)
    entry = office.entry(rows.who)
    kinds = translate(rows.programme, SUBSIDY)
    columns = {
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "残疾人证号": certificate_numbers(office.of("disability_certificate"), rows.who),
        "补贴类型": kinds,
        "月补贴金额": yuan(rows.amount),
        **rows.state_columns(),
    }
    keys = p.person_no[rows.who] * 2 + np.array([kind == "护理补贴" for kind in kinds.to_pylist()], dtype=np.int64)
    identity = (*NAMED, "残疾人证号")
    return Delivery(columns, {"self": p.person_no[rows.who]}, keys, identity, "起始日期", "补贴类型")


def child_roll(office: Office) -> Delivery:
    """One orphan or de-facto-unattended child, with the guardian."""
    p = office.people
    rows = on_roll(office, *CHILD_KIND)
    entry, no = office.entry(rows.who), p.person_no[rows.who]
    guardian = p.related("guardian1_no")[rows.who]
    keeper = office.entry(guardian, of=no)
    columns = {
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "类别": translate(rows.programme, CHILD_KIND),
        "监护人姓名": office.names(keeper, "guardian"),
        "监护人身份证号": office.numbers(keeper, "guardian"),
        "月金额": yuan(rows.amount),
        **rows.state_columns(),
    }
    people = {"self": no, "guardian": np.where(guardian >= 0, p.person_no[guardian], -1)}
    return Delivery(columns, people, no, (*NAMED, "监护人姓名", "监护人身份证号"), "起始日期", "类别")


def old_age_roll(office: Office) -> Delivery:
    """One old-age allowance."""
    p = office.people
    rows = on_roll(office, "old_age_allowance")
    entry, no = office.entry(rows.who), p.person_no[rows.who]
    columns = {
        "姓名": office.names(entry),
        "身份证号": office.numbers(entry),
        "月津贴": yuan(rows.amount),
        "起始日期": iso(rows.since),
        "状态": rows.state_columns(("发放", "停发"))["状态"],
        "联系电话": office.phones(entry),
    }
    return Delivery(columns, {"self": no}, no, NAMED, "起始日期", "状态")
