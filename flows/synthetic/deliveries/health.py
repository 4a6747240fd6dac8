"""Medical insurance and the disabled persons' federation."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.synthetic.deliveries.chance import Mask, Numbers
from flows.synthetic.deliveries.codes import (
    CERT_STATUS,
    DISABILITY_LEVEL,
    DISABILITY_TYPE,
    INSUTYPE,
    MED_TYPE,
    SEX_CODE,
    SEX_WORD,
)
from flows.synthetic.deliveries.columns import either, iso, join, mask, put, rewrite, same, take, translate, word, yuan
from flows.synthetic.deliveries.delivery import Delivery
from flows.synthetic.deliveries.names import of_newborn
from flows.synthetic.deliveries.office import Office

# Premium subsidies by identity, as one county's platform codes them; the first that holds is written.
IDENTITY_CODES = (
    ("7131", ("extreme_difficulty",)),
    ("7041", ("orphan_allowance",)),
    ("7141", ("unattended_child",)),
    ("7019", ("subsistence_allowance",)),
    ("7201", ("single_person_allowance",)),
)
SEVERE_CODE = "7069"
IDENTITY_KNOWN = 0.85  # of those who have one of these identities
UNNAMED_DAYS = 90
MONEY = {
    "medfee_sumamt": "total", "inscp_scp_amt": "in_scope", "hifp_pay": "fund_basic", "hifob_pay": "fund_large",
    "hifmi_pay": "fund_serious", "maf_pay": "aid", "psn_part_amt": "own_part",
}  # fmt: skip
TYPE_CHANGED = 0.01  # certificates whose number still holds the level before a re-assessment
REISSUED = 0.004


def medical_insured(office: Office) -> Delivery:
    """One insurance of one person; a few people have a second file under an older number."""
    p = office.people
    listed = np.flatnonzero(p.has("insured_kind") & p.has("insured_no") & office.still_lists(120))
    again = listed[office.chance.happens("second", p.person_no[listed], office.rates.second)]
    at = np.concatenate([listed, again])
    second = np.arange(len(at)) >= len(listed)
    entry = office.entry(at)
    names, numbers = insured_identity(office, at, second)
    places = office.places(entry)
    year = str(p.end)[:4]
    numbered = take(p.text("insured_no"), at)
    columns = {
        "psn_no": either(second, join("9", pc.utf8_slice_codeunits(numbered, 1)), numbered),
        "psn_name": names,
        "psn_cert_type": same("01", len(at)),
        "certno": numbers,
        "gend": word(p.numbers("sex")[at], SEX_CODE),
        "naty": take(p.text("ethnicity_code"), at),
        "brdy": office.births(entry),
        "tel": office.phones(entry),
        "insutype": translate(take(p.text("insured_kind"), at), INSUTYPE),
        "psn_idet_type": take(identity_codes(office), at),
        "begntime": same(f"{year}-01-01", len(at)),
        "endtime": same(f"{year}-12-31", len(at)),
        "addr": places.addresses(),
        "village_code": places.village_codes(),
    }
    keys = p.person_no[at] * 2 + second
    return Delivery(columns, {"self": p.person_no[at]}, keys, ("psn_no", "psn_name", "certno"), "brdy", "insutype")


def insured_identity(office: Office, at: Numbers, second: Mask) -> tuple[pa.Array, pa.Array]:
    """Return name and number as the insurance holds them; newborns have the mother's number or none."""
    p = office.people
    entry = office.entry(at)
    names, numbers = office.names(entry), office.numbers(entry)
    new = (p.end - p.days("birth_date")[at]).astype("timedelta64[D]").astype(np.int64) < UNNAMED_DAYS
    new &= office.chance.happens("newborn", entry.keys, office.rates.newborn)
    mothers = put(same(None, int(new.sum())), *mothers_numbers(office, at[new]))
    names, numbers = put(names, new, of_newborn(p, entry, new)), put(numbers, new, mothers)
    if second.any():
        older = office.entry(at[second])
        names, numbers = (
            put(names, second, office.names(older, "second")),
            put(numbers, second, office.numbers(older, "second")),
        )
    return names, numbers


def mothers_numbers(office: Office, babies: Numbers) -> tuple[Mask, pa.Array]:
    """Return which babies are insured under the mother's number, and those numbers."""
    p = office.people
    mothers = p.related("mother_no")[babies]
    under = (mothers >= 0) & (office.chance.share("under the mother", p.person_no[babies]) < 0.5)
    return under, take(p.text("national_id"), mothers[under])


def identity_codes(office: Office) -> pa.Array:
    """Return the identity the premium subsidy was paid for, where the insurance was told."""
    p = office.people
    severe = p.is_word("cert_status", "valid") & (p.numbers("disability_level") <= 2)
    codes = either(severe, SEVERE_CODE, same(None, len(p)))
    for code, programmes in reversed(IDENTITY_CODES):
        codes = either(p.receives(*programmes), code, codes)
    return either(office.knows(IDENTITY_KNOWN, "identity"), codes, None)


def medical_settlement(office: Office) -> Delivery:
    """One settlement of the last twelve months that the county has heard of; a reversal is a negative row of its own."""
    p, s = office.people, office.people.settlements
    own = np.arange(len(p))
    names, numbers = insured_identity(office.of("medical_insured"), own, np.zeros(len(p), dtype=np.bool_))
    patient = p.find(s.numbers("person_no"))
    reported = mask(pc.less_equal(s.text("reported_month"), p.month))
    at = np.flatnonzero((patient >= 0) & reported & p.has("insured_no")[patient])
    who, reversal = patient[at], s.flag("is_reversal")[at]
    sign = np.where(reversal, -1.0, 1.0)
    settled = s.values("settled_at")[at].astype("datetime64[s]").astype(np.int64)
    keys = p.person_no[who] * 4_000_000_007 + settled * 2 + reversal
    unread = office.chance.happens("unread", keys, office.rates.no_id)
    columns = {
        "psn_no": take(p.text("insured_no"), who),
        "psn_name": take(names, who),
        "certno": either(unread, None, take(numbers, who)),
        "setl_id": take(s.text("settlement_no"), at),
        "setl_time": pa.array(s.values("settled_at")[at].astype("datetime64[ms]")),
        "med_type": translate(take(s.text("med_type"), at), MED_TYPE),
        **{name: yuan(np.abs(s.yuan(column)[at]) * sign) for name, column in MONEY.items()},
        "dise_codg": take(s.text("disease_code"), at),
        "refd_setl_flag": either(reversal, "1", same("0", len(at))),
    }
    identity = ("psn_no", "psn_name", "certno", "setl_id")
    return Delivery(columns, {"self": p.person_no[who]}, keys, identity, order=settled.astype(np.uint64))


def disability_certificate(office: Office) -> Delivery:
    """One certificate; the citizen number inside the certificate number is the one of the day it was issued."""
    p = office.people
    at = np.flatnonzero(
        (p.numbers("disability_type") > 0) & p.has("cert_status") & (p.days("cert_issue_date") <= p.end)
    )
    entry = office.entry(at)
    places = office.places(entry)
    kind, level = p.numbers("disability_type")[at], p.numbers("disability_level")[at]
    cancelled = ~office.still_lists(200)[at]
    columns = {
        "残疾人证号": certificate_numbers(office, at),
        "姓名": office.names(entry),
        "性别": word(p.numbers("sex")[at], SEX_WORD),
        "残疾类别": word(kind, DISABILITY_TYPE),
        "残疾等级": word(level, DISABILITY_LEVEL),
        "发证日期": iso(p.days("cert_issue_date")[at]),
        "有效期至": iso(p.days("cert_valid_to")[at]),
        "证件状态": either(cancelled, "注销", translate(take(p.text("cert_status"), at), CERT_STATUS)),
        "联系电话": office.phones(entry),
        "家庭住址": places.addresses(),
        "村居代码": places.village_codes(),
    }
    return Delivery(columns, {"self": p.person_no[at]}, p.person_no[at], ("残疾人证号", "姓名"), "有效期至", "残疾类别")


def certificate_numbers(office: Office, at: Numbers) -> pa.Array:
    """Return 20-digit certificate numbers: citizen number, type, level; a few with the suffix of a reissue."""
    p = office.people
    entry, no = office.entry(at), p.person_no[at]
    noise = min(office.noise, 1.0)
    level = p.numbers("disability_level")[at]
    level = np.where(office.chance.happens("level changed", no, TYPE_CHANGED * noise), np.minimum(level + 1, 4), level)
    tail = pa.array(p.numbers("disability_type")[at] * 10 + level).cast(pa.string())
    numbers = office.numbers(entry)
    full = pc.if_else(numbers.is_valid(), pc.binary_join_element_wise(numbers, tail, ""), None)
    return rewrite(full, office.chance.happens("reissued", no, REISSUED * noise), lambda number: f"{number}B1")
