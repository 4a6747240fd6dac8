"""All findings about one unit and programme together, and the chance that it is entitled and not served."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.sql import literal
from matchers.stage import stage
from schemas.findings import FINDING, SERVED
from schemas.people import PERSON
from schemas.programme import WholeRule
from schemas.screening import ASSESSED_UNIT, PATTERN_CHANCE, PROSPECT, UNIT_PATTERN, VERDICT

FINE = 1_000_000_000.0
# What excludes is the exception: where nobody's answer is known, this many are let through for one that is not.
EXCEPTION = 9


@dataclass(frozen=True)
class Assumption:
    """What a programme assumes: how often an unknown criterion turns out to speak for the unit; null: as among the known."""

    programme_id: str
    criterion: str
    unknown_share: float | None


@dataclass(frozen=True)
class Listing:
    """The figures by which prospects are listed: from `floor` on, and below it until `share` of those expected are listed."""

    take_up: float
    floor: float
    share: float
    whole_rules: tuple[WholeRule, ...]


@stage(reads=(FINDING, ASSESSED_UNIT), writes=VERDICT)
def reach_verdicts(assumptions: tuple[Assumption, ...]) -> str:
    """One unit and programme, all findings together."""
    assumed = ", ".join(
        f"({literal(a.programme_id)}, {literal(a.criterion)}, {literal(a.unknown_share)}::double)" for a in assumptions
    )
    # Logarithms as whole numbers: their sum does not depend on the order of rows, and needs no sorting.
    chance = f"round(ln(greatest(coalesce(a.favour_probability, s.unknown_share), 1e-6)) * {FINE})::bigint"
    return f"""
        with assumed(programme_id, criterion, unknown_share) as (values {assumed}),
        known as (
            select programme_id, criterion,
                (count(*) filter (where is_met = (effect = 'requires')) + if(effect = 'excludes', {EXCEPTION}, 1))
                    / (count(is_met) + if(effect = 'excludes', {EXCEPTION + 1}, 2)) as known_share
            from finding group by programme_id, criterion, effect
        ),
        share as (
            select k.programme_id, k.criterion, coalesce(d.unknown_share, k.known_share) as unknown_share
            from known k left join assumed d using (programme_id, criterion)
        ),
        gathered as (
            select a.programme_id, a.unit, a.unit_id,
                bool_or(a.is_met is not null and a.is_met <> (a.effect = 'requires')) as is_out,
                bool_and(a.is_met is not null and a.is_met = (a.effect = 'requires')) as is_whole,
                count(*) filter (where a.is_met is null) as unknown_count,
                round(exp(coalesce(sum({chance}) filter (where a.effect = 'requires'), 0) / {FINE}), 6) as required_probability,
                round(exp(coalesce(sum({chance}) filter (where a.effect = 'excludes'), 0) / {FINE}), 6) as permitted_probability,
                min_by(a.doubted_record_id, (a.doubted_probability, a.criterion))
                    filter (where a.doubted_record_id is not null) as deciding_link,
                coalesce(least(min(a.link_probability), min(a.doubted_probability)), 1) as link_probability,
                not bool_and(a.is_confirmed) as rests_on_unconfirmed
            from finding a join share s using (programme_id, criterion)
            group by a.programme_id, a.unit, a.unit_id
        )
        select g.programme_id, g.unit, g.unit_id, u.household_id, g.is_out, g.is_whole, g.unknown_count,
            g.required_probability, g.permitted_probability, g.deciding_link, g.link_probability, g.rests_on_unconfirmed
        from gathered g join assessed_unit u using (programme_id, unit_id)
    """


@stage(reads=(VERDICT, SERVED, UNIT_PATTERN, PATTERN_CHANCE, PERSON), writes=PROSPECT)
def weigh_prospects(listing: Listing) -> str:
    """One unit and programme that is neither out nor served, with its chance; whether it is listed, and if not, why."""
    return f"""
        with missed as ({missed_shares()}),
        chance as (
            select v.programme_id, v.unit, v.unit_id, v.household_id, v.unknown_count, v.rests_on_unconfirmed,
                coalesce(s.record_id, v.deciding_link) as deciding_link,
                least(v.link_probability, coalesce(s.link_probability, 1)) as link_probability,
                round(
                    case when v.is_whole or p.probability is null then v.required_probability else p.probability end
                    * v.permitted_probability * (1 - coalesce(s.link_probability, 0))
                    * ({1 - listing.take_up} / ({1 - listing.take_up} + {listing.take_up} * coalesce(m.missed_share, 0))), 6
                ) as probability
            from verdict v
            left join served s on s.programme_id = v.programme_id and s.unit_id = v.unit_id
            left join unit_pattern u on u.programme_id = v.programme_id and u.unit_id = v.unit_id
            left join pattern_chance p on p.programme_id = u.programme_id and p.pattern = u.pattern
            left join missed m on m.programme_id = v.programme_id
            where not v.is_out and not coalesce(s.can_exclude, false)
        ),
        covered as ({covered_by_whole(listing.whole_rules)}),
        single as materialized (
            select c.*, w.part is not null as is_covered
            from chance c left join covered w on w.part = c.programme_id and w.household_id = c.household_id
        ),
        reached as ({reached_shares()})
        select s.programme_id, s.unit, s.unit_id, s.household_id, s.probability, s.unknown_count, s.deciding_link,
            s.link_probability, s.rests_on_unconfirmed, not s.is_covered and s.probability >= r.least as is_listed,
            case when s.is_covered then 'the household qualifies whole'
                when s.probability < r.least then 'too unlikely, with all of them few are missed' end as reason
        from single s join (
            select programme_id, least({literal(listing.floor)}, min(probability) filter (where before < {literal(listing.share)} * expected)) as least
            from reached group by programme_id
        ) r using (programme_id)
    """


def reached_shares() -> str:
    """Each probability of a programme with how many are expected among the likelier ones, and among all."""
    return """
        select programme_id, probability,
            sum(here) over (partition by programme_id order by probability desc) - here as before,
            sum(here) over (partition by programme_id) as expected
        from (
            select programme_id, probability,
                coalesce(sum(probability::decimal(18, 9)) filter (where not is_covered), 0) as here
            from single group by programme_id, probability
        )
    """


def missed_shares() -> str:
    """How many of a roll's lines found no other record of the person: those receive, and nobody can see it."""
    return """
        select s.programme_id, avg((p.source_count = 1)::bigint) as missed_share
        from served s join person p on p.person_id = s.unit_id where s.unit = 'person' group by s.programme_id
    """


def covered_by_whole(rules: tuple[WholeRule, ...]) -> str:
    """Households that qualify whole, so that their members are not listed by themselves as well."""
    pairs = ", ".join(f"({literal(rule.whole)}, {literal(rule.part)})" for rule in rules) or "(null, null)"
    return f"""
        select distinct r.part, v.household_id
        from verdict v join (values {pairs}) r(whole, part) on r.whole = v.programme_id
        where v.is_whole
    """
