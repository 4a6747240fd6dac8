"""The county's standards and rates by month: what the simulator's own entitlement rules compare with."""

from __future__ import annotations

from dataclasses import dataclass

RAISED = "2026-07"
"""The month from which the raised subsistence standards hold."""


@dataclass(frozen=True)
class Figures:
    """Yuan a month unless the name says otherwise. Published for one Heilongjiang township, unconfirmed for this county."""

    rural_standard: float = 632.0
    urban_standard: float = 832.0
    verge_factor: float = 1.5
    deposit_months: float = 24.0
    disposable_income_year: float = 24_456.0
    single_person: float = 313.0
    extreme_rural: float = 822.0
    extreme_urban: float = 1_082.0
    extreme_care: tuple[float, float, float] = (191.0, 319.0, 478.0)
    living_subsidy: float = 100.0
    nursing_subsidy: float = 100.0
    child: float = 1_150.0
    orphan: float = 1_150.0
    old_age_80: float = 25.0
    old_age_80_poor: float = 100.0
    old_age_90: float = 100.0
    old_age_100: float = 300.0


def figures_for(month: str) -> Figures:
    """The figures in force in a month."""
    if month < RAISED:
        return Figures(rural_standard=585.0, urban_standard=780.0, single_person=282.0)
    return Figures()
