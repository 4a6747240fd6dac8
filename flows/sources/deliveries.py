"""What lies in the month's folder: which file is which source's delivery, and everything that is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from flows.sources.archive import unpack
from flows.sources.arrival import Arrival
from flows.sources.carrying import months_that_may_stand_in
from flows.sources.contracts import check_stage_ids, unagreed_ids
from flows.sources.database import open_database
from flows.sources.delimited import open_delimited
from flows.sources.parquet_file import open_parquet
from flows.sources.parts import Kind, joined
from flows.sources.workbook import open_workbook
from matchers.errors import DeliveryError
from schemas.source import SourceContract

TEXT = (".csv", ".tsv", ".txt")
TABLES = (*TEXT, ".xlsx", ".parquet")
SUFFIXES = (*TABLES, ".zip", ".database.yaml")
# pension.csv is what the contract says; pension.correction.csv, pension.correction-2.xlsx put rows of it right.
NAME = re.compile(r"(?P<source>[^.]+)(\.correction(-(?P<number>\d{1,3}))?)?(?P<suffix>\.database\.yaml|\.[a-z]+)")
# What file managers and open spreadsheets leave behind.
LEFT_BEHIND = ("desktop.ini", "thumbs.db")


@dataclass(frozen=True)
class Named:
    """One file by its name: the source it is a delivery of, its ending, and which correction it is; 0 for none."""

    file: Path
    source_id: str
    suffix: str
    correction: int

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among the files of its source: whole deliveries first, corrections in their order."""
        return (int(self.correction > 0), self.correction)


def open_deliveries(
    folder: Path, contracts: tuple[SourceContract, ...], check_stage: frozenset[str], scratch: Path
) -> dict[str, Arrival]:
    """Return every delivery of the month, opened, by source; check-stage files are never touched.

    Where a source did not come, an earlier delivery stands in as far as its contract allows.
    Raises DeliveryError with everything wrong with every file at once.
    """
    if not folder.is_dir():
        raise DeliveryError(f"there is no folder {folder}. Put the month's deliveries there, then run again.")
    files = [file for file in sorted(folder.iterdir()) if is_delivery(file)]
    found, faults = assign(files, contracts, check_stage)
    for contract in contracts:
        found[contract.source_id] = found.get(contract.source_id) or stand_in(folder, contract)
    faults += [missing(contract) for contract in contracts if contract.required and not found[contract.source_id]]
    arrivals: dict[str, Arrival] = {}
    for contract in contracts:
        arrival, wrong = open_source(contract, found[contract.source_id], scratch)
        faults += wrong
        if arrival:
            arrivals[contract.source_id] = arrival
    if faults:
        raise DeliveryError(
            f"{len(faults)} of the deliveries in {folder} cannot be used:\n" + "\n".join(f"  {f}" for f in faults)
        )
    return arrivals


def open_source(contract: SourceContract, files: list[Named], scratch: Path) -> tuple[Arrival | None, list[str]]:
    """Return the files of one source as one arrival, None where there is none to read, and what is wrong with each."""
    opened: list[tuple[Arrival, Kind]] = []
    faults: list[str] = []
    for named in files:
        try:
            opened.append((open_one(contract, named.file, scratch), kind_of(contract, named)))
        except DeliveryError as error:
            faults.append(f"{named.file.name} {error}")
    return joined(contract, opened) if opened else None, faults


def stand_in(folder: Path, contract: SourceContract) -> list[Named]:
    """Return the newest earlier delivery of a source that its contract lets stand in; empty where there is none.

    A database shows its state of today, so it never stands in for a month before.
    """
    for month in months_that_may_stand_in(folder.name, contract):
        earlier = folder.parent / month
        files = [file for file in sorted(earlier.iterdir()) if is_delivery(file)] if earlier.is_dir() else []
        found = assign(files, (contract,), frozenset())[0].get(contract.source_id, [])
        if found and all(named.suffix != ".database.yaml" for named in found):
            return found
    return []


def open_to_a_run(folder: Path) -> list[Path]:
    """Return the files of a month that a run may open; those of the check stage are not even hashed."""
    files = sorted(path for path in folder.glob("*") if path.is_file())
    return [path for path in files if path.name.partition(".")[0] not in check_stage_ids()]


def is_delivery(file: Path) -> bool:
    """Return whether a department could have put this file here."""
    return file.is_file() and not file.name.startswith((".", "~$")) and file.name.lower() not in LEFT_BEHIND


def assign(
    files: Iterable[Path], contracts: tuple[SourceContract, ...], check_stage: frozenset[str]
) -> tuple[dict[str, list[Named]], list[str]]:
    """Return the files of each source in the order they are read, and what is wrong with the names of the rest."""
    known = {contract.source_id for contract in contracts}
    found: dict[str, list[Named]] = {}
    faults: list[str] = []
    for file in files:
        named = name_of(file)
        if file.name.partition(".")[0] in check_stage:
            continue
        if named and named.source_id in unagreed_ids():
            faults.append(
                f"{file.name} was not opened: its contract says no agreement to share it is in force. Take it away, or set "
                f"agreed: true in schemas/sources/{named.source_id}.yaml once there is one."
            )
            continue
        if named is None or named.source_id not in known or named.suffix not in SUFFIXES:
            faults.append(wrongly_named(file, known))
            continue
        twin = next((other for other in found.get(named.source_id, []) if other.place == named.place), None)
        if twin:
            faults.append(
                f"{file.name} and {twin.file.name} are both the {named.source_id} delivery. Leave one of them."
            )
        else:
            found.setdefault(named.source_id, []).append(named)
    return {source_id: sorted(of, key=lambda named: named.place) for source_id, of in found.items()}, faults


def name_of(file: Path) -> Named | None:
    """Return what a file's name says; None where it is not the name of a delivery."""
    found = NAME.fullmatch(file.name)
    if not found:
        return None
    correction = int(found["number"] or 1) if ".correction" in file.name else 0
    return Named(file, found["source"], found["suffix"], correction)


def kind_of(contract: SourceContract, named: Named) -> Kind:
    """Return what a file does to the state of its source."""
    return "correction" if named.correction else contract.delivers


def wrongly_named(file: Path, known: set[str]) -> str:
    """Return what a file should have been called."""
    close = get_close_matches(file.stem.lower(), sorted(known), n=1, cutoff=0.5)
    nearest = (
        f"The nearest name is {close[0]}{file.suffix.lower() if file.suffix.lower() in SUFFIXES else '.csv'}. "
        if close
        else ""
    )
    return (
        f"{file.name} is not the name of a delivery. {nearest}Rename it or take it away; "
        f"expected are <source>.csv, .tsv, .xlsx, .parquet, .zip or .database.yaml of: {', '.join(sorted(known))}."
    )


def missing(contract: SourceContract) -> str:
    """Return that a source the run cannot do without did not come."""
    return (
        f"{contract.source_id} ({contract.title_zh}, {contract.provider}) is missing and the run cannot do without it"
        f"{no_earlier(contract)}. "
        f"Ask the department for {contract.source_id}.{contract.formats[0]}."
    )


def no_earlier(contract: SourceContract) -> str:
    """Return that nothing could stand in, where something might have."""
    return f"; none of the {contract.carry_months} months before can stand in" if contract.carry_months else ""


def open_one(contract: SourceContract, file: Path, scratch: Path) -> Arrival:
    """Return one delivered file, opened; raises DeliveryError where it cannot be read as its contract says."""
    if file.suffix == ".zip":
        return open_archive(contract, file, scratch)
    if file.suffix == ".yaml":
        return open_database(contract, file, scratch)
    return open_table(contract, file, scratch)


def open_table(contract: SourceContract, file: Path, scratch: Path) -> Arrival:
    """Return one table, opened; raises DeliveryError where it cannot be read as its contract says."""
    if file.suffix in TEXT:
        return open_delimited(contract, file, scratch)
    return open_workbook(contract, file) if file.suffix == ".xlsx" else open_parquet(contract, file)


def open_archive(contract: SourceContract, file: Path, scratch: Path) -> Arrival:
    """Return the tables of one archive as one arrival."""
    opened: list[tuple[Arrival, Kind]] = []
    for place, table in enumerate(unpack(file, TABLES, scratch / "unpacked"), start=1):
        try:
            opened.append((open_table(contract, table, scratch), "full"))
        except DeliveryError as error:
            raise DeliveryError(f"(table {place} in it) {error}") from None
    with file.open("rb") as packed:
        digest = hashlib.file_digest(packed, "sha256").hexdigest()
    return replace(joined(contract, opened), file=file, sha256=digest)
