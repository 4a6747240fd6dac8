"""One pair step by step: the prior, what each comparison adds, what housemates take off, what others say, and the sum."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MISSING = "-"
ROUNDING = 0.05  # bits that steps rounded to hundredths may leave over
NEARLY_SURE = 13.0  # bits above which a rounded probability no longer tells how sure
BITS = "bits_"
SPOKEN = "spoken_name"  # its bits stand under the full name's


@dataclass(frozen=True)
class Step:
    """One comparison: the field, the level reached (None where a value is missing), and its bits."""

    field: str
    level: str | None
    bits: float


@dataclass(frozen=True)
class Waterfall:
    """One pair: who proposed it, from the prior over the comparisons to the total, all in bits (log2 odds).

    `rivals` is what whom the source is about, and other pairs of the same record, add; `together` what the other records of
    the cluster add.
    """

    rule: str
    prior: float
    steps: tuple[Step, ...]
    housemate: float
    rivals: float
    together: float
    total: float
    probability: float

    def as_json(self) -> dict[str, Any]:
        """Return plain values; no value of a person is among them."""
        steps = [{"field": step.field, "level": step.level, "bits": step.bits} for step in self.steps]
        return {
            "blocking_rule": self.rule,
            "prior_bits": self.prior,
            "comparisons": steps,
            "housemate_bits": self.housemate,
            "rivals_bits": self.rivals,
            "together_bits": self.together,
            "total_bits": self.total,
            "probability": self.probability,
        }


def waterfall(model: Mapping[str, Any], pair: Mapping[str, Any]) -> Waterfall:
    """Return the steps of a row of LINK_PAIR, by the JSON of the model that weighed it."""
    bits = {name.removeprefix(BITS): float(said) for name, said in pair.items() if name.startswith(BITS) and said}
    steps = tuple(
        step_of(name, said, (letter, bits))
        for (name, said), letter in zip(model["fields"].items(), pair["pattern"] or "", strict=False)
    )
    total, housemate = float(pair["match_weight"]), round(bits.get("housemate", 0.0), 2)
    probability = float(pair["match_probability"])
    left_over = total - housemate - sum(step.bits for step in steps)
    rivals = left_over - float(model["prior_bits"])
    rivals = round(rivals, 2) if abs(rivals) > ROUNDING else 0.0
    together = round(log_odds(probability) - total, 2) if total < NEARLY_SURE else 0.0
    together = together if together > ROUNDING else 0.0
    found = (round(left_over - rivals, 2), steps, housemate, rivals, together)
    return Waterfall(str(pair["blocking_rule"]), *found, round(total + together, 2), probability)


def log_odds(probability: float) -> float:
    """Return a probability as log2 odds."""
    return math.log2(max(probability, 1e-9) / max(1.0 - probability, 1e-9))


def step_of(name: str, said: Mapping[str, Any], found: tuple[str, dict[str, float]]) -> Step:
    """Return one comparison's step."""
    letter, bits = found
    if letter == MISSING:
        return Step(name, None, 0.0)
    added = bits.get(name, bits.get("full_name", 0.0) if name == SPOKEN else 0.0)
    return Step(name, str(said["levels"][int(letter)]["level"]), round(added, 2))
