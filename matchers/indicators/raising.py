"""Raises the signals: every indicator in one pass over those already known to be in a watched state."""

from __future__ import annotations

from matchers.indicators.rules import Line, Watch
from matchers.indicators.states import STATES
from matchers.sql import literal, literals
from matchers.stage import stage
from schemas.findings import EXCLUDING_LINK, SERVED
from schemas.households import HOUSEHOLD
from schemas.indicator import GRADES, INSIDE
from schemas.people import PERSON
from schemas.screening import VERDICT
from schemas.signals import (
    EARNER,
    OBSERVED,
    OBSERVED_BEFORE,
    PLACED,
    SIGNAL,
    SILENCER,
    STANDING,
    WATCH_LINE,
)  # fmt: skip

LIMIT = "case when r.rural = r.urban then r.rural when is_rural then r.rural when not is_rural then r.urban end"
CODES = "string_split(r.codes, ' ')"
RAISED = (
    "indicator_id, programme_id, unit, unit_id, person_id, household_id, township_code, village_code, standing, grade, "
    "red_due, orange_due, yellow_due, disposition, department, fact_name, observed, observed_before, limit_applied, is_new, "
    "has_unknown, authority, is_confirmed, source_id, as_of_date, link_probability, record_id"
)


@stage(reads=(), writes=WATCH_LINE)
def lay_out(watches: tuple[Watch, ...]) -> str:
    """One indicator, or one programme of it, for people of one standing in one area."""
    rows = [
        row(watch, line, programme)
        for watch in watches for line in watch.lines for programme in watch.indicator.programmes or ("",)
    ]  # fmt: skip
    names = ", ".join(WATCH_LINE.column_names)
    typed = ", ".join(f"{column.name}::{column.type} as {column.name}" for column in WATCH_LINE.columns)
    empty = f"({', '.join(['null'] * len(WATCH_LINE.columns))})"
    return f"select {typed} from (values {', '.join(rows or [empty])}) as line({names}) where indicator_id is not null"


def row(watch: Watch, line: Line, programme_id: str) -> str:
    """Return one line as SQL values, in the order of WATCH_LINE."""
    indicator, bound, state = watch.indicator, line.bound, watch.state
    place = (
        "person" if indicator.unit == "person" else "bereaved" if state and state.fact == "deceased" else "household"
    )
    red, orange = (bound.smaller * times if bound.smaller and times else None for times in line.grows or (0, 0))
    cells = (
        indicator.indicator_id, programme_id, watch.area, line.standing, indicator.unit, indicator.department,
        indicator.fires == 'change', state.name if state else None, state.fact if state else None, place, bound.rural, bound.urban,
        bound.written, bound.text or None, watch.also[0].fact if watch.also else None,
        watch.also[1].written if watch.also else None, ' '.join(indicator.unless), watch.breadwinner_share, line.grade, red, orange,
        *(watch.due[grade] for grade in GRADES), line.disposition, watch.authority, watch.is_confirmed,
    )  # fmt: skip
    return f"({literals(cells)})"


@stage(
    reads=(
        WATCH_LINE,
        OBSERVED,
        OBSERVED_BEFORE,
        PLACED,
        SILENCER,
        EARNER,
        STANDING,
        VERDICT,
        SERVED,
        PERSON,
        HOUSEHOLD,
    ),
    writes=SIGNAL,
)
def raise_signals(comparable: tuple[str, ...]) -> str:
    """One indicator that fired for one person or household; a reason to look, never a decision.

    `comparable`: the sources that were delivered last month as well; what others say is new to us, not new.
    """
    grades = f"[{literals(GRADES)}]"
    return f"""
        with held as materialized ({holding()}),
        raised({RAISED}) as ({in_state(comparable)} union all {undelivered(is_comparable=bool(comparable))}),
        surest as (
            select * from raised qualify row_number() over (
                partition by indicator_id, programme_id, unit_id
                order by list_position({grades}, grade), link_probability desc, observed desc, person_id, record_id
            ) = 1
        )
        select 'S' || upper(left(md5(indicator_id || '|' || programme_id || '|' || unit_id), 12)) as signal_id,
            indicator_id, nullif(programme_id, '') as programme_id, unit, unit_id, person_id, household_id, township_code, village_code,
            case when standing in ({literals(INSIDE)}) then 'inside' when standing = 'left' then 'left' else 'outside' end as population,
            standing, grade, [red_due, orange_due, yellow_due][list_position({grades}, grade)] as visit_due_date, disposition,
            department, fact_name, observed, observed_before, limit_applied, is_new, has_unknown, authority, is_confirmed, source_id,
            as_of_date, link_probability, record_id
        from surest
    """


def in_state(comparable: tuple[str, ...]) -> str:
    """Return the units in a state; of indicators that fire on change, those who were not in it a month before."""
    is_new = f"case when r.source_id in ({literals(comparable) or 'null'}) then not (b.unit_id is not null and coalesce({of_state('holds', 'b')}, false)) end"
    unknown = "(r.breadwinner_share is not null and e.income_share is null)"
    return f"""
        select indicator_id, programme_id, unit, unit_id, person_id, household_id, township_code, village_code, standing,
            case when has_unknown then {literal(GRADES[-1])} when number_value > red_from then 'red'
                when number_value > orange_from and grade <> 'red' then 'orange' else grade end, red_due, orange_due, yellow_due,
            disposition, department, fact_name, observed, observed_before, limit_text, is_new, has_unknown, authority,
            is_confirmed, source_id, as_of_date, link_probability, record_id
        from (
            select r.*, {unknown} as has_unknown, {is_new} as is_new, {of_state("observed", "b")} as observed_before
            from held r
            left join observed_before b on b.unit_id = r.seen_id and b.fact_name = r.fact_name
            left join earner e on e.person_id = r.seen_id
            left join observed a on a.unit_id = r.seen_id and a.fact_name = r.also_fact
            left join (select unit_id, list(fact_name) as facts from silencer group by unit_id) q on q.unit_id = r.seen_id
            where coalesce(e.income_share, 1) >= coalesce(r.breadwinner_share, 0)
                and (r.also_fact is null or (a.number_value = 1 and list_contains(string_split(r.also_codes, ' '), a.text_value)))
                and (q.facts is null or not list_has_any(q.facts, string_split(r.unless_facts, ' ')))
        )
        where is_new or not is_change
    """


def holding() -> str:
    """Return the units in a watched state with the line that watches it: few, so all else is looked up for them alone.

    A re-check is asked for on sure links only: a weak one would send an office after the wrong person.
    """
    return f"""
        select r.*, h.unit_id, h.person_id, h.household_id, h.township_code, h.village_code, h.is_rural, n.unit_id as seen_id,
            n.number_value, n.source_id, n.as_of_date, n.link_probability, n.record_id, {of_state("observed", "n")} as observed
        from observed n
        join placed h on h.seen_id = n.unit_id
        join watch_line r
            on r.fact_name = n.fact_name and r.place = h.place and r.area_code = h.area_code and r.standing = h.standing
        where {of_state("holds", "n")} and (r.disposition <> 'recheck' or n.link_probability >= {EXCLUDING_LINK})
    """


def of_state(part: str, fact: str) -> str:
    """Return what each state says of a fact row, by the state the line watches: whether it holds, or what was observed."""
    said = " ".join(
        f"when {literal(state.name)} then "
        + (state.holds if part == "holds" else state.observed).format(
            f=fact, limit=CODES if state.limit == "list" else f"({LIMIT})"
        )
        for state in STATES
    )
    return f"(case r.state {said} end)"


def undelivered(*, is_comparable: bool) -> str:
    """Return the units of which everything a programme requires is known to be met, and which do not receive it."""
    return f"""
        select r.indicator_id, v.programme_id, v.unit, v.unit_id, coalesce(p.person_id, h.head_person_id), v.household_id,
            coalesce(p.township_code, h.township_code), coalesce(p.village_code, h.village_code), r.standing, r.grade, r.red_due,
            r.orange_due, r.yellow_due, r.disposition, r.department, null::varchar, null::varchar, null::varchar, null::varchar,
            {"b.unit_id is null" if is_comparable else "null::boolean"}, false, r.authority,
            r.is_confirmed and not v.rests_on_unconfirmed, null::varchar, null::date, v.link_probability, v.deciding_link
        from (select * from verdict where is_whole and programme_id in (select programme_id from watch_line)) v
        join household h using (household_id) left join person p on p.person_id = v.unit_id
        left join standing s on s.person_id = coalesce(p.person_id, h.head_person_id)
        join watch_line r
            on r.programme_id = v.programme_id and r.area_code = h.area_code and r.standing = coalesce(s.standing, 'none')
        left join (select programme_id, unit_id from candidate_before where unknown_count = 0) b
            on b.programme_id = v.programme_id and b.unit_id = v.unit_id
        where not exists (
            select 1 from served d where d.programme_id = v.programme_id and d.unit_id = v.unit_id
                and d.link_probability >= {EXCLUDING_LINK}
        )
    """
