"""What is known about the people the law looks to first: parents of a minor, spouse and children of those who cannot work.

Each relative's state is established separately, with its own source and date; nothing known stays unknown.
"""

from __future__ import annotations

import datetime

from matchers.eligibility.rules import spelled_out
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import EXCLUDING_LINK
from schemas.households import TIE
from schemas.people import PERSON
from schemas.screening import PERSON_FACT, RELATIVE

# Beyond this age contributions to a pension are no sign of somebody able to support others.
OLDEST_SUPPORTER = 65
FINE = 1_000_000_000_000_000.0


@stage(reads=(TIE, PERSON_FACT, PERSON), writes=RELATIVE)
def look_at_relatives(day: datetime.date, listed_levels: tuple[str, ...]) -> str:
    """One person and one relative of theirs, with what is known about the relative."""
    return f"""
        with age as (select unit_id as person_id, number_value as age from person_fact where fact_name = 'age'),
        concerned as (
            select person_id from age where age < 18 or age >= 60
            union select unit_id from person_fact where fact_name = 'disability'
        ),
        tied as ({ties_of_interest()}),
        state as ({states(tuple(code for pattern in listed_levels for code in spelled_out(pattern)))})
        select t.person_id, t.relative_id, t.relation, coalesce(s.state, 'unknown') as state,
            coalesce(s.as_of_date, {literal(day)}) as as_of_date,
            round(t.strength * coalesce(s.link_probability, 1), 6) as strength,
            coalesce(s.can_exclude, false) and t.strength >= {EXCLUDING_LINK} as can_exclude
        from tied t left join state s on s.person_id = t.relative_id
    """


def ties_of_interest() -> str:
    """Parents of minors; spouses and grown children of the old and the disabled. Two sources that agree weigh more."""
    # Logarithms as whole numbers: their sum does not depend on the order of rows, and needs no sorting.
    doubt = f"round(ln(greatest(1 - strength, 1e-9)) * {FINE})::bigint"
    return f"""
        select person_id, relative_id, relation, round(1 - exp(sum({doubt}) / {FINE}), 6) as strength
        from (
            select t.person_id_r as person_id, t.person_id_l as relative_id, t.source_id, t.strength,
                case p.sex_code when '1' then 'father' when '2' then 'mother' else 'parent' end as relation
            from tie t join age a on a.person_id = t.person_id_r and a.age < 18
            join person p on p.person_id = t.person_id_l
            where t.tie_type = 'parent_child'
            union all
            select t.person_id_l, t.person_id_r, t.source_id, t.strength, 'child'
            from tie t join concerned a on a.person_id = t.person_id_l
            join age c on c.person_id = t.person_id_r and c.age >= 18
            where t.tie_type = 'parent_child'
            union all
            select t.person_id_l, t.person_id_r, t.source_id, t.strength, 'spouse'
            from tie t join concerned a on a.person_id = t.person_id_l where t.tie_type = 'spouse'
            union all
            select t.person_id_r, t.person_id_l, t.source_id, t.strength, 'spouse'
            from tie t join concerned a on a.person_id = t.person_id_r where t.tie_type = 'spouse'
        )
        group by person_id, relative_id, relation
    """


def states(listed_levels: tuple[str, ...]) -> str:
    """The strongest thing known about each person: dead before listed before active."""
    return f"""
        select person_id, state, as_of_date, link_probability, can_exclude
        from (
            select unit_id as person_id, 'dead' as state, 0 as rank, as_of_date, link_probability, can_exclude
            from person_fact where fact_name = 'deceased'
            union all
            select unit_id, 'listed', 1, as_of_date, link_probability, can_exclude
            from person_fact
            where (fact_name = 'disability' and number_value = 1 and text_value in ({literals(listed_levels)}))
                or (fact_name = 'severe_illness' and number_value >= 2) or fact_name = 'detained'
            union all
            select f.unit_id, 'active', 2, f.as_of_date, f.link_probability, f.can_exclude
            from person_fact f join age a on a.person_id = f.unit_id and a.age < {OLDEST_SUPPORTER}
            where f.fact_name = 'wage'
        )
        qualify row_number() over (partition by person_id order by rank, can_exclude desc, link_probability desc, as_of_date desc) = 1
    """
