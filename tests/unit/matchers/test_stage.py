from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.errors import BrokenContractError, MissingTableError
from matchers.stage import hold_to_contract, keep, stage
from schemas.contract import Table, one_of, share, text, whole

SEEN = Table("seen", row="one thing", key=("thing_id",), columns=(text("thing_id", "id", required=True),))
KEPT = Table(
    "kept",
    row="one thing kept",
    key=("thing_id",),
    columns=(
        text("thing_id", "id", required=True),
        whole("size", "how big", check="size > 0"),
        share("weight", "how sure"),
        one_of("kind", ("a", "b"), "which"),
    ),
)


@stage(reads=(SEEN,), writes=KEPT)
def keep_things(size: int) -> str:
    """One thing kept."""
    return f"select thing_id, {size} as size, 0.5::double as weight, 'a' as kind, 1 as extra from seen"


def test_a_stage_makes_the_contracted_columns_only_and_returns_the_rows(db: DuckEngine) -> None:
    db.create("seen", "select 'x' as thing_id union all select 'y'")
    assert keep_things(db, 3) == 2
    assert list(db.column_types("kept")) == ["thing_id", "size", "weight", "kind"]


def test_a_narrow_whole_number_widens_and_a_fraction_does_not_pass_for_one(db: DuckEngine) -> None:
    db.create("seen", "select 'x' as thing_id")
    keep_things(db, 3)
    assert db.column_types("kept")["size"] == "BIGINT"
    with pytest.raises(BrokenContractError, match="size is DECIMAL"):
        keep_things(db, 3.5)  # type: ignore[arg-type]


def test_an_exact_stage_is_not_widened_and_is_held_to_its_contract_all_the_same(db: DuckEngine) -> None:
    @stage(reads=(), writes=KEPT, is_exact=True)
    def keep_exactly(size: str) -> str:
        """One thing kept."""
        return f"select 'x' as thing_id, {size} as size, 0.5::double as weight, 'a' as kind"

    assert keep_exactly(db, "3::bigint") == 1
    with pytest.raises(BrokenContractError, match="size is INTEGER, not BIGINT"):
        keep_exactly(db, "3")


def test_a_stage_refuses_to_run_before_its_inputs(db: DuckEngine) -> None:
    with pytest.raises(MissingTableError, match="seen"):
        keep_things(db, 3)


def test_every_breach_is_named_at_once_and_no_value_is_quoted(db: DuckEngine) -> None:
    db.create(
        "kept",
        "select * from (values ('secret', -1::bigint, 2::double, 'z'), ('secret', 1, 0.5, 'a'), (null, 1, 0.5, null)) "
        "t(thing_id, size, weight, kind)",
    )
    with pytest.raises(BrokenContractError) as broken:
        hold_to_contract(db, KEPT)
    message = str(broken.value)
    for expected in ("thing_id is missing: 1 rows", "size", "weight", "kind", "1 keys repeat"):
        assert expected in message
    assert "secret" not in message


def test_a_null_passes_a_check_because_missing_is_not_wrong(db: DuckEngine) -> None:
    values = {"thing_id": ["x"], "size": [None], "weight": [None], "kind": [None]}
    db.create("kept", "select 'x' as thing_id, null::bigint as size, null::double as weight, null::varchar as kind")
    assert hold_to_contract(db, KEPT) == 1
    assert set(values) == set(KEPT.column_names)


def test_what_python_worked_out_is_held_to_the_same_contract(db: DuckEngine) -> None:
    with pytest.raises(BrokenContractError, match="size"):
        keep(db, KEPT, {"thing_id": ["x"], "size": [0], "weight": [0.1], "kind": ["a"]})


def test_a_wrong_type_is_a_breach(db: DuckEngine) -> None:
    db.create("seen", "select 1 as thing_id")
    with pytest.raises(BrokenContractError, match="thing_id is INTEGER, not VARCHAR"):
        hold_to_contract(db, SEEN)
