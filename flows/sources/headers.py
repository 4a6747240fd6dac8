"""Which delivered header is which column of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from matchers.errors import DeliveryError
from schemas.source import SourceContract, fold_header

# A title, a unit and a date may stand above the headers.
HEADER_AMONG_FIRST = 10


def find_header(contract: SourceContract, rows: Sequence[Sequence[str]]) -> int:
    """Return which of the first rows holds the headers: the one that names most columns of the contract."""
    named = [len(known_headers(contract, row)) for row in rows[:HEADER_AMONG_FIRST]]
    return named.index(max(named)) if named else 0


def find_headings(contract: SourceContract, rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """Return how many rows stand above the first data row, and the headings: one row of them, or two merged ones.

    Of two rows the lower says what a column is and the upper what a group of columns is about, so that 姓名 below
    监护人 is 监护人姓名; a column that is alone in its group stands in the upper row or in both.
    """
    at = find_header(contract, rows)
    best = at + 1, list(rows[at])
    for place in range(min(len(rows), HEADER_AMONG_FIRST) - 1):
        both = two_rows_as_one(contract, rows[place], rows[place + 1])
        if len(known_headers(contract, both)) > len(known_headers(contract, best[1])):
            best = place + 2, both
    return best


def two_rows_as_one(contract: SourceContract, upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the headings that two rows with merged cells make together."""
    known = {fold_header(spelling) for column in contract.columns for spelling in column.spellings}
    group, headings = "", []
    for above, below in zip(upper, lower, strict=False):
        group = above or group
        choices = (group + below, below, above) if below else (above,)
        headings.append(next((choice for choice in choices if fold_header(choice) in known), below or above))
    return headings


def known_headers(contract: SourceContract, headers: Sequence[str]) -> list[tuple[str, int]]:
    """Return (column, place) of every header the contract knows."""
    spellings = {fold_header(spelling): column.name for column in contract.columns for spelling in column.spellings}
    folded = [fold_header(header) for header in headers]
    return [(spellings[header], place) for place, header in enumerate(folded) if header in spellings]


def match_headers(contract: SourceContract, headers: Sequence[str]) -> dict[str, int]:
    """Return the place of each column; raises DeliveryError that names every column missing or there twice."""
    known = known_headers(contract, headers)
    places = dict(reversed(known))
    names = [name for name, _ in known]
    faults = [
        f"column {wanted(contract, name)} is there {names.count(name)} times"
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    unknown = {place: header for place, header in enumerate(headers) if place not in {place for _, place in known}}
    for column in contract.columns:
        if column.required and column.name not in places:
            faults.append(f"column {wanted(contract, column.name)} is missing{hint(column.spellings, unknown)}")
    if faults:
        raise DeliveryError("; ".join(faults) + ". Ask the department for the file with these columns.")
    return places


def wanted(contract: SourceContract, name: str) -> str:
    """Return a column as the department may know it."""
    spellings = contract.column(name).spellings
    return name if len(spellings) == 1 else f"{name} ({' / '.join(spellings[1:3])})"


def hint(spellings: Sequence[str], unknown: Mapping[int, str]) -> str:
    """Return where the delivered header stands that looks most like the one missing; it is not quoted, as it may be a value."""
    for spelling in spellings:
        close = get_close_matches(spelling, unknown.values(), n=1, cutoff=0.6)
        if close:
            return f"; the nearest header is that of column {next(p for p, h in unknown.items() if h == close[0]) + 1}"
    return ""
