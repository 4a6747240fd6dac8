"""Which person id a cluster has: the one most of its records had before, else a new one."""

from __future__ import annotations

from matchers.sql import literal
from matchers.stage import stage
from schemas.identities import CLUSTER_PERSON, LINK_HELD, LINK_MEMBER, LINK_RECORD, NODE_CLUSTER
from schemas.ledger import LEDGER_BEFORE, LEDGER_PERSON
from schemas.links import PERSON_EVENT, PERSON_RECORD

# Ids that could be meant by one another are tried in this order until one is free.
TRIES = 4


@stage(reads=(LINK_RECORD, LEDGER_BEFORE), writes=LINK_HELD)
def recall_persons() -> str:
    """One row per record of this month that some month before knew."""
    return """
        select r.rec, l.person_id, l.minted_month
        from ledger_before l join link_record r using (record_id)"""


@stage(reads=(LINK_MEMBER, NODE_CLUSTER, LINK_HELD, LINK_RECORD, LEDGER_BEFORE), writes=CLUSTER_PERSON)
def assign_person_ids(month: str) -> str:
    """One row per cluster: it keeps the id most of its records held, the oldest where equal; losers get a new one."""
    tries = ", ".join(
        f"'P' || left(md5({literal(month)} || '/' || r.record_id || '{'+' * n}'), 15)" for n in range(TRIES)
    )
    return f"""
        with held as (
            select c.cluster, h.person_id, min(h.minted_month) as minted_month, count(*) as n
            from link_held h join link_member m using (rec) join node_cluster c using (node)
            group by c.cluster, h.person_id
        ),
        wanted as (
            select * from held qualify row_number() over (partition by cluster order by n desc, minted_month, person_id) = 1
        ),
        kept as (
            select * from wanted qualify row_number() over (partition by person_id order by n desc, cluster) = 1
        ),
        newcomer as (select distinct cluster from node_cluster anti join kept using (cluster)),
        offered as (
            select c.cluster, unnest([{tries}]) as person_id, unnest(range({TRIES})) as n
            from newcomer c join link_record r on r.rec = c.cluster
        ),
        free as (select * from offered anti join (select distinct person_id from ledger_before) using (person_id)),
        minted as (
            select cluster, arg_min(person_id, n) as person_id
            from (select * from free qualify row_number() over (partition by person_id order by n, cluster) = 1)
            group by cluster
        )
        select cluster, person_id, minted_month, false as is_new from kept
        union all
        select cluster, person_id, {literal(month)} as minted_month, true as is_new from minted"""


@stage(reads=(LINK_MEMBER, NODE_CLUSTER, CLUSTER_PERSON, LINK_HELD), writes=PERSON_EVENT)
def note_events() -> str:
    """What happened to each id: minted, kept, merged into another, or split from another."""
    return """
        with size as (
            select c.cluster, count(*) as n from link_member m join node_cluster c using (node) group by c.cluster
        ),
        person as (select p.person_id, p.is_new, s.n from cluster_person p join size s using (cluster)),
        moved as (
            select h.person_id as before, p.person_id as after, count(*) as n
            from link_held h join link_member m using (rec) join node_cluster c using (node)
            join cluster_person p using (cluster)
            group by all
        )
        select person_id, case when is_new then 'minted' else 'kept' end as event, '' as other_person_id, n as record_count
        from person
        union all
        select m.before, 'merged', m.after, m.n from moved m anti join person p on p.person_id = m.before
        union all
        select m.after, 'split', m.before, m.n from moved m semi join person p on p.person_id = m.before
        where m.before <> m.after"""


@stage(reads=(PERSON_RECORD, PERSON_EVENT, CLUSTER_PERSON, LEDGER_BEFORE), writes=LEDGER_PERSON)
def carry_ledger(month: str) -> str:
    """Every record ever linked: those seen this month with their person, the others with the person they had."""
    return f"""
        with heir as (
            select person_id, arg_max(other_person_id, (record_count, other_person_id)) as heir_id
            from person_event where event = 'merged' group by person_id
        ),
        age as (
            select person_id, min(minted_month) as minted_month
            from (select person_id, minted_month from cluster_person
                  union all select person_id, minted_month from ledger_before)
            group by person_id
        )
        select r.record_id, r.person_id, a.minted_month, {literal(month)} as last_seen_month
        from person_record r join age a using (person_id)
        union all
        select l.record_id, coalesce(h.heir_id, l.person_id) as person_id, a.minted_month, l.last_seen_month
        from ledger_before l
        anti join person_record r on r.record_id = l.record_id
        left join heir h on h.person_id = l.person_id
        join age a on a.person_id = coalesce(h.heir_id, l.person_id)"""
