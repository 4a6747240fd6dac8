from __future__ import annotations

import numpy as np
import pytest

from matchers.linkage.competition import compete, compete_for_owner
from matchers.linkage.proposing import Pairs
from matchers.linkage.scoring import Scored


def weighed(*pairs: tuple[int, int, float]) -> Scored:
    left, right = (np.array([pair[end] for pair in pairs], np.int32) for end in (0, 1))
    numbered = Pairs(left, right, np.zeros(len(pairs), np.int16))
    return Scored(
        numbered, np.array([pair[2] for pair in pairs]), np.ones(len(pairs), bool), np.zeros((len(pairs), 0), np.int8)
    )


# Ten people in a register that holds each once (rows 0-9), ten rows of a list (10-19), most with a sure mate.
REGISTER, LIST = np.zeros(10, np.int64), np.ones(10, np.int64)
SOURCE, SINGLE = np.concatenate([REGISTER, LIST]), np.concatenate([REGISTER, LIST - 2])
SURE = tuple((n, n + 10, 20.0) for n in range(8))


def test_of_two_mates_only_one_can_be_right() -> None:
    scored = compete(weighed(*SURE, (8, 18, 6.0), (9, 18, 3.0)), SOURCE, SINGLE)
    probability = 1 / (1 + 2.0 ** -scored.weight[-2:])
    assert probability.sum() < 1
    assert scored.weight[-1] < 0 < scored.weight[-2]


def test_a_row_without_rivals_is_likelier_to_have_its_one_mate_where_most_rows_have_one() -> None:
    alone = weighed(*SURE, (8, 18, -1.0))
    assert compete(alone, SOURCE, SINGLE).weight[-1] > 0
    few = weighed((0, 10, 20.0), (8, 18, -1.0))
    assert compete(few, SOURCE, SINGLE).weight[-1] < 0


def test_a_row_may_have_many_mates_in_a_file_that_repeats_people() -> None:
    scored = weighed((0, 10, 5.0), (0, 11, 4.0))
    assert compete(scored, SOURCE, np.full(20, -1, np.int64)) is scored
    assert (compete(scored, SOURCE, SINGLE).weight > 3.9).all()


def test_a_rival_a_thousand_bits_away_changes_nothing() -> None:
    scored = compete(weighed((8, 18, 1000.0), (9, 18, -1000.0), (7, 18, -1000.0)), SOURCE, SINGLE)
    assert scored.weight[0] == pytest.approx(1000.0, abs=4)
    assert scored.weight[1] == pytest.approx(-2000.0, abs=4)


def test_a_row_without_a_number_is_one_owners_at_most_and_an_owner_may_have_many() -> None:
    is_known = np.array([True, True, False, False, False])
    scored = compete_for_owner(weighed((0, 2, 4.0), (1, 2, 4.0), (0, 3, 4.0), (0, 4, 4.0), (2, 3, 4.0)), is_known)
    assert (scored.weight[:2] < 0.01).all()
    assert (scored.weight[2:4] > 3.9).all()
    assert scored.weight[4] == 4.0


def test_two_known_rows_that_are_one_person_are_no_rivals() -> None:
    is_known = np.array([True, True, True, False])
    scored = compete_for_owner(weighed((0, 1, 20.0), (0, 3, 6.0), (1, 3, 5.0), (2, 3, 1.0)), is_known)
    assert (scored.weight[[1, 2]] > 3.0).all()
    assert scored.weight[3] < -3.0
