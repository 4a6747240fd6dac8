from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matchers.errors import RuleFileError
from matchers.linkage.fields import FIELDS, LEVELS, Field
from matchers.linkage.model import CLASSES, Dependence, FieldModel, LinkModel, model_from_json


def model() -> LinkModel:
    sex = FieldModel(Field("sex", "exact"), np.array([0.02, 0.98]), np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    place = np.array([0.1, 0.1, 0.1, 0.7])
    city = FieldModel(Field("place", "text", True, (0.8, 0.9)), *(np.append(place, 0.5) / 1.5 for _ in range(3)))
    return LinkModel((sex, city), 1e-4, 1e-5, 1e6, 7)


def test_a_model_written_and_read_again_is_the_same() -> None:
    said = model().as_json()
    read = model_from_json(said)
    assert [part.field for part in read.fields] == [part.field for part in model().fields]
    assert read.as_json()["fields"]["sex"] == said["fields"]["sex"]
    assert (read.same_share, read.housemate_share, read.pair_total) == (1e-4, 1e-5, 1e6)


def test_a_model_fits_another_table_by_its_pairs_and_the_fields_it_has() -> None:
    fitted = model().fitted((Field("sex", "exact"), Field("phone", "number")), 1e8)
    assert [part.field.name for part in fitted.fields] == ["sex"]
    assert fitted.same_share == pytest.approx(1e-5)


def broken(**changed: Any) -> dict[str, Any]:
    said = model().as_json()
    said["fields"]["sex"] |= changed
    return said


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({}, "numbers are missing"),
        (broken(kind="colour"), "does not have"),
        (broken(levels=[]), "does not have"),
        (model().as_json() | {"same_share": 2}, "between 0 and 1"),
        (broken(levels=[{"level": n, "same": 0, "housemate": 1, "stranger": 1} for n in LEVELS["exact"]]), "positive"),
    ],
)
def test_a_model_that_is_none_is_refused(said: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleFileError, match=why):
        model_from_json(said)


def test_a_model_with_the_levels_of_an_older_version_is_refused() -> None:
    older = model().as_json()
    older["fields"]["place"]["levels"] = [
        level for level in older["fields"]["place"]["levels"] if level["level"] != "one inside the other"
    ]
    with pytest.raises(RuleFileError, match="place by levels this version does not have"):
        model_from_json(older)


def test_every_field_has_a_kind_with_levels() -> None:
    assert all(field.kind in LEVELS for field in FIELDS)


def test_what_strangers_share_is_written_read_and_fitted_with_the_model() -> None:
    parts = model().fields
    shares = np.linspace(0.0, 1.0, CLASSES)
    depends = Dependence("place", "sex", np.array([-1.0, 0.5]))
    learnt = LinkModel((replace(parts[0], coincidence=shares), parts[1]), 1e-4, 1e-5, 1e6, 7, (depends,))
    read = model_from_json(learnt.as_json())
    assert read.fields[0].coincidence is not None
    assert read.fields[0].coincidence.tolist() == pytest.approx(shares.tolist(), abs=1e-6)
    assert (read.dependences[0].cause, read.dependences[0].effect) == ("place", "sex")
    assert read.dependences[0].nats.tolist() == [-1.0, 0.5]
    assert read.fitted((Field("sex", "exact"),), 1e6).dependences == ()
    older = learnt.as_json()
    del older["dependences"], older["fields"]["sex"]["coincidence"]
    assert model_from_json(older).fields[0].coincidence is None
    with pytest.raises(RuleFileError, match="shares of strangers"):
        model_from_json(broken(coincidence=[2.0] * CLASSES))
    with pytest.raises(RuleFileError, match="numbers are missing"):
        model_from_json(learnt.as_json() | {"dependences": [{"cause": "x", "effect": "sex", "nats": [0, 0]}]})
