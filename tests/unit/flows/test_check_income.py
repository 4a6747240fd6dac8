"""The check over every source it may read: none breaks it, and income is told by its four kinds with where it is known from."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from python_calamine import CalamineWorkbook

from flows.authorisations import Reader, authorise
from flows.economic_check import CheckRequest, check
from flows.sources.contracts import check_stage_ids, read_contracts
from matchers.eligibility.check_items import READINGS

WOMAN, SON = "11010519491231002X", "34052419800101001X"
NOW = datetime.datetime(2026, 11, 3, 9, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
PERSONS = [
    {"full_name": "王芳", "national_id": WOMAN, "role": "applicant", "consented_on": "2026-10-02"},
    {"full_name": "李明", "national_id": SON, "role": "supporter", "consented_on": "2026-10-02"},
]
FILES = {
    "income_tax": f"姓名,身份证号,所属期,所得项目,收入额\n王芳,{WOMAN},2026-09,财产租赁所得,600\n李明,{SON},2026-09,工资薪金,6000\n李明,{SON},2026-09,经营所得,900\n",
    "pension": f"身份证号,姓名,待遇类型,月养老金,其中基础养老金,发放年月,状态\n{WOMAN},王芳,居民养老,233,143,202610,发放\n",
    "land_subsidy": f"农户姓名,身份证号,补贴面积,补贴标准,补贴金额,年度\n王芳,{WOMAN},10,70,700,2026\n王芳,{WOMAN},10,70,690,2024\n",
    "unemployment": f"身份证号,姓名,失业日期,登记日期,注销日期,是否有效,aae043\n{WOMAN},王芳,2026-01-01,2026-01-05,,是,1200\n",
    "social_insurance": f"身份证号,姓名,险种,单位名称,缴费基数,最近缴费年月,参保状态\n{WOMAN},王芳,职工养老,厂,4000,202610,正常\n",
    "securities": f"姓名,身份证号,机构,资产区间,查询日期\n王芳,{WOMAN},证券,1万-2万,2026-10-31\n",
    "insurance_policy": f"保单号,投保人,身份证号,保险公司,险种,现金价值区间,查询日期\nP1,王芳,{WOMAN},人寿,年金,1万-2万,2026-10-31\n",
}
ASKED = f"申请编号,姓名,身份证号,人员类别,城乡\nS1,王芳,{WOMAN},申请人,农村\nS1,李明,{SON},家庭外赡养人,农村\n"


def checked(folder: Path, *sources: str, authorised: tuple[str, ...] = ()) -> CheckRequest:
    """Check the two persons against some of the files, under an authorisation that names them."""
    incoming = folder / "home" / "incoming" / "2026-10"
    incoming.mkdir(parents=True)
    for source in sources:
        (incoming / f"{source}.csv").write_text(FILES[source], encoding="utf-8")
    said = {
        "authorisation_id": "HD-1", "signed_by": "李主任", "signed_on": "2026-10-01", "purpose": "最低生活保障",
        "valid_from": "2026-10-05", "valid_to": "2026-11-30", "sources": list(authorised or sources), "persons": PERSONS,
    }  # fmt: skip
    (folder / "authorisation.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    (folder / "asked.csv").write_text(ASKED, encoding="utf-8")
    authorise(folder / "home", folder / "authorisation.yaml", Reader("王芳", NOW))
    request = CheckRequest(folder / "home", folder / "asked.csv", "HD-1", "2026-10", "230123", folder / "result.xlsx")
    check(request, Reader("王芳", NOW))
    return request


def sheet(request: CheckRequest, name: str) -> list[list[str]]:
    """Return the rows of one sheet of the result."""
    found = CalamineWorkbook.from_path(str(request.out)).get_sheet_by_name(name).to_python()
    return [[str(cell) for cell in row] for row in found[3:]]


def finding(request: CheckRequest, test: str) -> list[str]:
    """Return verdict, figure, limit, facts and questions of one test."""
    return next(row[2:7] for row in sheet(request, "核对结论提示") if row[1] == test)


def test_every_source_the_check_may_read_has_a_contract_and_every_check_stage_contract_a_reading() -> None:
    assert check_stage_ids() <= set(READINGS) <= set(read_contracts())


def test_a_check_under_every_source_at_once_reads_what_is_there(tmp_path: Path) -> None:
    request = checked(tmp_path, *FILES, authorised=tuple(READINGS))
    assert finding(request, "人均货币财产")[:2] == ["达到或超过标准（须核实并听取本人意见）", "20,000"]
    assert ["S1", "共同生活家庭成员", "财产净收入", "600", "0"] in [row[:5] for row in sheet(request, "收入分类")]


def test_income_is_told_by_kind_with_source_day_and_what_may_be_left_out_and_supporters_stand_apart(
    tmp_path: Path,
) -> None:
    request = checked(tmp_path, "income_tax", "pension", "land_subsidy", "unemployment")
    rows = {(row[1], row[2]): row[3:] for row in sheet(request, "收入分类")}
    assert len(rows) == 8
    # The centrally set basic pension of 143 may be exempt: it is asked, and the subsidy of an earlier year is not counted.
    known, asked, sources, day, reasons = rows[("共同生活家庭成员", "转移净收入")]
    assert (known, asked, day) == ("1,990", "143", "2026-10-31")
    assert sorted(sources.split("；")) == sorted(["失业登记信息", "养老金发放信息", "耕地地力保护补贴发放信息"])
    assert "基础养老金" in reasons
    assert rows[("共同生活家庭成员", "工资性收入")][:3] == ["0", "0", ""]
    assert rows[("家庭外赡养人", "工资性收入")][0] == "6,000"
    assert rows[("家庭外赡养人", "经营净收入")][0] == "900"


@pytest.mark.parametrize(
    ("pension", "found"),
    [
        ("居民养老,9000,143", ["达到或超过标准（须核实并听取本人意见）", "738.08"]),
        ("居民养老,9000,", ["存疑，须核实", "0"]),
        ("职工养老,9000,", ["达到或超过标准（须核实并听取本人意见）", "750"]),
    ],
)
def test_a_pension_whose_exempt_part_is_not_stated_is_asked_about_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pension: str, found: list[str]
) -> None:
    head = FILES["pension"].splitlines()[0]
    monkeypatch.setitem(FILES, "pension", f"{head}\n{WOMAN},王芳,{pension},202610,发放\n")
    assert finding(checked(tmp_path, "pension"), "人均月收入（已知部分）")[:2] == found


def test_a_kind_whose_source_was_not_read_is_unknown(tmp_path: Path) -> None:
    request = checked(tmp_path, "pension", authorised=("pension", "income_tax"))
    rows = {row[2]: row[5] for row in sheet(request, "收入分类")}
    assert rows["工资性收入"] == "个人所得税申报信息未核对，情况不明"
    assert finding(request, "人均月收入（已知部分）")[0] == "未核对，情况不明"


def test_contributions_without_wages_are_a_question_and_never_income(tmp_path: Path) -> None:
    request = checked(tmp_path, "income_tax", "social_insurance")
    assert finding(request, "人均月收入（已知部分）") == ["存疑，须核实", "50", "632", "1", "1"]


@pytest.mark.parametrize(("source", "sum_yuan"), [("securities", "10,000"), ("insurance_policy", "10,000")])
def test_securities_and_insurance_count_as_money(tmp_path: Path, source: str, sum_yuan: str) -> None:
    request = checked(tmp_path, source)
    assert finding(request, "人均货币财产")[1] == sum_yuan
