"""Values that stand for nothing: what is personal is not shared by half of all people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matchers.linkage.coded import CodedColumn
from matchers.linkage.fields import Field

PERSONAL = ("name", "han_name", "full_name", "date", "number", "citizen_number", "email")
FEWEST = 100  # records that share a value before it can be one: a small table may be one family's
SHARE = 0.5


def without_placeholders(columns: dict[str, CodedColumn], fields: tuple[Field, ...]) -> dict[str, CodedColumn]:
    """Return the columns with values of personal fields that more than half of the records have taken for missing.

    A placeholder that most records have makes agreeing usual and differing rare, so that EM would take two real and
    different values for evidence of one person.
    """
    result = dict(columns)
    for field in fields:
        column = columns[field.name]
        is_placeholder = column.counts > max(FEWEST, SHARE * float(column.counts.sum()))
        if field.kind in PERSONAL and is_placeholder.any():
            blank = (column.codes >= 0) & is_placeholder[column.codes]
            codes = np.where(blank, -1, column.codes).astype(np.int32)
            result[field.name] = replace(column, codes=codes, counts=np.where(is_placeholder, 0, column.counts))
    return result
