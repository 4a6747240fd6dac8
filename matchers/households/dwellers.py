"""Who is alive, how old, and where: the people households are made of."""

from __future__ import annotations

import datetime

from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import EXCLUDING_LINK
from schemas.links import PERSON_RECORD
from schemas.living import BOOK_MEMBER, DWELLER
from schemas.people import PERSON
from schemas.records import STD_RECORD

# A book with more lines than this is a dormitory or a village's catch-all, whatever its heading says.
LARGEST_FAMILY_BOOK = 15
# Tens in Chinese numerals, once the digits are Arabic: 2十3, 2十, 十3, 十.
TENS = (("([1-9])十([1-9])", r"\1\2"), ("([1-9])十", r"\10"), ("十([1-9])", r"1\1"), ("十", "10"))
# The words between the numbers of an address. The number before them counts, the word does not.
UNIT_WORDS = "(村民|居民)?(号楼|号院|单元|组|屯|队|号|楼|栋|幢|室)"
# Full-time study up to a bachelor's degree ends before this age for nearly everybody; older flags are stale.
OLDEST_STUDENT = 26


def age_on(day: datetime.date, birth: str) -> str:
    """Return completed years on a day; a 29 February birthday comes on 1 March in other years."""
    turned = f"(month({birth}) * 100 + day({birth}) <= {day.month * 100 + day.day})"
    return f"({day.year} - year({birth}) - case when {turned} then 0 else 1 end)"


def place_key(village: str, address: str) -> str:
    """Return one spelling for one address: village, street and the numbers, whatever words stand between them.

    Clerks write 5组53号, 第五组53 and 5村民组53号 for one door.
    """
    key = f"translate(replace({address}, '第', ''), '一二三四五六七八九〇零', '12345678900')"
    for pattern, plain in TENS:
        key = f"regexp_replace({key}, {literal(pattern)}, {literal(plain)}, 'g')"
    return f"{village} || ' ' || rtrim(regexp_replace({key}, {literal(UNIT_WORDS)}, '-', 'g'), '-')"


@stage(reads=(STD_RECORD, PERSON_RECORD, PERSON), writes=BOOK_MEMBER)
def read_books() -> str:
    """One person and the register book they stand in, the dead included; of several lines the standing, newest one."""
    return f"""
        with line as (
            select r.person_id, s.household_no as book_no, s.relation_code, b.book_kind, b.status,
                s.as_of_date, r.link_probability, s.record_id
            from std_record s
            join person_record r using (record_id)
            join raw_population_register b using (record_id)
            where s.source_id = 'population_register'
        ),
        best as (
            select person_id, min_by(line, (
                case status when 'normal' then 0 else 1 end, -epoch(as_of_date), record_id, book_no, relation_code, book_kind
            )) as line
            from line group by person_id
        ),
        size as (select book_no, count(*) as line_count from line where status = 'normal' group by book_no)
        select person_id, line.book_no, line.relation_code,
            coalesce(line.book_kind, 'family') <> 'collective' and coalesce(line_count, 1) <= {LARGEST_FAMILY_BOOK}
                as is_family_book,
            coalesce(line.status = 'normal', false) as is_registered, p.birth_date, p.sex_code, line.as_of_date,
            line.link_probability
        from best join person p using (person_id) left join size on size.book_no = line.book_no
        where coalesce(line.status <> 'moved_out', true)
    """


@stage(reads=(PERSON, BOOK_MEMBER, STD_RECORD, PERSON_RECORD), writes=DWELLER)
def describe_dwellers(day: datetime.date) -> str:
    """One living person with age, place and what makes them depend on others.

    A school writes the pupil's address beside each guardian, so only what is said of a person's own counts as their place.
    """
    age = age_on(day, "p.birth_date")
    return f"""
        with student as ({students()}), unable as ({unable_adults()}), custody as ({in_custody(day)}),
        stated as ({places("s.source_id <> 'population_register' and s.role = 'self'")}),
        registered as ({places("s.source_id = 'population_register'")})
        select p.person_id, {age} as age, p.sex_code, p.full_name[1] as surname,
            stated.place, p.village_code, registered.place as book_place,
            case when b.is_family_book and b.is_registered then b.book_no end as book_no,
            case when b.is_family_book and b.is_registered then b.relation_code end as relation_code,
            student.person_id is not null and coalesce({age}, 0) <= {OLDEST_STUDENT} as is_student,
            unable.person_id is not null and coalesce({age}, 0) >= 18 as is_dependent_adult,
            stated.place is not null or p.village_code is not null or coalesce(b.is_registered, false) as is_local,
            custody.person_id is not null as is_in_custody
        from person p
        left join book_member b on b.person_id = p.person_id
        left join student on student.person_id = p.person_id
        left join unable on unable.person_id = p.person_id
        left join custody on custody.person_id = p.person_id
        left join stated on stated.person_id = p.person_id
        left join registered on registered.person_id = p.person_id
        where p.is_deceased is distinct from true and coalesce(p.birth_date <= {literal(day)}, true)
    """


def students() -> str:
    """Everybody a school has in full-time study up to a bachelor's degree."""
    stages = literals(("primary", "junior", "senior", "vocational", "university"))
    return f"""
        select distinct r.person_id from raw_student s join person_record r using (record_id) where s.stage in ({stages})
    """


def unable_adults() -> str:
    """Holders of a valid certificate of a disability that lets few live by themselves."""
    return """
        select distinct r.person_id from raw_disability_certificate d join person_record r using (record_id)
        where d.status = 'valid'
            and (d.disability_level in ('1', '2') or (d.disability_level = '3' and d.disability_type in ('5', '6')))
    """


def in_custody(day: datetime.date) -> str:
    """Everybody who surely is in prison, custody or compulsory drug treatment on a day, as far as that is shared at all."""
    return f"""
        select distinct r.person_id from raw_custody c join person_record r using (record_id)
        where c.start_date <= {literal(day)} and coalesce(c.end_date > {literal(day)}, true)
            and (r.link_rule = 'certain_id' or r.link_probability >= {EXCLUDING_LINK})
    """


def places(told_by: str) -> str:
    """Where the newest of some records puts each person, as one key per door."""
    return f"""
        select r.person_id, max_by({place_key("s.village_code", "s.address")}, (s.as_of_date, s.record_id)) as place
        from std_record s join person_record r using (record_id)
        where {told_by} and s.address is not null and s.village_code is not null
        group by r.person_id
    """
