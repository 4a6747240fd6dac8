"""Every source contract is complete: what the data catalogue asks for, real column names, headings a department uses."""

from __future__ import annotations

import re

import pytest
import yaml

from flows.sources.contracts import CONTRACTS, read_contracts
from schemas.source import SourceContract, fold_header

IDS = sorted(read_contracts())
# Column names seen in public code, by source: a delivery may use them as they are.
REAL = {
    "disability_certificate": "部位 发证日期",
    "medical_insured": "psn_no psn_name psn_cert_type certno gend naty brdy insutype psn_type psn_idet_type psn_type_lv begntime "
    "endtime insuplc_admdvs",
    "medical_settlement": "setl_id setl_time med_type medfee_sumamt fulamt_ownpay_amt overlmt_selfpay preselfpay_amt inscp_scp_amt "
    "act_pay_dedc hifp_pay cvlserv_pay hifes_pay hifmi_pay hifob_pay maf_pay oth_pay fund_pay_sumamt psn_part_amt acct_pay "
    "psn_cash_pay insuplc_admdvs refd_setl_flag",
    "unemployment": "id_card unemployment_date unemployment_reason register_date cancel_date is_valid aae043",
    "real_estate": "qlr zjh bdcdyh zl bdcqzh gyfs djsj qszt",
    "anti_relapse": "hbh rbh areaid jcdxlb zyfxlx1 zyfxlx2 zyfxlx3 zyfxlx4 zyfxlx5 gzxsr scjyxsr ccxsr zyxsr scjyxzc jtcsr jtrjcsr "
    "jtlpsr hgzfzc whcd zxsqk jkzk ldjn wgsc sfzhwldnl fxxcfs fxxcsj",
    "marriage": "name_man name_woman cert_num_man cert_num_woman birth_man birth_woman nation_man nation_woman folk_man folk_woman "
    "op_type op_date dept_code dept_name cert_no",
    "cremation": "NAME CARD_TYPE ID_CARD FOLK FAMILY_ADD CREMATION_TIME CREATE_ORGAN_NAME CREATE_ORGAN_CODE",
}  # fmt: skip
# What the catalogue of Order 809 holds for each data set, and what a monthly run needs to judge a delivery.
STATED = (
    "title_zh",
    "title_en",
    "provider",
    "stage",
    "row",
    "formats",
    "cadence",
    "share_class",
    "retention_months",
    "steward",
    "key",
)
PROVIDERS = {
    "公安", "公安交管", "残联", "医保", "人社", "教育", "住建", "自然资源", "市场监管", "税务", "公积金", "银行", "证券", "保险",
    "农业农村", "农业", "总工会", "妇联", "应急", "民政",
}  # fmt: skip
CHINESE = re.compile("[\u4e00-\u9fff]")


def contract(source_id: str) -> SourceContract:
    return read_contracts()[source_id]


@pytest.mark.parametrize("source_id", IDS)
def test_a_contract_states_what_the_catalogue_asks_for_and_leaves_nothing_to_a_default(source_id: str) -> None:
    said = yaml.safe_load((CONTRACTS / f"{source_id}.yaml").read_text(encoding="utf-8"))
    assert [name for name in STATED if name not in said] == []
    is_expected = contract(source_id).agreed and contract(source_id).stage == "discovery"
    assert "rows_per_thousand" in said or not is_expected


@pytest.mark.parametrize("source_id", IDS)
def test_every_column_has_an_english_name_and_a_heading_in_chinese(source_id: str) -> None:
    bare = [c.name for c in contract(source_id).columns if not any(CHINESE.search(header) for header in c.headers)]
    assert bare == []


@pytest.mark.parametrize("source_id", sorted(REAL))
def test_real_column_names_are_known_as_they_are(source_id: str) -> None:
    known = {fold_header(spelling) for column in contract(source_id).columns for spelling in column.spellings}
    assert [name for name in REAL[source_id].split() if fold_header(name) not in known] == []


@pytest.mark.parametrize("source_id", IDS)
def test_whoever_a_row_is_about_is_known_by_name_and_number(source_id: str) -> None:
    for role in contract(source_id).roles:
        kinds = {field: contract(source_id).column(name).type for field, name in role.fields.items()}
        assert (kinds["full_name"], kinds["national_id"]) == ("name", "national_id")


def test_every_provider_the_law_names_has_a_contract() -> None:
    assert {each.provider for each in read_contracts().values()} == PROVIDERS


def test_the_identity_groups_of_the_three_systems_are_mapped() -> None:
    codes = contract("premium_subsidy").column("identity_group").codes
    for number, name in {"7131": "特困", "7019": "低保", "7041": "孤儿", "7069": "重残", "7201": "低保边缘"}.items():
        assert codes[number] == codes[name]
