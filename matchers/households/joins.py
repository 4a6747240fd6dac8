"""Which nuclear families live together: everything that ties the two, weighed at once and never passed on in a chain."""

from __future__ import annotations

from matchers.stage import stage
from schemas.households import TIE
from schemas.living import DWELLER, NUCLEUS, NUCLEUS_JOIN

# A join below this is a question for the visit, not a household.
LEAST_JOIN = 0.5

# Probability that two nuclear families live together, by what ties them. Read from the top, the first that fits.
# One book without one address is how children who moved out still look; one address alone is how a village with few
# house numbers looks. Two things that agree are worth far more than either.
JOIN_TABLE = (
    ("is_one_phone and (is_one_place or is_kin or is_one_book)", 0.97),
    ("is_kin and is_one_book and is_one_place", 0.97),
    ("is_one_book and is_one_place", 0.95),
    ("is_kin and is_one_place", 0.85),
    ("is_monitored", 0.8),
    ("is_one_place and is_one_surname and is_generation", 0.7),
    ("is_rolled", 0.6),
    ("is_ward and is_one_place", 0.6),
    ("is_one_place and is_one_surname", 0.2),
    ("is_kin and is_one_book and is_elsewhere", 0.15),
    ("is_one_book and is_elsewhere", 0.08),
    ("is_kin and is_one_book", 0.4),
    ("is_one_book", 0.35),
    ("is_one_place", 0.06),
)


@stage(reads=(TIE, NUCLEUS, DWELLER), writes=NUCLEUS_JOIN)
def choose_joins() -> str:
    """One nuclear family and the one other it lives with, if any is likelier than not."""
    return f"""
        with pair as ({tied_nuclei()}),
        scored as (
            select *, {join_probability()}::double as strength,
                case when is_rolled or is_monitored then 'roll_household' when is_one_place then 'same_address'
                    when is_kin then 'parent_child' when is_ward then 'guardian'
                    else 'register_household' end as tie_type
            from pair
        ),
        side as (
            select nucleus_l as nucleus_id, nucleus_r as other_id, strength, tie_type from scored
            union all
            select nucleus_r, nucleus_l, strength, tie_type from scored
        )
        select nucleus_id, other_id, tie_type, strength
        from side
        where strength >= {LEAST_JOIN}
        qualify row_number() over (partition by nucleus_id order by strength desc, other_id) = 1
    """


def join_probability() -> str:
    """The table as one SQL expression."""
    cases = " ".join(f"when {condition} then {probability}" for condition, probability in JOIN_TABLE)
    return f"case {cases} else 0.05 end"


def tied_nuclei() -> str:
    """Pairs of nuclear families with any tie between their members, and what the ties are."""
    return """
        select least(l.nucleus_id, r.nucleus_id) as nucleus_l, greatest(l.nucleus_id, r.nucleus_id) as nucleus_r,
            bool_or(t.tie_type = 'parent_child') as is_kin,
            bool_or(t.tie_type = 'guardian') as is_ward,
            bool_or(t.source_id = 'subsistence_roll') as is_rolled,
            bool_or(t.source_id = 'anti_relapse') as is_monitored,
            bool_or(t.tie_type = 'same_phone') as is_one_phone,
            coalesce(bool_or(dl.book_no = dr.book_no), false) as is_one_book,
            coalesce(bool_or(dl.place = dr.place), false) as is_one_place,
            coalesce(bool_or(dl.surname = dr.surname), false) as is_one_surname,
            coalesce(bool_and(dl.place <> dr.place), false) as is_elsewhere,
            coalesce(bool_or(abs(dl.age - dr.age) between 16 and 50), false) as is_generation
        from tie t
        join nucleus l on l.person_id = t.person_id_l
        join nucleus r on r.person_id = t.person_id_r
        join dweller dl on dl.person_id = t.person_id_l
        join dweller dr on dr.person_id = t.person_id_r
        where l.nucleus_id <> r.nucleus_id and t.tie_type <> 'spouse'
        group by all
    """
