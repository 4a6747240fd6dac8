"""How often each department gets what wrong: every rate of the error model in one place.

Shares are of the source's own records. The levels follow what published practice complains about: the police and the
insurers are good, whoever copies from paper (land subsidies, guardians on school forms, old marriages) is not.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Rates:
    """The troubles of one source's records, as shares; `dot` and `rare_as` say in which way."""

    # The number. The first six leave no valid number; `other_id` and `relative_id` leave a valid one of somebody else.
    no_id: float = 0.004
    wrong_id: float = 0.004  # one digit wrong
    swapped_id: float = 0.002  # two neighbouring digits swapped
    short_id: float = 0.001  # a digit lost
    masked_id: float = 0.0
    excel_id: float = 0.0  # kept as a number once: the last three digits became 000
    other_id: float = 0.0003  # wrong, and the check digit happens to fit
    relative_id: float = 0.0005
    full_width_id: float = 0.001
    blank_in_id: float = 0.002
    lower_x: float = 0.1  # of the numbers that end in X
    old_id: float = 0.35  # of those whose number was corrected
    id15: float = 0.3  # of those an old file may hold with 15 digits
    # The name.
    homophone: float = 0.003
    shape: float = 0.0015
    traditional: float = 0.001
    blank_in_name: float = 0.006
    remark: float = 0.001
    dead_remark: float = 0.1  # of the dead who are still listed
    former: float = 0.35  # of those renamed
    rare: float = 0.6  # of the names with a rare character
    rare_as: str = "?"
    dot: str = "·"
    dot_rate: float = 0.9  # of the names with a middle dot
    newborn: float = 0.0  # of the babies not yet named in this system
    # The date of birth.
    lunar: float = 0.002
    year_guessed: float = 0.001
    no_day: float = 0.0005
    default_birth: float = 0.0005
    no_birth: float = 0.001
    loose_birth: float = 0.0  # written in another fashion than the rest
    # Where and how they are reached.
    no_phone: float = 0.12
    old_phone: float = 0.12
    family_phone: float = 0.15
    loose_phone: float = 0.02
    old_address: float = 0.05
    loose_address: float = 0.3
    old_village_code: float = 0.003
    # The row.
    twice: float = 0.001
    rubbish: float = 0.0002
    second: float = 0.0  # a second file of the same person, under another number

    def times(self, noise: float) -> Rates:
        """Return the same troubles, so many times as frequent."""
        shares = {
            field.name: getattr(self, field.name) for field in fields(self) if field.name not in {"rare_as", "dot"}
        }
        return replace(self, **{name: min(1.0, share * noise) for name, share in shares.items()})


PAPER = Rates(no_id=0.03, wrong_id=0.02, swapped_id=0.01, short_id=0.004, homophone=0.012, shape=0.006, rubbish=0.0004)
WORKBOOK = Rates(no_id=0.014, wrong_id=0.008, swapped_id=0.004, excel_id=0.003, remark=0.003, rubbish=0.001)

RATES: dict[str, Rates] = {
    "population_register": Rates(
        no_id=0.0012, wrong_id=0.0008, swapped_id=0.0, short_id=0.0, other_id=0.0, relative_id=0.0, blank_in_id=0.0,
        full_width_id=0.0, lower_x=0.0, old_id=0.02, id15=0.0, homophone=0.0002, shape=0.0002, blank_in_name=0.0,
        former=0.03, rare=0.05, dot="·", lunar=0.0005, old_address=0.06, loose_address=0.1, twice=0.0002, dead_remark=0.0,
    ),
    "disability_certificate": replace(WORKBOOK, no_id=0.001, wrong_id=0.012, old_id=0.8, dot="．", rare_as="□", excel_id=0.0),
    "medical_insured": Rates(
        no_id=0.014, wrong_id=0.014, swapped_id=0.006, short_id=0.002, other_id=0.001, relative_id=0.002, dot="•", rare_as="?", newborn=0.6,
        lunar=0.006, default_birth=0.002, no_phone=0.25, dead_remark=0.02, second=0.003,
    ),
    "medical_insured:second": replace(PAPER, old_id=0.9, id15=0.9, no_id=0.0, wrong_id=0.15, dot="."),
    "medical_settlement": Rates(no_id=0.004, twice=0.0002, rubbish=0.00005),
    "social_insurance": Rates(no_id=0.008, wrong_id=0.008, swapped_id=0.004, dot=".", rare_as="pinyin"),
    "pension": Rates(no_id=0.014, wrong_id=0.014, swapped_id=0.006, dot=".", rare_as="pinyin", id15=0.6, lunar=0.02, traditional=0.003),
    "unemployment": Rates(dot="·", rare_as="?"),
    "student": Rates(
        no_id=0.02, wrong_id=0.012, swapped_id=0.006, relative_id=0.02, homophone=0.008, shape=0.004, dot="・",
        rare_as="□", lunar=0.02, year_guessed=0.004, no_phone=0.05, blank_in_name=0.02, remark=0.002,
    ),
    "student:guardian1": replace(PAPER, no_id=0.08, relative_id=0.012, dot=" ", blank_in_name=0.02, old_phone=0.2, no_phone=0.06),
    "student:guardian2": replace(PAPER, no_id=0.16, relative_id=0.015, dot=" ", blank_in_name=0.02, old_phone=0.25, no_phone=0.2),
    "rural_housing": replace(WORKBOOK, no_id=0.03, wrong_id=0.012, id15=0.6),
    "public_rental": replace(WORKBOOK, masked_id=0.02),
    "anti_relapse": Rates(no_id=0.014, wrong_id=0.01, relative_id=0.004, dot="·", blank_in_name=0.01),
    "worker_in_difficulty": replace(WORKBOOK, no_id=0.03, masked_id=0.06),
    "land_subsidy": replace(PAPER, no_id=0.05, wrong_id=0.04, swapped_id=0.02, relative_id=0.03, id15=0.9, traditional=0.004,
                            remark=0.008, dead_remark=0.05, rare_as="pinyin", dot="."),
    "disaster_loss": replace(WORKBOOK, no_id=0.06, wrong_id=0.02, masked_id=0.03),
    "marriage": replace(PAPER, no_id=0.02, wrong_id=0.006, swapped_id=0.003, id15=0.9, old_id=0.8, former=0.8, lunar=0.01, dot="·",
                        loose_birth=0.03),
    "marriage:paper": replace(PAPER, no_id=0.3, wrong_id=0.03, id15=0.9, old_id=0.9, former=0.9, lunar=0.06, no_day=0.05,
                              year_guessed=0.03, loose_birth=0.2, homophone=0.03, shape=0.015, traditional=0.03),
    "cremation": Rates(no_id=0.025, wrong_id=0.012, swapped_id=0.006, relative_id=0.01, dot="·", dead_remark=0.0),
    "subsistence_roll": replace(WORKBOOK, dot="·", rare_as="□"),
    "extreme_difficulty_roll": replace(WORKBOOK, no_id=0.015, dot="·", rare_as="□"),
    "disability_subsidy_roll": replace(WORKBOOK, dot="·", rare_as="□"),
    "child_roll": replace(WORKBOOK, relative_id=0.01, dot="·", rare_as="□"),
    "child_roll:guardian": replace(WORKBOOK, no_id=0.04, dot="·", rare_as="□"),
    "old_age_roll": Rates(no_id=0.014, wrong_id=0.014, swapped_id=0.006, id15=0.6, traditional=0.004, rare_as="□"),
    "vehicle": Rates(no_id=0.002, id15=0.5),
    "business_registration": Rates(no_id=0.006, id15=0.4),
    "real_estate": Rates(no_id=0.04, wrong_id=0.008, id15=0.9, old_id=0.7),
    "housing_fund": Rates(no_id=0.002),
    "income_tax": Rates(no_id=0.0, wrong_id=0.001, homophone=0.001),
    "bank_balance": Rates(no_id=0.0, wrong_id=0.001, id15=0.1, homophone=0.001, rare_as="pinyin"),
}  # fmt: skip
