"""Who is alive, how old, and where: the people households are made of."""

from __future__ import annotations

import datetime

from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.links import PERSON_RECORD
from schemas.living import BOOK_MEMBER, DWELLER
from schemas.people import PERSON
from schemas.records import STD_RECORD

# A book with more lines than this is a dormitory or a village's catch-all, whatever its heading says.
LARGEST_FAMILY_BOOK = 15
# Full-time study up to a bachelor's degree ends before this age for nearly everybody; older flags are stale.
OLDEST_STUDENT = 26


def age_on(day: datetime.date, birth: str) -> str:
    """Return completed years on a day; a 29 February birthday comes on 1 March in other years."""
    turned = f"(month({birth}) * 100 + day({birth}) <= {day.month * 100 + day.day})"
    return f"({day.year} - year({birth}) - case when {turned} then 0 else 1 end)"


@stage(reads=(STD_RECORD, PERSON_RECORD, PERSON), writes=BOOK_MEMBER)
def read_books() -> str:
    """One living person and the register book they stand in; of several lines the standing, newest one."""
    return f"""
        with line as (
            select r.person_id, s.household_no as book_no, s.relation_code, b.book_kind, b.status,
                s.as_of_date, r.link_probability, s.record_id
            from std_record s
            join person_record r using (record_id)
            join raw_population_register b using (record_id)
            join person p on p.person_id = r.person_id
            where s.source_id = 'population_register' and p.is_deceased is distinct from true
        ),
        best as (
            select person_id, min_by(line, (case status when 'normal' then 0 else 1 end, -epoch(as_of_date), record_id)) as line
            from line group by person_id
        ),
        size as (select book_no, count(*) as line_count from line where status = 'normal' group by book_no)
        select person_id, line.book_no, line.relation_code,
            coalesce(line.book_kind, 'family') <> 'collective' and coalesce(line_count, 1) <= {LARGEST_FAMILY_BOOK}
                as is_family_book,
            line.status = 'normal' as is_registered, line.as_of_date, line.link_probability
        from best left join size on size.book_no = line.book_no
        where line.status in ('normal', 'moved_out')
    """


@stage(reads=(PERSON, BOOK_MEMBER, STD_RECORD, PERSON_RECORD), writes=DWELLER)
def describe_dwellers(day: datetime.date) -> str:
    """One living person with age, place and what makes them depend on others."""
    stages = literals(("primary", "junior", "senior", "vocational", "university"))
    grave = "(disability_level in ('1', '2') or (disability_level = '3' and disability_type in ('5', '6')))"
    return f"""
        with student as (
            select distinct r.person_id from raw_student s join person_record r using (record_id)
            where s.stage in ({stages})
        ),
        unable as (
            select distinct r.person_id from raw_disability_certificate d join person_record r using (record_id)
            where d.status = 'valid' and {grave}
        ),
        stated as (
            select r.person_id, max_by(s.village_code || ' ' || s.address, (s.as_of_date, s.record_id)) as place
            from std_record s join person_record r using (record_id)
            where s.source_id <> 'population_register' and s.address is not null and s.village_code is not null
            group by r.person_id
        ),
        registered as (
            select r.person_id, max_by(s.village_code || ' ' || s.address, (s.as_of_date, s.record_id)) as place
            from std_record s join person_record r using (record_id)
            where s.source_id = 'population_register' and s.address is not null and s.village_code is not null
            group by r.person_id
        )
        select p.person_id, {age_on(day, "p.birth_date")} as age, p.sex_code, p.full_name[1] as surname,
            stated.place, p.village_code, registered.place as book_place,
            case when b.is_family_book and b.is_registered then b.book_no end as book_no,
            case when b.is_family_book and b.is_registered then b.relation_code end as relation_code,
            student.person_id is not null and coalesce({age_on(day, "p.birth_date")}, 0) <= {OLDEST_STUDENT} as is_student,
            unable.person_id is not null and coalesce({age_on(day, "p.birth_date")}, 0) >= 18 as is_dependent_adult,
            stated.place is not null or p.village_code is not null or coalesce(b.is_registered, false) as is_local
        from person p
        left join book_member b on b.person_id = p.person_id
        left join student on student.person_id = p.person_id
        left join unable on unable.person_id = p.person_id
        left join stated on stated.person_id = p.person_id
        left join registered on registered.person_id = p.person_id
        where p.is_deceased is distinct from true and coalesce(p.birth_date <= {literal(day)}, true)
    """
