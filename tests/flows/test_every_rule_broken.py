"""Every rule of every contract broken on purpose: the reason is in the message, or in the workbook and the report."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from flows.engines.duckdb import DuckEngine
from flows.ingest import unread_values
from flows.outputs.pages.blocks import Figures
from flows.outputs.pages.doubts import broken_block
from flows.outputs.pages.sources import reasons
from flows.outputs.returns import write_returns
from flows.outputs.words import Words, heading
from flows.settings import RunSettings
from flows.sources.contracts import read_contracts
from flows.sources.deliveries import open_one
from flows.sources.loading import load_source
from flows.sources.receiving import Received
from flows.sources.reference import read_lexicon
from flows.standardising import arrow
from matchers.errors import DeliveryError
from matchers.quality.broken_rules import count_broken_rules
from matchers.stage import keep
from matchers.standardise.quarantine import gather_quarantine
from matchers.standardise.rows import promising_columns
from schemas.doubts import ASKED_COUNT, BROKEN_RULE, PLACEHOLDER_COUNT, UNREAD_VALUE
from schemas.records import DELIVERY, QUARANTINE, STD_RECORD
from schemas.source import MONTH_END, SourceColumn, SourceContract
from tests.conftest import Given

MONTH, DAY = "2026-08", datetime.date(2026, 8, 31)
CONTRACTS = read_contracts()
GOOD = {
    "birth_date": "1962-05-14", "date": "2020-05-01", "month": "202605", "money": "12.50", "number": "3", "whole": "3", "flag": "是",
    "sex": "女", "ethnicity": "汉族", "relation": "户主", "village_code": "230123102001", "address": "红旗村", "name": "王芳",
}  # fmt: skip
JUNK = "?!"
Rows = list[dict[str, str]]


def good_value(column: SourceColumn, row: int) -> str:
    """Return a value that keeps the contract; texts and numbers differ from row to row, so that keys do."""
    if column.type == "code":
        return next(iter(column.codes))
    own = {"national_id": f"2301231962051{row:05d}", "phone": f"139{row:08d}", "text": f"t{row}"}
    return own.get(column.type) or GOOD[column.type]


def delivered(contract: SourceContract, folder: Path, rows: Rows, headers: list[str] | None = None) -> Path:
    """Write a delivery of rows under the last spelling of each column, or under `headers`."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(headers or [column.spellings[-1] for column in contract.columns])
    writer.writerows([[row[name] for name in contract.column_names] for row in rows])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{contract.source_id}.csv"
    file.write_text(held.getvalue(), encoding="utf-8")
    return file


def good_rows(contract: SourceContract, count: int) -> Rows:
    """Return rows that keep the contract."""
    return [{column.name: good_value(column, row) for column in contract.columns} for row in range(1, count + 1)]


def identities(contract: SourceContract) -> set[str]:
    """Return the columns that say whom a row is about."""
    return {role.fields[field] for role in contract.roles for field in ("full_name", "national_id")}


def broken_rows(contract: SourceContract) -> list[tuple[dict[str, str], str, str]]:
    """Return changes that break one rule each, the rule as the tables name it, and the column."""
    refused = [({c.name: said}, f"{c.name} is missing or not a {c.type}", c.name)
               for c in contract.columns if c.row_required for said in ("", JUNK) if not said or c in promising_columns(contract)]  # fmt: skip
    unread = [({c.name: JUNK}, "unread", c.name) for c in promising_columns(contract) if not c.row_required]
    places = [({c.name: "990123102001"}, f"{c.name} begins with an area code that no revision of GB/T 2260 has", c.name)
              for c in contract.columns if c.type == "village_code"]  # fmt: skip
    nobody = ({name: "" for name in identities(contract)}, "neither a name nor a number", "")
    later = [({contract.as_of: "2026-12-24"}, "later", contract.as_of)] if contract.as_of != MONTH_END else []
    return [*refused, *unread, *places, nobody, *later]


def with_every_rule_broken(contract: SourceContract) -> Rows:
    """Return as many good rows as needed, then a row per broken rule, then one that repeats the first."""
    breaks = broken_rows(contract)
    rows = good_rows(contract, 2 * len(breaks) + 10)
    for place, (changed, _, _) in enumerate(breaks, start=len(breaks) + 10):
        rows[place].update(changed)
    return [*rows, rows[0]]


@pytest.fixture
def month(given: Given) -> None:
    """The tables of a month in which nothing else was found."""
    given(STD_RECORD, "record_id | source_id | role | id_state | row_count\na:1 | nobody | self | valid | 1")
    given(
        PLACEHOLDER_COUNT,
        "source_id | field | reason | value_count | record_count | most_count\nno | phone | spread | 1 | 1 | 1",
    )
    given(
        ASKED_COUNT,
        "source_id | asked_count | answered_count | open_count | untraceable_count | oldest_month\nno | 0 | 0 | 0 | 0 |",
    )


def ingested(db: DuckEngine, given: Given, contract: SourceContract, file: Path) -> None:
    """Load a delivery and count what breaks its contract, as the phases do."""
    loaded = load_source(db, contract, open_one(contract, file, file.parent / "scratch"), read_lexicon())
    assert loaded.delivered == loaded.loaded + loaded.refused
    gather_quarantine(db, (contract.source_id,) if loaded.refused else ())
    received = {contract.source_id: Received(None, loaded, "delivered")}
    keep(db, UNREAD_VALUE, arrow(UNREAD_VALUE, unread_values(received)))
    count_broken_rules(db, (contract,), DAY)
    counts = f"{loaded.delivered} | {loaded.loaded} | {loaded.refused} | {loaded.loaded}"
    given(DELIVERY, f"source_id | file_name | delivered_count | loaded_count | quarantined_count | record_count\n"
                    f"{contract.source_id} | {file.name} | {counts}")  # fmt: skip


def said_in_workbook(file: Path) -> str:
    """Return every text of a workbook."""
    book = openpyxl.load_workbook(file, read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def said_in_report(db: DuckEngine, source_id: str) -> str:
    """Return what the report says of a source: each reason by itself, as it shows the most frequent few only."""
    found = db.rows("select reason, count(*) from quarantine group by reason")
    each = [
        {"quarantine_reason": [{"source_id": source_id, "reason": reason, "row_count": count}]}
        for reason, count in found
    ]
    said = [reasons(Figures(Words("zh"), tables, 0, ""), source_id) for tables in each]
    broken = [dict(zip(BROKEN_RULE.column_names, row, strict=True)) for row in db.rows("select * from broken_rule")]
    block = broken_block(Figures(Words("zh"), {"broken_rule": broken}, 0, ""))
    return "\n".join([*said, *(" ".join(str(cell.content) for cell in row) for row in block.rows)])


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("source_id", sorted(CONTRACTS))
def test_every_broken_rule_is_in_the_quarantine_the_workbook_and_the_report(
    db: DuckEngine, given: Given, tmp_path: Path, source_id: str
) -> None:
    contract = CONTRACTS[source_id]
    ingested(db, given, contract, delivered(contract, tmp_path / MONTH, with_every_rule_broken(contract)))
    assert write_returns(RunSettings(tmp_path, MONTH), db, tmp_path / "quality")
    workbook, report = said_in_workbook(tmp_path / "quality" / f"{source_id}.xlsx"), said_in_report(db, source_id)
    quarantined = "\n".join(reason for (reason,) in db.rows("select reason from quarantine"))
    rules = set(db.rows("select rule, column_name from broken_rule"))
    words = Words("zh")
    for _, rule, column in [*broken_rows(contract), ({}, "repeated_key", ", ".join(contract.key))]:
        is_loaded = rule in ("unread", "later", "repeated_key")
        assert (rule, column) in rules if is_loaded else rule in quarantined
        sentence = words.headings(source_id, column) if is_loaded else words.refusal(source_id, rule)
        assert sentence in workbook
        assert sentence in report
        assert column not in contract.key or heading(source_id, column) in workbook
    assert {rule for rule, _ in rules} <= {"unread", "later", "repeated_key"}


@pytest.mark.parametrize("source_id", sorted(CONTRACTS))
def test_every_missing_or_repeated_column_is_named_in_the_message(tmp_path: Path, source_id: str) -> None:
    contract = CONTRACTS[source_id]
    headers = [column.spellings[-1] for column in contract.columns]
    rows = good_rows(contract, 2)
    for place, column in enumerate(contract.columns):
        if column.required:
            file = delivered(contract, tmp_path, rows, [*headers[:place], "其他", *headers[place + 1 :]])
            with pytest.raises(DeliveryError, match=rf"column {column.name}\b.* is missing"):
                open_one(contract, file, tmp_path / "scratch")
        twice = [*headers[:-1], column.name] if place < len(headers) - 1 else [column.name, *headers[1:]]
        with pytest.raises(DeliveryError, match=rf"column {column.name}\b.* is there 2 times"):
            open_one(contract, delivered(contract, tmp_path, rows, twice), tmp_path / "scratch")


def test_a_delivery_that_keeps_its_contract_is_told_of_nothing(db: DuckEngine, given: Given, tmp_path: Path) -> None:
    for contract in CONTRACTS.values():
        ingested(db, given, contract, delivered(contract, tmp_path / MONTH, good_rows(contract, 12)))
        assert db.rows("select * from quarantine") == []
        assert db.rows("select * from broken_rule") == []
    assert QUARANTINE.name == "quarantine"
