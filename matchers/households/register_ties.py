"""What the relations in one household-register book say about who is whose spouse, parent or child."""

from __future__ import annotations

# Relation to the head by GB/T 4761: 10-12 spouse, 20-27 sons, 28 son-in-law, 30-37 daughters, 38 daughter-in-law,
# 40-49 grandchildren, 50-52 parents, 53-58 parents-in-law.
SPOUSES = "('10', '11', '12')"
CHILDREN = (
    "('20', '21', '22', '23', '24', '25', '26', '27', '29', '30', '31', '32', '33', '34', '35', '36', '37', '39')"
)
OWN_PARENTS = "('50', '51', '52')"
IN_LAWS = "('28', '38')"
HEADS = "('01', '02')"

# A relation to the head is stated; a relation between two others of the book is concluded from it.
STATED = 0.97
CONCLUDED = 0.85
SAME_BOOK = 0.5
# A parent is this many years older than a child, or the two lines do not mean what they seem to.
LEAST_GENERATION = 15


def register_ties() -> str:
    """The ties of every family book; the dead whose lines are still there are somebody's parents too."""
    return f"""
        select person_id_l, person_id_r, tie_type, 'population_register' as source_id, as_of_date,
            strength * link as strength
        from ({" union all ".join((book_households(), head_ties(), in_law_ties(), grandchild_ties()))})
    """


def members() -> str:
    """The lines of family books with what tells generations apart."""
    return """(
        select person_id, book_no, relation_code, as_of_date, link_probability, year(birth_date) as born, sex_code
        from book_member
        where is_family_book and book_no is not null
    )"""


def book_households() -> str:
    """Everybody of a book tied to its head, or to its smallest person where nobody is called head."""
    return f"""
        select least(first, person_id) as person_id_l, greatest(first, person_id) as person_id_r,
            'register_household' as tie_type, as_of_date, link_probability as link, {SAME_BOOK} as strength
        from (
            select *, first_value(person_id) over (
                partition by book_no order by case when relation_code in {HEADS} then 0 else 1 end, person_id
            ) as first
            from {members()}
        )
        where first <> person_id
    """


def head_ties() -> str:
    """Spouse, children and parents of the head, and of the head's spouse."""
    older = f"coalesce(r.born - l.born >= {LEAST_GENERATION}, true)"
    return f"""
        select case when kind = 'parent' then other else head end as person_id_l,
            case when kind = 'parent' then head else other end as person_id_r,
            case when kind = 'spouse' then 'spouse' else 'parent_child' end as tie_type,
            as_of_date, link, strength
        from (
            select l.person_id as head, r.person_id as other, r.as_of_date,
                l.link_probability * r.link_probability as link, {STATED} as strength,
                case when r.relation_code in {SPOUSES} then 'spouse'
                    when r.relation_code in {CHILDREN} then 'child' else 'parent' end as kind
            from {members()} l join {members()} r using (book_no)
            where l.relation_code in {HEADS} and (
                r.relation_code in {SPOUSES}
                or (r.relation_code in {CHILDREN} and {older})
                or (r.relation_code in {OWN_PARENTS} and coalesce(l.born - r.born >= {LEAST_GENERATION}, true))
            )
            union all
            select l.person_id, r.person_id, r.as_of_date, l.link_probability * r.link_probability, {CONCLUDED}, 'child'
            from {members()} l join {members()} r using (book_no)
            where l.relation_code in {SPOUSES} and r.relation_code in {CHILDREN} and {older}
            union all
            select l.person_id, r.person_id, r.as_of_date, l.link_probability * r.link_probability, {CONCLUDED}, 'spouse'
            from {members()} l join {members()} r using (book_no)
            where l.relation_code = '51' and r.relation_code = '52'
        )
    """


def in_law_ties() -> str:
    """A son- or daughter-in-law is the spouse of the one grown child in the book who can be meant."""
    return f"""
        select l.person_id as person_id_l, r.person_id as person_id_r, 'spouse' as tie_type, r.as_of_date,
            l.link_probability * r.link_probability as link, {CONCLUDED} as strength
        from {members()} l join {members()} r using (book_no)
        where r.relation_code in {IN_LAWS} and l.relation_code in {CHILDREN}
            and l.sex_code is distinct from r.sex_code and coalesce(abs(l.born - r.born) <= 15, true)
        qualify count(*) over (partition by r.person_id) = 1 and count(*) over (partition by l.person_id) = 1
    """


def grandchild_ties() -> str:
    """A grandchild belongs to the one couple or child of the head in the book who can be the parent."""
    return f"""
        select l.person_id as person_id_l, r.person_id as person_id_r, 'parent_child' as tie_type, r.as_of_date,
            l.link_probability * r.link_probability as link, {CONCLUDED} as strength
        from {members()} l join {members()} r using (book_no)
        where r.relation_code between '40' and '49'
            and (l.relation_code in {CHILDREN} or l.relation_code in {IN_LAWS})
            and coalesce(r.born - l.born between {LEAST_GENERATION} and 50, false)
        qualify count(*) filter (where l.relation_code in {CHILDREN}) over (partition by r.person_id) <= 1
    """
