"""A month of records in miniature: drawn records get their places, and the stages run up to where a test looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.certain import gather_nodes, gather_number_names, name_nodes, report_conflicts, state_numbers
from matchers.linkage.number_owners import group_number_names
from matchers.linkage.unnumbered import group_unnumbered
from schemas.identities import LINK_RECORD
from tests.conftest import Given

Records = Callable[[str], None]


@pytest.fixture
def records(db: DuckEngine, given: Given) -> Records:
    """Draw `link_record` without its places and bookkeeping columns, which follow from the order of record_id."""

    def draw(drawing: str) -> None:
        header, *rows = [line.strip() for line in drawing.strip().splitlines()]
        usual = "| 2026-10-31 | 1 | {state} | {source} | {role}"
        lines = [f"rec | {header} | as_of_date | row_count | id_state | source_id | role"]
        for rec, row in enumerate(sorted(rows)):
            source, role, *_ = row.split("|")[0].strip().split(":")
            state = (
                "valid"
                if any(len(cell.strip()) == 18 and cell.strip()[:6].isdigit() for cell in row.split("|"))
                else "missing"
            )
            lines.append(f"{rec} | {row} {usual.format(state=state, source=source, role=role)}")
        given(LINK_RECORD, "\n".join(lines))

    return draw


def certain_nodes(db: DuckEngine) -> dict[str, str]:
    """Return record → node after the certain links."""
    state_numbers(db)
    gather_number_names(db)
    group_number_names(db)
    group_unnumbered(db)
    gather_nodes(db)
    name_nodes(db)
    report_conflicts(db)
    return dict(db.rows("select record_id, node_id from link_node"))


def grouped(nodes: dict[str, str]) -> set[frozenset[str]]:
    """Return the groups of records, whatever their names."""
    groups: dict[str, set[str]] = {}
    for record, node in nodes.items():
        groups.setdefault(node, set()).add(record)
    return {frozenset(group) for group in groups.values()}
