"""What a family is recognised as, what weighs on it and what befell it: facts the further programmes read.

Each select gives the columns of DERIVED_FACT. `identity`, `burden` and `lived` are CTEs of `derive_facts`.
"""

from __future__ import annotations

from matchers.sql import literal, literals

# The identities other departments' help goes by, the one that brings most first: only the highest counts (国办发〔2021〕42号).
OWN_IDENTITIES = ("extreme_difficulty", "orphan_allowance", "unattended_child", "single_person_allowance")
FAMILY_IDENTITIES = ("subsistence_allowance", "verge_family", "rigid_expenditure_family", "monitored")
RANKED = (*OWN_IDENTITIES[:3], "subsistence_allowance", "single_person_allowance", *FAMILY_IDENTITIES[1:])
POOREST = (
    "extreme_difficulty",
    "orphan_allowance",
    "unattended_child",
    "subsistence_allowance",
    "single_person_allowance",
)
HOUSES = ("house_grade", "house_repair")
STRAINS = (
    "monitored",
    "declared_income_head",
    "severe_illness",
    "disability",
    "worker_in_difficulty",
    "unemployed",
    "disaster",
)
# Less own spending than this in a year weighs on nobody by any rule known; it keeps the table of facts short.
LEAST_SPENDING = 1_000


def identities() -> str:
    """One person and the highest identity they hold, their own or their family's."""
    ranks = ", ".join(f"({literal(name)}, {rank})" for rank, name in enumerate(RANKED, start=1))
    return f"""
        with held as (
            select person_id, programme_id as identity, source_id, as_of_date, link_probability, can_exclude, record_id from roll_line
            union all
            select unit_id, 'monitored', source_id, as_of_date, link_probability, can_exclude, record_id
            from person_fact where fact_name = 'monitored' and number_value = 1
        ),
        ranked as (select h.*, r.rank from held h join (values {ranks}) r(identity, rank) using (identity)),
        family as (
            select m.household_id, case identity when 'single_person_allowance' then 'verge_family' else identity end as identity,
                r.* exclude (identity, person_id)
            from ranked r join household_member m using (person_id)
            where r.identity in ({literals((*FAMILY_IDENTITIES, "single_person_allowance"))})
            qualify row_number() over (partition by m.household_id order by rank, can_exclude desc, link_probability desc, record_id, r.identity) = 1
        )
        select person_id, household_id, identity, rank, source_id, as_of_date, link_probability, can_exclude, record_id, is_family
        from (
            select m.person_id, m.household_id, f.identity, f.rank, f.source_id, f.as_of_date,
                round(f.link_probability * m.membership_probability, 6) as link_probability, false as can_exclude, f.record_id, true as is_family
            from family f join household_member m using (household_id)
            union all
            select r.person_id, null, r.identity, r.rank, r.source_id, r.as_of_date, r.link_probability, r.can_exclude, r.record_id, false
            from ranked r
        )
        -- A family's identity and one's own may rest on one line of one roll.
        qualify row_number() over (
            partition by person_id order by rank, can_exclude desc, link_probability desc, record_id, is_family, identity
        ) = 1
    """


def burdens() -> str:
    """One household and what its members paid for treatment themselves in twelve months, with the largest sum's record.

    民发〔2021〕57号 lets spending on disability and severe illness be deducted from income; how much is local, and a
    settlement without a disease code may be for either. So an income excludes only where it passes the line after all of it,
    and not at all where some of it is not stated (`is_whole`).
    """
    return """
        select m.household_id, sum(f.number_value::decimal(14,2)) as yuan, bool_and(f.text_value is null) as is_whole,
            max(f.date_value) as date_value, min(f.as_of_date) as as_of_date, min(f.link_probability) as link_probability,
            (max(struct_pack(n := f.number_value, of_it := f.record_id))).of_it as record_id
        from person_fact f join household_member m on m.person_id = f.unit_id
        where f.fact_name = 'own_medical'
        group by m.household_id
    """


def assistance_identities() -> str:
    """The identity a person holds, and the one a household holds by any of its members."""
    return """
        select 'person', person_id, 'assistance_identity', rank::double, identity, null::date, source_id, '', as_of_date,
            link_probability, can_exclude, record_id
        from identity
        union all
        select 'household', m.household_id, 'assistance_identity', i.rank::double, i.identity, null::date, i.source_id, '',
            i.as_of_date, i.link_probability, i.can_exclude, i.record_id
        from identity i join household_member m using (person_id)
        qualify row_number() over (
            partition by m.household_id order by i.rank, i.can_exclude desc, i.link_probability desc, i.record_id, i.person_id
        ) = 1
    """


def strains() -> str:
    """A household of which some source knows what often goes with need: for recognitions nobody looks into without a sign."""
    return f"""
        select 'household', f.household_id, 'strain', 1.0, f.fact_name, null::date, f.source_id, '', f.as_of_date,
            f.link_probability, false, f.record_id
        from lived f
        where f.fact_name in ({literals(STRAINS)}) and f.number_value >= 1
        qualify row_number() over (
            partition by f.household_id order by f.link_probability desc, f.fact_name, f.unit_id, f.source_id, f.detail
        ) = 1
    """


def family_spending() -> str:
    """A household's known own medical spending of twelve months; other rigid spending is asked about, never taken as none."""
    return f"""
        select 'household', household_id, 'rigid_spending', yuan::double, null, date_value, 'medical_settlement', '', as_of_date,
            link_probability, false, record_id
        from burden where yuan >= {LEAST_SPENDING}
    """


def rigid_shares() -> str:
    """Known own medical spending over the declared income of twelve months, at least: other rigid spending comes on top."""
    return """
        with declared as (
            select f.household_id, h.person_count, f.number_value * 12 * h.person_count as yuan, f.source_id, f.as_of_date,
                f.link_probability, f.record_id
            from lived f join household h using (household_id)
            -- An income nobody stated is not one of nothing, over which any spending would be a large share.
            where f.fact_name = 'declared_income_head' and f.number_value is not null
            qualify row_number() over (
                partition by f.household_id order by f.can_exclude desc, f.link_probability desc, f.unit_id
            ) = 1
        )
        select 'household', household_id, 'rigid_share', round(least(s.yuan::double / greatest(d.yuan, 1), 999), 4), null, null::date,
            d.source_id, '', d.as_of_date, least(s.link_probability, d.link_probability), false, d.record_id
        from burden s join declared d using (household_id) where s.yuan > 0
    """


def illness_classes() -> str:
    """A person's own medical spending with the class medical aid puts them in: poorest, verge, or none recognised."""
    return f"""
        select 'person', f.unit_id, 'own_medical_class', f.number_value,
            case when i.identity in ({literals(POOREST)}) then 'poorest' when i.identity is not null then 'verge' else 'none' end,
            f.date_value, f.source_id, '', f.as_of_date, least(f.link_probability, coalesce(i.link_probability, 1)), false, f.record_id
        from person_fact f left join identity i on i.person_id = f.unit_id
        where f.fact_name = 'own_medical' and (i.identity is not null or f.number_value >= {LEAST_SPENDING})
    """


def house_states() -> str:
    """The worst grade known of a house a member heads, and whether it stands in a plan of repair already."""
    return f"""
        select 'household', f.household_id, 'house_state', case f.fact_name when 'house_repair' then 1 else 0 end, f.text_value,
            null::date, f.source_id, '', f.as_of_date, f.link_probability, f.can_exclude, f.record_id
        from lived f
        where f.fact_name in ({literals(HOUSES)})
        qualify row_number() over (
            partition by f.household_id
            order by f.fact_name = 'house_repair' desc, f.text_value desc, f.can_exclude desc, f.link_probability desc, f.unit_id, f.record_id
        ) = 1
    """


def emergencies() -> str:
    """What befell a household last: a disaster, or a sudden hardship the anti-relapse file knows and has not closed."""
    return """
        with befallen as (
            select case f.fact_name when 'disaster' then 'disaster' else 'sudden' end as kind,
                coalesce(f.date_value, f.as_of_date) as day, f.*
            from lived f
            where f.fact_name = 'disaster' or (f.fact_name = 'monitored' and f.text_value = 'sudden' and f.number_value = 1)
        )
        select 'household', household_id, case place when 1 then 'emergency' else 'household_disaster' end, number_value, kind, day,
            source_id, '', as_of_date, link_probability, can_exclude, record_id
        from (
            select *, 1 as place from befallen
            qualify row_number() over (partition by household_id order by day desc, kind, link_probability desc, record_id) = 1
            union all
            select *, 2 from befallen where kind = 'disaster'
            qualify row_number() over (partition by household_id order by day desc, link_probability desc, record_id) = 1
        )
    """
