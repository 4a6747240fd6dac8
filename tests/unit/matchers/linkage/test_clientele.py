from __future__ import annotations

import numpy as np
import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.clientele import Clientele, count_clientele, learn_clientele
from matchers.linkage.homes import find_homes, find_named_homes, gather_company
from matchers.linkage.nodes import describe_nodes
from tests.unit.matchers.linkage.conftest import Records, certain_nodes

YOUNG, OLD, PENSION = 20, 4, 0
NONE = np.zeros(0, np.int64)


def clientele() -> Clientele:
    """A hundred young and a hundred old people; every other old one draws a pension once, one of them twice."""
    cell = np.array([YOUNG] * 100 + [OLD] * 100 + [-1])
    row = np.arange(100, 200, 2)
    number = np.ones(50, np.int64)
    number[0] = 2
    streams = np.zeros(201, np.int64)
    streams[[*row, 200]] = 1 << PENSION
    return Clientele(streams, cell, count_clientele(cell, (row, np.zeros(50, np.int64), number)))


def bits(known: Clientele, left: int, right: int) -> float:
    return float(known.bits(np.array([left], np.int32), np.array([right], np.int32))[0])


def test_a_pension_is_an_old_persons_who_has_none_yet() -> None:
    known = clientele()
    old, has_one, young = (bits(known, 200, owner) for owner in (101, 102, 5))
    assert old > 1.0
    assert has_one < -1.0
    assert young < -2.0
    assert bits(known, 101, 200) == pytest.approx(old)


def test_pairs_of_two_numbered_nodes_or_of_none_get_nothing() -> None:
    assert bits(clientele(), 101, 5) == 0.0
    assert bits(clientele(), 200, 200) == 0.0


def test_a_source_of_few_records_says_little() -> None:
    cell = np.array([YOUNG] * 100 + [OLD] * 100)
    nats = count_clientele(cell, (np.array([150]), np.array([PENSION]), np.array([1])))
    assert np.abs(nats[PENSION, [YOUNG, OLD], 0]).max() < 0.2


def test_without_records_with_numbers_nothing_is_known() -> None:
    assert count_clientele(np.array([-1]), (NONE, NONE, NONE)).shape[0] == 0
    assert bits(Clientele(np.array([1, 1]), np.array([-1, 3]), np.zeros((0, 60, 2))), 0, 1) == 0.0


def test_people_are_told_apart_by_source_year_of_birth_and_sex(db: DuckEngine, records: Records) -> None:
    records("""
        record_id                  | full_name | national_id        | birth_date | sex_code
        medical_insured:self:1     | 李强      | 230123196506220327 |            |
        pension:self:1             | 李强      | 230123196506220327 |            |
        pension:self:2             | 王芳      |                    |            |
    """)
    certain_nodes(db)
    gather_company(db, ())
    find_named_homes(db)
    find_homes(db)
    describe_nodes(db, ("medical_insured", "pension"))
    known = learn_clientele(db)
    assert known.streams.tolist() == [0b11, 0b10]
    assert known.cell.tolist() == [(1965 - 1900) // 5 * 2 + 1, -1]
    assert known.nats.shape[0] == 2
