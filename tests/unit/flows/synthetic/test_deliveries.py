"""What departments deliver of a chunk of people: whom they know, when they hear, and whose each row truly is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from flows.synthetic.deliveries.chance import Chance
from flows.synthetic.deliveries.citizen_numbers import check_digit
from flows.synthetic.deliveries.delivery import NOBODY, Delivery, Sheet, finish
from flows.synthetic.deliveries.departments import SOURCES, deliver
from flows.synthetic.deliveries.errors import RATES, Rates
from flows.synthetic.deliveries.people import People
from flows.synthetic.deliveries.writers import FORMATS, encode
from flows.synthetic.snapshot import Snapshot
from flows.synthetic.world.plan import WorldPlan
from flows.synthetic.world.world import simulate_chunk

# Source → role → the columns that state name and number (for certificates the first 18 of 20 characters).
STATED: dict[str, dict[str, tuple[str, str]]] = {
    "population_register": {"self": ("姓名", "公民身份号码")},
    "disability_certificate": {"self": ("姓名", "残疾人证号")},
    "medical_insured": {"self": ("psn_name", "certno")},
    "medical_settlement": {"self": ("psn_name", "certno")},
    "unemployment": {"self": ("name", "id_card")},
    "student": {
        "self": ("姓名", "身份证件号"),
        "guardian1": ("监护人1姓名", "监护人1身份证号"),
        "guardian2": ("监护人2姓名", "监护人2身份证号"),
    },
    "rural_housing": {"self": ("户主姓名", "身份证号")},
    "public_rental": {"self": ("承租人姓名", "身份证号")},
    "anti_relapse": {"self": ("xm", "zjhm")},
    "land_subsidy": {"self": ("农户姓名", "身份证号")},
    "disaster_loss": {"self": ("户主姓名", "身份证号")},
    "marriage": {"husband": ("name_man", "cert_num_man"), "wife": ("name_woman", "cert_num_woman")},
    "cremation": {"self": ("NAME", "ID_CARD")},
    "child_roll": {"self": ("姓名", "身份证号"), "guardian": ("监护人姓名", "监护人身份证号")},
    "vehicle": {"self": ("所有人", "身份证号")},
    "business_registration": {"self": ("法定代表人", "身份证号")},
    "real_estate": {"self": ("qlr", "zjh")},
}
LUCK = (5, 1.0)


@pytest.fixture(scope="module")
def months() -> list[Snapshot]:
    return list(simulate_chunk(WorldPlan(people=3000, months=("2026-09", "2026-10"), seed=3, chunk_size=3000), 0))


def sheets(snapshot: Snapshot, noise: float) -> dict[str, Sheet]:
    return dict(deliver(People(snapshot), (5, noise)))


@pytest.fixture(scope="module")
def exact(months: list[Snapshot]) -> dict[str, Sheet]:
    return sheets(months[1], noise=0.0)


@pytest.fixture(scope="module")
def usual(months: list[Snapshot]) -> dict[str, Sheet]:
    return sheets(months[1], noise=1.0)


@pytest.mark.parametrize("source_id", SOURCES)
def test_without_noise_every_row_states_the_true_name_and_number(
    months: list[Snapshot], exact: dict[str, Sheet], source_id: str
) -> None:
    people = months[1].persons.set_index("person_no")
    sheet = exact[source_id]
    for role, (name, number) in STATED.get(source_id, {"self": ("姓名", "身份证号")}).items():
        whose = pd.Series(sheet.people[role])
        known = (whose != NOBODY).to_numpy()
        true = people.loc[whose[known]]
        assert sheet.table[name].to_pandas()[known].tolist() == true.full_name.tolist()
        assert sheet.table[number].to_pandas()[known].str[:18].tolist() == true.national_id.tolist()
        assert sheet.table[name].filter(pa.array(~known)).null_count == (~known).sum()


def test_with_noise_three_to_six_rows_in_a_hundred_have_no_valid_number(usual: dict[str, Sheet]) -> None:
    stated = [
        usual[s].table[column]
        for s, roles in STATED.items()
        for _, column in roles.values()
        if s != "medical_settlement"
    ]
    numbers = pa.concat_arrays([part.cast(pa.string()) for column in stated for part in column.chunks]).to_pylist()
    valid = sum(is_valid(number) for number in numbers)
    assert 0.03 < 1 - valid / len(numbers) < 0.08


def is_valid(number: str | None) -> bool:
    text = (
        (number or "")
        .translate(str.maketrans("０１２３４５６７８９Ｘ", "0123456789X"))
        .replace(" ", "")
        .strip("'")
        .upper()[:18]
    )
    return (len(text) == 15 and text.isdigit()) or (
        len(text) == 18 and text[:17].isdigit() and check_digit(text[:17]) == text[17]
    )


def test_the_same_department_makes_the_same_mistakes_next_month(months: list[Snapshot]) -> None:
    first, second = (sheets(month, noise=3.0)["pension"] for month in months)
    said = [dict(zip(s.people["self"].tolist(), s.table["姓名"].to_pylist(), strict=True)) for s in (first, second)]
    both = [person for person in said[0] if person in said[1] and person != NOBODY]
    changed = sum(said[0][person] != said[1][person] for person in both)
    assert len(both) > 100
    assert changed / len(both) < 0.02


def test_a_reversal_pair_sums_to_zero(months: list[Snapshot]) -> None:
    settlements = months[1].settlements
    one = settlements[~settlements.is_reversal].head(1)
    pair = pd.concat([one, one.assign(is_reversal=True)], ignore_index=True)
    table = sheets(replace(months[1], settlements=pair), noise=0.0)["medical_settlement"].table
    assert table["refd_setl_flag"].to_pylist() == ["0", "1"]
    for amount in ("medfee_sumamt", "inscp_scp_amt", "hifp_pay", "psn_part_amt"):
        assert pc.sum(table[amount]).as_py() == 0
    assert pc.max(table["medfee_sumamt"]).as_py() > 0


def test_a_settlement_is_delivered_when_the_county_hears_of_it_not_when_it_happens(months: list[Snapshot]) -> None:
    late = months[1].settlements.head(4).assign(reported_month=["2026-10", "2026-11", "2026-10", "2026-12"])
    table = sheets(replace(months[1], settlements=late), noise=0.0)["medical_settlement"].table
    assert table.num_rows == 2


def test_a_wedding_reaches_the_register_a_month_late(months: list[Snapshot]) -> None:
    persons = months[1].persons.copy()
    couple = persons[persons.marriage_date.notna()].person_no
    persons.loc[persons.person_no.isin(couple), "marriage_date"] = pd.Timestamp("2026-10-05")
    assert (
        sheets(replace(months[1], persons=persons), 0.0)["marriage"].table.filter(pc.field("op_type") == "IA").num_rows
        == 0
    )
    persons.loc[persons.person_no.isin(couple), "marriage_date"] = pd.Timestamp("2026-09-30")
    assert sheets(replace(months[1], persons=persons), 0.0)["marriage"].table.num_rows > 100


def test_some_of_the_dead_stay_on_the_lists_for_a_while_and_none_for_ever(months: list[Snapshot]) -> None:
    persons = months[1].persons.copy()
    insured = persons.insured_kind.notna() & persons.insured_no.notna()
    persons.loc[insured, "is_alive"] = False
    persons.loc[insured, "death_date"] = pd.Timestamp("2026-09-20")
    listed = sheets(replace(months[1], persons=persons), 0.0)["medical_insured"].table.num_rows
    assert 0 < listed < insured.sum()
    persons.loc[insured, "death_date"] = pd.Timestamp("2025-01-20")
    assert sheets(replace(months[1], persons=persons), 0.0)["medical_insured"].table.num_rows < listed / 10


def test_whoever_left_the_roll_is_shown_as_stopped_the_month_after(months: list[Snapshot]) -> None:
    receiving = months[0].entitlement[months[0].entitlement.is_receiving]
    person = receiving[receiving.programme_id == "old_age_allowance"].iloc[0].person_no
    rows = months[1].entitlement
    rows = rows[(rows.person_no != person) | (rows.programme_id != "old_age_allowance")]
    now = replace(months[1], entitlement=rows)
    roll = dict(deliver(People(now, People(months[0])), (5, 0.0)))["old_age_roll"]
    states = dict(zip(roll.people["self"].tolist(), roll.table["状态"].to_pylist(), strict=True))
    assert states[person] in {"停发", "发放"}
    assert set(states.values()) <= {"停发", "发放"}


def test_a_row_of_nobody_has_neither_name_nor_number_and_a_repeated_row_is_the_same_person() -> None:
    keys = np.arange(400, dtype=np.int64)
    columns = {
        "姓名": pa.array([f"人{key}" for key in keys]),
        "状态": pa.array(["在保"] * 400),
        "日期": pa.array(["2026-01-01"] * 400),
    }
    delivery = Delivery(columns, {"self": keys}, keys, ("姓名",), "日期", "状态")
    sheet = finish(delivery, Chance(1, "x"), Rates(twice=0.2, rubbish=0.2))
    names, whose = sheet.table["姓名"].to_pylist(), sheet.people["self"].tolist()
    assert len(names) > 500
    assert all(
        (name is None) == (person == NOBODY) and name in {None, f"人{person}"}
        for name, person in zip(names, whose, strict=True)
    )
    assert {"在保", "其它"} == set(sheet.table["状态"].to_pylist())
    assert {"2026-01-01", "2026-13-45"} == set(sheet.table["日期"].to_pylist())


def test_csv_quotes_only_what_it_must_and_carries_rare_characters() -> None:
    table = pa.table({"a": ["䶮𠮷", "x,y", 'say "no"', None], "b": ["1", "2", "3", "4"]})
    assert encode("cremation", table).decode("gb18030") == '䶮𠮷,1\r\n"x,y",2\r\n"say ""no""",3\r\n,4\r\n'


def test_every_source_has_a_format_and_error_rates() -> None:
    assert set(SOURCES) == set(FORMATS)
    assert set(SOURCES) == {name.partition(":")[0] for name in RATES}
