from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matchers.linkage.coded import CodedColumn
from matchers.linkage.name_words import plainly_written, romanised, unaddressed


def column(*texts: str) -> CodedColumn:
    values = list(dict.fromkeys(texts))
    codes = np.array([values.index(text) for text in texts], np.int32)
    return CodedColumn(codes, pa.array(values, pa.string()), np.bincount(codes))


def said(found: CodedColumn) -> list[str]:
    return [found.values[code] for code in found.codes]


@pytest.mark.parametrize(
    ("written", "plain"),
    [("mr john smith", "john smith"), ("smith mrs ann", "smith ann"), ("dr", "dr"), ("amr drake", "amr drake")],
)
def test_forms_of_address_are_no_part_of_a_name(written: str, plain: str) -> None:
    assert unaddressed(written) == plain


def test_two_writings_of_one_name_become_one_value() -> None:
    found = plainly_written({"full_name": column("mr john smith", "john smith", "dr ann lee")})["full_name"]
    assert said(found) == ["john smith", "john smith", "ann lee"]
    assert found.counts.tolist() == [2, 1]


def test_cyrillic_letters_are_read_as_latin_ones_where_a_column_has_both() -> None:
    assert romanised("щукин юрий яковлевич") == "shchukin yuriy yakovlevich"
    mixed = plainly_written({"surname": column("щукин", "shchukin", "іваненко")})["surname"]
    assert said(mixed) == ["shchukin", "shchukin", "ivanenko"]
    alone = column("щукин", "иваненко")
    assert plainly_written({"surname": alone})["surname"] is alone
