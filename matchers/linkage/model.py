"""The linkage model: how often each level of agreement occurs among same persons, housemates and strangers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.fields import LEVELS, Field

Reals = NDArray[np.float64]
LN2 = float(np.log(2.0))


@dataclass(frozen=True)
class FieldModel:
    """One field's probabilities per level for the three classes of pairs."""

    field: Field
    same: Reals
    housemate: Reals
    stranger: Reals

    @property
    def bits(self) -> Reals:
        """What each level adds, in bits, when strangers are the only alternative."""
        result: Reals = (np.log(self.same) - np.log(self.stranger)) / LN2
        return result


@dataclass(frozen=True)
class LinkModel:
    """Everything learnt: the field models and how common the classes are among all pairs that may be compared."""

    fields: tuple[FieldModel, ...]
    same_share: float
    housemate_share: float
    pair_total: float
    iterations: int

    @property
    def prior_bits(self) -> float:
        """Log2 odds that two records drawn at random are one person."""
        return float(np.log2(self.same_share) - np.log2(1.0 - self.same_share))

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as plain values, rounded so that they do not depend on the machine's last digit."""
        return {
            "same_share": significant(self.same_share),
            "housemate_share": significant(self.housemate_share),
            "pair_total": round(self.pair_total),
            "iterations": self.iterations,
            "fields": {model.field.name: field_json(model) for model in self.fields},
        }


def field_json(model: FieldModel) -> dict[str, Any]:
    """Return one field's probabilities by level."""
    levels = [
        {
            "level": name,
            "same": significant(m),
            "housemate": significant(h),
            "stranger": significant(u),
            "bits": round(float(b), 3),
        }
        for name, m, h, u, b in zip(
            LEVELS[model.field.kind], model.same, model.housemate, model.stranger, model.bits, strict=True
        )
    ]
    return {"kind": model.field.kind, "is_shared": model.field.is_shared, "levels": levels}


def significant(value: float) -> float:
    """Return a number with six significant digits."""
    return float(f"{value:.6g}")
