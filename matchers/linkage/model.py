"""The linkage model: how often each level of agreement occurs among same persons, housemates and strangers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.errors import RuleFileError
from matchers.linkage.fields import LEVELS, Field

Reals = NDArray[np.float64]
LN2 = float(np.log(2.0))
CLASSES = 24  # of values by how many records have them


@dataclass(frozen=True)
class FieldModel:
    """One field's probabilities per level for the three classes of pairs.

    `coincidence` is the share of strangers among pairs with equal values, by the class of how many records have the value;
    None where it was not learnt.
    """

    field: Field
    same: Reals
    housemate: Reals
    stranger: Reals
    coincidence: Reals | None = None

    @property
    def bits(self) -> Reals:
        """What each level adds, in bits, when strangers are the only alternative."""
        result: Reals = (np.log(self.same) - np.log(self.stranger)) / LN2
        return result


@dataclass(frozen=True)
class Dependence:
    """What strangers who are equal in one field add in another, by its level, in nats: two Annas are both women."""

    cause: str
    effect: str
    nats: Reals


@dataclass(frozen=True)
class LinkModel:
    """Everything learnt: the field models and how common the classes are among all pairs that may be compared."""

    fields: tuple[FieldModel, ...]
    same_share: float
    housemate_share: float
    pair_total: float
    iterations: int
    dependences: tuple[Dependence, ...] = ()

    @property
    def prior_bits(self) -> float:
        """Log2 odds that two records drawn at random are one person."""
        return float(np.log2(self.same_share) - np.log2(1.0 - self.same_share))

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as plain values, rounded so that they do not depend on the machine's last digit."""
        return {
            "prior_bits": round(self.prior_bits, 3),
            "same_share": significant(self.same_share),
            "housemate_share": significant(self.housemate_share),
            "pair_total": round(self.pair_total),
            "iterations": self.iterations,
            "fields": {model.field.name: field_json(model) for model in self.fields},
            "dependences": [
                {"cause": one.cause, "effect": one.effect, "nats": [round(float(nats), 6) for nats in one.nats]}
                for one in self.dependences
            ],
        }

    def fitted(self, fields: tuple[Field, ...], pair_total: float) -> LinkModel:
        """Return the model for another table: its comparisons that the table allows, and its own chance of a link.

        Links grow with the records and pairs with their square, so the share of links falls with the root of the pairs.
        """
        there = {(field.name, field.kind) for field in fields}
        parts = tuple(part for part in self.fields if (part.field.name, part.field.kind) in there)
        names = {part.field.name for part in parts}
        kept = tuple(one for one in self.dependences if {one.cause, one.effect} <= names)
        scale = float(np.sqrt(self.pair_total / max(pair_total, 1.0)))
        shares = (min(share * scale, 0.2) for share in (self.same_share, self.housemate_share))
        same, housemate = shares
        return replace(
            self, fields=parts, same_share=same, housemate_share=housemate, pair_total=pair_total, dependences=kept
        )


def model_from_json(content: Mapping[str, Any]) -> LinkModel:
    """Return the model a JSON file holds; raises RuleFileError where its levels are not those this version compares by."""
    try:
        fields = tuple(field_from_json(name, said) for name, said in content["fields"].items())
        shares = (float(content["same_share"]), float(content["housemate_share"]), float(content["pair_total"]))
        dependences = tuple(dependence_from_json(said, fields) for said in content.get("dependences", ()))
        model = LinkModel(fields, *shares, int(content["iterations"]), dependences)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RuleFileError(
            "this is not a model: numbers are missing. Take the model.json of a link or train."
        ) from None
    if not (0 < model.same_share < 1 and 0 <= model.housemate_share < 1 and model.pair_total >= 1):
        raise RuleFileError("this is not a model: its shares are not between 0 and 1.")
    return model


def field_from_json(name: str, said: Mapping[str, Any]) -> FieldModel:
    """Return one field's model."""
    kind = str(said["kind"])
    if tuple(level["level"] for level in said["levels"]) != LEVELS.get(kind):
        raise RuleFileError(f"the model compares {name} by levels this version does not have. Train a new one.")
    classes = [np.array([float(level[what]) for level in said["levels"]]) for what in ("same", "housemate", "stranger")]
    if not all(np.isfinite(each).all() and (each > 0).all() and abs(each.sum() - 1) < 0.01 for each in classes):
        raise RuleFileError(f"the model's probabilities of {name} are not positive numbers that add up to one.")
    what = Field(name, kind, bool(said["is_shared"]), tuple(float(bound) for bound in said.get("bounds", ())))
    if "coincidence" not in said:
        return FieldModel(what, *classes)
    coincidence = np.array([float(share) for share in said["coincidence"]])
    if len(coincidence) != CLASSES or not ((coincidence >= 0) & (coincidence <= 1)).all():
        raise RuleFileError(f"the model's shares of strangers with equal {name} are not {CLASSES} shares.")
    same, housemate, stranger = classes
    return FieldModel(what, same, housemate, stranger, coincidence)


def dependence_from_json(said: Mapping[str, Any], fields: tuple[FieldModel, ...]) -> Dependence:
    """Return one dependence; raises ValueError where it does not fit the fields."""
    levels = {part.field.name: part.field.levels for part in fields}
    nats = np.array([float(value) for value in said["nats"]])
    if said["cause"] not in levels or len(nats) != levels.get(said["effect"]) or not np.isfinite(nats).all():
        raise ValueError("a dependence does not fit the fields")
    return Dependence(str(said["cause"]), str(said["effect"]), nats)


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
    own = {"bounds": list(model.field.bounds)} if model.field.bounds else {}
    learnt = model.coincidence
    more = {} if learnt is None else {"coincidence": [significant(float(share)) for share in learnt]}
    return {"kind": model.field.kind, "is_shared": model.field.is_shared, **own, "levels": levels, **more}


def significant(value: float) -> float:
    """Return a number with six significant digits."""
    return float(f"{value:.6g}")
