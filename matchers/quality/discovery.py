"""How right the candidates are: found and missed, calibration, and what a month of visits would meet."""

from __future__ import annotations

from matchers.sql import literal
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.findings import FINDING, SERVED
from schemas.truth import (
    CALIBRATION_BIN,
    DISCOVERY,
    GROUPS,
    MISS_CAUSES,
    MISSED,
    TRUE_GROUP,
    TRUE_HOUSEHOLD,
    TRUE_PERSON,
    TRUTH_ENTITLEMENT,
)

GROUP_LIST = ", ".join(GROUPS)
# A unit may stand in the run more than once; the tests go with MISS_CAUSES.
LOST_BY = ("bool_or(s.can_exclude)", "bool_or(is_out)", "bool_or(is_out is not null)", "count(unit_id) > 0", "true")
UNKNOWN_GROUPS = ", ".join(f"coalesce({group}, 'unknown') as {group}" for group in GROUPS)


@stage(reads=(CANDIDATE, TRUE_PERSON, TRUE_HOUSEHOLD, TRUE_GROUP, TRUTH_ENTITLEMENT), writes=DISCOVERY)
def hold_candidates_against_truth() -> str:
    """One candidate held against truth, or one unit entitled and unserved that no candidate names.

    A household is told by the group of its true head, or by whom to ask for. Programmes truth is silent about are left out.
    """
    return f"""
        with entitled as (
            select programme_id, (case unit when 'person' then person_no else household_no end)::bigint as unit_no,
                min(person_no)::bigint as person_no, bool_or(is_entitled) as is_entitled, bool_or(is_receiving) as is_receiving
            from truth_entitlement group by 1, 2
        ),
        named as (
            select candidate.*, coalesce(case unit when 'person' then true_person.person_no else household_no end, -1)
                as unit_no, true_person.person_no as person_no
            from candidate left join true_person on true_person.person_id = candidate.person_id
            left join true_household on true_household.household_id = candidate.unit_id
            where programme_id in (select programme_id from entitled)
        ),
        held as (
            select named.* exclude (person_no), coalesce(is_entitled and not is_receiving, false) as is_true, is_receiving, is_alive, township, {GROUP_LIST}
            from named
            left join entitled on entitled.programme_id = named.programme_id and entitled.unit_no = named.unit_no
            left join true_group on true_group.person_no = coalesce(entitled.person_no, named.person_no)
        ),
        missed as (
            select * from entitled join true_group using (person_no)
            anti join named using (programme_id, unit_no)
            where is_entitled and not is_receiving
        )
        select programme_id, unit_no, candidate_id, coalesce(household_id, unit_id) as household_id,
            coalesce(township_code, '') as township_code, is_true,
            case when is_true then '' when unit_no = -1 then 'unknown' when is_receiving then 'served'
                when not is_alive and unit = 'person' then 'dead' else 'not_entitled' end as why_not,
            row_number() over (partition by programme_id, unit_no order by candidate_id) = 1 as is_first,
            probability, rank, is_within_capacity, is_random_share,
            coalesce(township, township_code, 'unknown') as township, {UNKNOWN_GROUPS}
        from held
        union all
        select programme_id, unit_no, '', '', '', true, '', true, null, null, false, false, township, {GROUP_LIST} from missed
    """


@stage(reads=(DISCOVERY, TRUTH_ENTITLEMENT, TRUE_PERSON, TRUE_HOUSEHOLD, FINDING, SERVED), writes=MISSED)
def explain_misses() -> str:
    """One unit entitled and unserved that no candidate names, and how it was lost; of several ways the first of the contract."""
    said = " ".join(f"when {test} then {literal(cause)}" for cause, test in zip(MISS_CAUSES, LOST_BY, strict=True))
    return f"""
        with missed as (
            select d.programme_id, d.unit_no, e.unit
            from discovery d join (select distinct programme_id, unit from truth_entitlement) e using (programme_id)
            where d.candidate_id = ''
        ),
        seen as (
            select m.*, coalesce(p.person_id, h.household_id) as unit_id
            from missed m
            left join true_person p on m.unit = 'person' and p.person_no = m.unit_no
            left join true_household h on m.unit = 'household' and h.household_no = m.unit_no
        ),
        against as (
            select programme_id, unit_id, bool_or(coalesce(is_met <> (effect = 'requires'), false)) as is_out,
                string_agg(criterion, ', ' order by criterion) filter (where is_met <> (effect = 'requires')) as criteria
            from finding semi join seen using (programme_id, unit_id) group by all
        )
        select programme_id, unit_no, case {said} end as cause, min(a.criteria) filter (where is_out) as criteria
        from seen left join against a using (programme_id, unit_id)
        left join served s using (programme_id, unit_id)
        group by programme_id, unit_no
    """


@stage(reads=(DISCOVERY,), writes=CALIBRATION_BIN)
def bin_calibration() -> str:
    """One tenth of the probability scale of one programme, or of all (empty programme)."""
    return """
        select coalesce(programme_id, '') as programme_id, least(floor(probability * 10), 9)::bigint as bin,
            count(*) as candidate_count, round(avg(probability::decimal(18, 9))::double, 9) as mean_probability,
            round(count(*) filter (where is_true) / count(*), 9) as true_share,
            round(sum(((probability - is_true::int) ^ 2)::decimal(18, 9))::double, 9) as squared_error
        from discovery where candidate_id <> ''
        group by grouping sets ((programme_id, 2), (2))
    """


def found_and_missed(topic: str | None) -> str:
    """Return a query of counts per programme (null: all) and value of a group: candidates, right ones, units, found ones."""
    item = topic or "''"
    return f"""
        select programme_id, item,
            count(*) filter (where candidate_id <> '') as candidates,
            count(*) filter (where candidate_id <> '' and is_true) as right_candidates,
            count(*) filter (where is_true and is_first) as entitled,
            count(*) filter (where is_true and is_first and candidate_id <> '') as found,
            count(*) filter (where is_within_capacity or is_random_share) as listed,
            count(*) filter (where (is_within_capacity or is_random_share) and is_true) as right_listed
        from (select *, {item} as item from discovery)
        group by grouping sets ((programme_id, item), (item))
        order by programme_id nulls first, item
    """


def wrong_candidates() -> str:
    """Return a query of wrong candidates per programme and reason."""
    return """
        select programme_id, why_not, count(*) from discovery
        where candidate_id <> '' and not is_true group by all order by all
    """


def visits(condition: str) -> str:
    """Return a query of households visited for some candidates, and of those where one of them is right."""
    return f"""
        select count(*), count(*) filter (where is_hit)
        from (
            select household_id, bool_or(is_true) as is_hit
            from discovery where candidate_id <> '' and ({condition}) group by household_id
        )
    """


def best_households(share: float) -> str:
    """Return a query of the households each township would visit first, up to a share of its households, and the hits."""
    return f"""
        with capacity as (
            select coalesce(township_code, '') as township_code, ceil(count(*) * {literal(share)}) as household_count
            from household group by 1
        ),
        visited as (
            select township_code, household_id, min(rank) as best_rank, bool_or(is_true) as is_hit
            from discovery where candidate_id <> '' group by township_code, household_id
        ),
        ordered as (
            select *, row_number() over (partition by township_code order by best_rank, household_id) as place from visited
        )
        select count(*), count(*) filter (where is_hit)
        from ordered join capacity using (township_code) where place <= household_count
    """


def calibration_of_groups(topic: str) -> str:
    """Return a query of the calibration error over ten bins per value of a group, all programmes together."""
    return f"""
        with binned as (
            select {topic} as item, least(floor(probability * 10), 9) as bin, count(*) as candidates,
                avg(probability::decimal(18, 9))::double as mean_probability, avg(is_true::int) as true_share
            from discovery where candidate_id <> '' group by all
        )
        select item, sum(candidates)::bigint, round(sum(candidates * abs(mean_probability - true_share) order by bin) / sum(candidates), 4)
        from binned group by item order by item
    """


def lost_ways() -> str:
    """Return a query of the missed per programme, way they were lost, and criteria that spoke against them."""
    return "select programme_id, cause, coalesce(criteria, ''), count(*) from missed group by all order by all"
