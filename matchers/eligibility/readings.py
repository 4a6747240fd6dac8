"""What each source is read for: one line per fact, as data, so that the list of facts is the list of readings."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from matchers.sql import literal, literals

# Own spending of which some settlement does not state its part: at least what the others say.
AT_LEAST = "at_least"
# What a year of settlements says: the fact, its value, how it is meant, its day, and when it is said.
SPENDING = (
    (
        "own_medical", "greatest(own_part, 0)", f"case when unstated > 0 then {literal(AT_LEAST)} end", "last_seen",
        "last_seen is not null",
    ),
    ("medical_aid", "aid", "null", "last_seen", "aid > 0 and last_seen is not null"),
    ("severe_illness", "severe_count", "null", "last_severe", "severe_count > 0"),
)  # fmt: skip
# The part of a pension that is exempt: an employee's has none unless stated; of any other, what is left is not known without it.
EXEMPT_PENSION = (
    "case when pension_kind = 'employee' then coalesce(basic_pension_month_yuan, 0) else basic_pension_month_yuan end"
)
# The four legal kinds of income (民发〔2021〕57号 Art. 13) as declared for a household and year; business net of its cost.
DECLARED_KINDS = (
    ("wages", "wage_income_year_yuan"),
    (
        "business",
        "business_income_year_yuan - case when business_income_year_yuan > 0 then business_cost_year_yuan else 0 end",
    ),
    ("property", "property_income_year_yuan"),
    ("transfers", "transfer_income_year_yuan"),
)


@dataclass(frozen=True)
class Reading:
    """One fact a source's rows carry: SQL over the raw row `r` for its value, and which rows carry it.

    `record`: which of the row's records the fact is about, where a row names several people.
    """

    fact: str
    source: str
    number: str = "null"
    text: str = "null"
    date: str = "null"
    where: str = "true"
    detail: str = "''"
    record: str = "record_id"

    def select(self) -> str:
        """Return one observation per row of the source and person."""
        return f"""
            select l.person_id as unit_id, {literal(self.fact)} as fact_name, ({self.number})::double as number_value,
                ({self.text})::varchar as text_value, ({self.date})::date as date_value,
                {literal(self.source)} as source_id, coalesce(({self.detail})::varchar, '') as detail,
                l.link_probability, l.link_rule = 'certain_id' as is_certain, l.record_id
            from raw_{self.source} r join person_record l on l.record_id = r.{self.record}
            where {self.where}
        """


def readings(day: datetime.date) -> tuple[Reading, ...]:
    """Return what is read from each source on a day, settlements aside."""
    return (*state_readings(day), *income_readings(day), *condition_readings(day), *change_readings(day))


def state_readings(day: datetime.date) -> tuple[Reading, ...]:
    """Where people are registered, who died, who is disabled, who studies."""
    register, certificate, today = "population_register", "disability_certificate", literal(day)
    is_valid = f"status = 'valid' and coalesce(valid_to >= {today}, true)"
    return (
        Reading("registered_here", register, "(status = 'normal')::int", "status", "status_date"),
        Reading("deceased", register, "1", "status", "status_date", "status = 'cancelled'"),
        Reading("deceased", "cremation", "1", "null", "death_time"),
        Reading(
            "disability", certificate, f"({is_valid})::int", "disability_type || '-' || disability_level", "valid_to"
        ),
        Reading("student", "student", "is_aided::int", "stage", "null", "stage <> 'kindergarten'"),
        Reading(
            "employee_insured", "medical_insured", "1", "insutype", "begntime",
            f"insutype = 'employee' and coalesce(endtime >= {today}, true)",
        ),
    )  # fmt: skip


def income_readings(day: datetime.date) -> tuple[Reading, ...]:
    """What people are known to receive a month; nothing here is ever read as all they receive."""
    recent = literal(months_before(day, 3).strftime("%Y-%m"))
    # Who lately began to draw a pension drew it for part of the twelve months the law asks about.
    drawn = f"greatest(1, least(12, datediff('month', (start_month || '-01')::date, {literal(day)}) + 1))"
    pension = f"(pension_month_yuan - {EXEMPT_PENSION}) * coalesce({drawn}, 12) / 12"
    return (
        Reading(
            "wage", "social_insurance", "base_month_yuan", "employer", where=f"insurance_kind = 'employee' "
            f"and status = 'active' and last_paid_month >= {recent} and base_month_yuan > 0",
        ),
        # The centrally set basic pension is exempt income; what is left of a residents' pension is not.
        Reading(
            "pension", "pension", pension, "pension_kind",
            "(paid_month || '-01')::date", f"status = 'receiving' and paid_month >= {recent}", "pension_kind",
        ),
        Reading(
            "unemployment_benefit", "unemployment", "benefit_month_yuan", "null", "register_date",
            f"is_valid and coalesce(cancel_date > {literal(day)}, true) and benefit_month_yuan > 0",
        ),
        Reading(
            "land_subsidy", "land_subsidy", "amount_year_yuan / 12", "year", detail="coalesce(village_code, '')",
            where=f"year >= {day.year - 1} and year = (select max(year) from raw_land_subsidy)",
        ),
        Reading(
            "declared_income_head", "anti_relapse", "net_income_per_head_year_yuan / 12", "monitored_class",
            where="net_income_per_head_year_yuan is not null",
        ),
        *(
            Reading(f"declared_{kind}", "anti_relapse", number, where=f"({number}) is not null")
            for kind, number in DECLARED_KINDS
        ),
    )  # fmt: skip


def condition_readings(day: datetime.date) -> tuple[Reading, ...]:
    """What happened to people and what other departments already watch."""
    year_ago = literal(months_before(day, 12))
    # A parent is unable to care where the term is six calendar months or longer (民发〔2019〕62号, first part): from its first day where
    # its end is known, otherwise once six months have passed, 184 days before the last of October.
    half_a_year_ago = literal(months_before(day, 6))
    is_long = f"(start_date <= {half_a_year_ago} or end_date >= start_date + interval 6 month)"
    return (
        Reading(
            "unemployed", "unemployment", "1", "null", "register_date",
            f"is_valid and coalesce(cancel_date > {literal(day)}, true)",
        ),
        Reading("monitored", "anti_relapse", "(risk_removed_date is null)::int", "monitored_class", "risk_removed_date"),
        Reading("house_grade", "rural_housing", "assessed_year", "house_grade", detail="house_grade"),
        Reading(
            "house_repair", "rural_housing", "assessed_year", "house_grade", detail="house_grade",
            where="starts_with(repair_state, '已')",
        ),
        Reading("public_rental", "public_rental", "1", "null", "contract_end_date", "status = 'active'"),
        Reading("worker_in_difficulty", "worker_in_difficulty", "1", "difficulty_level", "filed_date"),
        Reading(
            "disaster", "disaster_loss", "loss_yuan", "null", "disaster_date", f"disaster_date > {year_ago}",
            "disaster_date::varchar",
        ),
        Reading(
            "detained", "custody", "1", "custody_kind", "start_date",
            f"start_date <= {literal(day)} and {is_long} and coalesce(end_date > {literal(day)}, true)",
        ),
        Reading("recognised_tier", "subsistence_roll", "member_count", "tier", "start_date", on_roll(day), "tier"),
    )  # fmt: skip


def change_readings(day: datetime.date) -> tuple[Reading, ...]:
    """What only early warning reads: contributions that stopped, divorces, who lately left a roll, whose premium is paid."""
    year_ago = literal(months_before(day, 12))
    gap = f"datediff('month', (last_paid_month || '-01')::date, {literal(day)})"
    left = f"datediff('month', r.end_date, {literal(day)})"
    ended = f"r.end_date > {year_ago} and r.end_date <= {literal(day)}"
    divorce = f"op_type = 'divorce' and op_date > {year_ago} and op_date <= {literal(day)}"
    return (
        Reading(
            "contribution_gap", "social_insurance", gap, "status", "(last_paid_month || '-01')::date",
            f"insurance_kind = 'employee' and {gap} between 1 and 12 and (status = 'interrupted' or {gap} > 1)",
        ),
        *(
            Reading("divorced", "marriage", "1", "null", "op_date", divorce, record=record)
            for record in ("record_id", "record_id_wife")
        ),
        Reading("left_roll", "subsistence_roll", left, "tier", "r.end_date", ended, "'subsistence'"),
        Reading("left_roll", "extreme_difficulty_roll", left, "'extreme_difficulty'", "r.end_date", ended),
        Reading("insured_identity", "medical_insured", "1", "psn_idet_type", "begntime", "psn_idet_type is not null"),
    )  # fmt: skip


def on_roll(day: datetime.date) -> str:
    """Return the condition under which a roll's line is in payment on a day."""
    return f"r.status = 'receiving' and coalesce(r.start_date <= {literal(day)}, true) and coalesce(r.end_date >= {literal(day)}, true)"


def settlements(day: datetime.date, severe_codes: tuple[str, ...]) -> str:
    """Own medical spending over twelve months with reversals netted, severe illness, and the last sign of life."""
    year_ago = literal(months_before(day, 12))
    whole = tuple(code for code in severe_codes if not code.endswith("*"))
    starts = tuple(code[:-1] for code in severe_codes if code.endswith("*"))
    tests = ["false", *(f"starts_with(dise_codg, {literal(start)})" for start in starts)]
    tests += [f"dise_codg in ({literals(whole)})"] if whole else []
    listed = f"({' or '.join(tests)})"
    return f"""
        with by_record as (
            select record_id, sum(coalesce(psn_part_amt, 0)) as own_part, count(*) - count(psn_part_amt) as unstated,
                sum(coalesce(maf_pay, 0)) as aid,
                max(setl_time) filter (where not coalesce(refd_setl_flag, false)) as last_seen,
                max(setl_time) filter (where {listed}) as last_severe,
                count(*) filter (where {listed} and not coalesce(refd_setl_flag, false))
                    - count(*) filter (where {listed} and coalesce(refd_setl_flag, false)) as severe_count
            from raw_medical_settlement
            where setl_time > {year_ago} and setl_time <= {literal(day)}
            group by record_id
        ),
        spent as (
            select l.person_id, min(l.link_probability) as link_probability,
                bool_and(l.link_rule = 'certain_id') as is_certain, min(l.record_id) as record_id, sum(own_part) as own_part,
                sum(unstated) as unstated, sum(aid) as aid, max(last_seen) as last_seen, max(last_severe) as last_severe, sum(severe_count) as severe_count
            from by_record join person_record l using (record_id) group by l.person_id
        )
        {" union all ".join(spending(said) for said in SPENDING)}
    """


def spending(said: tuple[str, str, str, str, str]) -> str:
    """Return one fact of what a year of settlements says about each person."""
    fact, number, text, date, where = said
    return f"""
        select person_id as unit_id, {literal(fact)} as fact_name, ({number})::double as number_value, ({text})::varchar as text_value,
            {date} as date_value, 'medical_settlement' as source_id, '' as detail, link_probability, is_certain, record_id
        from spent where {where}
    """


def months_before(day: datetime.date, months: int) -> datetime.date:
    """Return the same day some months before, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)
