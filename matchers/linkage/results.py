"""Turns what the engine found into the contracted tables of pairs and clusters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.linkage.comparison import SPOKEN
from matchers.linkage.engine import Linkage
from matchers.linkage.proposing import Pairs
from matchers.linkage.together import fit, together
from matchers.linkage.typed_columns import texts
from matchers.sql import literal
from matchers.stage import Engine, keep, stage
from schemas.links import (
    LINK_CLUSTER,
    LINK_INPUT_ROLES,
    LINK_LABEL,
    LINK_PAIR,
    LINK_ROW,
    LINK_WEIGHT,
)

LEAST_REPORTED = 0.01  # probability below which a pair is reported only if its cluster holds it


def keep_results(db: Engine, linkage: Linkage) -> None:
    """Make `link_pair` and `link_cluster`."""
    keep_labels(db, linkage)
    keep_weights(db, linkage)
    name_pairs(db)
    name_clusters(db)


def keep_labels(db: Engine, linkage: Linkage) -> None:
    """Make `link_label`: the cluster of each row and how well the row fits it."""
    rows = np.arange(len(linkage.labels), dtype=np.int32)
    values = {"row": rows, "cluster_row": linkage.labels.astype(np.int32), "confidence": confidence(linkage)}
    keep(db, LINK_LABEL, values)


def confidence(linkage: Linkage) -> NDArray[np.float64]:
    """Return the probability behind a row's average weight to the rest of its cluster; 1 for a row alone."""
    labels = linkage.labels
    is_alone = np.bincount(labels, minlength=len(labels))[labels] == 1
    return np.where(is_alone, 1.0, np.round(probability(fit(labels, linkage.scored)), 6))


def probability(bits: NDArray[Any]) -> NDArray[np.float64]:
    """Return log2 odds as a probability."""
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp2(-np.clip(bits, -500, 500)))
    return result


def keep_weights(db: Engine, linkage: Linkage) -> None:
    """Make `link_weight` for the pairs worth reporting."""
    scored = linkage.scored
    inside = linkage.labels[scored.pairs.left] == linkage.labels[scored.pairs.right]
    chosen = inside | (scored.is_exact & (probability(scored.weight) >= LEAST_REPORTED))
    pairs = scored.pairs.take(chosen)
    sure = together(linkage.labels, scored)[chosen]
    names = np.array([rule.name for rule in linkage.rules] or [""], dtype=object)
    values: dict[str, Any] = {
        "row_l": pairs.left,
        "row_r": pairs.right,
        "blocking_rule": pa.array(names, pa.string()).take(pa.array(pairs.rule)),
        "match_weight": np.round(scored.weight[chosen], 4),
        "match_probability": np.round(probability(sure), 6),
        **evidence(linkage, pairs),
    }
    keep(db, LINK_WEIGHT, values)


def evidence(linkage: Linkage, pairs: Pairs) -> dict[str, Any]:
    """Return the bits of each role's field, all missing where the field is not compared."""
    result: dict[str, Any] = {role: pa.nulls(len(pairs), pa.float64()) for role in LINK_INPUT_ROLES}
    if linkage.scorer is None:
        return {**result, "housemate": np.zeros(len(pairs)), "pattern": texts(np.full(len(pairs), "", dtype=object))}
    housemate, columns, levels = linkage.scorer.explain(pairs)
    for part, bits in zip(linkage.scorer.model.fields, columns, strict=True):
        result[part.field.name] = pa.array(np.round(bits, 2), from_pandas=True)
    spoken = result.pop(SPOKEN, None)
    if spoken is not None:
        result["full_name"] = pc.coalesce(spoken, result["full_name"])
    return {**result, "housemate": np.round(housemate, 2), "pattern": written(levels)}


def written(levels: NDArray[np.int8]) -> Any:
    """Return each row of levels as one text, a digit per field and - where a value is missing."""
    letters = np.frombuffer(b"-0123456789", "S1")[levels + 1]
    rows = pa.py_buffer(np.ascontiguousarray(letters))
    width = pa.binary(max(levels.shape[1], 1))
    return pa.FixedSizeBinaryArray.from_buffers(width, len(levels), [None, rows]).cast(pa.binary()).cast(pa.string())


@stage(reads=(LINK_ROW, LINK_WEIGHT), writes=LINK_PAIR)
def name_pairs() -> str:
    """Pairs by record id, with what each comparison added as JSON."""
    entries = ", ".join(
        f"""case when w.{role} is not null then {literal(f'"{role}": ')} || w.{role}::decimal(8, 2) end"""
        for role in LINK_INPUT_ROLES
    )
    household = """case when w.housemate <= -0.01 then '"housemate": ' || w.housemate::decimal(8, 2) end"""
    return f"""
        select l.record_id as record_id_l, r.record_id as record_id_r, w.blocking_rule, w.match_weight, w.match_probability,
            '{{' || concat_ws(', ', {entries}, {household}) || '}}' as evidence, w.pattern
        from link_weight w
        join link_row l on l.row = w.row_l
        join link_row r on r.row = w.row_r"""


@stage(reads=(LINK_LABEL, LINK_ROW), writes=LINK_CLUSTER)
def name_clusters() -> str:
    """Clusters by record id."""
    return """
        select v.record_id, c.record_id as cluster_id, b.confidence
        from link_label b
        join link_row v on v.row = b.row
        join link_row c on c.row = b.cluster_row"""


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
