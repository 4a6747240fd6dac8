"""The chance of being entitled where income is not known, learned from those who are served.

Elkan and Noto (2008): if those served are a fair sample of those entitled, taken with chance c, then for somebody not
served with traits x, P(entitled | x, not served) = (1 - c) / c · p / (1 - p), with p = P(served | x). p comes from a
logistic regression on counted patterns of traits; c, the take-up, is a dated assumption until visits have told it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from matchers.sql import columns, literal
from matchers.stage import Engine, keep, require, stage
from schemas.findings import SERVED
from schemas.screening import PATTERN_CHANCE, PERSON_TRAIT, TRAIT, TRAIT_PATTERN, UNIT_PATTERN, VERDICT

# Prior on every trait: with few served the model leans on the base rate instead of on single cases. Pairs of traits
# and boosted trees were tried on simulated counties and told no more than the traits one by one.
PENALTY = 3.0
# Where nearly all that look alike are served, take-up is higher than assumed, and who is left is often left for a reason.
# On simulated counties about half of those above this were entitled, however far above.
MOST_CERTAIN = 0.5
# Programmes with fewer people served than this are not modelled; the criteria's shares speak instead.
LEAST_SERVED = 10


@dataclass(frozen=True)
class TakeUpModel:
    """What one programme's model is made of: its unit, its traits, and the assumed take-up."""

    programme_id: str
    unit: str
    traits: tuple[str, ...]
    take_up: float


def traits_of(model: TakeUpModel) -> str:
    """Return the select list that spells a unit's traits as one pattern."""
    own = set(PERSON_TRAIT.column_names)
    names = ", ".join(
        columns([name], of="p" if model.unit == "person" and name in own else "h") for name in model.traits
    )
    return f"concat_ws(' ', {names})"


def patterns_of(model: TakeUpModel) -> str:
    """Return each unit of one programme with its pattern and whether it is served."""
    persons = "join person_trait p on p.person_id = v.unit_id" if model.unit == "person" else ""
    return f"""
        select v.programme_id, v.unit_id, {traits_of(model)} as pattern, s.unit_id is not null as is_served, v.is_out
        from verdict v join trait h on h.household_id = v.household_id {persons}
        left join served s on s.programme_id = v.programme_id and s.unit_id = v.unit_id
        where v.programme_id = {literal(model.programme_id)}
    """


@stage(reads=(VERDICT, SERVED, TRAIT, PERSON_TRAIT), writes=UNIT_PATTERN)
def spell_patterns(models: tuple[TakeUpModel, ...]) -> str:
    """One unit and programme with the traits a model tells it by."""
    return " union all ".join(patterns_of(model) for model in models)


@stage(reads=(UNIT_PATTERN,), writes=TRAIT_PATTERN)
def count_patterns() -> str:
    """One programme and combination of traits with how many units have it and how many of those are served."""
    return """
        select programme_id, pattern, count(*) as unit_count, count(*) filter (where is_served) as served_count
        from unit_pattern where not is_out
        group by programme_id, pattern
    """


def learn_chances(db: Engine, models: tuple[TakeUpModel, ...]) -> int:
    """Make PATTERN_CHANCE from TRAIT_PATTERN, one model per programme; the same counts give the same chances."""
    require(db, TRAIT_PATTERN)
    made: dict[str, list[Any]] = {name: [] for name in PATTERN_CHANCE.column_names}
    for model in models:
        counted = db.arrays(
            "select pattern, unit_count, served_count from trait_pattern "
            f"where programme_id = {literal(model.programme_id)} order by pattern"
        )
        served_count = int(counted["served_count"].sum())
        if served_count < LEAST_SERVED or served_count == int(counted["unit_count"].sum()):
            continue
        served = served_probabilities(counted)
        made["programme_id"] += [model.programme_id] * len(served)
        made["pattern"] += list(counted["pattern"])
        made["served_probability"] += list(served)
        made["probability"] += list(entitled_probabilities(served, model.take_up))
    return keep(db, PATTERN_CHANCE, typed(made))


def typed(made: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the columns with their types, so that a month without any model has a table too."""
    texts = {
        name: np.array(made[name], dtype=object) if made[name] else np.array([], dtype=str)
        for name in ("programme_id", "pattern")
    }
    return {**texts, **{name: np.array(made[name], dtype=np.float64) for name in ("served_probability", "probability")}}


def served_probabilities(counted: dict[str, Any]) -> Any:
    """Return P(served | traits) per pattern by logistic regression on the counts."""
    design = one_column_per_word(counted["pattern"])
    served = counted["served_count"].astype(np.float64)
    others = counted["unit_count"].astype(np.float64) - served
    size = design.shape[0]
    stacked = np.concatenate([np.arange(size), np.arange(size)])
    answers = np.concatenate([np.ones(size), np.zeros(size)])
    weights = np.concatenate([served, others])
    # A hundred traits and ten thousands of patterns: Newton's steps end in ten; others stop where they are still 0.008 off.
    model = LogisticRegression(C=1 / PENALTY, solver="newton-cholesky", max_iter=100, tol=1e-6)
    model.fit(design[stacked][weights > 0], answers[weights > 0], sample_weight=weights[weights > 0])
    return np.round(model.predict_proba(design)[:, 1], 6)


def one_column_per_word(patterns: Any) -> Any:
    """Return patterns of equally many words as a sparse matrix of ones, a column for each word in each place."""
    words = pc.split_pattern(pa.array(patterns, pa.string()), " ").flatten().dictionary_encode()
    codes = words.indices.to_numpy().reshape(len(patterns), -1)
    places, width = np.empty_like(codes), 0
    for place in range(codes.shape[1]):
        known, found = np.unique(codes[:, place], return_inverse=True)
        places[:, place] = width + found
        width += len(known)
    ends = np.arange(0, codes.size + 1, codes.shape[1])
    return csr_matrix((np.ones(codes.size), places.ravel(), ends), shape=(len(patterns), width))


def entitled_probabilities(served: Any, take_up: float) -> Any:
    """Return P(entitled | traits, not served) from P(served | traits) and the take-up."""
    odds = served / np.maximum(1 - served, 1e-9)
    return np.round(np.clip((1 - take_up) / take_up * odds, 0, MOST_CERTAIN), 6)
