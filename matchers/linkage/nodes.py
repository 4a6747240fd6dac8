"""What is known of each node: the best-supported value of every field, as the linkage engine reads it."""

from __future__ import annotations

from matchers.linkage.trust import trust_rank
from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.identities import LINK_COMPANY, LINK_HOME, LINK_KEYED, LINK_NAMED_HOME
from schemas.links import LINK_INPUT, LINK_INPUT_ROLES, LINK_NODE
from schemas.records import STD_RECORD

REGISTER = "population_register"
# How many households two names may be expected to meet in by chance, for their meeting to say something.
CHANCE_TOGETHER = 0.02


@stage(reads=(STD_RECORD,), writes=LINK_COMPANY)
def gather_company(raw_records: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Who is named together: `raw_records` gives, per source whose rows name several people, the columns of their records."""
    rows = [
        f"select {identifier(column)} as record_id, {literal(source_id)} || ':' || row_number as company "
        f"from {identifier(f'raw_{source_id}')} where {identifier(column)} is not null"
        for source_id, columns in raw_records
        for column in columns
    ]
    rolls = f"""select record_id, source_id || '#' || household_no as company from std_record
        where household_no is not null and source_id <> {literal(REGISTER)}"""
    return " union all ".join([*rows, rolls])


@stage(reads=(STD_RECORD, LINK_COMPANY), writes=LINK_NAMED_HOME)
def find_named_homes() -> str:
    """Companies whose names stand together in one register household where chance would hardly put them together."""
    return f"""
        with book as (
            select distinct household_no, full_name from std_record
            where source_id = {literal(REGISTER)} and household_no is not null and full_name is not null
        ),
        namesake as (select full_name, count(*) as n from book group by full_name),
        guest as (
            select distinct c.company, r.full_name, k.n
            from link_company c join std_record r using (record_id) join namesake k using (full_name)
            where c.company not like '%#%'
        ),
        couple as (
            select l.company, l.full_name as one, r.full_name as other
            from guest l join guest r on r.company = l.company and r.full_name > l.full_name
            where l.n * r.n < {CHANCE_TOGETHER} * (select count(distinct household_no) from book)
        ),
        meeting as (
            select distinct c.company, l.household_no
            from couple c
            join book l on l.full_name = c.one
            join book r on r.full_name = c.other and r.household_no = l.household_no
        )
        select company, min(household_no) as household_no from meeting group by company having count(*) = 1"""


@stage(reads=(STD_RECORD, LINK_NODE, LINK_COMPANY, LINK_NAMED_HOME), writes=LINK_HOME)
def find_homes() -> str:
    """One row per node: its own register household, else the one the people it is named with belong to."""
    return f"""
        with own as (
            select n.node_id, min(r.household_no) as household_no
            from std_record r join link_node n using (record_id)
            where r.source_id = {literal(REGISTER)} and r.household_no is not null
            group by n.node_id
        ),
        named as (select distinct c.company, n.node_id from link_company c join link_node n using (record_id)),
        homeless as (select * from named anti join own using (node_id)),
        guess as (
            select l.node_id, o.household_no, count(distinct r.node_id) as supporters
            from homeless l
            join named r on r.company = l.company and r.node_id <> l.node_id
            join own o on o.node_id = r.node_id
            group by l.node_id, o.household_no
            union all
            select l.node_id, h.household_no, 1 as supporters from homeless l join link_named_home h using (company)
        )
        select node_id, household_no from own
        union all
        select node_id, arg_max(household_no, (supporters, household_no)) as household_no from guess group by node_id"""


@stage(reads=(STD_RECORD, LINK_NODE, LINK_KEYED, LINK_HOME), writes=LINK_INPUT)
def describe_nodes() -> str:
    """One row per node in the engine's roles.

    Two numbers the police register knows are two persons. A number it does not know may be an old one of somebody it
    knows under another: that is for the evidence to say.
    """
    born = "try_cast(k.number[7:10] || '-' || k.number[11:12] || '-' || k.number[13:14] as date)"
    sex = "case when try_cast(k.number[17] as integer) % 2 = 1 then '1' else '2' end"
    given = {
        "full_name": "best_name",
        "birth_date": "strftime(best_birth, '%Y%m%d')",
        "sex": "best_sex",
        "national_id": "coalesce(number, digits)",
        "phone": "best_phone",
        "area_code": "best_area",
        "address": "best_address",
        "household_no": "household_no",
    }
    roles = ", ".join(f"{given.get(role, 'null::varchar')} as {role}" for role in LINK_INPUT_ROLES)
    return f"""
        with ranked as (
            select n.node_id, r.*, k.number, case when r.source_id = {literal(REGISTER)} then k.number end as registered_number,
                coalesce({born}, r.birth_date) as born, coalesce({sex}, r.sex_code) as sex,
                ({trust_rank("r.source_id", "r.role")}::ubigint << 56) | (hash(r.record_id) >> 8) as rank
            from std_record r join link_node n using (record_id) join link_keyed k using (record_id)
        ),
        node as (
            select node_id, max(number) as number, max(registered_number) as registered_number,
                arg_min(id_digits, rank) as digits, arg_min(full_name, rank) as best_name,
                arg_min(born, rank) as best_birth, arg_min(sex, rank) as best_sex, arg_min(phone, rank) as best_phone,
                arg_min(coalesce(village_code, township_code, area_code), rank) as best_area,
                arg_min(address, rank) as best_address
            from ranked group by node_id
        )
        select node.node_id as record_id, 'node' as source_id, registered_number as person_key, {roles}
        from node left join link_home using (node_id)"""
