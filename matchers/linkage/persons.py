"""Who is a person this month: their records, and the best-supported value of each field."""

from __future__ import annotations

from matchers.linkage.homes import REGISTER
from matchers.stage import stage
from schemas.findings import EXCLUDING_LINK
from schemas.identities import (
    CLUSTER_PERSON,
    LINK_MEMBER,
    LINK_RECORD,
    LINK_STATEMENT,
    NODE_CLUSTER,
    NODE_FACT,
    PERSON_STATUS,
)
from schemas.links import LINK_LABEL, LINK_WEIGHT, PERSON_RECORD
from schemas.people import PERSON


@stage(reads=(NODE_FACT, LINK_LABEL, LINK_WEIGHT), writes=NODE_CLUSTER)
def cluster_nodes() -> str:
    """One row per node with its cluster and best link; the engine numbers nodes in the order of their smallest records."""
    return """
        with numbered as (select node, (row_number() over (order by node) - 1)::integer as row from node_fact),
        inside as (
            select w.row_l, w.row_r, w.match_weight
            from link_weight w
            join link_label l on l.row = w.row_l
            join link_label r on r.row = w.row_r and r.cluster_row = l.cluster_row
        ),
        side as (
            select row_l as row, row_r as other, match_weight from inside
            union all
            select row_r, row_l, match_weight from inside
        ),
        best as (
            select row, arg_max(other, (match_weight, -other)) as other, max(match_weight) as match_weight
            from side group by row
        )
        select n.node, c.node as cluster, o.node as best_other,
            case when b.row is not null then round(1 / (1 + pow(2, -greatest(b.match_weight, -500))), 6) end as probability
        from numbered n
        join link_label l on l.row = n.row
        join numbered c on c.row = l.cluster_row
        left join best b on b.row = n.row
        left join numbered o on o.row = b.other"""


@stage(reads=(LINK_MEMBER, LINK_STATEMENT, NODE_CLUSTER, CLUSTER_PERSON, LINK_RECORD), writes=PERSON_RECORD)
def link_person_records() -> str:
    """One row per record: its person, why, how surely, and the record at the other end of the deciding link."""
    return """
        with told as (
            select m.rec, p.person_id, s.number is not null and (m.is_owner or c.best_other is null) as is_certain,
                m.is_joined, c.best_other, c.probability,
                case when m.is_owner then null else coalesce(c.best_other, nullif(m.node, m.rec)) end as deciding
            from link_member m
            join link_statement s using (rec)
            join node_cluster c using (node)
            join cluster_person p using (cluster)
        )
        select r.record_id, t.person_id,
            case when t.is_certain and t.is_joined then 'certain_id'
                when not t.is_certain and t.best_other is not null then 'probabilistic'
                when t.is_joined then 'same_identity' else 'alone' end as link_rule,
            case when t.is_certain then 1.0 else coalesce(t.probability, 1.0) end as link_probability,
            d.record_id as deciding_link
        from told t
        join link_record r on r.rec = t.rec
        left join link_record d on d.rec = t.deciding"""


@stage(reads=(), writes=PERSON_STATUS)
def read_deaths(day: str) -> str:
    """Records that say their person is dead: cremations, and registrations cancelled, up to the day."""
    return f"""
        select record_id, min(deceased_date) as deceased_date
        from (
            select record_id, coalesce(death_time, cremation_time) as deceased_date from raw_cremation
            union all
            select record_id, status_date as deceased_date from raw_{REGISTER} where status = 'cancelled'
        )
        where record_id is not null and coalesce(deceased_date <= {day}, true)
        group by record_id"""


@stage(reads=(NODE_FACT, NODE_CLUSTER, CLUSTER_PERSON, PERSON_RECORD, PERSON_STATUS, LINK_RECORD), writes=PERSON)
def describe_persons() -> str:
    """One row per person: the value of the most trusted source, residence and phone as stated last."""
    by_trust = (
        "full_name", "birth_date", "sex_code", "ethnicity_code", "hukou_village_code", "register_household_no",
        "register_relation_code",
    )  # fmt: skip
    trusted = ", ".join(f"arg_min({name}, rank) as {name}" for name in by_trust)
    return f"""
        with node as (
            select f.*, p.person_id, c.probability, (f.number is null)::bigint * {1 << 60} + f.rank as own_rank
            from node_fact f join node_cluster c using (node) join cluster_person p using (cluster)
        ),
        person as (
            select person_id, {trusted.replace("arg_min(birth_date, rank)", "arg_min(birth_date, own_rank)")},
                coalesce(arg_min(registered_number, rank), arg_min(number, rank)) as national_id,
                arg_max(newest_phone, phone_rank) as phone, arg_max(residence, residence_rank) as residence,
                sum(record_count)::bigint as record_count, bit_count(bit_or(sources))::bigint as source_count,
                coalesce(min(probability), 1.0) as link_probability
            from node group by person_id
        ),
        -- A death taken from somebody else's record takes everything from the living, hence the stricter bar.
        dead as (
            select r.person_id, min(s.deceased_date) as deceased_date
            from person_status s join person_record r using (record_id)
            where r.link_probability >= {EXCLUDING_LINK}
            group by r.person_id
        )
        select p.* exclude (residence), home.area_code, home.township_code, home.village_code, home.address,
            case when d.person_id is not null then true end as is_deceased, d.deceased_date
        from person p
        left join link_record home on home.rec = p.residence
        left join dead d using (person_id)"""
