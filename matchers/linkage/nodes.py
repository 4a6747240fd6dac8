"""What is known of each node: the best-supported value of every field, found in one pass over the records."""

from __future__ import annotations

from matchers.linkage.certain import number_of
from matchers.linkage.homes import REGISTER
from matchers.linkage.trust import trust_rank
from matchers.sql import literal
from matchers.stage import stage
from schemas.identities import LINK_HOME, LINK_MEMBER, LINK_RECORD, NODE_FACT
from schemas.links import LINK_INPUT, LINK_INPUT_ROLES

# Records of a month stay below this, so trust or day and record fit one whole number.
RECORDS = 1 << 31


BEST = ("full_name", "birth_date", "sex_code", "ethnicity_code", "phone", "id_digits", "address")
SAID_BY_REGISTER = {
    "hukou_village_code": "village_code",
    "register_household_no": "household_no",
    "register_relation_code": "relation_code",
}


@stage(reads=(LINK_RECORD, LINK_MEMBER), writes=NODE_FACT)
def describe_nodes(sources: tuple[str, ...]) -> str:
    """One row per node; the day of birth and the sex come from its citizen number where it owns one."""
    born = "try_cast(b.number[7:10] || '-' || b.number[11:12] || '-' || b.number[13:14] as date)"
    sex = "case when b.number[17] in ('1', '3', '5', '7', '9') then '1' when b.number is not null then '2' end"
    bits = " ".join(f"when source_id = {literal(name)} then {1 << place}" for place, name in enumerate(sources))
    trusted = ", ".join(f"arg_min({name}, rank) as {name}" for name in BEST)
    plain = ", ".join(f"b.{name}" for name in BEST if name not in ("birth_date", "sex_code"))
    registered = ", ".join(f"r.{value} as {name}" for name, value in SAID_BY_REGISTER.items())
    return f"""
        with ranked as (
            select m.node, m.is_owner, r.*,
                {trust_rank("r.source_id", "r.role")}::bigint * {RECORDS} + r.rec as rank,
                (2 * epoch(r.as_of_date)::bigint // 86400 + (r.source_id <> {literal(REGISTER)})::bigint) * {RECORDS}
                    - r.rec as newness
            from link_record r join link_member m using (rec)
        ),
        best as (
            select node, {trusted}, min(rank) as rank, min({number_of("ranked")}) filter (where is_owner) as number,
                arg_min(coalesce(village_code, township_code, area_code), rank) as village_code,
                min(rec) filter (where source_id = {literal(REGISTER)}) as register_rec,
                arg_max(phone, newness) as newest_phone, max(newness) filter (where phone is not null) as phone_rank,
                arg_max(rec, newness) filter (where area_code is not null) as residence,
                max(newness) filter (where area_code is not null) as residence_rank,
                count(*) as record_count, bit_or(case {bits} end::bigint) as sources
            from ranked group by node
        )
        select b.node, b.number, case when b.register_rec is not null then b.number end as registered_number, {plain},
            coalesce({born}, b.birth_date) as birth_date, coalesce({sex}, b.sex_code) as sex_code, b.village_code,
            {registered}, b.rank, b.newest_phone, b.phone_rank, b.residence::bigint as residence, b.residence_rank,
            b.record_count, b.sources
        from best b left join link_record r on r.rec = b.register_rec"""


@stage(reads=(NODE_FACT, LINK_HOME, LINK_RECORD), writes=LINK_INPUT)
def put_nodes_in_roles() -> str:
    """One row per node in the linkage engine's roles.

    Two numbers the police register knows are two persons. A number it does not know may be an old one of somebody it
    knows under another: that is for the evidence to say.
    """
    given = {
        "full_name": "f.full_name",
        "birth_date": "strftime(f.birth_date, '%Y%m%d')",
        "sex": "f.sex_code",
        "national_id": "lower(coalesce(f.number, f.id_digits))",
        "phone": "f.phone",
        "area_code": "f.village_code",
        "address": "f.address",
        "household_no": "h.household_no",
    }
    roles = ", ".join(f"{given.get(role, 'null::varchar')} as {role}" for role in LINK_INPUT_ROLES)
    return f"""
        select r.record_id, 'node' as source_id, f.registered_number as person_key, {roles}
        from node_fact f join link_record r on r.rec = f.node left join link_home h using (node)"""
