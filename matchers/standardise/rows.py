"""Delivered rows → typed rows, and the reasons for which a row is refused."""

from __future__ import annotations

from collections.abc import Iterable

from matchers.sql import identifier, literal, literals
from matchers.stage import Stage, stage
from matchers.standardise.lexicon import Lexicon
from matchers.standardise.values import LAYERS, READ, stated
from schemas.raw import raw_name, raw_table
from schemas.records import REFUSAL
from schemas.source import SourceColumn, SourceContract, SourceRole

# Between the parts of what is hashed, so that "ab"+"c" and "a"+"bc" differ.
PART = "chr(31)"


def arrived_name(source_id: str) -> str:
    """Return the name of the delivered rows: text as delivered, row_number, row_fault and row_fields."""
    return f"arrived_{source_id}"


def read_rows(contract: SourceContract) -> Stage[[Lexicon]]:
    """Return the stage that makes raw_<source> from the delivered rows that were not refused."""

    @stage(reads=(), writes=raw_table(contract))
    def read_delivered_rows(words: Lexicon) -> str:
        """Every loaded row of one delivery, typed, with the record each of its roles states."""
        kept = kept_rows(contract)
        ids = ", ".join(f"{record_id(contract, role)} as {contract.record_id_column(role)}" for role in contract.roles)
        return f"select *, {ids} from ({layered(contract.columns, kept, words, len(LAYERS))})"

    return read_delivered_rows


def kept_rows(contract: SourceContract) -> str:
    """Return a query for the delivered rows that were not refused."""
    return f"select * from {arrived_name(contract.source_id)} anti join {REFUSAL.name} using (row_number)"


def layered(columns: Iterable[SourceColumn], rows: str, words: Lexicon, depth: int) -> str:
    """Return a select of the columns through the first `depth` layers of reading, row_number beside them."""
    query = rows
    for layer in LAYERS[:depth]:
        read = ", ".join(f"{layer(column, words)} as {identifier(column.name)}" for column in columns)
        query = f"select row_number, {read} from ({query})"
    return query


def record_id(contract: SourceContract, role: SourceRole) -> str:
    """Return SQL for the record a row states in a role: the same next month if the department states the same.

    Someone without a number is told from namesakes by phone and address too.
    """
    number = identifier(role.fields["national_id"])
    name = identifier(role.fields["full_name"])
    said = [identifier(column) for column in role.key] + [name, number]
    said += [identifier(role.fields[field]) for field in ("birth_date",) if field in role.fields]
    extra = [identifier(role.fields[field]) for field in ("phone", "address") if field in role.fields]
    parts = [f"coalesce({part}::varchar, '')" for part in said]
    parts += [f"case when {number} is null then coalesce({part}, '') else '' end" for part in extra]
    digest = f"left(md5(concat_ws({PART}, {', '.join(parts)})), 16)"
    prefix = literal(f"{contract.source_id}:{role.role}:")
    return f"case when {name} is not null or {number} is not null then {prefix} || {digest} end"


@stage(reads=(), writes=REFUSAL)
def refuse_rows(contract: SourceContract, words: Lexicon, unknown_areas: dict[str, tuple[str, ...]]) -> str:
    """One delivered row that cannot be used, with every reason; `unknown_areas` by column of village codes."""
    reasons = ["row_fault", nobody(contract)]
    reasons += [unusable(column) for column in contract.columns if column.row_required]
    reasons += [unknown_area(column, areas) for column, areas in unknown_areas.items() if areas]
    decisive = tuple(column for column in contract.columns if column.name in decisive_columns(contract))
    arrived = arrived_name(contract.source_id)
    typed = layered(decisive, f"select * from {arrived}", words, len(LAYERS))
    return f"""
        with judged as (
            select row_number, concat_ws('; ', {", ".join(reasons)}) as reason
            from ({typed}) as typed join (select row_number, row_fault from {arrived}) as arrived using (row_number)
        )
        select row_number, reason from judged where reason <> ''
    """


def decisive_columns(contract: SourceContract) -> set[str]:
    """Return the columns a refusal can hang on."""
    decisive = {column.name for column in contract.columns if column.row_required or column.type == "village_code"}
    for role in contract.roles:
        decisive |= {role.fields["full_name"], role.fields["national_id"]}
    return decisive


def nobody(contract: SourceContract) -> str:
    """Return SQL for the reason that a row is about nobody."""
    said = [identifier(role.fields[field]) for role in contract.roles for field in ("full_name", "national_id")]
    return f"case when coalesce({', '.join(said)}) is null then 'neither a name nor a number' end"


def unusable(column: SourceColumn) -> str:
    """Return SQL for the reason that a value every row must have is missing or cannot be read."""
    return f"case when {identifier(column.name)} is null then {literal(f'{column.name} is missing or not a {column.type}')} end"


def unknown_area(column: str, areas: tuple[str, ...]) -> str:
    """Return SQL for the reason that a village code begins with a county no revision of GB/T 2260 has."""
    reason = literal(f"{column} begins with an area code that no revision of GB/T 2260 has")
    return f"case when list_contains([{literals(areas)}], left({identifier(column)}, 6)) then {reason} end"


def county_codes_query(contract: SourceContract, column: SourceColumn, words: Lexicon) -> str:
    """Return a query for the counties a column of village codes names."""
    typed = layered((column,), f"select * from {arrived_name(contract.source_id)}", words, len(LAYERS))
    value = identifier(column.name)
    return f"select distinct left({value}, 6) from ({typed}) where {value} is not null order by 1"


def promising_columns(contract: SourceContract) -> tuple[SourceColumn, ...]:
    """Return the columns whose delivered text may turn out to be unusable."""
    return tuple(c for c in contract.columns if c.type in READ or c.type in {"code", "ethnicity", "relation"})


def stated_counts_query(contract: SourceContract, words: Lexicon) -> str:
    """Return a query for how many loaded rows state something, per promising column."""
    columns = promising_columns(contract)
    return (
        f"select {counts_of(columns)} from ({layered(columns, kept_rows(contract), words, LAYERS.index(stated) + 1)})"
    )


def typed_counts_query(contract: SourceContract) -> str:
    """Return a query for how many loaded rows have a usable value, per promising column."""
    return f"select {counts_of(promising_columns(contract))} from {raw_name(contract.source_id)}"


def counts_of(columns: Iterable[SourceColumn]) -> str:
    """Return a select list that counts what is not null."""
    return ", ".join(["count(*)", *(f"count({identifier(column.name)})" for column in columns)])
