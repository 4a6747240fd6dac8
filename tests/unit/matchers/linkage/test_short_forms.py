from __future__ import annotations

import numpy as np

from matchers.linkage.short_forms import pair_short_forms


def test_a_name_and_its_short_form_are_found_whichever_comes_first() -> None:
    values = np.array(["bob", "robert", "rob", "anna"], dtype=object)
    pairs = pair_short_forms(values, frozenset({("robert", "bob"), ("robert", "rob"), ("william", "bill")}))
    one, other = np.array([0, 1, 0, 3], np.int32), np.array([1, 2, 2, 1], np.int32)
    assert pairs.hold(one, other).tolist() == [True, True, False, False]


def test_a_column_without_short_forms_has_no_pair() -> None:
    pairs = pair_short_forms(np.array(["anna"], dtype=object), frozenset({("robert", "bob")}))
    assert pairs.hold(np.zeros(1, np.int32), np.zeros(1, np.int32)).tolist() == [False]
