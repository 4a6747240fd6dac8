"""Certain links: records on one valid citizen number whose names agree, and on one number of a source's own."""

from __future__ import annotations

from matchers.linkage.trust import EVERYBODY_ONCE, trust_rank
from matchers.linkage.values import is_valid_citizen_number
from matchers.sql import literals
from matchers.stage import stage
from schemas.identities import (
    LINK_KEYED,
    LINK_NUMBER_GROUP,
    LINK_NUMBER_NAME,
    LINK_STATEMENT,
    LINK_UNNUMBERED,
)
from schemas.links import LINK_CONFLICT, LINK_NODE
from schemas.records import STD_RECORD

# A stated birth date this far from the number's is another person's, not a slip or a lunar date.
SLIP_DAYS = 400


@stage(reads=(STD_RECORD,), writes=LINK_STATEMENT)
def state_numbers() -> str:
    """One row per record with its number and whether its own birth date and sex fit that number."""
    certificate = "case when length(other_id) = 20 then left(other_id, 18) end"
    born = "try_cast(number[7:10] || '-' || number[11:12] || '-' || number[13:14] as date)"
    sex = "case when try_cast(number[17] as integer) % 2 = 1 then '1' else '2' end"
    return f"""
        with numbered as (
            select *, {certificate} as certificate,
                coalesce(national_id, case when {is_valid_citizen_number("certificate")} then certificate end) as number
            from std_record
        ),
        judged as (
            select *, abs(birth_date - {born}) > {SLIP_DAYS} or sex_code <> {sex} as contradicts,
                birth_date = {born} as agrees_fully
            from numbered
        )
        select record_id, source_id, {trust_rank("source_id", "role")}::bigint as trust, number, full_name, name_pinyin,
            case when number is null then null when contradicts then false when agrees_fully then true end as agrees,
            other_id, id_digits
        from judged"""


@stage(reads=(LINK_STATEMENT, STD_RECORD), writes=LINK_NUMBER_NAME)
def gather_number_names() -> str:
    """The names under each number that stands with more than one; all other numbers have one owner at once."""
    everybody = f"source_id in ({literals(EVERYBODY_ONCE)})"
    return f"""
        with named as (
            select number, coalesce(full_name, '') as full_name, min(name_pinyin) as name_pinyin, min(trust) as trust,
                count(*) as record_count, bool_and(agrees) as agrees, bool_or(agrees is false) as contradicts,
                bool_or({everybody}) as is_registered
            from link_statement
            where number is not null
            group by all
        ),
        disputed as (select number from named group by number having count(*) > 1),
        village as (
            select distinct s.number, r.village_code
            from link_statement s semi join disputed using (number) join std_record r using (record_id)
            where r.village_code is not null
        ),
        known as (
            select distinct r.full_name, r.village_code, s.number
            from std_record r join link_statement s using (record_id)
            where r.{everybody} and s.number is not null
        ),
        namesake as (
            select distinct n.number, n.full_name
            from named n semi join disputed using (number)
            join village v on v.number = n.number
            join known k on k.full_name = n.full_name and k.village_code = v.village_code and k.number <> n.number
        )
        select named.*, namesake.number is not null as has_namesake
        from named semi join disputed using (number)
        left join namesake on namesake.number = named.number and namesake.full_name = named.full_name"""


@stage(reads=(LINK_STATEMENT, LINK_NUMBER_GROUP, LINK_UNNUMBERED), writes=LINK_KEYED)
def key_records() -> str:
    """One row per record with its certain group: the owner of a number by the number, others apart from the owner."""
    return """
        select s.record_id, s.number || case when coalesce(g.group_no, 0) = 0 then '' else '/' || g.group_no end as node_key,
            case when coalesce(g.group_no, 0) = 0 then s.number end as number, 'certain_id' as link_rule
        from link_statement s
        left join link_number_group g on g.number = s.number and g.full_name = coalesce(s.full_name, '')
        where s.number is not null
        union all
        select record_id, node_key, null as number, case when is_joined then 'same_identity' else 'alone' end as link_rule
        from link_unnumbered"""


@stage(reads=(LINK_KEYED,), writes=LINK_NODE)
def make_nodes() -> str:
    """One row per record: its node, named after the node's smallest record."""
    return """
        select record_id, min(record_id) over (partition by node_key) as node_id,
            case when count(*) over (partition by node_key) = 1 then 'alone' else link_rule end as link_rule
        from link_keyed"""


@stage(reads=(LINK_NODE, LINK_STATEMENT, LINK_NUMBER_GROUP), writes=LINK_CONFLICT)
def report_conflicts() -> str:
    """The nodes that share a citizen number and are not one person."""
    return """
        with disputed as (select number from link_number_group group by number having max(group_no) > 0),
        side as (
            select n.node_id, s.number, coalesce(min(g.reason), 'owner') as reason
            from link_node n
            join link_statement s on s.record_id = n.record_id
            join disputed d on d.number = s.number
            join link_number_group g on g.number = s.number and g.full_name = coalesce(s.full_name, '')
            group by n.node_id, s.number
        )
        select node_id, min(conflict_id) as conflict_id, min(reason) as reason
        from (select node_id, min(node_id) over (partition by number) as conflict_id, reason from side)
        group by node_id"""
