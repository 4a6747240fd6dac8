"""Which person id a cluster has: the one most of its records had before, else a new one."""

from __future__ import annotations

from matchers.sql import literal
from matchers.stage import stage
from schemas.identities import LINK_CLUSTER_PERSON
from schemas.ledger import LEDGER_BEFORE, LEDGER_PERSON
from schemas.links import LINK_CLUSTER, LINK_NODE, PERSON_EVENT, PERSON_RECORD

# Ids that could be meant by one another are tried in this order until one is free.
TRIES = 4


@stage(reads=(LINK_NODE, LINK_CLUSTER, LEDGER_BEFORE), writes=LINK_CLUSTER_PERSON)
def assign_person_ids(month: str) -> str:
    """One row per cluster: it keeps the id most of its records held, the oldest where equal; losers get a new one."""
    tries = ", ".join(
        f"'P' || left(md5({literal(month)} || '/' || first_record || '{'+' * n}'), 15)" for n in range(TRIES)
    )
    return f"""
        with member as (
            select n.record_id, c.cluster_id from link_node n join link_cluster c on c.record_id = n.node_id
        ),
        held as (
            select m.cluster_id, p.person_id, min(p.minted_month) as minted_month, count(*) as n
            from member m join ledger_before p using (record_id)
            group by m.cluster_id, p.person_id
        ),
        wanted as (
            select * from held
            qualify row_number() over (partition by cluster_id order by n desc, minted_month, person_id) = 1
        ),
        kept as (
            select * from wanted qualify row_number() over (partition by person_id order by n desc, cluster_id) = 1
        ),
        newcomer as (
            select m.cluster_id, min(m.record_id) as first_record
            from member m anti join kept k on k.cluster_id = m.cluster_id
            group by m.cluster_id
        ),
        offered as (select cluster_id, unnest([{tries}]) as person_id, unnest(range({TRIES})) as n from newcomer),
        free as (select * from offered anti join ledger_before using (person_id)),
        minted as (
            select cluster_id, arg_min(person_id, n) as person_id
            from (select * from free qualify row_number() over (partition by person_id order by n, cluster_id) = 1)
            group by cluster_id
        )
        select cluster_id, person_id, minted_month, false as is_new from kept
        union all
        select cluster_id, person_id, {literal(month)} as minted_month, true as is_new from minted"""


@stage(reads=(LINK_NODE, LINK_CLUSTER, LINK_CLUSTER_PERSON, LEDGER_BEFORE), writes=PERSON_EVENT)
def note_events() -> str:
    """What happened to each id: minted, kept, merged into another, or split from another."""
    return """
        with member as (
            select n.record_id, p.person_id, p.is_new
            from link_node n join link_cluster c on c.record_id = n.node_id
            join link_cluster_person p using (cluster_id)
        ),
        size as (select person_id, any_value(is_new) as is_new, count(*) as n from member group by person_id),
        moved as (
            select l.person_id as before, m.person_id as after, count(*) as n
            from member m join ledger_before l using (record_id)
            group by all
        ),
        gone as (select * from moved anti join size on size.person_id = moved.before)
        select person_id, case when is_new then 'minted' else 'kept' end as event, '' as other_person_id, n as record_count
        from size
        union all
        select before, 'merged', after, n from gone
        union all
        select after, 'split', before, n from moved semi join size on size.person_id = moved.before where before <> after"""


@stage(reads=(PERSON_RECORD, PERSON_EVENT, LEDGER_BEFORE), writes=LEDGER_PERSON)
def carry_ledger(month: str) -> str:
    """Every record ever linked: those seen this month with their person, the others with the person they had."""
    return f"""
        with heir as (
            select person_id, arg_max(other_person_id, (record_count, other_person_id)) as heir_id
            from person_event where event = 'merged' group by person_id
        ),
        age as (select person_id, min(minted_month) as minted_month from ledger_before group by person_id)
        select r.record_id, r.person_id, coalesce(a.minted_month, {literal(month)}) as minted_month,
            {literal(month)} as last_seen_month
        from person_record r left join age a using (person_id)
        union all
        select l.record_id, coalesce(h.heir_id, l.person_id) as person_id,
            coalesce(a.minted_month, {literal(month)}) as minted_month, l.last_seen_month
        from ledger_before l
        anti join person_record r on r.record_id = l.record_id
        left join heir h on h.person_id = l.person_id
        left join age a on a.person_id = coalesce(h.heir_id, l.person_id)"""
