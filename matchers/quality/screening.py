"""How people became candidates: the funnel, the criteria, candidates by programme and township."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import literal
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.findings import FINDING
from schemas.households import HOUSEHOLD
from schemas.people import PERSON
from schemas.quality import CANDIDATE_COUNT, CRITERION_COUNT, FUNNEL, PROBABILITY_BIN
from schemas.records import DELIVERY, STD_RECORD

# A criterion that says the same of more than this share of at least so many units deserves a look: a broken rule does
# that, and so does a source that no longer arrives where the rule reads it.
UNIFORM_SHARE, UNIFORM_FLOOR = 0.99, 1000
IS_LISTED = "(is_within_capacity or is_random_share)"


@dataclass(frozen=True)
class Expected:
    """One criterion of one programme that rightly comes out alike for nearly everybody: met, unmet or unknown."""

    programme_id: str
    criterion: str
    answer: str


STEPS = (
    ("delivered_rows", "select sum(delivered_count) from delivery"),
    ("loaded_rows", "select sum(loaded_count) from delivery"),
    ("records", "select count(*) from std_record"),
    ("persons", "select count(*) from person"),
    ("households", "select count(*) from household"),
    ("assessed_units", "select count(distinct unit_id) from finding"),
    ("candidate_households", "select count(distinct coalesce(household_id, unit_id)) from candidate"),
    ("candidates", "select count(*) from candidate"),
    ("listed", f"select count(*) from candidate where {IS_LISTED}"),
    ("listed_households", f"select count(distinct coalesce(household_id, unit_id)) from candidate where {IS_LISTED}"),
)


@stage(reads=(DELIVERY, STD_RECORD, PERSON, HOUSEHOLD, FINDING, CANDIDATE), writes=FUNNEL)
def count_steps() -> str:
    """One step from delivered rows to listed candidates."""
    return " union all ".join(
        f"select {number}::bigint as step_no, {literal(step)} as step, coalesce(({select}), 0)::bigint as unit_count"
        for number, (step, select) in enumerate(STEPS, start=1)
    )


@stage(reads=(CANDIDATE,), writes=CANDIDATE_COUNT)
def count_candidates() -> str:
    """One programme in one township: candidates, listed, expected and what it would bring."""
    return f"""
        select programme_id, coalesce(township_code, '') as township_code, count(*) as candidate_count,
            count(*) filter (where {IS_LISTED}) as listed_count,
            count(*) filter (where is_random_share) as random_count,
            round(sum(probability::decimal(18, 9))::double, 3) as expected_count,
            coalesce(round((sum(probability::decimal(18, 9)) filter (where {IS_LISTED}))::double, 3), 0)
                as listed_expected_count,
            count(*) filter (where rests_on_unconfirmed) as unconfirmed_count,
            coalesce(sum(benefit_month_yuan) filter (where {IS_LISTED}), 0)::decimal(14, 2) as benefit_month_yuan
        from candidate
        group by programme_id, coalesce(township_code, '')
    """


@stage(reads=(CANDIDATE,), writes=PROBABILITY_BIN)
def bin_probabilities() -> str:
    """One tenth of the probability scale; every tenth is there, also the empty ones."""
    return f"""
        with counted as (
            select least(floor(probability * 10), 9)::bigint as bin, count(*) as candidate_count,
                count(*) filter (where {IS_LISTED}) as listed_count
            from candidate group by 1
        )
        select tenth.bin, coalesce(candidate_count, 0) as candidate_count, coalesce(listed_count, 0) as listed_count
        from range(10) as tenth(bin) left join counted using (bin)
    """


@stage(reads=(FINDING,), writes=CRITERION_COUNT)
def count_criteria(expected: tuple[Expected, ...]) -> str:
    """One criterion of one programme: how often true, false and unknown, and the figures it was held against.

    Limits that many units share are figures; a limit of a unit's own is not shown.
    """
    rows = ", ".join(f"({literal(e.programme_id)}, {literal(e.criterion)}, {literal(e.answer)})" for e in expected)
    return f"""
        with figure as (
            select programme_id, criterion, limit_applied, count(*) as unit_count
            from finding where limit_applied is not null group by all
        ),
        ordered as (
            select programme_id, criterion, string_agg(limit_applied, ' · ' order by limit_applied) as limits_applied
            from (
                select *, row_number() over (
                    partition by programme_id, criterion order by unit_count desc, limit_applied) as place
                from figure where not regexp_matches(limit_applied, '[0-9]{{11,}}')
            )
            where place <= 4
            group by programme_id, criterion
        ),
        counted as (
            select programme_id, min(unit) as unit, criterion, min(effect) as effect, min(authority) as authority,
                count(*) filter (where is_met) as met_count, count(*) filter (where not is_met) as unmet_count,
                count(*) filter (where is_met is null) as unknown_count, bool_and(is_confirmed) as is_confirmed
            from finding group by programme_id, criterion
        )
        select counted.*, coalesce(limits_applied, '') as limits_applied,
            case when met_count + unmet_count + unknown_count >= {UNIFORM_FLOOR} then
                nullif({nearly_all()}, expected.answer) end as uniform_answer
        from counted left join ordered using (programme_id, criterion)
        left join (values {rows or "(null, null, null)"}) as expected(programme_id, criterion, answer) using (programme_id, criterion)
    """


def nearly_all() -> str:
    """Return the answer nearly everybody got; null where none is that frequent."""
    asked = "(met_count + unmet_count + unknown_count)"
    cases = " ".join(
        f"when {name}_count > {UNIFORM_SHARE} * {asked} then '{name}'" for name in ("met", "unmet", "unknown")
    )
    return f"case {cases} end"
