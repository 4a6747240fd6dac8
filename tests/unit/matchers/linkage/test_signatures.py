from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from matchers.linkage.comparison import WAYS
from matchers.linkage.signatures import CEILINGS, fewest_slips, jaro_winkler_ceiling, sign

TEXT = st.text(alphabet="abcxyz 019é王红军", min_size=1, max_size=14).map(str.strip).filter(bool)


@given(TEXT, TEXT)
def test_a_ceiling_is_never_below_what_comparing_the_texts_finds(one: str, other: str) -> None:
    values = np.array([one, other], dtype=object)
    signs, left, right = sign(values), np.array([0], np.int32), np.array([1], np.int32)
    assert jaro_winkler_ceiling(signs, left, right)[0] >= JaroWinkler.similarity(one, other) - 1e-5
    assert fewest_slips(signs, left, right)[0] <= OSA.distance(one, other)
    for kind, ceiling in CEILINGS.items():
        if one != other:
            found = WAYS[kind](values[:1], values[1:])[0]
            assert ceiling(signs, left, right)[0] >= found, kind


def test_no_value_has_no_signature() -> None:
    assert len(sign(np.array([], dtype=object)).length) == 0
