"""Who is a person this month: their records, and the best-supported value of each field."""

from __future__ import annotations

from matchers.linkage.nodes import REGISTER
from matchers.linkage.trust import trust_rank
from matchers.sql import literal
from matchers.stage import stage
from schemas.identities import LINK_CLUSTER_PERSON, LINK_KEYED, PERSON_STATUS
from schemas.links import LINK_CLUSTER, LINK_NODE, LINK_PAIR, PERSON_RECORD
from schemas.people import PERSON
from schemas.records import STD_RECORD

# A death taken from somebody else's record takes everything from the living: the link must be this sure.
EXCLUDING_PROBABILITY = 0.999


@stage(reads=(LINK_NODE, LINK_KEYED, LINK_CLUSTER, LINK_CLUSTER_PERSON, LINK_PAIR), writes=PERSON_RECORD)
def link_person_records() -> str:
    """One row per record: its person, why, how surely, and the record at the other end of the deciding link."""
    return """
        with side as (
            select record_id_l as node_id, record_id_r as other_id, match_weight, match_probability from link_pair
            union all
            select record_id_r, record_id_l, match_weight, match_probability from link_pair
        ),
        best as (
            select s.node_id, arg_max(s.other_id, (s.match_weight, s.other_id)) as other_id,
                max(s.match_probability) as probability
            from side s
            join link_cluster l on l.record_id = s.node_id
            join link_cluster r on r.record_id = s.other_id and r.cluster_id = l.cluster_id
            group by s.node_id
        )
        select n.record_id, p.person_id,
            case when k.number is null and b.node_id is not null then 'probabilistic' else n.link_rule end as link_rule,
            case when k.number is null and b.node_id is not null then b.probability else 1.0 end as link_probability,
            case when k.number is null then coalesce(b.other_id, nullif(n.node_id, n.record_id)) end as deciding_link
        from link_node n
        join link_keyed k using (record_id)
        join link_cluster c on c.record_id = n.node_id
        join link_cluster_person p using (cluster_id)
        left join best b on b.node_id = n.node_id"""


@stage(reads=(), writes=PERSON_STATUS)
def read_deaths(day: str) -> str:
    """Records that say their person is dead: cremations, and registrations cancelled, up to the day."""
    return f"""
        select record_id, min(deceased_date) as deceased_date
        from (
            select record_id, coalesce(death_time, cremation_time) as deceased_date from raw_cremation
            union all
            select record_id, status_date as deceased_date from {REGISTER_VIEW} where status = 'cancelled'
        )
        where record_id is not null and coalesce(deceased_date <= {day}, true)
        group by record_id"""


REGISTER_VIEW = f"raw_{REGISTER}"

# Where somebody lives is what was stated last, and last of all by the register, which says where they are registered.
NEWEST = f"(epoch(as_of_date)::bigint, r.source_id <> {literal(REGISTER)}, -trust, r.record_id)"


@stage(reads=(STD_RECORD, PERSON_RECORD, LINK_KEYED, PERSON_STATUS), writes=PERSON)
def describe_persons() -> str:
    """One row per person: the value of the most trusted source, residence and phone as stated last."""
    registered = f"r.source_id = {literal(REGISTER)}"
    dead = f"p.link_probability >= {EXCLUDING_PROBABILITY}"
    return f"""
        with ranked as (
            select p.person_id, p.link_probability, k.number, r.*, {trust_rank("r.source_id", "r.role")} as trust, s.deceased_date,
                s.record_id is not null and {dead} as says_dead,
                (trust::ubigint << 56) | (hash(r.record_id) >> 8) as rank,
                try_cast(k.number[7:10] || '-' || k.number[11:12] || '-' || k.number[13:14] as date) as number_birth,
                case when try_cast(k.number[17] as integer) % 2 = 1 then '1' else '2' end as number_sex
            from person_record p
            join std_record r using (record_id)
            join link_keyed k using (record_id)
            left join person_status s using (record_id)
        )
        select person_id, arg_min(full_name, rank) as full_name, arg_min(number, rank) as national_id,
            coalesce(arg_min(number_birth, rank), arg_min(birth_date, rank)) as birth_date,
            coalesce(arg_min(case when number is not null then number_sex end, rank), arg_min(sex_code, rank)) as sex_code,
            arg_min(ethnicity_code, rank) as ethnicity_code,
            arg_max(phone, {NEWEST}) as phone,
            arg_max(area_code, {NEWEST}) as area_code,
            arg_max(township_code, {NEWEST}) as township_code,
            arg_max(village_code, {NEWEST}) as village_code,
            arg_max(address, {NEWEST}) as address,
            arg_min(village_code, rank) filter (where {registered}) as hukou_village_code,
            arg_min(household_no, rank) filter (where {registered}) as register_household_no,
            arg_min(relation_code, rank) filter (where {registered}) as register_relation_code,
            case when bool_or(says_dead) then true end as is_deceased,
            min(deceased_date) filter (where says_dead) as deceased_date,
            count(*) as record_count, count(distinct source_id) as source_count, min(link_probability) as link_probability
        from ranked r
        group by person_id"""
