"""The month beside the month before: the same figures counted from both."""

from __future__ import annotations

from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.households import HOUSEHOLD
from schemas.links import PERSON_RECORD
from schemas.people import PERSON
from schemas.quality import MONTH_FIGURE
from schemas.records import DELIVERY

BEFORE = "_before"
FIGURES = (
    ("delivered", "delivery", "''", "sum(delivered_count)"),
    ("quarantined", "delivery", "''", "sum(quarantined_count)"),
    ("persons", "person", "''", "count(*)"),
    ("persons_without_number", "person", "''", "count(*) filter (where national_id is null)"),
    ("deceased", "person", "''", "count(*) filter (where is_deceased)"),
    ("households", "household", "''", "count(*)"),
    ("records_by_rule", "person_record", "link_rule", "count(*)"),
    ("served", "served", "programme_id", "count(*)"),
    ("candidates", "candidate", "programme_id", "count(*)"),
)
TOPICS = tuple(topic for topic, _, _, _ in FIGURES)
COMPARED = tuple(dict.fromkeys(table for _, table, _, _ in FIGURES))


@stage(reads=(DELIVERY, PERSON, HOUSEHOLD, PERSON_RECORD, CANDIDATE), writes=MONTH_FIGURE)
def compare_months() -> str:
    """One figure of both months. Reads each table twice: as it is, and as `<table>_before`, the month before."""
    return f"""
        with now_figure as ({figures("")}), before_figure as ({figures(BEFORE)})
        select topic, item, now_figure.number as now_count, before_figure.number as before_count
        from now_figure full join before_figure using (topic, item)
    """


def figures(suffix: str) -> str:
    """Return a select of topic, item and number over the tables of one month."""
    return " union all ".join(
        f"select {literal(topic)} as topic, {item}::varchar as item, ({number})::bigint as number "
        f"from {identifier(table + suffix)} group by all"
        for topic, table, item, number in FIGURES
    )
