"""Standardised values held against the truth of a simulated county: what was recovered, missed, and made up.

A stated value is *recoverable* where the truth stands in it whole, whatever is written around it. This is decided from
the delivered text and the truth alone, by rules of this module's own, so that the standardiser is not its own judge:

- a citizen number: its digits and X in order, blanks, marks, width and case aside, begin with the true number, the one
  before a correction, or the 15 digits of either; only the four digits of a certificate may follow;
- a name: its Chinese characters and letters, simplified, without what stands in brackets, are those of the true or the
  former name;
- a date of birth: the numbers in it are the true year, month and day.

What is not recoverable (a digit misread, a homophone, a lunar date) may only come out as it was stated, or as nothing;
anything else is invented.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

from matchers.sql import literal
from matchers.stage import stage
from schemas.records import STD_RECORD
from schemas.truth import TRUE_NAME, TRUE_RECORD, TRUTH_IDENTITY, VALUE_CHECK

WIDE_DIGITS, DIGITS = "０１２３４５６７８９Ｘｘx", "0123456789XXX"
# What may stand behind a citizen number: type and level of a disability, and the number of a reissue.
TAIL = "(?:[1-7][1-4]\\d{0,2})?"
NUMBERS = ("t.national_id", "old_national_id")
IN_BRACKETS = re.compile(r"[(\[{【〔<《].*?(?:[)\]}】〕>》]|$)")
NOT_WRITTEN = re.compile(r"[^\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇a-z]")


def name_pairs_query() -> str:
    """Return a query for delivered name, standardised name, and true name, each combination once."""
    return f"""
        select distinct full_name_raw, stated, true_name from (
            select full_name_raw, s.full_name as stated, unnest([t.full_name, former_name]) as true_name
            from {STD_RECORD.name} as s join {TRUE_RECORD.name} using (record_id)
            join {TRUTH_IDENTITY.name} as t using (person_no)
        ) where full_name_raw is not null and true_name is not null
        order by all
    """


class WrittenName:
    """Reduces names to what is written in them; made once per evaluation."""

    def __init__(self) -> None:
        self._converter = OpenCC("t2s")
        self._known: dict[str, str] = {}

    def characters(self, name: str) -> str:
        """Return the simplified characters and letters of a name without what stands in brackets."""
        if name not in self._known:
            bare = IN_BRACKETS.sub("", unicodedata.normalize("NFKC", name).lower())
            self._known[name] = str(self._converter.convert(NOT_WRITTEN.sub("", bare)))
        return self._known[name]


def judge_names(pairs: Iterable[tuple[str, str | None, str]]) -> dict[str, npt.NDArray[np.generic]]:
    """Return the columns of true_name for delivered, standardised and true names."""
    written = WrittenName()
    rows = [
        (
            delivered,
            true,
            written.characters(delivered) == written.characters(true),
            standard is None or written.characters(standard) == written.characters(delivered),
        )
        for delivered, standard, true in pairs
    ]
    # Typed, as nothing at all would have no type.
    kinds = (np.str_, np.str_, np.bool_, np.bool_)
    columns = zip(TRUE_NAME.column_names, kinds, strict=True)
    return {name: np.array([row[place] for row in rows], kind) for place, (name, kind) in enumerate(columns)}


@stage(reads=(STD_RECORD, TRUE_RECORD, TRUTH_IDENTITY, TRUE_NAME), writes=VALUE_CHECK)
def check_values() -> str:
    """One field of the records of one source held against the truth."""
    judged = " union all ".join((numbers(), names(), births()))
    return f"""
        with judged as ({judged})
        select field, source_id, count(*) as stated_count,
            count(*) filter (where is_recoverable) as recoverable_count,
            count(*) filter (where is_recoverable and is_right) as right_count,
            count(*) filter (where is_recoverable and not is_right and is_left) as missed_count,
            count(*) filter (where is_recoverable and not is_right and not is_left) as wrong_count,
            count(*) filter (where not is_recoverable and not is_right and not is_left and not is_literal) as invented_count
        from judged group by field, source_id
    """


def numbers() -> str:
    """Return a select of every stated citizen number and how it was standardised."""
    forms = ", ".join((*NUMBERS, *(fifteen(number) for number in NUMBERS), "id15"))
    read = f"regexp_replace(translate(upper(national_id_raw), {literal(WIDE_DIGITS)}, {literal(DIGITS)}), '[^0-9X]', '', 'g')"
    return f"""
        select 'national_id' as field, source_id,
            len(list_filter([{forms}], lambda form: regexp_full_match(written, form || {literal(TAIL)}))) > 0 as is_recoverable,
            coalesce(stated in (t.national_id, old_national_id), false) as is_right, stated is null as is_left,
            coalesce(starts_with(written, stated) or starts_with(written, {fifteen("stated")}), false) as is_literal
        from (select record_id, source_id, national_id as stated, {read} as written from {STD_RECORD.name}) as s
        join {TRUE_RECORD.name} using (record_id) join {TRUTH_IDENTITY.name} as t using (person_no)
        where written <> ''
    """


def fifteen(number: str) -> str:
    """Return SQL for a number as it was written with 15 digits."""
    return f"(left({number}, 6) || substr({number}, 9, 9))"


def names() -> str:
    """Return a select of every stated name and how it was standardised; the true name it is nearest to counts."""
    return f"""
        select 'full_name', source_id, bool_or(is_recoverable), coalesce(bool_or(stated = true_name), false),
            coalesce(any_value(stated) in (any_value(full_name_raw)), true), bool_and(is_literal)
        from (
            select record_id, source_id, full_name_raw, s.full_name as stated,
                unnest([t.full_name, former_name]) as true_name
            from {STD_RECORD.name} as s join {TRUE_RECORD.name} using (record_id)
            join {TRUTH_IDENTITY.name} as t using (person_no)
        ) join {TRUE_NAME.name} using (full_name_raw, true_name)
        group by record_id, source_id
    """


def births() -> str:
    """Return a select of every stated date of birth and how it was standardised."""
    said = "coalesce(birth_date_raw, birth_date::varchar)"
    parts = f"regexp_extract_all({said}, '[0-9]+')"
    return f"""
        select 'birth_date', source_id, {is_day("numbers", "t.birth_date")}, coalesce(stated = t.birth_date, false),
            stated is null, coalesce({is_day("numbers", "stated")}, false)
        from (
            select record_id, source_id, birth_date as stated, {parts} as numbers from {STD_RECORD.name} where {said} is not null
        ) as s join {TRUE_RECORD.name} using (record_id) join {TRUTH_IDENTITY.name} as t using (person_no)
    """


def is_day(numbers: str, day: str) -> str:
    """Return SQL for whether written numbers are a day: its year, month and day, or all in one."""
    parts = f"[year({day}), month({day}), day({day})]::bigint[]"
    return f"""coalesce(list_transform({numbers}[:3], lambda n: try_cast(n as bigint)) = {parts}
        or {numbers}[1] = strftime({day}, '%Y%m%d'), false)"""
