"""The data dictionary: what every department promises to deliver, column by column, as one page that works offline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.outputs.words import TEMPLATES, Words
from flows.sources.contracts import read_contracts
from schemas.source import SourceColumn, SourceContract


@dataclass(frozen=True)
class Entry:
    """One source as the page shows it: its facts, and the lines of its columns."""

    source_id: str
    title: str
    is_check: bool
    facts: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, ...], ...]


def write_dictionary(file: Path, lang: str) -> int:
    """Write the page; return how many sources it describes."""
    words = Words(lang)
    contracts = sorted(read_contracts().values(), key=lambda c: (c.stage != "discovery", c.source_id))
    entries = [entry(words, contract) for contract in contracts]
    heads = [words.say("dictionary", head) for head in ("column", "headings", "type", "needed", "codes", "about")]
    pages = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    page = pages.get_template("dictionary.html").render(
        lang=lang, title=words.say("dictionary", "title"), intro=words.say("dictionary", "intro"), heads=heads,
        entries=entries,
    )  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")
    return len(entries)


def entry(words: Words, contract: SourceContract) -> Entry:
    """Return one source in words."""
    say, expected = words.say, contract.rows_per_thousand
    facts = {
        "provider": f"{contract.provider} · {contract.steward}",
        "row": contract.row,
        "stage": say("dictionary", "not_agreed" if not contract.agreed else contract.stage),
        "cadence": say("source_states", contract.cadence) + " · " + say("dictionary", contract.delivers),
        "size": say("dictionary", "rows", rows=f"{expected:g}") if expected else say("dictionary", "unknown_size"),
        "share_class": say("dictionary", contract.share_class),
        "retention": say("dictionary", "months", months=contract.retention_months),
        "key": ", ".join(contract.key),
    }
    shown = tuple((say("dictionary", name), value) for name, value in facts.items())
    columns = tuple(line(words, contract, column) for column in contract.columns)
    return Entry(contract.source_id, words.source(contract.source_id), contract.stage == "check", shown, columns)


def line(words: Words, contract: SourceContract, column: SourceColumn) -> tuple[str, ...]:
    """Return one column in words: name, headings, type, whether it is needed, codes, and what it is."""
    needed = "row" if column.row_required else "column_needed" if column.required else "may_lack"
    mark = " ★" if column.name in contract.key else ""
    codes = "；".join(f"{word}→{meaning}" for word, meaning in column.codes.items())
    said = words.say("dictionary", f"needed_{needed}")
    kind = words.say("dictionary", f"type_{column.type}")
    return (column.name + mark, "、".join(column.headers), kind, said, codes, column.about)
