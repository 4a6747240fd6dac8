"""What the departments state and the month does not take at its word, by source: counts, nobody's values."""

from __future__ import annotations

from flows.outputs.pages.blocks import Block, Cell, Figures, Row, count


def doubt_blocks(figures: Figures) -> tuple[Block, ...]:
    """Return the tables of what was doubted; none for what nothing was found of."""
    blocks = (
        requests_block(figures),
        broken_block(figures),
        placeholder_block(figures),
        numbers_block(figures),
        documents_block(figures),
    )
    return tuple(block for block in blocks if block.rows)


def requests_block(figures: Figures) -> Block:
    """Return what became of the rows that departments were asked to correct."""
    keys = (
        ("source", ""),
        ("asked", "num"),
        ("answered", "num"),
        ("open", "num"),
        ("oldest", ""),
        ("untraceable", "num"),
    )
    return Block(
        title=figures.words.say("doubts", "requests"),
        note=figures.words.say("doubts", "requests_note"),
        heads=heads(figures, keys),
        rows=tuple(request_row(figures, row) for row in figures.rows("asked_count")),
    )


def request_row(figures: Figures, row: Row) -> tuple[Cell, ...]:
    """Return one source as a row of the table."""
    asked, answered, still = (count(row[f"{key}_count"]) for key in ("asked", "answered", "open"))
    named = Cell(figures.words.source(row["source_id"]))
    return named, asked, answered, still, Cell(row["oldest_month"] or "–"), count(row["untraceable_count"])


def broken_block(figures: Figures) -> Block:
    """Return the rules of the contracts that loaded rows break."""
    say = figures.words.say
    rows = sorted(
        figures.rows("broken_rule"), key=lambda row: (row["source_id"], -row["row_count"], row["column_name"])
    )
    return Block(
        title=say("broken_rules", "title"),
        note=say("broken_rules", "note"),
        heads=heads(figures, (("source", ""), ("why", ""), ("field", ""), ("records", "num"))),
        rows=tuple(
            (
                Cell(figures.words.source(row["source_id"])),
                Cell(say("broken_rules", row["rule"])),
                Cell(figures.words.headings(row["source_id"], row["column_name"])),
                count(row["row_count"]),
            )
            for row in rows
        ),
    )


def placeholder_block(figures: Figures) -> Block:
    """Return the placeholders found from the data."""
    keys = (("source", ""), ("field", ""), ("why", ""), ("values", "num"), ("records", "num"), ("most", "num"))
    return Block(
        title=figures.words.say("doubts", "placeholders"),
        note=figures.words.say("doubts", "placeholders_note"),
        heads=heads(figures, keys),
        rows=tuple(placeholder_row(figures, row) for row in figures.rows("placeholder_count")),
    )


def placeholder_row(figures: Figures, row: Row) -> tuple[Cell, ...]:
    """Return one field of one source as a row of the table."""
    say = figures.words.say
    named = (
        figures.words.source(row["source_id"]),
        say("doubt_fields", row["field"]),
        say("doubt_reasons", row["reason"]),
    )
    return (*map(Cell, named), *(count(row[key]) for key in ("value_count", "record_count", "most_count")))  # fmt: skip


def numbers_block(figures: Figures) -> Block:
    """Return how what is inside citizen numbers goes with what is stated beside them, for sources that state any."""
    say = figures.words.say
    keys = ("births", "births_differ", "lunar", "sexes", "sexes_differ", "elsewhere", "unknown_area", "abolished_area")
    columns = (
        "birth_count", "birth_differs_count", "lunar_count", "sex_count", "sex_differs_count", "elsewhere_count",
        "unknown_area_count", "abolished_area_count",
    )  # fmt: skip
    rows = [row for row in figures.rows("number_check") if any(row[column] for column in columns)]
    return Block(
        title=say("doubts", "numbers"),
        note=say("doubts", "numbers_note"),
        heads=heads(figures, (("source", ""), *((key, "num") for key in keys))),
        rows=tuple((Cell(figures.words.source(row["source_id"])), *(count(row[name]) for name in columns)) for row in rows),
    )  # fmt: skip


def documents_block(figures: Figures) -> Block:
    """Return the documents other than plain citizen numbers that sources state as numbers."""
    say = figures.words.say
    return Block(
        title=say("doubts", "documents"),
        note=say("doubts", "documents_note"),
        heads=heads(figures, (("source", ""), ("document", ""), ("records", "num"))),
        rows=tuple(
            (Cell(figures.words.source(row["source_id"])), Cell(say("document_kinds", row["document_kind"])), count(row["record_count"]))
            for row in figures.rows("document_count")
        ),
    )  # fmt: skip


def heads(figures: Figures, keys: tuple[tuple[str, str], ...]) -> tuple[Cell, ...]:
    """Return the headings of a table."""
    return tuple(Cell(figures.words.say("doubts", f"head_{key}"), look) for key, look in keys)
