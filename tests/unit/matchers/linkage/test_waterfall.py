from __future__ import annotations

from typing import Any

import pytest

from matchers.linkage.waterfall import waterfall

MODEL = {"prior_bits": -10.0, "fields": {"sex": {"levels": [{"level": "different"}, {"level": "equal"}]}}}


def pair(weight: float, probability: float) -> dict[str, Any]:
    said = {"blocking_rule": "sex", "bits_sex": 1.0, "bits_housemate": -0.5, "bits_phone": None, "pattern": "1"}
    return {**said, "match_weight": weight, "match_probability": probability}


def test_what_rivals_and_the_cluster_say_are_steps_of_their_own_and_all_add_up() -> None:
    steps = waterfall(MODEL, pair(-6.5, 0.5))
    assert (steps.prior, steps.rivals, steps.together) == (-10.0, 3.0, 6.5)
    total = steps.prior + steps.housemate + steps.rivals + steps.together + sum(step.bits for step in steps.steps)
    assert total == pytest.approx(steps.total) == pytest.approx(0.0)


def test_a_pair_weighed_alone_has_neither() -> None:
    steps = waterfall(MODEL, pair(-9.48, 0.001399))
    assert (steps.prior, steps.rivals, steps.together) == (-9.98, 0.0, 0.0)
