"""A source contract refuses what could be read in two ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from flows.sources.contracts import CONTRACTS, read_contract, read_contracts
from schemas.raw import raw_table
from schemas.source import SourceContract, fold_header

DRAWN: dict[str, Any] = {
    "source_id": "bus_pass",
    "title_zh": "老年公交卡",
    "title_en": "bus passes",
    "provider": "交通",
    "stage": "discovery",
    "row": "one pass",
    "formats": ["csv"],
    "cadence": "monthly",
    "retention_months": 36,
    "steward": "交通局",
    "key": ["national_id"],
    "columns": [
        {"name": "full_name", "headers": ["姓名"], "type": "name"},
        {"name": "national_id", "headers": ["身份证号"], "type": "national_id"},
    ],
    "roles": [{"role": "self", "fields": {"full_name": "full_name", "national_id": "national_id"}}],
}


def test_every_shipped_contract_can_be_read() -> None:
    contracts = read_contracts()
    assert len(contracts) == len(list(CONTRACTS.glob("*.yaml"))) == 33
    assert sum(contract.stage == "check" for contract in contracts.values()) == 8


def test_every_role_of_every_contract_states_a_name_and_a_number() -> None:
    for contract in read_contracts().values():
        for role in contract.roles:
            assert {"full_name", "national_id"} <= set(role.fields), contract.source_id


@pytest.mark.parametrize(
    "broken",
    [
        {"colour": "red"},
        {"key": ["no_such_column"]},
        {"as_of": "no_such_column"},
        {"roles": [{"role": "self", "fields": {"full_name": "no_such_column"}}]},
        {"columns": [*DRAWN["columns"], {"name": "full_name"}]},
        {"columns": [*DRAWN["columns"], {"name": "other_name", "headers": [" 姓 名"]}]},
        {"columns": [*DRAWN["columns"], {"name": "status", "type": "code"}]},
        {"columns": [*DRAWN["columns"], {"name": "status", "codes": {"在": "in"}}]},
        {"stage": "whenever"},
        {"retention_months": 0},
    ],
)
def test_a_contract_that_could_mean_two_things_is_refused(broken: dict[str, Any]) -> None:
    SourceContract.model_validate(DRAWN)
    with pytest.raises(ValidationError):
        SourceContract.model_validate(DRAWN | broken)


def test_headers_are_compared_without_blanks_marks_and_case() -> None:
    assert fold_header("\ufeff 身份证号（18位）\n") == fold_header("身份证号(18位)")
    assert fold_header("ID_Card") == fold_header("id_card")


def test_a_file_named_unlike_its_source_is_refused(tmp_path: Path) -> None:
    from matchers.errors import RuleFileError

    file = tmp_path / "tram_pass.yaml"
    file.write_text((CONTRACTS / "pension.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RuleFileError, match="says source_id pension"):
        read_contract(file)


def test_every_fault_of_every_contract_is_told_at_once(tmp_path: Path) -> None:
    from matchers.errors import RuleFileError

    (tmp_path / "a.yaml").write_text("source_id: a\ncolour: red\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("source_id: [b\n", encoding="utf-8")
    with pytest.raises(RuleFileError) as told:
        read_contracts(tmp_path)
    assert "a.yaml is not a source contract" in str(told.value)
    assert "colour" in str(told.value)
    assert "b.yaml is not YAML" in str(told.value)


def test_the_raw_table_holds_a_record_per_role_and_typed_columns() -> None:
    table = raw_table(read_contracts()["student"])
    assert table.column_names[:4] == ("row_number", "record_id", "record_id_guardian1", "record_id_guardian2")
    assert table.column("birth_date").type == "DATE"
    assert table.column("is_orphan").type == "BOOLEAN"
    assert raw_table(read_contracts()["medical_settlement"]).column("psn_part_amt").type == "DECIMAL(14,2)"
