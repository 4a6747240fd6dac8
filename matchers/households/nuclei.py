"""Nuclear families: couples and grown singles with the children who depend on them.

The recognition measure counts a spouse and dependent children wherever they stay, so these joins need no shared
address; whether two nuclear families live together is another question, asked in `joins`.
"""

from __future__ import annotations

from matchers.stage import stage
from schemas.households import TIE
from schemas.living import DWELLER, NUCLEUS, SPOUSE

MAJORITY = 18
# With whom a child is placed: the same address counts for, another one against, the same book for. A guardian who is
# no parent stands behind a parent, unless the child lives at the guardian's and the parents do not.
SAME_PLACE = 0.4
SAME_BOOK = 0.2
NO_PARENT = -0.25
# An unmarried grown child in the parents' book with no other address is still at home more often than not, but not for ever.
OLDEST_AT_HOME = 40


@stage(reads=(TIE, DWELLER), writes=SPOUSE)
def choose_spouses() -> str:
    """One person and the spouse both sides' evidence supports best."""
    return """
        with living as (
            select t.* from tie t
            join dweller l on l.person_id = t.person_id_l join dweller r on r.person_id = t.person_id_r
            where t.tie_type = 'spouse'
        ),
        side as (
            select person_id_l as person_id, person_id_r as spouse_id, as_of_date, strength from living
            union all
            select person_id_r, person_id_l, as_of_date, strength from living
        ),
        couple as (
            select person_id, spouse_id, count(*) as said, max(strength) as strength, max(as_of_date) as as_of_date
            from side group by all
        ),
        best as (
            select person_id, max_by(spouse_id, (strength, said, spouse_id)) as spouse_id, max(strength) as strength
            from couple group by all
        )
        select l.person_id, l.spouse_id, least(l.strength, r.strength) as strength
        from best l join best r on r.person_id = l.spouse_id and r.spouse_id = l.person_id
    """


@stage(reads=(DWELLER, TIE, SPOUSE), writes=NUCLEUS)
def form_nuclei() -> str:
    """One living person and the nuclear family they belong to."""
    return f"""
        with pointed as ({pointers()}),
        grown as (
            select person_id, anchor_id, place_rule, strength, least(person_id, coalesce(spouse_id, person_id)) as couple_id
            from pointed
        ),
        rooted as (
            select g.person_id, g.anchor_id, g.place_rule, g.strength,
                case when g.place_rule in ('self', 'spouse') then g.couple_id
                    when p.place_rule in ('self', 'spouse') then p.couple_id
                    when pp.place_rule in ('self', 'spouse') then pp.couple_id
                    else p.couple_id end as nucleus_id
            from grown g
            left join grown p on p.person_id = g.anchor_id and g.place_rule in ('child', 'ward')
            left join grown pp on pp.person_id = p.anchor_id and p.place_rule in ('child', 'ward')
        )
        select person_id, nucleus_id, anchor_id, place_rule, round(strength, 6) as strength from rooted
    """


def pointers() -> str:
    """Each person's one pointer: to a parent or guardian they depend on, to a spouse, or to themselves."""
    return f"""
        select d.person_id, s.spouse_id, coalesce(a.anchor_id, s.spouse_id, d.person_id) as anchor_id,
            case when a.anchor_id is not null then a.place_rule when s.spouse_id is not null then 'spouse' else 'self' end
                as place_rule,
            coalesce(a.strength, s.strength, 1.0) as strength
        from dweller d
        left join spouse s using (person_id)
        left join ({chosen_anchors()}) a on a.person_id = d.person_id
    """


def chosen_anchors() -> str:
    """The parent or guardian each dependent lives with: minors, students, and unmarried grown children still at home."""
    at_home = f"""
        c.age < {MAJORITY} or c.is_student or c.is_dependent_adult
        or (c.age <= {OLDEST_AT_HOME} and c.book_no = p.book_no and coalesce(c.place = p.place, true))
        or (c.place = p.place and t.tie_type = 'parent_child')
    """
    return f"""
        select person_id, max_by(anchor_id, (score, anchor_id)) as anchor_id,
            max_by(place_rule, (score, anchor_id)) as place_rule, max_by(strength, (score, anchor_id)) as strength
        from (
            select c.person_id, p.person_id as anchor_id, max(t.strength) as strength,
                case when bool_or(t.tie_type = 'parent_child') then 'child' else 'ward' end as place_rule,
                max(t.strength + case when t.tie_type = 'guardian' then {NO_PARENT} else 0 end)
                    + max(case when c.place = p.place then {SAME_PLACE} when c.place <> p.place then -{SAME_PLACE} else 0 end)
                    + max(case when c.book_no = p.book_no then {SAME_BOOK} else 0 end) as score
            from tie t
            join dweller p on p.person_id = t.person_id_l
            join dweller c on c.person_id = t.person_id_r
            left join spouse s on s.person_id = c.person_id
            where t.tie_type in ('parent_child', 'guardian') and s.person_id is null and ({at_home})
                and (t.tie_type = 'parent_child' or c.age < {MAJORITY}) and coalesce(p.age - c.age >= 14, true)
            group by c.person_id, p.person_id
        )
        group by person_id
    """
