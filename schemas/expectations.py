"""Table → what must be true of it, as plain data; Great Expectations objects are built from it in `flows.gate`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.contract import Column, Table
from schemas.quality import CRITERION_COUNT, RELEASE_CHECK, SOURCE_CHECK

CRITICAL = "critical"
WARNING = "warning"


@dataclass(frozen=True)
class Expectation:
    """One promise about one table: `kind` is the name Great Expectations knows it by, `arguments` are its arguments.

    `meaning` keys the sentence shown to an officer; `next_step` keys what to do when it fails.
    """

    table: str
    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)
    severity: str = CRITICAL
    meaning: str = ""
    next_step: str = "ask_engineer"

    @property
    def subject(self) -> str:
        """The columns it speaks of, for messages."""
        listed = self.arguments.get("column_list")
        return ", ".join(listed) if listed else str(self.arguments.get("column", "*"))


def from_contract(table: Table) -> tuple[Expectation, ...]:
    """Return what a contract promises and Great Expectations can check: columns, key, required, shares, words."""
    promised: list[Expectation] = [unique_key(table)] if table.key and table.key_sample == 1 else []
    for column in table.columns:
        promised.extend(from_column(table.name, column))
    return tuple(promised)


def unique_key(table: Table) -> Expectation:
    """Return the promise that no key stands in two rows."""
    if len(table.key) == 1:
        kind, arguments = "expect_column_values_to_be_unique", {"column": table.key[0]}
        return Expectation(table.name, kind, arguments, meaning="key_unique")
    arguments_of_many = {"column_list": list(table.key)}
    return Expectation(table.name, "expect_compound_columns_to_be_unique", arguments_of_many, meaning="key_unique")


def from_column(table: str, column: Column) -> list[Expectation]:
    """Return what one column promises."""
    promised = []
    if column.required:
        kind = "expect_column_values_to_not_be_null"
        promised.append(Expectation(table, kind, {"column": column.name}, meaning="column_complete"))
    if column.check == f"{column.name} between 0 and 1":
        bounds = {"column": column.name, "min_value": 0, "max_value": 1}
        kind = "expect_column_values_to_be_between"
        promised.append(Expectation(table, kind, bounds, meaning="share_in_range"))
    return promised


def not_empty(table: str, next_step: str = "ask_engineer") -> Expectation:
    """Return the promise that a table holds at least one row."""
    kind = "expect_table_row_count_to_be_between"
    return Expectation(table, kind, {"min_value": 1}, meaning="not_empty", next_step=next_step)


def none_of(table: str, column: str, severity: str, next_step: str) -> Expectation:
    """Return the promise that a column of counts adds up to nothing; its name is its meaning."""
    nothing = {"column": column, "min_value": 0, "max_value": 0}
    return Expectation(table, "expect_column_sum_to_be_between", nothing, severity, column, next_step)


def flagged(table: Table, severities: dict[str, str], next_step: str) -> tuple[Expectation, ...]:
    """Return the promise that the named counts of a table of checks are all zero."""
    unknown = set(severities) - set(table.column_names)
    if unknown:
        raise KeyError(f"{table.name} has no column {sorted(unknown)}")
    return tuple(none_of(table.name, column, severity, next_step) for column, severity in severities.items())


ARRIVAL_CHECKS = {
    "unaccounted_count": CRITICAL,
    "raw_mismatch_count": CRITICAL,
    "quarantine_mismatch_count": CRITICAL,
    "incomplete_key_count": CRITICAL,
    "is_quarantine_over_limit": CRITICAL,
    "is_quarantine_over_notice": WARNING,
    "is_id_share_collapsed": CRITICAL,
    "is_id_share_falling": WARNING,
    "is_row_count_odd": WARNING,
    "is_missing": WARNING,
    "is_carried_forward": WARNING,
    "is_repeated": WARNING,
    "is_partial": WARNING,
}

RELEASE_CHECKS = {
    "served_listed_count": CRITICAL,
    "deceased_listed_count": CRITICAL,
    "unmasked_list_count": CRITICAL,
    "number_in_text_count": CRITICAL,
    "unknown_unit_count": CRITICAL,
    "person_without_household_count": CRITICAL,
    "candidate_outside_household_count": CRITICAL,
    "duplicate_listed_count": CRITICAL,
    "unplaced_candidate_count": WARNING,
}


def at_arrival() -> tuple[Expectation, ...]:
    """Return what must be true of the deliveries before anything is built on them."""
    return (
        not_empty("std_record", "ask_department"),
        *flagged(SOURCE_CHECK, ARRIVAL_CHECKS, "ask_department"),
    )


def before_lists(tables: tuple[Table, ...]) -> tuple[Expectation, ...]:
    """Return what must be true of people, households and candidates before lists are made of them."""
    return tuple(expectation for table in tables for expectation in from_contract(table))


def before_release(lines: Table) -> tuple[Expectation, ...]:
    """Return what must be true of the lines of the lists, and of all tables together, before a list can leave."""
    return (*from_contract(lines), *flagged(RELEASE_CHECK, RELEASE_CHECKS, "ask_analyst"), not_uniform())


def not_uniform() -> Expectation:
    """Return the promise that no criterion says the same of nearly everybody; a warning, as the reason may be a good one."""
    kind, column = "expect_column_values_to_be_null", "uniform_answer"
    return Expectation(CRITERION_COUNT.name, kind, {"column": column}, WARNING, column, "ask_analyst")
