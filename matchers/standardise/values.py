"""One delivered value → one typed value, as SQL expressions; what cannot be read becomes null, never an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from matchers.sql import identifier, literal, literals
from matchers.standardise.dates import full_day, possible_day, possible_month, read_day
from matchers.standardise.lexicon import Lexicon
from matchers.standardise.phones import phone_value, real_phone
from matchers.standardise.written import BLANKS, is_among, narrow, visible
from schemas.source import ColumnType, SourceColumn

Layer = Callable[[SourceColumn, Lexicon], str]
SEX = {"男": "1", "女": "2", "1": "1", "2": "2", "男性": "1", "女性": "2", "M": "1", "F": "2", "男士": "1", "女士": "2"}
TRUE = ("1", "是", "true", "有", "Y", "y", "yes", "T", "t", "True", "TRUE", "已消除")
FALSE = ("0", "否", "false", "无", "N", "n", "no", "F", "f", "False", "FALSE", "未消除")
# Which further placeholders a type has besides those that mean nothing anywhere.
PLACEHOLDER_KIND: dict[ColumnType, str] = {
    "name": "name",
    "national_id": "national_id",
    "phone": "phone",
    "birth_date": "date",
    "date": "date",
    "month": "date",
}
# A text longer than this, in bytes, is no placeholder, so most values skip the list.
LONGEST_PLACEHOLDER = 18
# A case of more branches than this takes longer to plan than to run.
MOST_BRANCHES = 24
VILLAGE_CODE = "[1-9][0-9]{11}"


def trimmed(column: SourceColumn, words: Lexicon) -> str:
    """Return SQL for a delivered value without blanks around it; null where nothing is left."""
    del words
    value = identifier(column.name)
    # Trimming by many characters is slow, and nearly no value needs it.
    is_bare = f"{visible(value)} and {visible(f'{value}[-1]')}"
    return f"case when {is_bare} then {value} else nullif(trim({value}, {literal(BLANKS)}), '') end"


def stated(column: SourceColumn, words: Lexicon) -> str:
    """Return SQL for what a trimmed value states; null where it is only a placeholder."""
    value = identifier(column.name)
    nothing = (*words.placeholders["any"], *words.placeholders.get(PLACEHOLDER_KIND.get(column.type, ""), ()))
    if column.type == "flag":
        nothing = tuple(word for word in nothing if word not in FALSE)
    is_nothing = f"strlen({value}) <= {LONGEST_PLACEHOLDER} and {is_among(value, nothing)}"
    return f"case when {is_nothing} then null else {value} end"


def read(column: SourceColumn, words: Lexicon) -> str:
    """Return SQL for what a stated value reads as: a day, a number, a code; the text itself where nothing is promised."""
    value = identifier(column.name)
    if column.type in {"code", "ethnicity", "relation"}:
        meanings = {"code": column.codes, "ethnicity": words.ethnicity, "relation": words.relation}
        return translated(value, meanings[column.type])
    return READ[column.type](value) if column.type in READ else value


def believed(column: SourceColumn, words: Lexicon) -> str:
    """Return SQL for the typed value; null where what was read cannot be so."""
    del words
    value = identifier(column.name)
    return BELIEVED[column.type](value) if column.type in BELIEVED else value


# The patient reading, a select per layer, so that each expression is worked out once per row.
LAYERS: tuple[Layer, ...] = (trimmed, stated, read, believed)


def translated(value: str, meanings: Mapping[str, str]) -> str:
    """Return SQL for the meaning of a word; null for a word nobody knows. Put the most frequent words first."""
    if len(meanings) > MOST_BRANCHES:
        return f"[{literals(meanings.values())}][list_position([{literals(meanings)}], {value})]"
    branches = " ".join(f"when {literal(word)} then {literal(meaning)}" for word, meaning in meanings.items())
    return f"case {value} {branches} end"


def sex_value(value: str) -> str:
    """Return SQL for the GB/T 2261.1 code of a word for a sex."""
    return translated(value, SEX)


def flag_value(value: str) -> str:
    """Return SQL for true, false or null of a yes or no."""
    return f"case {value} {words_to(TRUE, True)} {words_to(FALSE, False)} end"


def words_to(words: Iterable[str], meaning: bool) -> str:
    """Return the branches of a case that give one meaning to several words."""
    return " ".join(f"when {literal(word)} then {literal(meaning)}" for word in words)


def money_value(value: str) -> str:
    """Return SQL for yuan to the fen: ¥, 元, blanks and thousands commas are taken off, (1.00) is negative."""
    bare = f"regexp_replace({narrow(value)}, '[¥$,元\\s]|RMB', '', 'g')"
    signed = f"regexp_replace({bare}, '^\\((.+)\\)$', '-\\1')"
    plain = f"regexp_full_match({value}, '-?[0-9]+(\\.[0-9]+)?')"
    return f"case when {plain} then try_cast({value} as decimal(14,2)) else try_cast({signed} as decimal(14,2)) end"


def whole_value(value: str) -> str:
    """Return SQL for a whole number; a unit behind it is taken off, a fraction makes it unreadable."""
    number = f"try_cast(regexp_replace({narrow(value)}, '[,\\s人口月年岁个户]', '', 'g') as decimal(18,4))"
    fraction = f"case when {number} = floor({number}) then {number}::bigint end"
    return (
        f"case when regexp_full_match({value}, '-?[0-9]{{1,15}}') then try_cast({value} as bigint) else {fraction} end"
    )


def village_code_value(value: str) -> str:
    """Return SQL for a statistical village code: twelve digits, not all nought."""
    shape = literal(VILLAGE_CODE)
    wide = f"case when regexp_full_match({narrow(value)}, {shape}) then {narrow(value)} end"
    return f"case when regexp_full_match({value}, {shape}) then {value} else {wide} end"


READ: dict[ColumnType, Callable[[str], str]] = {
    "date": read_day,
    "birth_date": full_day,
    "month": read_day,
    "money": money_value,
    "number": money_value,
    "whole": whole_value,
    "flag": flag_value,
    "sex": sex_value,
    "phone": phone_value,
    "village_code": village_code_value,
}
BELIEVED: dict[ColumnType, Callable[[str], str]] = {
    "date": possible_day,
    "birth_date": possible_day,
    "month": possible_month,
    "phone": real_phone,
}
