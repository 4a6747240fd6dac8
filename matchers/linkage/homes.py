"""Where people live who say it only through the company they are named in: spouses, guardians, households of a roll."""

from __future__ import annotations

from matchers.sql import identifier, literal
from matchers.stage import stage
from schemas.identities import LINK_COMPANY, LINK_HOME, LINK_MEMBER, LINK_NAMED_HOME, LINK_RECORD

REGISTER = "population_register"
# How many households two names may be expected to meet in by chance, for their meeting to say something.
CHANCE_TOGETHER = 0.02


@stage(reads=(LINK_RECORD,), writes=LINK_COMPANY)
def gather_company(raw_records: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Who is named together: `raw_records` gives, per source whose rows name several people, the columns of their records."""
    rows = " union all ".join(
        f"select {identifier(column)} as record_id, hash({literal(source_id)}, row_number) as company "
        f"from {identifier(f'raw_{source_id}')} where {identifier(column)} is not null"
        for source_id, columns in raw_records
        for column in columns
    )
    rolls = f"""select rec, hash(source_id, household_no) as company, false as is_row from link_record
        where household_no is not null and source_id <> {literal(REGISTER)}"""
    if not rows:
        return rolls
    return f"select r.rec, c.company, true as is_row from ({rows}) c join link_record r using (record_id) union all {rolls}"


# The register household of each node that has a register record.
OWN_HOME = f"""own as (
    select m.node, min(r.household_no) as household_no
    from link_record r join link_member m using (rec)
    where r.source_id = {literal(REGISTER)} and r.household_no is not null
    group by m.node
)"""


@stage(reads=(LINK_RECORD, LINK_MEMBER, LINK_COMPANY), writes=LINK_NAMED_HOME)
def find_named_homes() -> str:
    """Companies whose names stand together in one register household where chance would hardly put them together."""
    return f"""
        with {OWN_HOME},
        book as (
            select distinct household_no, hash(full_name) as name from link_record
            where source_id = {literal(REGISTER)} and household_no is not null and full_name is not null
        ),
        namesake as (select name, count(*) as n from book group by name),
        homeless as (
            select distinct c.company from link_company c join link_member m using (rec) anti join own using (node)
            where c.is_row
        ),
        guest as (
            select distinct c.company, hash(r.full_name) as name
            from link_company c semi join homeless using (company) join link_record r using (rec)
            where r.full_name is not null
        ),
        counted as (select g.company, g.name, k.n from guest g join namesake k using (name)),
        couple as (
            select l.company, l.name as one, r.name as other
            from counted l join counted r on r.company = l.company and (l.n, l.name) < (r.n, r.name)
            where l.n * r.n < {CHANCE_TOGETHER} * (select count(distinct household_no) from book)
        ),
        meeting as (
            select distinct c.company, l.household_no
            from couple c
            join book l on l.name = c.one
            join book r on r.household_no = l.household_no and r.name = c.other
        )
        select company, min(household_no) as household_no from meeting group by company having count(*) = 1"""


@stage(reads=(LINK_RECORD, LINK_MEMBER, LINK_COMPANY, LINK_NAMED_HOME), writes=LINK_HOME)
def find_homes() -> str:
    """One row per node: its own register household, else the one the people it is named with belong to."""
    return f"""
        with {OWN_HOME},
        named as (select distinct c.company, m.node from link_company c join link_member m using (rec)),
        homeless as (select * from named anti join own using (node)),
        guess as (
            select l.node, o.household_no, count(distinct r.node) as supporters
            from homeless l
            join named r on r.company = l.company and r.node <> l.node
            join own o on o.node = r.node
            group by l.node, o.household_no
            union all
            select l.node, h.household_no, 1 as supporters from homeless l join link_named_home h using (company)
        )
        select node, household_no from own
        union all
        select node, arg_max(household_no, (supporters, household_no)) as household_no from guess group by node"""
