"""Gathers what the linkage report shows: typical pairs, and calibration where truth is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.outputs.link_report import LinkFigures
from flows.outputs.words import Words
from matchers.errors import LinkInputError
from matchers.linkage.diagnosis import diagnose
from matchers.linkage.engine import Linkage, LinkSettings
from matchers.linkage.waterfall import Waterfall, waterfall
from schemas.links import LINK_PAIR

SHOWN = tuple(name for name in LINK_PAIR.column_names if not name.startswith("record_id"))
ORDER = "record_id_l, record_id_r"
HOUSEMATE = "bits_housemate"


def gather_figures(
    db: DuckEngine, linkage: Linkage, settings: LinkSettings, said: tuple[dict[str, Any], Path | None, str]
) -> LinkFigures:
    """Return what the report shows; `said` are the counts, the file of truth, and the language."""
    summary, truth, lang = said
    model = linkage.model.as_json() if linkage.model else None
    return LinkFigures(
        words=Words(lang),
        model=model,
        diagnosis=diagnose(linkage, settings),
        typical=typical_pairs(db, model, settings.threshold_bits) if model else (),
        calibration=calibrate(db, truth) if truth else None,
        summary=summary,
        threshold=settings.threshold,
        threshold_bits=settings.threshold_bits,
    )


def typical_pairs(db: DuckEngine, model: dict[str, Any], threshold: float) -> tuple[tuple[str, Waterfall], ...]:
    """Return up to four different pairs: a clear link, the two nearest the threshold, and one of likely housemates."""
    above, below = f"match_weight > {threshold!r}", f"match_weight <= {threshold!r}"
    middle = f"(select quantile_disc(match_weight, 0.5) from link_pair where {above})"
    wanted = {
        "clear_link": (f"{above} and match_weight >= {middle}", "match_weight"),
        "weakest_link": (above, "match_weight"),
        "nearest_miss": (below, "match_weight desc"),
        "housemate_pair": (f"{HOUSEMATE} < -1", HOUSEMATE),
    }
    found: dict[tuple[str, str], tuple[str, Waterfall]] = {}
    for kind, (condition, order) in wanted.items():
        query = f"select {ORDER}, {', '.join(SHOWN)} from link_pair where {condition} order by {order}, {ORDER} limit 1"
        for left, right, *values in db.rows(query):
            found.setdefault((left, right), (kind, waterfall(model, dict(zip(SHOWN, values, strict=True)))))
    return tuple(found.values())


def calibrate(db: DuckEngine, truth: Path) -> dict[str, Any]:
    """Return the calibration of reported pairs, and pair precision and recall of the persons, against known truth."""
    bring_truth(db, truth)
    bins = db.rows(
        "with judged as (select p.match_probability as said, (l.entity_id = r.entity_id)::integer as is_true "
        "from link_pair p join truth l on l.record_id = p.record_id_l join truth r on r.record_id = p.record_id_r) "
        "select least(floor(said * 10), 9)::integer as bin, count(*), sum(said::decimal(9, 6)), sum(is_true) "
        "from judged group by bin order by bin"
    )
    counted = [{"bin": b, "pairs": n, "said": float(s) / n, "true": float(t) / n} for b, n, s, t in bins]
    total = sum(row["pairs"] for row in counted)
    ece = sum(row["pairs"] * abs(row["said"] - row["true"]) for row in counted) / max(total, 1)
    right, held, true = (pairs_within(db, by) for by in ("cluster_id, entity_id", "cluster_id", "entity_id"))
    return {"bins": counted, "ece": ece, "precision": right / max(held, 1), "recall": right / max(true, 1)}


def bring_truth(db: DuckEngine, truth: Path) -> None:
    """Let `truth` stand for the entity of each record; raises LinkInputError where the file does not say it."""
    if not truth.is_file() or truth.suffix != ".parquet":
        raise LinkInputError(
            f"{truth.name} is not there or not Parquet. Truth is Parquet with record_id and entity_id."
        )
    try:
        db.view("truth_file", str(truth))
    except Exception:  # whatever the reader says may quote a value
        raise LinkInputError(f"{truth.name} cannot be read as Parquet.") from None
    if not {"record_id", "entity_id"} <= set(db.column_types("truth_file")):
        raise LinkInputError(f"{truth.name} has no columns record_id and entity_id.")
    db.create(
        "truth",
        "select t.record_id::varchar as record_id, t.entity_id::varchar as entity_id, c.cluster_id "
        "from truth_file t join link_cluster c on c.record_id = t.record_id::varchar",
    )


def pairs_within(db: DuckEngine, columns: str) -> int:
    """Return how many pairs of records agree on the columns."""
    query = f"select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from truth group by {columns})"
    return int(db.rows(query)[0][0])
