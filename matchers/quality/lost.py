"""Candidates that went out of sight, or came into it, because what was known a month ago is unknown now.

Counted, not modelled: unit by unit over two months, for the criteria whose answer is gone. Who died, is served, moved
away or was answered otherwise is not counted.
"""

from __future__ import annotations

from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.findings import FINDING, SERVED
from schemas.quality import LOST_SIGHT


@stage(reads=(CANDIDATE, FINDING, SERVED), writes=LOST_SIGHT)
def count_lost_sight() -> str:
    """What became of one programme's candidates where an answer of the month before is unknown this month.

    Reads `candidate_before`, `finding_before` and `served`; a unit with several such criteria counts at the first by name.
    """
    return """
        with ran as (select distinct programme_id from finding),
        gone as (
            select b.programme_id, b.unit_id, min(b.criterion) as criterion,
                min(b.criterion) filter (where b.is_met <> (b.effect = 'requires')) as adverse_criterion
            from finding_before as b join finding as n using (programme_id, unit_id, criterion)
            where b.favour_probability is not null and n.favour_probability is null and n.is_met is null
            group by b.programme_id, b.unit_id
        ),
        lost as (
            select b.programme_id, case when b.programme_id in (from ran) then g.criterion else '' end as criterion,
                count(*) as lost_count
            from candidate_before as b
            anti join candidate as n on n.programme_id = b.programme_id and n.unit_id = b.unit_id
            anti join served as s on s.programme_id = b.programme_id and s.unit_id = b.unit_id
            left join gone as g on g.programme_id = b.programme_id and g.unit_id = b.unit_id
            where g.criterion is not null or b.programme_id not in (from ran)
            group by all
        ),
        gained as (
            select n.programme_id, g.adverse_criterion as criterion, count(*) as gained_count
            from candidate as n
            anti join candidate_before as b on b.programme_id = n.programme_id and b.unit_id = n.unit_id
            join gone as g on g.programme_id = n.programme_id and g.unit_id = n.unit_id
            where g.adverse_criterion is not null
            group by all
        )
        select programme_id, criterion, coalesce(lost_count, 0) as lost_count, coalesce(gained_count, 0) as gained_count
        from lost full join gained using (programme_id, criterion)
    """
