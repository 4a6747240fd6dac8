"""Facts worked out from other facts. Each may decide no more than the weakest thing it rests on."""

from __future__ import annotations

from matchers.eligibility.circumstances import (
    HOUSES,
    STRAINS,
    assistance_identities,
    burdens,
    emergencies,
    family_spending,
    house_states,
    identities,
    illness_classes,
    rigid_shares,
    strains,
)
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.screening import DERIVED_FACT, PERSON_FACT, RELATIVE, ROLL_LINE

INCOMES = "('wage', 'pension', 'unemployment_benefit', 'land_subsidy')"
COLUMNS = (
    "unit, unit_id, fact_name, number_value, text_value, date_value, source_id, detail, as_of_date, link_probability, "
    "can_exclude, record_id"
)


@stage(reads=(PERSON_FACT, HOUSEHOLD_MEMBER, HOUSEHOLD, RELATIVE, ROLL_LINE, PERSON), writes=DERIVED_FACT)
def derive_facts(deductions_known: bool = True) -> str:
    """One fact about a person or household worked out from other facts.

    Where sources of what may be deducted were not heard, no sum of incomes excludes anybody.
    """
    selects = (
        own_receipts(), family_receipts(), family_tiers(), declared_incomes(), least_declared(), known_incomes(), income_floors(deductions_known=deductions_known), registrations(),
        parents_states(), supporters_states(), shares_on_roll(),
        assistance_identities(), strains(), family_spending(), rigid_shares(), illness_classes(), house_states(), emergencies(),
    )  # fmt: skip
    worked_out = " union all ".join(f"({select})" for select in selects)
    return f"""
        with lived as materialized ({lived_facts()}), identity as materialized ({identities()}),
        burden as materialized ({burdens()}), income as materialized ({incomes()})
        select {COLUMNS} from ({worked_out}) as worked_out ({COLUMNS})
    """


def own_receipts() -> str:
    """What the rolls pay each person."""
    name = "('receives_' || programme_id)"
    return f"""
        select 'person', person_id, {name}, 1.0, programme_id, null::date, source_id, '', as_of_date, link_probability,
            can_exclude, record_id
        from roll_line
    """


def family_receipts() -> str:
    """Members of a receiving family who are not on the roll themselves: as likely as the roll counts unnamed members."""
    return """
        with paid as (
            select m.household_id, max(r.member_count) as member_count, count(*) as found, max(r.as_of_date) as as_of_date,
                min_by(r.record_id, r.record_id) as record_id
            from roll_line r join household_member m using (person_id)
            where r.programme_id = 'subsistence_allowance' group by m.household_id
        ),
        other as (
            select m.household_id, m.person_id, m.membership_probability, count(*) over (partition by m.household_id) as unnamed
            from household_member m join paid using (household_id)
            where m.person_id not in (select person_id from roll_line where programme_id = 'subsistence_allowance')
        )
        select 'person', o.person_id, 'receives_subsistence_allowance', 1.0, 'family', null::date, 'subsistence_roll', 'family',
            p.as_of_date,
            round(greatest(0.05, least(0.95, (coalesce(p.member_count, p.found) - p.found) / o.unnamed)) * o.membership_probability, 6),
            false, p.record_id
        from other o join paid p using (household_id)
    """


def family_tiers() -> str:
    """The tier in which civil affairs has recognised a member's family."""
    return """
        select 'household', f.household_id, 'household_tier', f.number_value, f.text_value, f.date_value, f.source_id,
            '', f.as_of_date, f.link_probability, f.can_exclude, f.record_id
        from lived f
        where f.fact_name = 'recognised_tier'
        qualify row_number() over (
            partition by f.household_id order by f.can_exclude desc, f.link_probability desc, f.text_value, f.unit_id, f.detail
        ) = 1
    """


def declared_incomes() -> str:
    """Net income per head as declared for the whole monitored household."""
    return """
        select 'household', f.household_id, 'declared_income_household', f.number_value, f.text_value, null::date,
            f.source_id, '', f.as_of_date, f.link_probability, f.can_exclude, f.record_id
        from lived f
        where f.fact_name = 'declared_income_head'
        qualify row_number() over (
            partition by f.household_id order by f.can_exclude desc, f.link_probability desc, f.unit_id
        ) = 1
    """


def least_declared() -> str:
    """The declared income per head after all spending on disability and severe illness that may be deducted."""
    return """
        select 'household', f.household_id, 'declared_income_least',
            round(f.number_value - coalesce(b.yuan, 0)::double / 12 / h.person_count, 2), null, null::date,
            f.source_id, '', f.as_of_date, f.link_probability, f.can_exclude and coalesce(b.is_whole, true), f.record_id
        from lived f join household h using (household_id)
        left join burden b using (household_id)
        where f.fact_name = 'declared_income_head'
        qualify row_number() over (
            partition by f.household_id order by f.can_exclude desc, f.link_probability desc, f.unit_id
        ) = 1
    """


def registrations() -> str:
    """Whether the registration of any member stands here; nobody's not standing is only said where all are known."""
    return """
        select 'household', m.household_id, 'member_registered_here', max(f.number_value), null, null::date,
            min(f.source_id), '', max(f.as_of_date), min(f.link_probability),
            bool_and(f.can_exclude) and count(*) = max(h.person_count), (max(struct_pack(n := f.number_value, of_it := f.record_id))).of_it
        from person_fact f join household_member m on m.person_id = f.unit_id join household h using (household_id)
        where f.fact_name = 'registered_here'
        group by m.household_id
    """


def lived_facts() -> str:
    """The rarer facts a household is described by, with the household its member lives in."""
    return f"""
        select f.*, m.household_id from person_fact f join household_member m on m.person_id = f.unit_id
        where f.fact_name in ({literals(("recognised_tier", "declared_income_head", *HOUSES, *STRAINS))})
    """


def incomes() -> str:
    """One household with all that is known to come in, and of that what may exclude (`sure_`)."""
    return f"""
        select m.household_id, sum(f.number_value::decimal(14,2)) as yuan, min(f.as_of_date) as as_of_date,
            min(f.link_probability) as link_probability,
            sum(f.number_value::decimal(14,2)) filter (where f.can_exclude) as sure_yuan,
            min(f.as_of_date) filter (where f.can_exclude) as sure_as_of_date,
            min(f.link_probability) filter (where f.can_exclude) as sure_link_probability,
            (max(struct_pack(n := f.number_value, of_it := f.source_id)) filter (where f.can_exclude)).of_it as sure_source_id,
            (max(struct_pack(n := f.number_value, of_it := f.record_id)) filter (where f.can_exclude)).of_it as sure_record_id,
            bool_or(f.can_exclude) as is_sure
        from person_fact f join household_member m on m.person_id = f.unit_id
        where f.fact_name in {INCOMES}
        group by m.household_id
    """


def known_incomes() -> str:
    """Everything known to come in, per head; for telling households apart, never for excluding."""
    return """
        select 'household', household_id, 'known_income_head', round(i.yuan / h.person_count, 2)::double, null, null::date, 'derived',
            '', i.as_of_date, i.link_probability, false, null
        from income i join household h using (household_id)
    """


def income_floors(*, deductions_known: bool) -> str:
    """Incomes that may exclude, less what may be deducted, over everybody who might share them.

    That is the household and all who share a book with it.
    """
    return f"""
        with book as (
            select register_household_no as book_no, count(*) as people from person
            where register_household_no is not null group by all
        ),
        sharing as (
            select distinct m.household_id, coalesce(p.register_household_no, p.person_id) as book_no
            from household_member m join person p using (person_id) semi join (from income where is_sure) using (household_id)
        ),
        widest as (
            select household_id, sum(coalesce(b.people, 1)) as people from sharing left join book b using (book_no) group by all
        )
        select 'household', household_id, 'income_head_floor',
            round((i.sure_yuan - coalesce(b.yuan, 0) / 12) / greatest(w.people, h.person_count), 2)::double, null, null::date,
            i.sure_source_id, '', i.sure_as_of_date, i.sure_link_probability,
            {literal(deductions_known)} and coalesce(b.is_whole, true), i.sure_record_id
        from income i join household h using (household_id) join widest w using (household_id) left join burden b using (household_id)
        where i.is_sure
    """


def parents_states() -> str:
    """Both parents of a minor in one word each, the better known first; a parent nobody names is unknown."""
    return """
        with parent as (
            select person_id, relation, state, strength, can_exclude, as_of_date,
                row_number() over (
                    partition by person_id, relation order by strength desc, case state when 'unknown' then 1 else 0 end, relative_id
                ) as place
            from relative where relation in ('father', 'mother')
        )
        select 'person', person_id, 'parents_state', count(*) filter (where state in ('dead', 'listed'))::double,
            array_to_string(list_sort(list(state order by state) || case when count(*) = 1 then ['unknown'] else [] end), '+'),
            null::date, 'derived', '', min(as_of_date), min(strength),
            coalesce(bool_or(can_exclude and state = 'active'), false), null
        from parent where place = 1 group by person_id
    """


def supporters_states() -> str:
    """Who has a spouse, grown child or minor's parent known to be at work; nothing is said about the others."""
    return """
        select 'person', person_id, 'supporters_state', count(*)::double, 'active', null::date, 'derived', '',
            min(as_of_date), max(strength), bool_or(can_exclude), null
        from relative where state = 'active' group by person_id
    """


def shares_on_roll() -> str:
    """How much of a household is on the roll of extreme difficulty."""
    return """
        select 'household', household_id, 'extreme_difficulty_share', on_roll, null, null::date, 'extreme_difficulty_roll', '',
            as_of_date, link_probability, can_exclude, record_id
        from (
            select household_id, round(count(*) / max(person_count), 6) as on_roll, min(r.as_of_date) as as_of_date,
                min(r.link_probability) as link_probability, bool_and(r.can_exclude) as can_exclude, min(r.record_id) as record_id
            from roll_line r join household_member using (person_id) join household using (household_id)
            where r.programme_id = 'extreme_difficulty' group by household_id
        )
    """
