from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from matchers.linkage.plain_texts import MOST_LETTERS, NOT_PLAIN, jaro_winkler, slips

PLAIN = st.text(alphabet="ab 1-z", min_size=1, max_size=MOST_LETTERS)
ONE, OTHER = np.array([0], np.int32), np.array([1], np.int32)


@given(PLAIN, PLAIN)
def test_plain_texts_are_as_alike_as_the_library_says(one: str, other: str) -> None:
    texts = pa.array([one, other])
    assert jaro_winkler(texts, ONE, OTHER)[0] == pytest.approx(JaroWinkler.similarity(one, other), abs=1e-12)
    assert slips(texts, ONE, OTHER)[0] == OSA.distance(one, other)


@given(st.lists(st.tuples(PLAIN, st.integers(0, 3)), min_size=2, max_size=20))
def test_what_was_compared_before_leaves_no_trace(drawn: list[tuple[str, int]]) -> None:
    texts = [text[cut:] + text[:cut] for text, cut in drawn]
    ahead, behind = np.arange(len(texts) - 1, dtype=np.int32), np.arange(1, len(texts), dtype=np.int32)
    found = jaro_winkler(pa.array(texts), ahead, behind), slips(pa.array(texts), ahead, behind)
    said = [(JaroWinkler.similarity(a, b), OSA.distance(a, b)) for a, b in pairwise(texts)]
    assert np.stack(found, 1).tolist() == [pytest.approx(each, abs=1e-12) for each in said]


@pytest.mark.parametrize("text", ["", "é", "王伟", "a" * (MOST_LETTERS + 1)])
@pytest.mark.parametrize("place", [0, 1])
def test_other_texts_are_left_to_the_library(text: str, place: int) -> None:
    texts = pa.array(["plain", text] if place else [text, "plain"])
    assert jaro_winkler(texts, ONE, OTHER)[0] == slips(texts, ONE, OTHER)[0] == NOT_PLAIN


def test_a_part_of_an_array_is_read_from_where_it_begins() -> None:
    texts = pa.array(["x", "anna", "hanna"]).slice(1)
    assert slips(texts, ONE, OTHER)[0] == 1
