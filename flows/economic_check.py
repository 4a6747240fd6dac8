"""`zhaoren check`: the economic status of named applicants, from sources no monthly run may open.

Everything happens in a session in memory: no row of a check-stage source reaches the lake. Rows about anybody the
authorisation does not name are forgotten as soon as a file is read. What is kept is the workbook and the ledger's line.
"""

from __future__ import annotations

import datetime
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from flows.applicants import Applicant, read_applicants
from flows.authorisations import Look, Reader, find_authorisation, log_look, read_reference
from flows.engines.duckdb import DuckEngine
from flows.outputs.check_workbook import CheckResult, write_check
from flows.rules import read_rule_files
from flows.settings import RunSettings
from flows.sources.carrying import last_day
from flows.sources.contracts import read_contracts
from flows.sources.deliveries import assign, is_delivery, open_source
from flows.sources.loading import load_source
from flows.sources.reference import read_lexicon
from flows.standardising import standardise
from matchers.eligibility.check_income import income_lines, kind_of_income
from matchers.eligibility.check_items import about_nobody_else, list_items
from matchers.eligibility.economic_check import Household, Item, Line, bounds, is_exempt, is_gone, judge
from matchers.eligibility.rules import Figures, figure_on
from matchers.errors import AuthorisationError, DeliveryError, ReferenceMissingError
from matchers.sql import columns
from matchers.stage import keep
from matchers.standardise.records import standardise_records, state_identities
from schemas.economic_check import CHECK_ITEM, NAMED_PERSON, Authorisation, CheckReference
from schemas.raw import raw_name, read_name
from schemas.region_exchange import OTHER_REGION
from schemas.source import SourceContract

LIMITS = {
    "vehicle": "property.vehicles_at_most",
    "house": "property.houses_at_most",
    "business": "property.businesses_at_most",
    "income": "subsistence.standard_month",
}
TESTS_OF = {"bank_balance": "money", "vehicle": "vehicle", "real_estate": "house", "business_registration": "business", "income_tax": "income"}  # fmt: skip


@dataclass(frozen=True)
class CheckRequest:
    """One check: the office's file, under which authorisation, from which month's files, by the limits of which area."""

    home: Path
    file: Path
    authorisation_id: str
    month: str
    area: str
    out: Path
    sources: tuple[str, ...] = ()
    lang: str = "zh"


def check(request: CheckRequest, reader: Reader) -> dict[str, Any]:
    """Check named applicants and write the workbook; return counts.

    Raises AuthorisationError, and logs the refusal, where the authorisation does not cover a person, the day or a source.
    """
    settings = RunSettings(home=request.home, month=request.month, lang=request.lang)
    applicants = read_applicants(request.file)
    try:
        authorisation = find_authorisation(request.home, request.authorisation_id)
        sources = permitted(authorisation, applicants, request, reader.at.date())
    except AuthorisationError as error:
        look = Look("refused", person_count=len(applicants), reason=str(error))
        log_look(request.home, request.authorisation_id, reader, look)
        raise
    with DuckEngine(threads=settings.threads, memory="2GB") as db, tempfile.TemporaryDirectory() as scratch:
        read = Reading(request, reader, authorisation, Path(scratch))
        days = read.load(db, sources, applicants)
        items = find_items(db, settings, applicants, days)
    lines = [
        line
        for household in households(applicants, request, settings.day)
        for line in judge(household, items, unread_tests(days))
    ]
    incomes = tuple(income_lines(items, [source for source, day in days.items() if day]))
    reference = read_reference()
    result = CheckResult(authorisation, applicants, tuple(items), tuple(lines), incomes, days, reference, settings.day)
    write_check(request.out, result, request.lang)
    return summary(request, applicants, items, lines)


def permitted(
    authorisation: Authorisation, applicants: tuple[Applicant, ...], request: CheckRequest, day: datetime.date
) -> tuple[str, ...]:
    """Return the sources that may be read; raises AuthorisationError with everything the authorisation does not cover."""
    faults = []
    if not authorisation.valid_from <= day <= authorisation.valid_to:
        faults.append(f"it is valid from {authorisation.valid_from} to {authorisation.valid_to}, not on {day}")
    named = {person.national_id: person.role for person in authorisation.persons}
    strangers = [str(a.place) for a in applicants if named.get(a.national_id) != a.role]
    if strangers:
        faults.append(f"it does not name, in the role the file gives them, the persons in rows {', '.join(strangers)}")
    uncovered = sorted(set(request.sources) - set(authorisation.sources))
    if uncovered:
        faults.append(f"it does not cover {', '.join(uncovered)}")
    if faults:
        raise AuthorisationError(
            f"authorisation {authorisation.authorisation_id} does not allow this: {'; '.join(faults)}. Nothing was read."
        )
    return tuple(sorted({*(request.sources or authorisation.sources)} - {OTHER_REGION}))


@dataclass(frozen=True)
class Reading:
    """The files of one check as they are read, each noted in the ledger before and after."""

    request: CheckRequest
    reader: Reader
    authorisation: Authorisation
    scratch: Path

    def load(
        self, db: DuckEngine, sources: tuple[str, ...], applicants: tuple[Applicant, ...]
    ) -> dict[str, datetime.date | None]:
        """Make raw_<source> of every permitted source; return the day each speaks of, None where it is not there."""
        contracts = {source: contract for source, contract in read_contracts().items() if source in sources}
        folder = self.request.home / "incoming" / self.request.month
        files = [file for file in sorted(folder.iterdir()) if is_delivery(file)] if folder.is_dir() else []
        found = assign(files, tuple(contracts.values()), frozenset())[0]
        days: dict[str, datetime.date | None] = {}
        for source, contract in contracts.items():
            arrival, faults = open_source(contract, found.get(source, []), self.scratch)
            if faults:
                raise DeliveryError("; ".join(faults))
            days[source] = last_day(self.request.month) if arrival else None
            sha256 = arrival.sha256 if arrival else ""
            self.note("opened", Look("opened", "", source, sha256, len(applicants)))
            load_source(db, contract, arrival, read_lexicon())
            self.note(
                "read", Look("read", "", source, sha256, len(applicants), self.forget_others(db, contract, applicants))
            )
        return days

    def forget_others(self, db: DuckEngine, contract: SourceContract, applicants: tuple[Applicant, ...]) -> int:
        """Keep the rows that could be about the named persons; return how many."""
        numbers, names = tuple(a.national_id for a in applicants), tuple(a.full_name for a in applicants)
        name = raw_name(contract.source_id)
        db.create("kept", about_nobody_else(contract, numbers, names))
        db.run(f"drop view {name}")
        db.drop(read_name(contract.source_id))
        db.run(f"alter table kept rename to {name}")
        return int(db.rows(f"select count(*) from {name}")[0][0])

    def note(self, event: str, look: Look) -> None:
        """Add one line to the ledger."""
        noted = Look(
            event, self.authorisation.purpose, look.source_id, look.file_sha256, look.person_count, look.row_count
        )
        log_look(self.request.home, self.authorisation.authorisation_id, self.reader, noted)


def find_items(
    db: DuckEngine, run: RunSettings, applicants: tuple[Applicant, ...], days: dict[str, datetime.date | None]
) -> list[Item]:
    """Return everything the sources say about the named persons, with how sure each is."""
    contracts = tuple(read_contracts()[source] for source in days)
    state_identities(db, contracts, {source_id: day or run.day for source_id, day in days.items()})
    standardise(run, db, contracts)
    standardise_records(db, run.day)
    keep(db, NAMED_PERSON, {name: [getattr(a, name) for a in applicants] for name in NAMED_PERSON.column_names})
    list_items(db, tuple(days))
    by_place, reference = {a.place: a for a in applicants}, read_reference()
    rows = db.rows(f"select {columns(CHECK_ITEM.column_names)} from check_item order by place, source_id, row_number")
    found = (dict(zip(CHECK_ITEM.column_names, row, strict=True)) for row in rows)
    items = [item_of(row, by_place[row["place"]], reference, run.day) for row in found]
    return [item for item in items if item.kind != "income" or within_year(item.state, run.month)]


def within_year(period: str, month: str) -> bool:
    """Return whether a period lies in the twelve months up to and with a month; a year does where it is the month's own."""
    if len(period) == len("2026"):
        return period == month[:4]
    place = int(month[:4]) * 12 + int(month[5:])
    return bool(period) and 0 <= place - (int(period[:4]) * 12 + int(period[5:])) < 12


def item_of(row: dict[str, Any], applicant: Applicant, reference: CheckReference, day: datetime.date) -> Item:
    """Return one row of check_item with what it is worth and whether it states a fact."""
    content, state = row["content"] or "", row["state"] or ""
    low, high = bounds(content, row["amount_yuan"])
    low -= row["exempt_yuan"] or 0
    is_stated = row["kind"] != "income" or row["amount_yuan"] is not None
    is_fresh = (day - row["as_of_date"]).days <= reference.fresh_days or row["kind"] == "income"
    other_use = row["kind"] == "house" and not any(word in content for word in reference.dwellings)
    return Item(
        place=row["place"], household_no=applicant.household_no, role=applicant.role, source_id=row["source_id"],
        kind=row["kind"], link=row["link"], content=content, state=state, thing=row["thing"] or "", low=low, high=high,
        as_of=row["as_of_date"], is_gone=is_gone(row["kind"], state, reference),
        is_exempt=is_exempt(row["kind"], content, reference),
        is_fact=row["link"] == "certain" and is_fresh and is_stated and not other_use,
        income_kind=kind_of_income(content, reference) if row["kind"] == "income" else "",
    )  # fmt: skip


def unread_tests(days: dict[str, datetime.date | None]) -> frozenset[str]:
    """Return the tests no source was read for."""
    read = {TESTS_OF[source] for source, day in days.items() if day and source in TESTS_OF}
    return frozenset(TESTS_OF.values()) - read


def households(applicants: tuple[Applicant, ...], request: CheckRequest, day: datetime.date) -> list[Household]:
    """Return the applications of the file with their limits; a limit nobody set is None and raises a question."""
    area = next((area for area in read_rule_files().areas if area.area == request.area), None)
    if area is None:
        raise ReferenceMissingError(
            f"no figures are kept for area {request.area}. Add its file to data/reference/parameters."
        )
    found: dict[str, list[Applicant]] = {}
    for applicant in applicants:
        found.setdefault(applicant.household_no, []).append(applicant)
    return [household(number, members, Figures(area, day)) for number, members in found.items()]


def household(number: str, members: list[Applicant], figures: Figures) -> Household:
    """Return one application with the limits of its area and place."""
    place = members[0].place_kind
    limits = {test: figure(figures, name, place) for test, name in LIMITS.items()}
    money, months = limits["income"], figure(figures, "property.money_months", place)
    limits["money"] = money * months if money is not None and months is not None else None
    return Household(number, sum(member.role != "supporter" for member in members), limits)


def figure(figures: Figures, name: str, place: str) -> Decimal | None:
    """Return an area's figure for a place; None where nobody set it, which raises a question and never a zero."""
    try:
        value = figure_on(figures, name).value
    except ReferenceMissingError:
        return None
    if isinstance(value, dict):
        return Decimal(str(value[place])) if place in value else None
    return Decimal(str(value)) if isinstance(value, float) else None


def summary(
    request: CheckRequest, applicants: tuple[Applicant, ...], items: list[Item], lines: list[Line]
) -> dict[str, Any]:
    """Return counts of the check."""
    verdicts = [line.verdict for line in lines]
    return {
        "authorisation": request.authorisation_id,
        "persons": len(applicants),
        "households": len({a.household_no for a in applicants}),
        "items": len(items),
        "certain_items": sum(item.link == "certain" for item in items),
        "verdicts": {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))},
        "workbook": str(request.out),
    }
