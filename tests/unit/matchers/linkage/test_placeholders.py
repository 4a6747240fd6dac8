from __future__ import annotations

import numpy as np
import pyarrow as pa

from matchers.linkage.coded import CodedColumn
from matchers.linkage.fields import Field
from matchers.linkage.placeholders import without_placeholders

PHONE, CITY = Field("phone", "number", is_shared=True), Field("place", "text", is_shared=True)


def column(often: int, once: int) -> CodedColumn:
    codes = np.concatenate([np.zeros(often), np.arange(1, once + 1)]).astype(np.int32)
    return CodedColumn(codes, pa.array([f"v{n}" for n in range(once + 1)]), np.bincount(codes))


def test_a_phone_most_records_have_is_no_phone() -> None:
    found = without_placeholders({"phone": column(200, 50)}, (PHONE,))["phone"]
    assert (found.codes[:200] == -1).all()
    assert found.codes[200:].tolist() == list(range(1, 51))
    assert found.counts[0] == 0


def test_a_city_most_records_have_and_a_small_familys_phone_stay() -> None:
    columns = {"place": column(200, 50), "phone": column(5, 2)}
    kept = without_placeholders(columns, (PHONE, CITY))
    assert all(np.array_equal(kept[name].codes, columns[name].codes) for name in columns)
