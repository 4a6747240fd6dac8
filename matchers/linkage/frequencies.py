"""How much rarer it is to agree on one value than to agree at all, by how many records have it and who they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchers.linkage.coded import CodedColumn
from matchers.linkage.comparison import Comparer
from matchers.linkage.fields import Field
from matchers.linkage.model import CLASSES, LN2, FieldModel, LinkModel, Reals
from matchers.linkage.threads import in_threads

ONE_EACH = 8  # classes of values that so few records have; above, two for every doubling
MOST_RARITY_BITS = 6.0
LEAST_STRANGERS = 0.02  # records of somebody else with a value; fewer cannot be told from none
PSEUDO_PAIRS, PAIRS_OF_NEIGHBOUR = 0.3, 10.0


def count_class(counts: Reals) -> NDArray[np.int64]:
    """Return the class of values that so many records have."""
    above = ONE_EACH + np.ceil(2.0 * np.log2(np.maximum(counts, ONE_EACH) / ONE_EACH))
    return np.where(counts <= ONE_EACH, counts, np.minimum(above, CLASSES - 1)).astype(np.int64)


def source_counts(column: CodedColumn, sources: NDArray[np.int64]) -> Reals:
    """Return how many records of each source have each value."""
    width = int(sources.max(initial=0)) + 1
    there = column.codes >= 0
    flat = np.bincount(column.codes[there] * width + sources[there], minlength=len(column.texts) * width)
    return flat.reshape(len(column.texts), width).astype(float)


def agreeing_pairs(comparer: Comparer, field: Field) -> tuple[Reals, Reals]:
    """Return for each value how many pairs agree on it, and the chance that a record with it meets another with it."""
    counts, total = comparer.frequencies(field)
    if comparer.source is None or not field.is_counted:
        return counts * (counts - 1) / 2, np.maximum(counts - 1.0, 0.0) / (total - 1.0)
    by_source = source_counts(comparer.columns[field.name], comparer.source)
    sizes = by_source.sum(0)
    across = counts**2 - (by_source**2).sum(1)
    pairs = max(float(sizes.sum() ** 2 - (sizes**2).sum()), 1.0)
    return across / 2, across / pairs * float(sizes.sum()) / np.maximum(counts, 1.0)


def class_of_values(comparer: Comparer, field: Field) -> tuple[NDArray[np.int8], Reals]:
    """Return the class of each value's count, and how many pairs agree on a value by class; both are worked out once."""
    if field.name not in comparer.classes:
        counts, _ = comparer.frequencies(field)
        classes = count_class(counts)
        possible = np.bincount(classes, agreeing_pairs(comparer, field)[0], CLASSES).astype(np.float64)
        comparer.classes[field.name] = classes.astype(np.int8), possible
    return comparer.classes[field.name]


def rarity(model: LinkModel, comparer: Comparer) -> list[Reals]:
    """Return per field, for each value, how much rarer (in nats) strangers agree on it than on any value.

    The records of one person share a value as a matter of course. How many of the pairs that agree on a value of so many
    records are strangers was learnt: a phone that three records have is mostly one person's, a given name is not. Where it
    was not, the records of one person expected among them are taken off.
    """

    def of_field(part: FieldModel) -> Reals:
        counts, total = comparer.frequencies(part.field)
        if part.coincidence is None:
            others = counts - 1.0
            twins = model.same_share * total * float(part.same[-1])
            chance = np.maximum(np.maximum(others - twins, others * 0.1), 0.25) / (total - 1.0)
        else:
            pairs, meeting = agreeing_pairs(comparer, part.field)
            chance = (
                meeting * part.coincidence[class_of_values(comparer, part.field)[0]] * repeated_share(counts, pairs)
            )
            chance = np.maximum(chance, LEAST_STRANGERS / total)
        top = float(part.stranger[part.field.first_equal :].sum())
        rare: Reals = np.clip(np.log(chance / top), -MOST_RARITY_BITS * LN2, MOST_RARITY_BITS * LN2)
        return rare

    return in_threads(of_field, model.fields)


def repeated_share(counts: Reals, pairs: Reals) -> float:
    """Return the share of records whose value another record may have as well: no pair agrees on any other value.

    One person's two records agree on some value that is repeated. Held to agree on any value of the table, they would agree
    on each as seldom as if all its records were in such pairs.
    """
    return float(counts[pairs > 0].sum() / max(float(counts.sum()), 1.0)) or 1.0


def coincidence(comparer: Comparer, field: Field, agreeing: tuple[NDArray[Any], Reals, Reals]) -> Reals:
    """Return the share of strangers among pairs that agree on a value, by the class of its count.

    `agreeing` holds the codes the drawn pairs agree on, how many pairs each stands for, and its chance to be strangers.
    Pairs no rule proposed are strangers' as well.
    """
    codes, weight, stranger = agreeing
    of_value, possible = class_of_values(comparer, field)
    of_pair = of_value[codes]
    known = np.bincount(of_pair, weight * (1.0 - stranger), CLASSES).astype(np.float64)
    strangers = np.bincount(of_pair, weight * stranger, CLASSES).astype(np.float64)
    every = known + strangers
    if field.is_counted:
        strangers, every = np.maximum(possible - known, strangers), np.maximum(possible, every)
    return smoothed(strangers, every)


def smoothed(strangers: Reals, every: Reals) -> Reals:
    """Return shares by class; a class of few pairs leans on the one below it."""
    result = np.ones(CLASSES)
    before, belief = 1.0, PSEUDO_PAIRS
    for place in range(2, CLASSES):
        before = float((strangers[place] + belief * before) / (every[place] + belief))
        result[place] = min(max(before, 0.0), 1.0)
        belief = PAIRS_OF_NEIGHBOUR
    return result
