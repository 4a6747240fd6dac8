"""Turns what the engine found into the contracted tables of pairs and clusters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.linkage.clustering import pairs_inside
from matchers.linkage.comparison import SPOKEN
from matchers.linkage.engine import Linkage
from matchers.linkage.scoring import CHUNK, Scored, Scorer
from matchers.linkage.threads import in_threads
from matchers.linkage.together import fit, together
from matchers.stage import Engine, keep
from schemas.links import (
    LINK_CLUSTER,
    LINK_INPUT_ROLES,
    LINK_LABEL,
    LINK_PAIR,
    LINK_WEIGHT,
)

LEAST_REPORTED = 0.01  # probability below which a pair is reported only if its cluster holds it
LEAST_BITS = -8.0  # well below that probability: a pair under it need not be asked for its own


def keep_results(db: Engine, linkage: Linkage) -> None:
    """Make `link_pair` and `link_cluster`, in order of their record ids, and both by row number."""
    names, reported = record_ids(db, len(linkage.labels)), worth_reporting(linkage)
    place = fit(linkage.labels, reported)
    keep_clusters(db, linkage.labels, confidence(linkage.labels, place), names)
    keep_pairs(db, linkage, (reported, place), names)


def worth_reporting(linkage: Linkage) -> Scored:
    """Return the pairs within a cluster, and the others that are not next to impossible, as they were weighed."""
    scored, labels = linkage.scored, linkage.labels
    chosen = np.zeros(len(scored.pairs), bool)
    chosen[pairs_inside(labels, scored.pairs.left, scored.pairs.right)] = True
    exact = np.flatnonzero(scored.is_exact & (scored.weight > LEAST_BITS))
    chosen[exact[probability(scored.weight[exact]) >= LEAST_REPORTED]] = True
    return scored.take(chosen)


def record_ids(db: Engine, row_count: int) -> Any:
    """Return the record id of each row."""
    found = db.columns("select row, record_id from link_row")
    place = np.empty(row_count, np.int64)
    place[found["row"].to_numpy()] = np.arange(row_count)
    return found["record_id"].combine_chunks().take(pa.array(place))


def named(names: Any, places: NDArray[Any]) -> Any:
    """Return the names at these places, each name held once."""
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32, copy=False)), names)


def keep_clusters(db: Engine, labels: NDArray[np.int64], sure: NDArray[np.float64], names: Any) -> None:
    """Make `link_label` and `link_cluster`: the cluster of each row and how well the row fits it."""
    rows = np.arange(len(labels), dtype=np.int32)
    keep(db, LINK_LABEL, {"row": rows, "cluster_row": labels.astype(np.int32), "confidence": sure})
    keep(db, LINK_CLUSTER, {"record_id": names, "cluster_id": named(names, labels), "confidence": sure})


def confidence(labels: NDArray[np.int64], place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability behind a row's average weight to the rest of its cluster; 1 for a row alone."""
    is_alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    return np.where(is_alone, 1.0, np.round(probability(place), 6))


def probability(bits: NDArray[Any]) -> NDArray[np.float64]:
    """Return log2 odds as a probability."""
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp2(-np.clip(bits, -500, 500)))
    return result


def keep_pairs(db: Engine, linkage: Linkage, found: tuple[Scored, NDArray[np.float64]], names: Any) -> None:
    """Make `link_weight` and `link_pair` for the pairs worth reporting, found with each row's place in its cluster."""
    reported, place = found
    if linkage.scorer is not None:
        reported = linkage.scorer.completed(reported)
        linkage.scorer.forget()
    pairs, weight = reported.pairs, np.round(reported.weight, 4)
    keep(db, LINK_WEIGHT, {"row_l": pairs.left, "row_r": pairs.right, "match_weight": weight})
    rules = pa.array([rule.name for rule in linkage.rules] or [""], pa.string())
    values = {
        "record_id_l": named(names, pairs.left),
        "record_id_r": named(names, pairs.right),
        "blocking_rule": named(rules, pairs.rule),
        "match_weight": weight,
        "match_probability": np.round(probability(together(linkage.labels, reported, place)), 6),
    }
    keep(db, LINK_PAIR, {**values, **evidence(linkage, reported)})


def evidence(linkage: Linkage, reported: Scored) -> dict[str, Any]:
    """Return the pattern of each pair and the bits of each role, all missing where the role is not compared."""
    count = len(reported.pairs)
    result: dict[str, Any] = {f"bits_{role}": pa.nulls(count, pa.float32()) for role in LINK_INPUT_ROLES}
    if linkage.scorer is None:
        nothing = pa.array([""] * count, pa.string())
        return {**result, "bits_housemate": np.zeros(count, np.float32), "pattern": nothing}
    housemate, *columns = rounded_bits(linkage.scorer, reported)
    for what, bits in zip(linkage.scorer.fields, columns, strict=True):
        result[f"bits_{what.name}"] = pa.array(bits, from_pandas=True)
    spoken = result.pop(f"bits_{SPOKEN}", None)
    if spoken is not None:
        result["bits_full_name"] = pc.coalesce(spoken, result["bits_full_name"])
    return {**result, "bits_housemate": housemate, "pattern": written(reported.levels)}


def rounded_bits(scorer: Scorer, reported: Scored) -> list[NDArray[np.float32]]:
    """Return the bits taken off for housemates and each field's bits, NaN where missing, to two decimals."""

    def some(start: int) -> list[NDArray[np.float32]]:
        part = slice(start, start + CHUNK)
        housemate, columns = scorer.explain(reported.pairs.take(part), reported.levels[part])
        return [np.round(bits, 2).astype(np.float32) for bits in (housemate, *columns)]

    nothing = [np.zeros(0, np.float32)] * (1 + len(scorer.fields))
    return [
        np.concatenate(parts)
        for parts in zip(nothing, *in_threads(some, range(0, len(reported.pairs), CHUNK)), strict=True)
    ]


def written(levels: NDArray[np.int8]) -> Any:
    """Return each row of levels as one text, a digit per field and - where a value is missing."""
    letters = np.frombuffer(b"-0123456789", "S1")[levels + 1]
    rows = pa.py_buffer(np.ascontiguousarray(letters))
    width = pa.binary(max(levels.shape[1], 1))
    return pa.FixedSizeBinaryArray.from_buffers(width, len(levels), [None, rows]).cast(pa.binary()).cast(pa.string())


def summarise(db: Engine, linkage: Linkage) -> dict[str, Any]:
    """Return counts of records, pairs, links and clusters."""
    sizes = np.bincount(linkage.labels)
    sizes = sizes[sizes > 0]
    by_size = np.bincount(np.minimum(sizes, 10)) if len(sizes) else np.zeros(0, int)
    reported, likely = db.rows("select count(*), count(*) filter (where match_probability >= 0.5) from link_pair")[0]
    return {
        "records": len(linkage.labels),
        "persons": len(sizes),
        "pairs_compared": len(linkage.scored.pairs),
        "pairs_reported": int(reported),
        "pairs_likely": int(likely),
        "blocking_rules": len(linkage.rules),
        "fields": [field.name for field in linkage.table.fields],
        "persons_by_record_count": {f"{n}" if n < 10 else "10+": int(c) for n, c in enumerate(by_size) if c},
    }
