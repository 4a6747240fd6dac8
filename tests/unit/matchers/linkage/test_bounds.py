from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matchers.linkage.comparison import Comparer
from matchers.linkage.fields import Field
from matchers.linkage.frequencies import rarity
from matchers.linkage.model import FieldModel, LinkModel
from matchers.linkage.records import recoded
from matchers.linkage.scoring import Scorer
from tests.unit.matchers.linkage.drawn_columns import coded

FIELDS = (
    Field("given_name", "name"),
    Field("surname", "name", is_shared=True),
    Field("birth_date", "date"),
    Field("phone", "number"),
    Field("postcode", "postcode"),
    Field("sex", "exact"),
    Field("address", "text", is_shared=True),
    Field("street_number", "near_number", is_shared=True),
)
NAME = st.sampled_from(["", "anna", "ann", "bob", "robert", "lee", "b", "anna lee"])
ROW = st.tuples(
    NAME, NAME, st.sampled_from(["", "19800512", "19800101", "19810512", "19800521"]),
    st.sampled_from(["", "13912345678", "13912345679", "555"]), st.sampled_from(["", "ab1 2cd", "ab1 3ef", "zz9"]),
    st.sampled_from(["", "1", "2"]), st.sampled_from(["", "江湾镇", "讷河市江湾镇", "st lee", "1 lee st", "bo"]),
    st.sampled_from(["", "12", "13", "128", "182", "12a", "b", "12345678"]),
)  # fmt: skip


def scorer_of(rows: list[tuple[str, ...]]) -> Scorer:
    columns = {what.name: coded(*(row[place] for row in rows)) for place, what in enumerate(FIELDS)}
    columns["surname_as_given"] = recoded(columns["surname"], columns["given_name"])
    comparer = Comparer(columns, short_forms=frozenset({("robert", "bob")}))
    parts = []
    for what in FIELDS:
        same = np.linspace(0.2, 3.0 * what.levels, what.levels)
        stranger = same[::-1] / same.sum()
        parts.append(FieldModel(what, same / same.sum(), stranger, stranger))
    model = LinkModel(tuple(parts), 0.01, 0.0, 1000.0, 1)
    return Scorer(model, comparer, rarity(model, comparer))


@given(st.lists(ROW, min_size=2, max_size=6))
def test_a_pair_never_weighs_more_than_its_bound_and_what_is_left_out_is_below_the_floor(
    rows: list[tuple[str, ...]],
) -> None:
    scorer = scorer_of(rows)
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(rows), 1))
    exact = scorer.weigh(scorer.comparer.matrix(scorer.fields, left, right), left)
    start = scorer.model.prior_bits + sum(scorer.tops)
    bound, levels = scorer.bounds.weigh(left, right, start, -np.inf)
    assert (bound >= exact - 1e-9).all()
    cheap = scorer.comparer.matrix(scorer.fields, left, right, is_cheap=True)
    assert np.array_equal(levels, cheap[:, list(scorer.bounds.fields)])
    weight, is_exact, _ = scorer.weigh_chunk(left, right)
    assert np.allclose(weight[is_exact], exact[is_exact])
    assert (weight[~is_exact] >= exact[~is_exact] - 1e-9).all()
