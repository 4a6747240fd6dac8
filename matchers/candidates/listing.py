"""The list itself: for each prospect whom to ask for, why it is listed and what to ask, in Chinese and English.

Reasons and questions are chosen words from the programme files; they hold no amount, no disease, and nothing about
another member by name. The visit asks at most a few questions, the most telling first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchers.sql import literal
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.findings import EXCLUDING_LINK, FINDING
from schemas.households import HOUSEHOLD
from schemas.people import PERSON
from schemas.programme import Words
from schemas.screening import PERSON_TRAIT, PLACE_IN_LINE, PROSPECT, TRAIT

MOST_QUESTIONS = 3
MOST_REASONS = 4
LINK_QUESTION = Words(
    zh="请先核对本人身份信息，确认各部门记录是否为同一人。",
    en="First check the identity: are the departments' records about this person?",
)
LAST_QUESTION = Words(
    zh="是否已申请或正在享受该项救助？如未申请，是否愿意申请？",
    en="Has this help been applied for or is it received already; if not, would the person like to apply?",
)
NO_REASON = Words(zh="多部门数据比对提示可能存在困难", en="Records of several departments together suggest need")
# A trait speaks for need from this value on.
TELLING_FROM = {"burden": 2, "house": 2, "monitored": 2}


@dataclass(frozen=True)
class CriterionWords:
    """What a criterion says on the list where it is met, and what is asked where it is not known."""

    programme_id: str
    criterion: str
    place: int
    reason: Words | None
    question: Words | None


@dataclass(frozen=True)
class SignalWords:
    """What a trait says on the list."""

    programme_id: str
    trait: str
    place: int
    reason: Words


@stage(reads=(PROSPECT, PLACE_IN_LINE, FINDING, TRAIT, PERSON_TRAIT, HOUSEHOLD, PERSON), writes=CANDIDATE)
def write_candidates(criteria: tuple[CriterionWords, ...], signals: tuple[SignalWords, ...]) -> str:
    """One person or household worth visiting for one programme; an invitation to visit, never a decision."""
    return f"""
        with listed as materialized ({listed_findings()}),
        reason as ({reasons(criteria, signals)}), question as ({questions(criteria)})
        select 'C' || upper(left(md5(c.programme_id || '|' || c.unit_id), 12)) as candidate_id, c.programme_id, c.unit, c.unit_id,
            case when c.unit = 'person' then c.unit_id else h.head_person_id end as person_id, c.household_id,
            h.township_code, coalesce(case when c.unit = 'person' then p.village_code end, h.village_code) as village_code,
            c.probability, l.benefit_month_yuan, l.line_distance_yuan, c.unknown_count,
            coalesce(r.zh, {literal(NO_REASON.zh)}) as reasons_zh, coalesce(r.en, {literal(NO_REASON.en)}) as reasons_en,
            concat_ws(chr(10), case when c.deciding_link is not null then {literal(LINK_QUESTION.zh)} end, q.zh,
                {literal(LAST_QUESTION.zh)}) as questions_zh,
            concat_ws(chr(10), case when c.deciding_link is not null then {literal(LINK_QUESTION.en)} end, q.en,
                {literal(LAST_QUESTION.en)}) as questions_en,
            c.deciding_link, c.link_probability, l.rank, l.is_within_capacity, l.is_random_share, c.rests_on_unconfirmed
        from prospect c
        join place_in_line l using (programme_id, unit_id)
        join household h using (household_id)
        left join person p on p.person_id = c.unit_id
        left join reason r on r.programme_id = c.programme_id and r.unit_id = c.unit_id
        left join question q on q.programme_id = c.programme_id and q.unit_id = c.unit_id
        where c.is_listed
    """


def listed_findings() -> str:
    """The findings of listed units: which speak for the unit, and which a visit has to settle."""
    return f"""
        select programme_id, unit_id, criterion, coalesce(is_met = (effect = 'requires'), false) as speaks_for,
            is_met is null or coalesce(link_probability < {EXCLUDING_LINK}, false) as is_open
        from finding semi join place_in_line using (programme_id, unit_id)
    """


def reasons(criteria: tuple[CriterionWords, ...], signals: tuple[SignalWords, ...]) -> str:
    """The few strongest reasons of each listed unit, criteria before signals."""
    said = [(w.programme_id, w.criterion, w.place, w.reason) for w in criteria if w.reason]
    met = f"""
        select a.programme_id, a.unit_id, w.place, w.zh, w.en
        from listed a join ({word_rows(said)}) w on w.programme_id = a.programme_id and w.name = a.criterion
        where a.speaks_for
    """
    return first_few(
        " union all ".join([met, *(signal_rows(signal) for signal in signals)]), MOST_REASONS, "'；'", "'; '"
    )


def signal_rows(signal: SignalWords) -> str:
    """Return the listed units a trait speaks for."""
    return f"""
        select c.programme_id, c.unit_id, {100 + signal.place}, {literal(signal.reason.zh)}, {literal(signal.reason.en)}
        from prospect c join trait t using (household_id)
        where c.is_listed and c.programme_id = {literal(signal.programme_id)}
            and t.{signal.trait} >= {TELLING_FROM.get(signal.trait, 1)}
    """


def questions(criteria: tuple[CriterionWords, ...]) -> str:
    """The few questions that would settle each listed unit, the most telling first; what settles two is asked once."""
    asked = [(w.programme_id, w.criterion, w.place, w.question) for w in criteria if w.question]
    unknown = f"""
        select a.programme_id, a.unit_id, min(w.place), w.zh, w.en
        from listed a join ({word_rows(asked)}) w on w.programme_id = a.programme_id and w.name = a.criterion
        where a.is_open group by a.programme_id, a.unit_id, w.zh, w.en
    """
    return first_few(unknown, MOST_QUESTIONS, "chr(10)", "chr(10)")


def first_few(rows: str, most: int, zh_between: str, en_between: str) -> str:
    """Return the first few words of each unit, joined."""
    return f"""
        select programme_id, unit_id, string_agg(zh, {zh_between} order by place) as zh, string_agg(en, {en_between} order by place) as en
        from (
            select *, row_number() over (partition by programme_id, unit_id order by place) as nth
            from ({rows}) as said(programme_id, unit_id, place, zh, en)
        )
        where nth <= {most} group by programme_id, unit_id
    """


def word_rows(words: Sequence[tuple[str, str, int, Words | None]]) -> str:
    """Return words as rows."""
    rows = ", ".join(
        f"({literal(programme)}, {literal(name)}, {place}, {literal(word.zh)}, {literal(word.en)})"
        for programme, name, place, word in words if word is not None
    )  # fmt: skip
    return f"select * from (values {rows}) as v(programme_id, name, place, zh, en)"
