"""Where those live whom a state was seen at, how they stand, and what silences the signal."""

from __future__ import annotations

from matchers.sql import literals
from matchers.stage import stage
from schemas.findings import EXCLUDING_LINK, FACT
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.indicator import STANDINGS
from schemas.people import PERSON
from schemas.signals import EARNER, OBSERVED, PLACED, SILENCER, STANDING


@stage(reads=(OBSERVED, STANDING, EARNER, PERSON, HOUSEHOLD, HOUSEHOLD_MEMBER), writes=PLACED)
def place_units() -> str:
    """One person or household some state was seen at, and the unit a signal would be about.

    The dead live nowhere any more: the bereaved are the households in which those live who lived with them a month before.
    """
    ranks = f"[{literals(STANDINGS)}]"
    return f"""
        with seen as materialized (select distinct unit_id as seen_id from observed),
        shelter as (
            select household_id, {ranks}[min(list_position({ranks}, s.standing))] as standing
            from standing s join household_member using (person_id) group by household_id
        ),
        person_seen as materialized (
            select p.person_id, p.area_code, p.township_code, p.village_code, m.household_id
            from seen join person p on p.person_id = seen.seen_id left join household_member m on m.person_id = p.person_id
        ),
        sheltered as (
            select person_id as seen_id, 'household' as place, household_id from person_seen where household_id is not null
            union all
            select seen_id, 'household', seen_id from seen where seen_id not in (select person_id from person_seen)
            union
            select e.person_id, 'bereaved', m.household_id
            from earner e join household_member_before f on f.household_id = e.household_id and f.person_id <> e.person_id
            join household_member m on m.person_id = f.person_id
        )
        select p.person_id as seen_id, 'person' as place, p.person_id as unit_id, p.person_id, p.household_id, p.area_code,
            p.township_code, p.village_code, h.is_rural, coalesce(s.standing, 'none') as standing
        from person_seen p left join household h using (household_id) left join standing s on s.person_id = p.person_id
        union all
        select a.seen_id, a.place, h.household_id, h.head_person_id, h.household_id, h.area_code, h.township_code,
            h.village_code, h.is_rural, coalesce(s.standing, 'none')
        from sheltered a join household h using (household_id) left join shelter s using (household_id)
    """


@stage(reads=(OBSERVED, FACT), writes=SILENCER)
def find_silencers(facts: tuple[str, ...]) -> str:
    """One person some state was seen at and a sure fact that silences some indicator; a weak link silences nothing."""
    return f"""
        select distinct unit_id, fact_name from fact
        where fact_name in ({literals(facts)}) and link_probability >= {EXCLUDING_LINK}
            and unit_id in (select unit_id from observed)
    """
