"""Who ends up in which household, who counts as a member, and whom a caseworker asks for."""

from __future__ import annotations

from matchers.stage import stage
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.living import DWELLER, NUCLEUS, NUCLEUS_HOME, NUCLEUS_JOIN
from schemas.people import PERSON
from schemas.records import STD_RECORD

# The reasons are read by analysts, so they are sentences, not codes.
REASONS = {
    "self": "grown, with a family of their own",
    "spouse": "spouse, counted wherever they stay",
    "child": "child who depends on this parent, or is grown and at home",
    "ward": "minor in the care of this guardian",
    "custody": "in custody, not counted while it lasts",
}


@stage(reads=(DWELLER, NUCLEUS, NUCLEUS_HOME, NUCLEUS_JOIN), writes=HOUSEHOLD_MEMBER)
def place_members() -> str:
    """One living person and the household they live in."""
    reasons = " ".join(f"when '{rule}' then '{sentence}'" for rule, sentence in REASONS.items())
    return f"""
        with placed as (
            select n.person_id, h.root_id, n.nucleus_id, n.place_rule, n.strength, d.age, d.relation_code, d.book_no,
                d.is_in_custody, j.tie_type, case when h.root_id = n.nucleus_id then 1.0 else coalesce(j.strength, 0.5) end as join_strength
            from nucleus n
            join nucleus_home h using (nucleus_id)
            join dweller d on d.person_id = n.person_id
            left join nucleus_join j on j.nucleus_id = n.nucleus_id
        ),
        named as (
            select root_id, 'H' || coalesce(min(person_id) filter (where age >= 18), min(person_id)) as household_id,
                mode(book_no order by book_no) filter (where relation_code in ('01', '02')) as head_book_no
            from placed group by root_id
        )
        select p.person_id, n.household_id,
            case when p.book_no = n.head_book_no then p.relation_code end as relation_code,
            not p.is_in_custody and (p.tie_type is distinct from 'same_address' or p.nucleus_id = p.root_id) as is_counted,
            case if(p.is_in_custody, 'custody', p.place_rule) {reasons} end
                || case when p.join_strength < 1 and p.tie_type is not null
                    then '; the family lives here by ' || replace(p.tie_type, '_', ' ') else '' end as reason,
            round(p.strength * p.join_strength, 6)::double as membership_probability
        from placed p join named n using (root_id)
    """


@stage(reads=(HOUSEHOLD_MEMBER, DWELLER, PERSON, STD_RECORD), writes=HOUSEHOLD)
def describe_households() -> str:
    """One household: the members living together, decided from ties."""
    return f"""
        with village_kind as ({village_kinds()}),
        joined as (
            select m.household_id, m.person_id, m.is_counted, m.membership_probability, d.age, d.relation_code,
                d.is_in_custody, coalesce(p.village_code, p.hukou_village_code) as village_code,
                coalesce(p.township_code, left(coalesce(p.village_code, p.hukou_village_code), 9)) as township_code,
                coalesce(p.area_code, left(coalesce(p.village_code, p.hukou_village_code), 6)) as area_code
            from household_member m join dweller d using (person_id) join person p using (person_id)
        ),
        gathered as (
            select household_id,
                min_by(person_id, (
                    is_in_custody, case when age >= 18 then 0 else 1 end, case when relation_code in ('01', '02') then 0 else 1 end,
                    case when age between 18 and 79 then 0 else 1 end, -coalesce(age, 0), person_id
                )) as head_person_id,
                mode(area_code order by area_code) as area_code, mode(township_code order by township_code) as township_code,
                mode(village_code order by village_code) as village_code,
                count(*) filter (where is_counted) as member_count, count(*) as person_count,
                round(exp(sum(ln(greatest(membership_probability, 0.01)) order by person_id)), 6) as composition_probability
            from joined group by household_id
        )
        select g.household_id, g.head_person_id, g.area_code, g.township_code, g.village_code, g.member_count,
            g.person_count, v.is_rural, g.composition_probability
        from gathered g left join village_kind v on v.village_code = g.village_code
    """


def village_kinds() -> str:
    """Whether a place is a village or a residents' community, as most lines of the roll and the register say."""
    return """
        select village_code, count(*) filter (where is_rural) > count(*) filter (where not is_rural) as is_rural
        from (
            select village_code, urban_rural = 'rural' as is_rural from raw_subsistence_roll where urban_rural is not null
            union all
            select village_code, case when address like '%社区%' or address like '%居委%' then false
                when address like '%村%' then true end
            from raw_population_register
        )
        where village_code is not null and is_rural is not null
        group by village_code
    """
