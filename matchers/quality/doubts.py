"""What was not taken at its word this month, counted for the report and for the departments."""

from __future__ import annotations

from matchers.stage import stage
from schemas.doubts import PLACEHOLDER, PLACEHOLDER_COUNT


@stage(reads=(PLACEHOLDER,), writes=PLACEHOLDER_COUNT)
def count_placeholders() -> str:
    """One field of one source in which values that say nothing were found."""
    return """
        select source_id, field, reason, count(*) as value_count, sum(record_count)::bigint as record_count,
            max(record_count) as most_count
        from placeholder group by source_id, field, reason
    """
