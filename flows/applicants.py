"""The office's file of applicants, their household members and supporters who agreed to be checked."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.engines.duckdb import DuckEngine
from flows.sources.people_table import show_people
from flows.sources.reference import read_lexicon
from matchers.errors import LinkInputError
from matchers.sql import identifier
from matchers.standardise.id_numbers import CHECK_CHARACTERS, WEIGHTS
from matchers.standardise.names import standard_names
from schemas.source import fold_header

HEADERS = {
    "household_no": ("household_no", "申请编号", "户编号"),
    "full_name": ("full_name", "姓名"),
    "national_id": ("national_id", "身份证号", "公民身份号码"),
    "role": ("role", "人员类别"),
    "place_kind": ("place_kind", "城乡"),
}
ROLES = {
    "applicant": "applicant", "申请人": "applicant", "member": "member", "共同生活家庭成员": "member", "家庭成员": "member",
    "supporter": "supporter", "家庭外赡养人": "supporter", "法定赡养、抚养、扶养义务人": "supporter", "赡养义务人": "supporter",
}  # fmt: skip
PLACES = {"rural": "rural", "农村": "rural", "urban": "urban", "城市": "urban", "城镇": "urban"}
MANY = 500


@dataclass(frozen=True)
class Applicant:
    """One line of the office's file; `place` is the line, the first below the header is 1."""

    place: int
    household_no: str
    full_name: str
    national_id: str
    role: str
    place_kind: str


def read_applicants(file: Path) -> tuple[Applicant, ...]:
    """Return everybody the office asks about; raises LinkInputError with every line that cannot be used, by number."""
    with DuckEngine(memory="512MB") as db, tempfile.TemporaryDirectory() as scratch:
        given = {fold_header(column): column for column in show_people(db, "asked", file, Path(scratch))}
        chosen = {name: column_of(given, spellings) for name, spellings in HEADERS.items()}
        missing = [HEADERS[name][-1] for name, column in chosen.items() if column is None]
        if missing:
            raise LinkInputError(f"{file.name} has no column {', '.join(missing)}.")
        wanted = ", ".join(f"coalesce(trim({identifier(column)}), '')" for column in chosen.values() if column)
        rows = db.rows(f'select {wanted} from asked order by "place in file"')
    if not 0 < len(rows) <= MANY:
        raise LinkInputError(f"{file.name} names {len(rows)} persons. A check is for 1 to {MANY} named persons.")
    names = standard_names(sorted({row[1] for row in rows}), read_lexicon().names)
    known = dict(zip(names["full_name_raw"], names["full_name"], strict=True))
    people = [applicant(place, row, known) for place, row in enumerate(rows, start=1)]
    faults = [str(place) for place, person in enumerate(people, start=1) if person is None]
    if faults:
        raise LinkInputError(
            f"{file.name}: rows {', '.join(faults)} lack an application number, a name, a valid 18-character number, a known "
            "role (申请人, 共同生活家庭成员, 家庭外赡养人) or place (城市, 农村). Correct them; nobody is looked up by guess."
        )
    found = tuple(person for person in people if person is not None)
    repeated = len(found) - len({person.national_id for person in found})
    if repeated:
        raise LinkInputError(f"{file.name}: {repeated} persons stand in it twice. Name everybody once.")
    return found


def column_of(given: dict[str, str], spellings: tuple[str, ...]) -> str | None:
    """Return the delivered column known by one of the spellings."""
    return next((given[fold_header(spelling)] for spelling in spellings if fold_header(spelling) in given), None)


def applicant(place: int, row: tuple[str, ...], names: Mapping[str | None, str | None]) -> Applicant | None:
    """Return one line; None where something in it cannot be used."""
    household, raw_name, number, role, kind = row
    name, number = names.get(raw_name), number.upper()
    if not (household and name and is_valid(number) and role in ROLES and kind in PLACES):
        return None
    return Applicant(place, household, name, number, ROLES[role], PLACES[kind])


def is_valid(number: str) -> bool:
    """Return whether 18 characters are a citizen number: check character (ISO 7064) and a real birth date."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(number[:17], WEIGHTS, strict=True)) % 11] == number[17]
