"""The list itself: for each prospect whom to ask for, why it is listed and what to ask, in Chinese and English.

Reasons and questions are chosen words from the programme files; they hold no amount, no disease, and nothing about
another member by name. The visit asks at most a few questions, the most telling first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.candidates import CANDIDATE
from schemas.findings import EXCLUDING_LINK, FINDING
from schemas.households import HOUSEHOLD
from schemas.people import PERSON
from schemas.programme import Words
from schemas.screening import PERSON_TRAIT, PLACE_IN_LINE, PROSPECT, TRAIT

# No programme has more questions than these, so that a list settles the case; a test holds the rule files to it.
MOST_QUESTIONS = 5
MOST_REASONS = 4
LINK_QUESTION = Words(
    zh="请先核对本人身份信息，确认各部门记录是否为同一人。",
    en="First check the identity: are the departments' records about this person?",
)
LAST_QUESTION = Words(
    zh="是否已申请或正在享受该项救助？如未申请，是否愿意申请？",
    en="Has this help been applied for or is it received already; if not, would the person like to apply?",
)
NO_REASON = Words(
    zh="没有突出的单项情况，按整体情况与在享对象比较推算列入",
    en="Nothing stands out by itself; listed by how all that is known compares with those who receive the help",
)
# A trait speaks for need from this value on.
TELLING_FROM = {"burden": 2, "house": 2, "monitored": 2}
# Criteria and signals of a programme are told by bits of one number, the signals from here on.
FIRST_SIGNAL = 32


@dataclass(frozen=True)
class CriterionWords:
    """What a criterion says on the list where it is met, and what is asked where it is not known."""

    programme_id: str
    criterion: str
    place: int
    reason: Words | None
    question: Words | None


@dataclass(frozen=True)
class AskedWords:
    """What is asked at every visit for a programme: whether something no source tells is paid instead of it."""

    programme_id: str
    question: Words


@dataclass(frozen=True)
class SignalWords:
    """What a trait says on the list."""

    programme_id: str
    trait: str
    place: int
    reason: Words


@stage(reads=(PROSPECT, PLACE_IN_LINE, FINDING, TRAIT, PERSON_TRAIT, HOUSEHOLD, PERSON), writes=CANDIDATE)
def write_candidates(
    criteria: tuple[CriterionWords, ...], signals: tuple[SignalWords, ...], always: tuple[AskedWords, ...] = ()
) -> str:
    """One person or household worth visiting for one programme; an invitation to visit, never a decision."""
    return f"""
        with told as materialized ({told(criteria, signals)}),
        reason as ({reasons(criteria, signals)}), question as ({questions(criteria)})
        select 'C' || upper(left(md5(c.programme_id || '|' || c.unit_id), 12)) as candidate_id, c.programme_id, c.unit, c.unit_id,
            case when c.unit = 'person' then c.unit_id else h.head_person_id end as person_id, c.household_id,
            h.township_code, coalesce(case when c.unit = 'person' then p.village_code end, h.village_code) as village_code,
            c.probability, c.benefit_month_yuan, c.line_distance_yuan, c.unknown_count,
            coalesce(r.zh, {literal(NO_REASON.zh)}) as reasons_zh, coalesce(r.en, {literal(NO_REASON.en)}) as reasons_en,
            concat_ws(chr(10), case when c.deciding_link is not null then {literal(LINK_QUESTION.zh)} end, q.zh,
                {asked_always(always, "zh")}, {literal(LAST_QUESTION.zh)}) as questions_zh,
            concat_ws(chr(10), case when c.deciding_link is not null then {literal(LINK_QUESTION.en)} end, q.en,
                {asked_always(always, "en")}, {literal(LAST_QUESTION.en)}) as questions_en,
            c.deciding_link, c.link_probability, c.rank, c.is_within_capacity, c.is_random_share, c.rests_on_unconfirmed
        from told c
        join household h using (household_id)
        left join person p on p.person_id = c.unit_id
        left join reason r on r.programme_id = c.programme_id and r.pattern = c.reasons
        left join question q on q.programme_id = c.programme_id and q.pattern = c.questions
    """


def asked_always(always: tuple[AskedWords, ...], lang: str) -> str:
    """Return what is asked of every candidate of a programme, its questions one a line; null where nothing is."""
    cases = " ".join(
        f"when {literal(programme)} then {literal(chr(10).join(getattr(word.question, lang) for word in group))}"
        for programme, group in groupby(sorted(always, key=attrgetter("programme_id")), key=attrgetter("programme_id"))
    )
    return f"case c.programme_id {cases} end" if cases else "null"


def told(criteria: tuple[CriterionWords, ...], signals: tuple[SignalWords, ...]) -> str:
    """Each listed unit with what speaks for it and what a visit has to settle: one bit per word, so few patterns in all.

    All findings are gathered, listed or not: they lie unit by unit, and looking the listed up among them takes longer.
    """
    bits = ", ".join(f"({literals((w.programme_id, w.criterion, bit_of(w)))})" for w in criteria)
    programmes = groupby(sorted(signals, key=attrgetter("programme_id")), key=attrgetter("programme_id"))
    traits = " ".join(f"when {literal(name)} then {' | '.join(map(trait_bit, group))}" for name, group in programmes)
    return f"""
        select c.*, l.* exclude (programme_id, unit_id), coalesce(f.questions, 0) as questions,
            coalesce(f.reasons, 0) | coalesce(case c.programme_id {traits or "when '' then 0"} end, 0) as reasons
        from place_in_line l join prospect c using (programme_id, unit_id) left join trait t using (household_id)
        left join (
            select programme_id, unit_id, bit_or(bit) filter (where is_met = (effect = 'requires')) as reasons,
                bit_or(bit) filter (where is_met is null or link_probability < {EXCLUDING_LINK}) as questions
            from finding join (values {bits}) as word(programme_id, criterion, bit) using (programme_id, criterion)
            group by programme_id, unit_id
        ) f using (programme_id, unit_id)
        where c.is_listed
    """


def bit_of(word: CriterionWords | SignalWords) -> int:
    """Return the bit a word stands for within its programme, criteria before signals."""
    return 1 << (word.place + (FIRST_SIGNAL if isinstance(word, SignalWords) else 0))


def trait_bit(signal: SignalWords) -> str:
    """Return a signal's bit where its trait speaks for need."""
    return f"(t.{signal.trait} >= {TELLING_FROM.get(signal.trait, 1)})::bigint * {bit_of(signal)}"


def reasons(criteria: tuple[CriterionWords, ...], signals: tuple[SignalWords, ...]) -> str:
    """The few strongest reasons of each pattern, criteria before signals."""
    words: tuple[CriterionWords | SignalWords, ...] = (*criteria, *signals)
    said = [(word.programme_id, bit_of(word), word.reason) for word in words if word.reason]
    return first_few(
        f"select programme_id, pattern, bit, zh, en from ({said_by('reasons', said)})", MOST_REASONS, "'；'", "'; '"
    )


def questions(criteria: tuple[CriterionWords, ...]) -> str:
    """The few questions that would settle each pattern, the most telling first; what settles two is asked once."""
    asked = [(word.programme_id, bit_of(word), word.question) for word in criteria if word.question]
    once = f"select programme_id, pattern, min(bit), zh, en from ({said_by('questions', asked)}) group by programme_id, pattern, zh, en"
    return first_few(once, MOST_QUESTIONS, "chr(10)", "chr(10)")


def said_by(patterns: str, words: Sequence[tuple[str, int, Words]]) -> str:
    """Return the words of each pattern there is."""
    rows = ", ".join(f"({literals((programme, bit, word.zh, word.en))})" for programme, bit, word in words)
    return f"""
        select p.programme_id, p.pattern, w.bit, w.zh, w.en
        from (select distinct programme_id, {patterns} as pattern from told) p
        join (values {rows}) as w(programme_id, bit, zh, en) on w.programme_id = p.programme_id and p.pattern & w.bit <> 0
    """


def first_few(rows: str, most: int, zh_between: str, en_between: str) -> str:
    """Return the first few words of each pattern, joined."""
    return f"""
        select programme_id, pattern, string_agg(zh, {zh_between} order by bit) as zh, string_agg(en, {en_between} order by bit) as en
        from (
            select *, row_number() over (partition by programme_id, pattern order by bit) as nth
            from ({rows}) as said(programme_id, pattern, bit, zh, en)
        )
        where nth <= {most} group by programme_id, pattern
    """
