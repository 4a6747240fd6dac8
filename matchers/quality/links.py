"""How records became people and people households, as counts."""

from __future__ import annotations

from matchers.stage import stage
from schemas.households import HOUSEHOLD
from schemas.links import LINK_PAIR, PERSON_RECORD
from schemas.people import PERSON
from schemas.quality import LINK_RULE_COUNT, SIZE_COUNT, WEIGHT_BIN

LOWEST_WEIGHT, HIGHEST_WEIGHT = -20, 30
LARGEST_PERSON, LARGEST_SOURCES, LARGEST_HOUSEHOLD = 15, 12, 10


@stage(reads=(PERSON_RECORD,), writes=LINK_RULE_COUNT)
def count_link_rules() -> str:
    """One reason why records are held to be about a person."""
    return """
        select link_rule, count(*) as record_count,
            round(avg(link_probability::decimal(18, 9))::double, 6) as mean_probability
        from person_record group by link_rule
    """


@stage(reads=(LINK_PAIR,), writes=WEIGHT_BIN)
def bin_weights() -> str:
    """One bit of match weight; the ends gather what lies beyond."""
    return f"""
        select greatest({LOWEST_WEIGHT}, least({HIGHEST_WEIGHT}, floor(match_weight)))::bigint as weight_floor,
            count(*) as pair_count, count(*) filter (where match_probability >= 0.5) as likely_count
        from link_pair group by 1
    """


@stage(reads=(PERSON, HOUSEHOLD), writes=SIZE_COUNT)
def count_sizes() -> str:
    """One size of persons by records, persons by sources, or households by members."""
    return f"""
        select 'person_records' as what, least(record_count, {LARGEST_PERSON}) as size, count(*) as unit_count
        from person group by all
        union all
        select 'person_sources', least(source_count, {LARGEST_SOURCES}), count(*) from person group by all
        union all
        select 'household_members', least(person_count, {LARGEST_HOUSEHOLD}), count(*) from household group by all
    """
