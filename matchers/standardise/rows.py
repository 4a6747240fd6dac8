"""Delivered rows → typed rows, and the reasons for which a row is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matchers.sql import columns, identifier, literal
from matchers.stage import Stage, stage
from matchers.standardise.direct import certain_value, direct_value
from matchers.standardise.lexicon import Lexicon
from matchers.standardise.values import LAYERS, READ, Layer, believed, read
from matchers.standardise.written import is_among
from schemas.raw import as_delivered, raw_table, read_name, read_table
from schemas.source import SourceColumn, SourceContract, SourceRole

# Between the parts of what is hashed, so that "ab"+"c" and "a"+"bc" differ.
PART = "chr(31)"
# Hexadecimal digits of the hash in a record's id.
DIGEST = 16


def arrived_name(source_id: str) -> str:
    """Return the name of the delivered rows: text as delivered, row_number, row_fault and row_fields."""
    return f"arrived_{source_id}"


def read_rows(contract: SourceContract) -> Stage[[Lexicon, dict[str, str], dict[str, tuple[str, ...]]]]:
    """Return the stage that makes read_<source> from the delivered rows."""

    @stage(reads=(), writes=read_table(contract), is_exact=True)
    def read_delivered_rows(words: Lexicon, kinds: dict[str, str], unknown_areas: dict[str, tuple[str, ...]]) -> str:
        """Every row of one delivery, typed, with the record each of its roles states, or why it is refused.

        `kinds` are the DuckDB types of the delivered columns; `unknown_areas` by column of village codes.
        """
        ids = ", ".join(f"{record_id(contract, role)} as {contract.record_id_column(role)}" for role in contract.roles)
        typed = layered(contract.columns, f"select * from {arrived_name(contract.source_id)}", words, kinds)
        return f"""
            select *, {ids}, nullif(concat_ws('; ', {", ".join(reasons(contract, unknown_areas))}), '') as reason,
                {unread_bits(contract)} as unread
            from ({typed})
        """

    return read_delivered_rows


def layered(columns: Iterable[SourceColumn], rows: str, words: Lexicon, kinds: Mapping[str, str]) -> str:
    """Return a select of typed columns, and for each whether something was stated that did not read at once.

    What is written as nearly all are is read in one expression; only the rest goes through the patient layers. A column
    whose delivered type says all needs neither.
    """
    every = tuple(columns)
    certain = {c.name: certain_value(c, kinds.get(c.name, "VARCHAR")) for c in every}
    settled = [identifier(c.name) for c in every if certain[c.name]]
    names = tuple(c for c in every if not certain[c.name])
    quick = {c.name: direct_value(c, identifier(c.name), words, kinds.get(c.name, "VARCHAR")) for c in names}
    first = [f"{value} as {identifier(name)}" for name, value in certain.items() if value]
    first += [begun(c, quick[c.name], kinds) for c in names]
    query = f"select row_number, row_fault, {', '.join(first)} from ({rows})"
    for layer in LAYERS:
        read_on = [patiently(layer, column, words, quick[column.name] is not None) for column in names]
        kept = [direct(column.name) for column in names if quick[column.name] is not None]
        said = [said_so(layer, column) for column in names] if layer in (read, believed) else []
        births = [text_of_birth(layer, column) for column in names if column.type == "birth_date"]
        query = f"select row_number, row_fault, {', '.join([*settled, *read_on, *kept, *said, *births])} from ({query})"
    whole = [
        f"coalesce({direct(c.name)}, {identifier(c.name)}) as {identifier(c.name)}"
        if quick[c.name]
        else identifier(c.name)
        for c in names
    ]
    whole += [is_stated(c.name) for c in names]
    whole += [identifier(as_delivered(c.name)) for c in names if c.type == "birth_date"]
    whole += [*settled, *(f"false as {is_stated(name)}" for name, value in certain.items() if value)]
    whole += [
        f"null::varchar as {identifier(as_delivered(c.name))}"
        for c in every
        if certain[c.name] and c.type == "birth_date"
    ]
    return f"select row_number, row_fault, {', '.join(whole)} from ({query})"


def begun(column: SourceColumn, quick: str | None, kinds: Mapping[str, str]) -> str:
    """Return SQL for a delivered value and its quick reading; what came typed becomes text only where it must."""
    name = identifier(column.name)
    is_text = kinds.get(column.name, "VARCHAR") == "VARCHAR"
    if quick is None:
        return name if is_text else f"{name}::varchar as {name}"
    value = name if is_text else f"case when {quick} is null then {name}::varchar end as {name}"
    return f"{value}, {quick} as {direct(column.name)}"


def patiently(layer: Layer, column: SourceColumn, words: Lexicon, has_quick: bool) -> str:
    """Return SQL for one layer of reading, skipped where the quick reading gave a value."""
    text, name = layer(column, words), identifier(column.name)
    return f"case when {direct(column.name)} is null then {text} end as {name}" if has_quick else f"{text} as {name}"


def text_of_birth(layer: Layer, column: SourceColumn) -> str:
    """Return SQL for a date of birth as it was delivered, where it was not read at once."""
    text = identifier(as_delivered(column.name))
    is_first = layer is LAYERS[0]
    return f"case when {direct(column.name)} is null then {identifier(column.name)} end as {text}" if is_first else text


def said_so(layer: Layer, column: SourceColumn) -> str:
    """Return SQL for whether a value states something, as it stood before it was read."""
    name = is_stated(column.name)
    return f"{identifier(column.name)} is not null as {name}" if layer is read else name


def direct(name: str) -> str:
    """Return the name of a column's quick reading."""
    return identifier(f"{name} directly")


def is_stated(name: str) -> str:
    """Return the name of the column that says whether the patient reading had anything to read."""
    return identifier(f"{name} is stated")


def record_prefix(contract: SourceContract, role: SourceRole) -> str:
    """Return what the ids of all records of one role begin with."""
    return f"{contract.source_id}:{role.role}:"


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
    digest = f"left(md5(concat_ws({PART}, {', '.join(parts)})), {DIGEST})"
    prefix = literal(record_prefix(contract, role))
    return f"case when {name} is not null or {number} is not null then {prefix} || {digest} end"


def reasons(contract: SourceContract, unknown_areas: dict[str, tuple[str, ...]]) -> list[str]:
    """Return SQL for every reason a row can be refused for, each null where it does not hold."""
    unusable_columns = [unusable(column) for column in contract.columns if column.row_required]
    areas = [unknown_area(column, codes) for column, codes in unknown_areas.items() if codes]
    return ["row_fault", nobody(contract), *unusable_columns, *areas]


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
    return f"case when {is_among(f'left({identifier(column)}, 6)', areas)} then {reason} end"


def county_codes_query(contract: SourceContract, column: SourceColumn, words: Lexicon, kinds: Mapping[str, str]) -> str:
    """Return a query for the counties a column of village codes names."""
    typed = layered((column,), f"select * from {arrived_name(contract.source_id)}", words, kinds)
    value = identifier(column.name)
    return f"select distinct left({value}, 6) from ({typed}) where {value} is not null order by 1"


def promising_columns(contract: SourceContract) -> tuple[SourceColumn, ...]:
    """Return the columns whose delivered text may turn out to be unusable."""
    return tuple(c for c in contract.columns if c.type in READ or c.type in {"code", "ethnicity", "relation"})


def unread_bits(contract: SourceContract) -> str:
    """Return SQL for a whole number with a bit per promising column: stated, but not to be read."""
    bits = (
        f"if({is_stated(column.name)} and {identifier(column.name)} is null, {1 << place}::bigint, 0::bigint)"
        for place, column in enumerate(promising_columns(contract))
    )
    return " + ".join([*bits, "0::bigint"])


def unread_query(contract: SourceContract, column: str, most: int) -> str:
    """Return a query for the places of the first loaded rows whose value in a column could not be read."""
    place = [c.name for c in promising_columns(contract)].index(column)
    return (
        f"select row_number from {read_name(contract.source_id)} where reason is null and (unread >> {place}) & 1 = 1 "
        f"order by row_number limit {most}"
    )


def outcome_query(contract: SourceContract) -> str:
    """Return a query for the rows that came out alike: reason, bits of unread columns, count."""
    return f"select reason, unread, count(*) from {read_name(contract.source_id)} group by all order by all"


def loaded_rows(contract: SourceContract) -> str:
    """Return a query for raw_<source>: the rows that were not refused."""
    names = columns(raw_table(contract).column_names)
    return f"select {names} from {read_name(contract.source_id)} where reason is null"
