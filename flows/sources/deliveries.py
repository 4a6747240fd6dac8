"""What lies in the month's folder: which file is which source's delivery, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from flows.sources.arrival import Arrival
from flows.sources.delimited import open_delimited
from flows.sources.parquet_file import open_parquet
from flows.sources.workbook import open_workbook
from matchers.errors import DeliveryError
from schemas.source import SourceContract

SUFFIXES = (".csv", ".xlsx", ".parquet")
# What file managers and open spreadsheets leave behind.
LEFT_BEHIND = ("desktop.ini", "thumbs.db")


def open_deliveries(
    folder: Path, contracts: tuple[SourceContract, ...], check_stage: frozenset[str], scratch: Path
) -> dict[str, Arrival]:
    """Return every delivery of the month, opened, by source; check-stage files are never touched.

    Raises DeliveryError with everything wrong with every file at once.
    """
    if not folder.is_dir():
        raise DeliveryError(f"there is no folder {folder}. Put the month's deliveries there, then run again.")
    files = [file for file in sorted(folder.iterdir()) if is_delivery(file)]
    found, faults = assign(files, contracts, check_stage)
    faults += [missing(contract) for contract in contracts if contract.required and contract.source_id not in found]
    arrivals: dict[str, Arrival] = {}
    for contract in contracts:
        if contract.source_id in found:
            try:
                arrivals[contract.source_id] = open_one(contract, found[contract.source_id], scratch)
            except DeliveryError as error:
                faults.append(f"{found[contract.source_id].name} {error}")
    if faults:
        raise DeliveryError(
            f"{len(faults)} of the deliveries in {folder} cannot be used:\n" + "\n".join(f"  {f}" for f in faults)
        )
    return arrivals


def is_delivery(file: Path) -> bool:
    """Return whether a department could have put this file here."""
    return file.is_file() and not file.name.startswith((".", "~$")) and file.name.lower() not in LEFT_BEHIND


def assign(
    files: Iterable[Path], contracts: tuple[SourceContract, ...], check_stage: frozenset[str]
) -> tuple[dict[str, Path], list[str]]:
    """Return the file of each source, and what is wrong with the names of the rest."""
    known = {contract.source_id for contract in contracts}
    found: dict[str, Path] = {}
    faults: list[str] = []
    for file in files:
        if file.stem in check_stage:
            continue
        if file.stem not in known or file.suffix not in SUFFIXES:
            faults.append(wrongly_named(file, known))
        elif file.stem in found:
            faults.append(
                f"{file.name} and {found[file.stem].name} are both the {file.stem} delivery. Leave one of them."
            )
        else:
            found[file.stem] = file
    return found, faults


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
        f"expected are <source>.csv, .xlsx or .parquet of: {', '.join(sorted(known))}."
    )


def missing(contract: SourceContract) -> str:
    """Return that a source the run cannot do without did not come."""
    return (
        f"{contract.source_id} ({contract.title_zh}, {contract.provider}) is missing and the run cannot do without it. "
        f"Ask the department for {contract.source_id}.{contract.formats[0]}."
    )


def open_one(contract: SourceContract, file: Path, scratch: Path) -> Arrival:
    """Return one delivery, opened; raises DeliveryError where it cannot be read as its contract says."""
    if file.suffix == ".csv":
        return open_delimited(contract, file, scratch)
    return open_workbook(contract, file) if file.suffix == ".xlsx" else open_parquet(contract, file)
