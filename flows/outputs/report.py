"""The match report: figures of the month → one HTML file that needs no network, no script and no font file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flows.engines.duckdb import DuckEngine
from flows.outputs.pages.blocks import Figures
from flows.outputs.pages.candidates import candidates_section
from flows.outputs.pages.criteria import criteria_section
from flows.outputs.pages.drift import drift_section
from flows.outputs.pages.gates import gates_section
from flows.outputs.pages.links import linkage_section
from flows.outputs.pages.overview import attention, funnel_section, headline
from flows.outputs.pages.signals import signals_section
from flows.outputs.pages.sources import sources_section
from flows.outputs.pages.supply import supply_section
from flows.outputs.rendering import render
from flows.outputs.words import Words
from flows.settings import RunSettings
from matchers.sql import columns, identifier
from schemas import quality
from schemas.contract import Table
from schemas.doubts import ASKED_COUNT, BROKEN_RULE, DOCUMENT_COUNT, NUMBER_CHECK, PLACEHOLDER_COUNT
from schemas.records import DELIVERY
from schemas.signal_lists import SIGNAL_COUNT
from schemas.supply import SUPPLY

TABLES = (
    quality.SOURCE_CHECK, quality.QUARANTINE_REASON, quality.ID_STATE_COUNT, quality.LINK_RULE_COUNT,
    quality.WEIGHT_BIN, quality.SIZE_COUNT, quality.FUNNEL, quality.CRITERION_COUNT, quality.CANDIDATE_COUNT,
    quality.PROBABILITY_BIN, quality.MONTH_FIGURE, quality.GATE_RESULT, quality.PLACE_NAME,
    quality.SOURCE_CHANGE, quality.LOST_SIGHT, DELIVERY, PLACEHOLDER_COUNT, NUMBER_CHECK, DOCUMENT_COUNT, ASKED_COUNT,
    SIGNAL_COUNT, SUPPLY, BROKEN_RULE,
)  # fmt: skip


def write_report(run: RunSettings, db: DuckEngine, file: Path, beside: dict[str, list[dict[str, Any]]]) -> None:
    """Write the report of a month whose figures have been counted in the session.

    `beside` holds what stands in no table: `not_watched` says what nobody watches, `offers` what there is to help with,
    `stopped` which programmes did not run and why.
    """
    figures = read_figures(run, db)
    figures.tables.update(beside)
    page = page_of(run, figures)
    file.write_text(render(page), encoding="utf-8")


def read_figures(run: RunSettings, db: DuckEngine) -> Figures:
    """Return every figure as plain rows, in the order of each table's key."""
    tables = {table.name: read_table(db, table) for table in TABLES}
    conflicts = int(db.rows("select count(distinct conflict_id) from link_conflict")[0][0])
    return Figures(Words(run.lang), tables, conflicts, area_of(db))


def area_of(db: DuckEngine) -> str:
    """Return the county most households live in; empty where none says."""
    area = db.rows(
        "select area_code from household where area_code is not null group by 1 order by count(*) desc, 1 limit 1"
    )
    return str(area[0][0]) if area else ""


def read_table(db: DuckEngine, table: Table) -> list[dict[str, Any]]:
    """Return a small table of counts as one dict per row."""
    chosen = f"select {columns(table.column_names)} from {identifier(table.name)} order by {columns(table.key)}"
    return [dict(zip(table.column_names, row, strict=True)) for row in db.rows(chosen)]


def page_of(run: RunSettings, figures: Figures) -> dict[str, Any]:
    """Return everything the template prints."""
    say = figures.words.say
    when = {"year": run.day.year, "month": run.day.month}
    return {
        "lang": "zh-CN" if run.lang == "zh" else "en",
        "title": title(figures),
        "period": say("report", "period", **when),
        "as_of": say("report", "as_of", day=run.day.isoformat()),
        "notice": say("report", "notice"),
        "cards": headline(figures),
        "attention": attention(figures),
        "sections": [
            funnel_section(figures),
            sources_section(figures),
            linkage_section(figures),
            candidates_section(figures),
            signals_section(figures),
            supply_section(figures),
            criteria_section(figures),
            drift_section(figures),
            gates_section(figures),
        ],
        "footer": say(
            "report",
            "footer",
            month=run.month,
            seed=run.seed,
            capacity=f"{run.capacity_share:.1%}",
            random=f"{run.random_share:.0%}",
        ),
        "say": say,
    }


def title(figures: Figures) -> str:
    """Return the title of the page: whose report it is, where the households say so."""
    said = figures.words.say("report", "title")
    if not figures.area_code:
        return said
    return figures.words.area(figures.area_code) + (" " if figures.words.lang == "zh" else " · ") + said
