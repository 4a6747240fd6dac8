from __future__ import annotations

from collections.abc import Callable

from flows.engines.duckdb import DuckEngine
from matchers.quality.candidate_list import name_places, write_list_rows
from schemas.candidates import CANDIDATE
from schemas.contract import Table
from schemas.people import PERSON
from schemas.quality import PLACE_NAME

Given = Callable[[Table, str], None]


def draw(given: Given, candidates: str) -> None:
    given(
        PERSON,
        """
        person_id | full_name | national_id        | phone       | address
        p1        | 王秀英    | 23012319400101001X | 13800000000 | 3组12号
        p2        | 李建国    |                    |             |
        """,
    )
    given(PLACE_NAME, "place_code | township_name | village_name\n230123101 | 江湾镇 |\n230123101201 | 江湾镇 | 红旗村")
    db_texts = "reasons_zh | reasons_en | questions_zh | questions_en"
    lines = [line.strip() for line in candidates.strip().splitlines()]
    drawn = [f"{lines[0]} | {db_texts}", *(f"{line} | 理由 | reason | 问题 | question" for line in lines[1:])]
    given(CANDIDATE, "\n".join(drawn))


def test_a_line_names_the_person_and_masks_the_number(db: DuckEngine, given: Given) -> None:
    draw(
        given,
        """
        candidate_id | programme_id | unit   | unit_id | person_id | household_id | township_code | village_code | rank | is_within_capacity | is_random_share
        c1           | old_age      | person | p1      | p1        | h1           | 230123101     | 230123101201 | 1    | true               | false
        """,
    )
    write_list_rows(db)
    assert db.rows("select full_name, masked_id, township_name, village_name, address, phone from list_row") == [
        ("王秀英", "230123********001X", "江湾镇", "红旗村", "3组12号", "13800000000")
    ]


def test_only_this_months_share_is_listed_and_households_stand_together(db: DuckEngine, given: Given) -> None:
    draw(
        given,
        """
        candidate_id | programme_id | unit      | unit_id | person_id | household_id | township_code | rank | is_within_capacity | is_random_share
        c1           | poverty      | household | h1      | p1        | h1           | 230123101     | 1    | true               | false
        c2           | old_age      | person    | p2      | p2        | h2           | 230123101     | 2    | true               | false
        c3           | nursing      | person    | p1      | p1        | h1           | 230123101     | 3    | true               | false
        c4           | old_age      | person    | p2      | p2        | h2           | 230123101     | 9    | false              | false
        c5           | nursing      | person    | p2      | p2        | h3           | 230123101     | 7    | false              | true
        c6           | nursing      | person    | p2      | p2        | h4           |               | 1    | true               | false
        """,
    )
    write_list_rows(db)
    rows = db.rows("select candidate_id, line_number, visit_number from list_row order by township_code, line_number")
    assert rows == [("c1", 1, 1), ("c3", 2, 1), ("c2", 3, 2), ("c5", 4, 3), ("c6", 1, 1)]


def test_a_place_is_called_what_most_of_its_addresses_call_it(db: DuckEngine) -> None:
    addresses = [
        ("230123101201", "黑龙江省依兰县江湾镇红旗村3组12号"),
        ("230123101201", "黑龙江省依兰县江湾镇红旗村1组2号"),
        ("230123101201", "依兰县江湾镇红星村1组"),
        ("230123102001", "黑龙江省哈尔滨市依兰县达连河镇朝阳社区5号楼2单元"),
        ("230123102001", "地址不详"),
        ("23012", "依兰县某镇某村"),
    ]
    values = ", ".join(f"('{code}', '{address}')" for code, address in addresses)
    db.create(
        "raw_register",
        f"select row_number() over () as row_number, * from (values {values}) as t(village_code, address)",
    )
    name_places(db, ("raw_register",))
    assert db.rows("from place_name order by place_code") == [
        ("230123101", "江湾镇", None),
        ("230123101201", "江湾镇", "红旗村"),
        ("230123102", "达连河镇", None),
        ("230123102001", "达连河镇", "朝阳社区"),
    ]


def test_without_addresses_no_place_has_a_name(db: DuckEngine) -> None:
    assert name_places(db, ()) == 0
