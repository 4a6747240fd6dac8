"""Assistance chains: for every household somebody in which is helped, listed or warned about, where each programme stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.chains import CHAIN, REFERRAL_ROW
from schemas.findings import EXCLUDING_LINK, FINDING, SERVED
from schemas.households import HOUSEHOLD, HOUSEHOLD_MEMBER
from schemas.people import PERSON
from schemas.quality import PLACE_NAME
from schemas.signals import SIGNAL

CIVIL_AFFAIRS = "民政"
IS_LISTED = "(c.is_within_capacity or c.is_random_share)"


@dataclass(frozen=True)
class Owners:
    """Each programme's department, the programmes that earn no visit, and from which chance other departments are told.

    A referral costs no visit, so it does not wait for one.
    """

    departments: tuple[tuple[str, str], ...]
    only_along: tuple[str, ...] = ()
    referral_floor: float = 1

    def referred(self) -> str:
        """Return the condition under which candidate `c` of another department's programme is passed on to it."""
        others = literals(programme for programme, owner in self.departments if owner != CIVIL_AFFAIRS) or "null"
        return f"(c.programme_id in ({others}) and ({IS_LISTED} or c.probability >= {self.referral_floor}))"


@dataclass(frozen=True)
class CriterionSaid:
    """What a criterion is called where it speaks against somebody, and what is asked where it is not known."""

    programme_id: str
    criterion: str
    place: int
    why_zh: str
    why_en: str
    ask_zh: str | None
    ask_en: str | None


@stage(reads=(FINDING, SERVED, CANDIDATE, SIGNAL, HOUSEHOLD, HOUSEHOLD_MEMBER), writes=CHAIN)
def build_chains(said: tuple[CriterionSaid, ...], owners: Owners) -> str:
    """One programme in the assistance chain of one household or person; what no row names is no question for them."""
    words = ", ".join(f"({literals(told(word, bit))})" for word, bit in with_bits(said))
    departments = ", ".join(f"({literals(pair)})" for pair in owners.departments)
    due = "count(*) filter (where disposition = 'deliver') as due_count, count(*) filter (where disposition = 'recheck') as recheck_count"
    return f"""
        with said(programme_id, criterion, bit, why_zh, why_en, ask_zh, ask_en) as (values {words}),
        owner(programme_id, department) as (values {departments}),
        {members()},
        judged as materialized ({judgements()}),
        why as ({reasons()}), ask as ({questions()}),
        warned as (select unit_id, count(*) as signal_count, {due} from signal group by unit_id),
        stood as (
            select coalesce(j.programme_id, s.programme_id) as programme_id, coalesce(j.unit_id, s.unit_id) as unit_id,
                j.* exclude (programme_id, unit_id), s.link_probability as served_probability
            from judged j full join served s on s.programme_id = j.programme_id and s.unit_id = j.unit_id
        ),
        placed as ({placed(owners)})
        select p.household_id, p.unit, p.unit_id, p.person_id, p.township_code, p.programme_id, p.state,
            case when p.state = 'not_eligible' then w.zh end as why_zh, case when p.state = 'not_eligible' then w.en end as why_en,
            case when p.state in ('candidate', 'unknown') then a.zh end as ask_zh,
            case when p.state in ('candidate', 'unknown') then a.en end as ask_en,
            coalesce(o.department, {literal(CIVIL_AFFAIRS)}) as department,
            case when p.state = 'receiving' and p.recheck_count > 0 then 'check_again'
                when p.state = 'receiving' and p.due_count > 0 then 'deliver_what_is_due'
                when p.state = 'candidate' and p.is_listed then 'visit_this_month'
                when p.state = 'candidate' and p.is_referred then 'refer'
                when p.state = 'candidate' then {waiting(owners)}
                when p.state = 'unknown' then 'ask_when_met' else 'none' end as next_step,
            p.candidate_id, p.signal_count
        from placed p left join owner o using (programme_id)
        left join why w on w.programme_id = p.programme_id and w.lacking = p.lacking and w.present = p.present
        left join ask a on a.programme_id = p.programme_id and a.asked = p.asked
    """


def waiting(owners: Owners) -> str:
    """Return what comes next for a candidate nobody visits this month: a visit, or a question whenever they are met."""
    along = literals(owners.only_along)
    return f"if(p.programme_id in ({along}), 'ask_when_met', 'visit_later')" if along else "'visit_later'"


def with_bits(said: tuple[CriterionSaid, ...]) -> Iterator[tuple[CriterionSaid, int]]:
    """Return each criterion with its bit within its programme, in the order they are said in."""
    programme = attrgetter("programme_id")
    for _, group in groupby(sorted(said, key=attrgetter("programme_id", "place")), key=programme):
        yield from ((word, 1 << place) for place, word in enumerate(group))


def told(word: CriterionSaid, bit: int) -> tuple[str | int | None, ...]:
    """Return a criterion's words as values, its bit among them."""
    return word.programme_id, word.criterion, bit, word.why_zh, word.why_en, word.ask_zh, word.ask_en


def members() -> str:
    """Return CTEs of the households somebody in which is helped, listed or warned about, and of their members."""
    return """
        concerned as (
            select household_id from candidate where household_id is not null
            union select household_id from signal where household_id is not null
            union select unit_id from served where unit = 'household'
            union select m.household_id from served s join household_member m on m.person_id = s.unit_id
        ),
        member as materialized (
            select 'household' as unit, h.household_id as unit_id, h.household_id, h.head_person_id as person_id, h.township_code
            from household h semi join concerned using (household_id)
            union all
            select 'person', m.person_id, h.household_id, m.person_id, h.township_code
            from household_member m join household h using (household_id) semi join concerned using (household_id)
        )
    """


def judgements() -> str:
    """Return what the findings say of each unit and programme, a bit per criterion: what is lacking, what excludes, what is open.

    Few patterns come of millions of units, and only patterns are put into words.
    """
    return """
            select f.programme_id, f.unit_id, bool_or(f.is_met <> (f.effect = 'requires')) as is_out,
                coalesce(bit_or(s.bit) filter (where f.effect = 'requires' and not f.is_met), 0) as lacking,
                coalesce(bit_or(s.bit) filter (where f.effect = 'excludes' and f.is_met), 0) as present,
                coalesce(bit_or(s.bit) filter (where f.is_met is null), 0) as asked
            from finding f join said s using (programme_id, criterion)
            where f.unit_id in (select unit_id from member)
            group by f.programme_id, f.unit_id
    """


def reasons() -> str:
    """Return what speaks against the units of each pattern, in words."""
    return """
            select p.programme_id, p.lacking, p.present,
                string_agg(if(p.lacking & s.bit <> 0, '不满足：', '存在：') || s.why_zh, '；' order by s.bit) as zh,
                string_agg(if(p.lacking & s.bit <> 0, 'not met: ', 'present: ') || s.why_en, '; ' order by s.bit) as en
            from (select distinct programme_id, lacking, present from judged) p
            join said s on s.programme_id = p.programme_id and (p.lacking | p.present) & s.bit <> 0
            group by p.programme_id, p.lacking, p.present
    """


def questions() -> str:
    """Return what would settle the units of each pattern, one question a line."""
    return """
            select p.programme_id, p.asked, string_agg(s.ask_zh, chr(10) order by s.bit) as zh,
                string_agg(s.ask_en, chr(10) order by s.bit) as en
            from (select distinct programme_id, asked from judged) p
            join said s on s.programme_id = p.programme_id and p.asked & s.bit <> 0
            group by p.programme_id, p.asked
    """


def placed(owners: Owners) -> str:
    """Return each unit and programme with its state; who receives is not asked to prove it again."""
    return f"""
            select m.household_id, m.unit, m.unit_id, m.person_id, m.township_code, t.programme_id,
                case when t.served_probability >= {EXCLUDING_LINK} then 'receiving' when c.candidate_id is not null then 'candidate'
                    when t.served_probability is not null then 'receiving' when t.is_out then 'not_eligible' else 'unknown' end as state,
                t.lacking, t.present, t.asked, c.candidate_id, {IS_LISTED} as is_listed, {owners.referred()} as is_referred,
                coalesce(w.signal_count, 0) as signal_count, coalesce(w.due_count, 0) as due_count,
                coalesce(w.recheck_count, 0) as recheck_count
            from stood t join member m on m.unit_id = t.unit_id
            left join candidate c on c.programme_id = t.programme_id and c.unit_id = t.unit_id
            left join warned w on w.unit_id = t.unit_id
    """


@stage(reads=(SIGNAL, CANDIDATE, PERSON, PLACE_NAME), writes=REFERRAL_ROW)
def write_referral_rows(owners: Owners) -> str:
    """One line of a department's referral list: every early warning, and candidates of other departments' programmes.

    Candidates of civil affairs go out on the townships' lists and are not repeated here.
    """
    departments = ", ".join(f"({literals(pair)})" for pair in owners.departments)
    return f"""
        with lead as (
            select department, signal_id as lead_id, person_id, township_code, village_code, indicator_id, programme_id,
                population, grade, null as reasons_zh, null as reasons_en, null as questions_zh, null as questions_en, disposition,
                visit_due_date as due_date
            from signal
            union all
            select o.department, c.candidate_id, c.person_id, c.township_code, c.village_code, null, c.programme_id, null, null,
                c.reasons_zh, c.reasons_en, c.questions_zh, c.questions_en, 'refer', null
            from candidate c join (values {departments}) o(programme_id, department) using (programme_id)
            where {owners.referred()}
        )
        select l.department, l.lead_id, p.full_name,
            case when length(p.national_id) = 18 then p.national_id[:6] || '********' || p.national_id[15:] end as masked_id,
            coalesce(v.township_name, t.township_name, l.township_code) as township_name,
            coalesce(v.village_name, l.village_code) as village_name, l.indicator_id, l.programme_id, l.population, l.grade,
            l.reasons_zh, l.reasons_en, l.questions_zh, l.questions_en, l.disposition, l.due_date
        from lead l left join person p using (person_id)
        left join place_name v on v.place_code = l.village_code left join place_name t on t.place_code = l.township_code
    """
