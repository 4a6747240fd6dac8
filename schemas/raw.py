"""The promise of raw_<source>, made from its source contract."""

from __future__ import annotations

from dataclasses import replace

from schemas.contract import Column, Table
from schemas.source import ColumnType, SourceColumn, SourceContract

DUCKDB_TYPE: dict[ColumnType, str] = {
    "birth_date": "DATE",
    "date": "DATE",
    "money": "DECIMAL(14,2)",
    "number": "DECIMAL(14,2)",
    "whole": "BIGINT",
    "flag": "BOOLEAN",
}
CHECK: dict[ColumnType, str] = {
    "sex": "{name} in ('1', '2')",
    "ethnicity": "strlen({name}) = 2 and try_cast({name} as utinyint) >= 0",
    "relation": "strlen({name}) = 2 and try_cast({name} as utinyint) >= 0",
    "month": "regexp_full_match({name}, '[0-9]{{4}}-[0-9]{{2}}')",
    "village_code": "strlen({name}) = 12 and try_cast({name} as ubigint) >= 0",
}


AS_USUAL = "null where it is written 1962-05-14 or 19620514 and is such a day"


def raw_name(source_id: str) -> str:
    """Return the name of the table that holds a source's loaded rows."""
    return f"raw_{source_id}"


def raw_table(contract: SourceContract) -> Table:
    """Return the table of a source's loaded rows: typed columns, the place in the file, and one record per role."""
    places = (
        Column(
            "row_number",
            "BIGINT",
            "place among the delivered data rows, first row 1; nought and below where it came before",
            True,
        ),
        *(
            Column(
                contract.record_id_column(role), "VARCHAR", f"std_record of the {role.role}; null where none is stated"
            )
            for role in contract.roles
        ),
    )
    typed = tuple(kept for column in contract.columns for kept in typed_columns(column))
    # Readers number the rows themselves, so a look at some of the numbers is enough.
    return Table(raw_name(contract.source_id), contract.row, ("row_number",), places + typed, key_sample=64)


def read_name(source_id: str) -> str:
    """Return the name of the table that holds a source's rows as read."""
    return f"read_{source_id}"


def read_table(contract: SourceContract) -> Table:
    """Return the table of a source's rows as read, the refused ones among them: raw_<source>, the reason, unread values."""
    loaded = raw_table(contract)
    outcome = (
        Column("reason", "VARCHAR", "why the row is refused, by column and rule; null where it is loaded"),
        Column("unread", "BIGINT", "a bit per column whose value says something that cannot be read", True),
    )
    kept = tuple(
        replace(column, required=False, check=f"reason is not null or {column.name} is not null")
        if column.required and column.name != "row_number" and not column.check
        else replace(column, required=column.required and column.name == "row_number")
        for column in loaded.columns
    )
    return replace(loaded, name=read_name(contract.source_id), columns=(*kept, *outcome))


def typed_columns(column: SourceColumn) -> tuple[Column, ...]:
    """Return the contracted column of one delivered column, and behind a date of birth what was delivered."""
    described = column.about or column.spellings[-1]
    kind = DUCKDB_TYPE.get(column.type, "VARCHAR")
    typed = Column(column.name, kind, described, column.row_required, rule(column))
    if column.type != "birth_date":
        return (typed,)
    return typed, Column(as_delivered(column.name), "VARCHAR", f"{column.name} as delivered; {AS_USUAL}")


def as_delivered(name: str) -> str:
    """Return the name of the column that keeps what was delivered beside what it was read as."""
    return f"{name}_raw"


def rule(column: SourceColumn) -> str | None:
    """Return the condition a loaded value keeps; null where the type says it all."""
    if column.codes:
        words = ", ".join("'" + word.replace("'", "''") + "'" for word in sorted(set(column.codes.values())))
        return f"{column.name} in ({words})"
    check = CHECK.get(column.type)
    return check.format(name=column.name) if check else None
