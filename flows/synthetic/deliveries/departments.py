"""Every source of the county, who writes it, and what one chunk delivers in one month."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flows.synthetic.deliveries import economy, farming, health, housing, labour, registers, rolls, school
from flows.synthetic.deliveries.delivery import Delivery, Sheet, finish
from flows.synthetic.deliveries.office import Office
from flows.synthetic.deliveries.people import People

# In the order of the catalogue; the six of the check stage last.
SOURCES: dict[str, Callable[[Office], Delivery]] = {
    "population_register": registers.population_register,
    "disability_certificate": health.disability_certificate,
    "medical_insured": health.medical_insured,
    "medical_settlement": health.medical_settlement,
    "social_insurance": labour.social_insurance,
    "pension": labour.pension,
    "unemployment": labour.unemployment,
    "student": school.student,
    "rural_housing": housing.rural_housing,
    "public_rental": housing.public_rental,
    "anti_relapse": farming.anti_relapse,
    "worker_in_difficulty": labour.worker_in_difficulty,
    "land_subsidy": farming.land_subsidy,
    "disaster_loss": housing.disaster_loss,
    "marriage": registers.marriage,
    "cremation": registers.cremation,
    "subsistence_roll": rolls.subsistence_roll,
    "extreme_difficulty_roll": rolls.extreme_difficulty_roll,
    "disability_subsidy_roll": rolls.disability_subsidy_roll,
    "child_roll": rolls.child_roll,
    "old_age_roll": rolls.old_age_roll,
    "vehicle": economy.vehicle,
    "business_registration": economy.business_registration,
    "real_estate": economy.real_estate,
    "housing_fund": economy.housing_fund,
    "income_tax": economy.income_tax,
    "bank_balance": economy.bank_balance,
}


def deliver(people: People, luck: tuple[int, float]) -> Iterator[tuple[str, Sheet]]:
    """Yield each source's rows of this chunk; `luck` is the seed and how many times the usual errors are made."""
    for source_id, write in SOURCES.items():
        office = Office(source_id, people, luck)
        yield source_id, finish(write(office), office.chance, office.rates)
