"""Certain links: records on one valid citizen number whose names agree, and on one number of a source's own."""

from __future__ import annotations

from matchers.linkage.trust import EVERYBODY_ONCE, trust_rank
from matchers.linkage.values import is_valid_citizen_number
from matchers.sql import literals
from matchers.stage import stage
from schemas.identities import (
    LINK_MEMBER,
    LINK_NUMBER_GROUP,
    LINK_NUMBER_NAME,
    LINK_RECORD,
    LINK_STATEMENT,
    LINK_UNNUMBERED,
)
from schemas.links import LINK_CONFLICT, LINK_NODE

# A stated birth date this far from the number's is another person's, not a slip or a lunar date.
SLIP_DAYS = 400
# A node is keyed by its number and, behind it, its group under that number.
GROUPS = 16


def number_of(record: str) -> str:
    """Return SQL for the number a record rests on: its own, or the one inside its certificate number."""
    certificate = f"left({record}.other_id, 18)"
    inside = f"length({record}.other_id) = 20 and {is_valid_citizen_number(certificate)}"
    return f"coalesce({record}.national_id, case when {inside} then {certificate} end)"


@stage(reads=(LINK_RECORD,), writes=LINK_STATEMENT)
def state_numbers() -> str:
    """One row per record with its number and whether its own birth date and sex fit that number."""
    born = "try_cast(said[7:10] || '-' || said[11:12] || '-' || said[13:14] as date)"
    sex = "case when said[17] in ('1', '3', '5', '7', '9') then '1' else '2' end"
    return f"""
        with numbered as (select r.*, {number_of("r")} as said from link_record r),
        judged as (
            select rec, source_id, role, said, full_name,
                coalesce(birth_date is not null and abs(birth_date - {born}) > {SLIP_DAYS}, false)
                or coalesce(sex_code <> {sex}, false) as contradicts,
                birth_date = {born} as agrees
            from numbered
        )
        select rec, try_cast(left(said, 17) as bigint) as number,
            case when full_name is not null then hash(full_name) end as name,
            {trust_rank("source_id", "role")}::tinyint as trust, agrees and not contradicts as agrees,
            said is not null and contradicts as contradicts, source_id in ({literals(EVERYBODY_ONCE)}) as is_registered
        from judged"""


@stage(reads=(LINK_STATEMENT, LINK_RECORD), writes=LINK_NUMBER_NAME)
def gather_number_names() -> str:
    """The names under each number that stands with more than one; all other numbers have one owner at once."""
    return """
        with disputed as (
            select number from link_statement where number is not null group by number having min(name) <> max(name)
        ),
        stated as (
            select s.*, r.full_name, r.name_pinyin, r.village_code
            from link_statement s semi join disputed using (number) join link_record r using (rec)
        ),
        village as (select distinct number, village_code from stated where village_code is not null),
        named as (
            select number, name, min(full_name) as full_name, min(name_pinyin) as name_pinyin, min(trust)::bigint as trust,
                count(*) as record_count, bool_and(agrees) as agrees, bool_or(contradicts) as contradicts,
                bool_or(is_registered) as is_registered
            from stated where name is not null group by number, name
        ),
        wanted as (select distinct n.number, n.name, v.village_code from named n join village v using (number)),
        known as (
            select s.name, s.number, r.village_code
            from link_statement s
            semi join (select distinct name from named) w on w.name = s.name
            join link_record r using (rec)
            where s.is_registered and s.number is not null
        ),
        namesake as (
            select distinct w.number, w.name
            from wanted w join known k on k.name = w.name and k.village_code = w.village_code and k.number <> w.number
        )
        select named.*, namesake.number is not null as has_namesake
        from named left join namesake using (number, name)"""


@stage(reads=(LINK_STATEMENT, LINK_NUMBER_GROUP, LINK_UNNUMBERED), writes=LINK_MEMBER)
def gather_nodes() -> str:
    """One row per record with its node: the owner of a number, another person who took the number, or a group without."""
    return f"""
        with keyed as (
            select s.rec, s.number * {GROUPS} + coalesce(g.group_no, 0) as node_key, coalesce(g.group_no, 0) = 0 as is_owner
            from link_statement s left join link_number_group g on g.number = s.number and g.name = s.name
            where s.number is not null
            union all
            select rec, node_key, false as is_owner from link_unnumbered
        ),
        node as (select node_key, min(rec) as node, count(*) as n from keyed group by node_key)
        select k.rec, node.node, k.is_owner, node.n > 1 as is_joined from keyed k join node using (node_key)"""


@stage(reads=(LINK_MEMBER, LINK_STATEMENT, LINK_RECORD), writes=LINK_NODE)
def name_nodes() -> str:
    """One row per record by its id: its node, named after the node's smallest record."""
    return """
        select r.record_id, n.record_id as node_id,
            case when not m.is_joined then 'alone' when s.number is null then 'same_identity' else 'certain_id' end as link_rule
        from link_member m
        join link_record r on r.rec = m.rec
        join link_statement s on s.rec = m.rec
        join link_record n on n.rec = m.node"""


@stage(reads=(LINK_MEMBER, LINK_STATEMENT, LINK_NUMBER_GROUP, LINK_RECORD), writes=LINK_CONFLICT)
def report_conflicts() -> str:
    """The nodes that share a citizen number and are not one person."""
    return """
        with disputed as (select number from link_number_group group by number having max(group_no) > 0),
        side as (
            select m.node, s.number, coalesce(min(g.reason), 'owner') as reason
            from link_statement s
            semi join disputed using (number)
            join link_member m using (rec)
            left join link_number_group g on g.number = s.number and g.name = s.name
            group by m.node, s.number
        ),
        conflict as (select node, min(node) over (partition by number) as first_node, reason from side)
        select r.record_id as node_id, min(f.record_id) as conflict_id, min(c.reason) as reason
        from conflict c join link_record r on r.rec = c.node join link_record f on f.rec = c.first_node
        group by r.record_id"""
