"""The ingest phase on a few drawn people: nothing is lost, nothing is invented, nobody is quoted."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.engines.duckdb import DuckEngine
from flows.ingest import ingest
from flows.lake import Lake
from flows.settings import RunSettings
from matchers.errors import DeliveryError

WOMAN, MAN, CHILD = "11010519491231002X", "440524188001010014", "340524800101001"
REGISTER = "公民身份号码,姓名,性别,民族,出生日期,户号,与户主关系,户口类别,户籍地址,村居代码,户口状态,状态日期"
DRAWN = {
    "population_register": f"""{REGISTER}
{WOMAN},王 芳,女,汉族,19491231,H1,户主,家庭户,黑龙江省依兰县江湾镇红旗村3组12号,230123102201,正常,
{CHILD},李明,男,满族,19800101,H1,长子,家庭户,黑龙江省依兰县江湾镇红旗村3组12号,230123102201,迁出,2020-01-01
,,,,,H9,,,,,,
""",
    "disability_certificate": f"""残疾人证号,姓名,性别,残疾类别,残疾等级,发证日期,有效期至,证件状态,联系电话,家庭住址,村居代码
{WOMAN}42,王芳,女,肢体,二级,2020/5/1,长期,有效,139-1234-5670,江湾镇红旗村第3组12号,
{WOMAN}61,王芳,女,肢体,二级,2020/5/1,长期,有效,,,
""",
    "subsistence_roll": f"""户编号,姓名,身份证号,与申请人关系,救助类型,城乡,保障人口,户月保障金额,起始日期,终止日期,状态,村居代码
D1,王芳,{WOMAN},本人,低保,农村,2,"1,264",2020.5,,在保,230123102201
D2,张强,{MAN},本人,低保,农村,2,--,2020.5,,在保,999999102201
D3,张丽,,本人,低宝,农村,2,800,2020.5,,在保,
""",
    "extreme_difficulty_roll": f"""姓名,身份证号,供养方式,护理等级,月救助金额,起始日期,终止日期,状态,村居代码
张强,{MAN},分散,全自理,822,2020-05-01,,在保,
""",
    "disability_subsidy_roll": f"""姓名,身份证号,残疾人证号,补贴类型,月补贴金额,起始日期,终止日期,状态
王芳,{WOMAN},{WOMAN}42,护理补贴,100,2020-05-01,,发放
""",
    "child_roll": f"""姓名,身份证号,类别,监护人姓名,监护人身份证号,月金额,起始日期,终止日期,状态
李小小,,事实无人抚养儿童,李明,{CHILD},1150,2020-05-01,,发放
""",
    "old_age_roll": f"""身份证号,姓名,月津贴,起始日期,状态,联系电话
{MAN},张强,25,2020-05-01,发放,13912345670
""",
    "medical_settlement": f"""psn_no,psn_name,certno,setl_id,setl_time,med_type,medfee_sumamt,inscp_scp_amt,hifp_pay,hifob_pay,hifmi_pay,maf_pay,psn_part_amt,dise_codg,refd_setl_flag
P1,王芳,{WOMAN},S1,2026-08-01 10:00:00,21,100,90,50,0,0,0,50,I10,0
P1,王芳,{WOMAN},S1,2026-08-03,21,-100,-90,-50,0,0,0,-50,I10,1
P1,王芳,{WOMAN},S2,2026-08-02,11,10,9,5,0,0,0,5,I10,0
P1,王芳,{WOMAN},S3,二〇二六,11,10,9,5,0,0,0,5,I10,0
""",
}


@dataclass
class Month:
    """The drawn month after ingest: the session it was ingested in, and what the phase says."""

    db: DuckEngine
    folder: Path
    summary: dict[str, Any]


def ingested(folder: Path, **changed: str | None) -> Month:
    """Ingest the drawn month with some of its files replaced, or left out where None is given."""
    run = RunSettings(home=folder, month="2026-08")
    run.incoming.mkdir(parents=True, exist_ok=True)
    for source, content in (DRAWN | changed).items():
        if content is not None:
            (run.incoming / f"{source}.csv").write_text(content, encoding="utf-8")
    db = DuckEngine(memory="1GB")
    try:
        return Month(db, folder, ingest(run, Lake(folder, folder / "staging", "2026-08"), db))
    except BaseException:
        db.close()
        raise


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """The drawn month as it is; no test changes it."""
    found = ingested(tmp_path_factory.mktemp("month"))
    with found.db:
        yield found


@pytest.fixture
def db(month: Month) -> DuckEngine:
    """The session the drawn month was ingested in."""
    return month.db


def record(db: DuckEngine, source: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of one source's records, in the order of the records."""
    return db.rows(f"select {', '.join(columns)} from std_record where source_id = '{source}' order by record_id")


def test_every_delivered_row_is_loaded_or_quarantined(db: DuckEngine, month: Month) -> None:
    summary = month.summary
    assert (summary["delivered"], summary["loaded"], summary["quarantined"]) == (16, 12, 4)
    refused = db.rows("select source_id, row_number, reason from quarantine order by 1, 2")
    assert refused == [
        ("medical_settlement", 4, "setl_time is missing or not a date"),
        ("population_register", 3, "neither a name nor a number"),
        ("subsistence_roll", 2, "village_code begins with an area code that no revision of GB/T 2260 has"),
        ("subsistence_roll", 3, "tier is missing or not a code"),
    ]
    (delivered,) = db.rows("select delivered from quarantine where row_number = 2")[0]
    assert json.loads(delivered)["户月保障金额"] == "--"


def test_every_expected_source_has_its_line_whether_it_came_or_not(db: DuckEngine) -> None:
    lines = db.rows("select source_id, file_name, delivered_count, note from delivery order by 1")
    assert len(lines) == 21
    assert ("cremation", None, 0, "not delivered this month; what it would say is unknown") in lines
    assert not {"vehicle", "bank_balance"} & {line[0] for line in lines}
    assert db.rows("select count(*) from raw_cremation") == [(0,)]


def test_a_moved_out_person_is_loaded_and_says_so(db: DuckEngine) -> None:
    rows = db.rows("select status, status_date, relation from raw_population_register order by row_number")
    assert rows == [("normal", None, "02"), ("moved_out", datetime.date(2020, 1, 1), "22")]


def test_clean_values_stand_beside_what_was_delivered(db: DuckEngine) -> None:
    columns = ("full_name_raw", "full_name", "name_pinyin", "national_id", "birth_date", "sex_code", "ethnicity_code")
    assert sorted(record(db, "population_register", *columns)) == [
        ("李明", "李明", "li ming", "34052419800101001X", datetime.date(1980, 1, 1), "1", "11"),
        ("王 芳", "王芳", "wang fang", WOMAN, datetime.date(1949, 12, 31), "2", "01"),
    ]
    assert record(db, "population_register", "address", "township_code") == [("3组12号", "230123102")] * 2


def test_a_certificate_number_that_contradicts_its_row_is_not_believed(db: DuckEngine) -> None:
    found = sorted(record(db, "disability_certificate", "other_id", "national_id", "id_state", "id_digits"))
    assert found == [
        (f"{WOMAN}42", WOMAN, "valid", None),
        (f"{WOMAN}61", None, "invalid", WOMAN),
    ]
    assert db.rows("select valid_to::varchar, issue_date::varchar from raw_disability_certificate limit 1") == [
        ("9999-12-31", "2020-05-01")
    ]


def test_settlements_of_one_person_are_one_record_with_the_newest_day(db: DuckEngine) -> None:
    assert record(db, "medical_settlement", "row_count", "as_of_date") == [(3, datetime.date(2026, 8, 3))]
    flags = db.rows("select refd_setl_flag, psn_part_amt from raw_medical_settlement order by row_number")
    assert [(flag, float(amount)) for flag, amount in flags] == [(False, 50.0), (True, -50.0), (False, 5.0)]


def test_each_role_of_a_row_is_a_record_of_its_own(db: DuckEngine) -> None:
    assert sorted(record(db, "child_roll", "role", "full_name", "id_state")) == [
        ("guardian", "李明", "valid"),
        ("self", "李小小", "missing"),
    ]
    assert db.rows(
        "select count(*) from raw_child_roll as r join std_record as s on s.record_id = r.record_id_guardian"
    ) == [(1,)]


def test_the_same_statement_is_the_same_record_next_month(db: DuckEngine, tmp_path: Path) -> None:
    header, first, second, nobody = DRAWN["population_register"].splitlines()
    with ingested(tmp_path, population_register="\n".join([header, second, first, nobody]) + "\n").db as again:
        ids = "select record_id from std_record order by 1"
        assert again.rows(ids) == db.rows(ids)


def test_two_runs_write_the_same_bytes(month: Month, tmp_path: Path) -> None:
    def written(folder: Path) -> dict[str, bytes]:
        files = sorted((folder / "staging").rglob("*.parquet"))
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}

    with ingested(tmp_path).db:
        assert len(written(tmp_path)) == 31
        assert written(tmp_path) == written(month.folder)


def test_unreadable_values_are_null_and_counted(tmp_path: Path) -> None:
    register = DRAWN["population_register"].replace("19491231", "19491399").replace("满族", "火星族")
    found = ingested(tmp_path, population_register=register)
    with found.db:
        assert found.summary["sources"]["population_register"]["unusable"] == {"ethnicity": 1, "birth_date": 1}
        assert found.summary["sources"]["subsistence_roll"]["unusable"] == {}


def test_every_fault_of_every_file_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as refused:
        ingested(tmp_path, old_age_roll=None, child_roll="", pension="姓名\n王芳\n")
    for said in (
        "old_age_roll (高龄津贴名册, 民政) is missing",
        "child_roll.csv is empty",
        "pension.csv column national_id",
    ):
        assert said in str(refused.value)
    assert not list((tmp_path / "staging").rglob("*"))


def test_a_file_whose_rows_are_mostly_unusable_is_refused_without_quoting_anybody(tmp_path: Path) -> None:
    header, row, *_ = DRAWN["subsistence_roll"].splitlines()
    rows = [row.replace("230123", "987654")] * 20
    with pytest.raises(DeliveryError, match="20 rows and 20 of them cannot be used") as refused:
        ingested(tmp_path, subsistence_roll="\n".join([header, *rows]) + "\n")
    for value in (WOMAN, "王芳", "987654", "D1"):
        assert value not in str(refused.value)


def test_a_file_that_ended_the_session_is_told_and_no_other_is_read_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {}
    for source in ("old_age_roll", "subsistence_roll"):
        header, row, *_ = DRAWN[source].splitlines()
        broken[source] = "\n".join([header, *["," * row.count(",")] * 20]) + "\n"
    with pytest.raises(DeliveryError, match=r"old_age_roll(.|\n)*subsistence_roll"):
        ingested(tmp_path, **broken)
    monkeypatch.setattr(DuckEngine, "is_alive", lambda _: False)
    with pytest.raises(DeliveryError) as refused:
        ingested(tmp_path / "again", **broken)
    assert "old_age_roll" in str(refused.value)
    assert "subsistence_roll" not in str(refused.value)


def test_check_stage_sources_never_become_tables(tmp_path: Path) -> None:
    band = f"姓名,身份证号,机构,余额区间,查询日期\n王芳,{WOMAN},银行,1,2026-08-01\n"
    with ingested(tmp_path, bank_balance=band).db as db:
        assert db.column_types("raw_pension")
        assert not db.column_types("raw_bank_balance")
    assert not list((tmp_path / "staging").glob("raw_bank*"))
