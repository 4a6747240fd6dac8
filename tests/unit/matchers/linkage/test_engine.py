from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from flows.engines.duckdb import DuckEngine
from matchers.errors import LinkInputError, MissingTableError
from matchers.linkage.engine import LinkSettings, link_records
from matchers.linkage.results import keep_results, summarise
from schemas.links import LINK_INPUT, LINK_PAIR
from tests.conftest import Given

FIRST = ("anna", "bela", "carl", "dora", "emil", "fritz", "gina", "hugo", "ida", "jan", "karla", "leo")
LAST = ("adler", "berger", "conrad", "dietz", "ebner", "fuchs", "gross", "huber", "imhof", "jung")


def people(copies: int) -> str:
    lines = ["record_id | source_id | given_name | surname | birth_date | phone"]
    for n in range(len(FIRST) * len(LAST)):
        first, last = FIRST[n % len(FIRST)], LAST[n % len(LAST)]
        born = f"{1930 + n % 70}-{1 + n * 7 % 12:02}-{1 + n * 11 % 28:02}"
        for copy in range(copies):
            name = first if copy == 0 else first[:-1] + "x"
            lines.append(f"p{n:03}-{copy} | s | {name} | {last} | {born} | {40000000 + n * 7919}")
    return "\n".join(lines)


def clusters(db: DuckEngine) -> dict[str, str]:
    return dict(db.rows("select record_id, cluster_id from link_cluster"))


def test_records_of_one_person_become_one_cluster_from_roles_alone(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, people(copies=2))
    keep_results(db, link_records(db, LinkSettings()))
    assert all(cluster == f"{record[:4]}-0" for record, cluster in clusters(db).items())
    assert db.rows("select min(confidence) > 0.9 from link_cluster") == [(True,)]


def test_a_link_says_what_proposed_it_and_what_each_comparison_added(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, people(copies=2))
    linkage = link_records(db, LinkSettings())
    keep_results(db, linkage)
    ((rule, bits, given_name),) = db.rows(
        "select blocking_rule, bits_phone, bits_given_name "
        "from link_pair where record_id_l = 'p000-0' and record_id_r = 'p000-1'"
    )
    assert rule
    assert bits > 0
    assert given_name is not None


def test_bits_add_up_to_the_weight_of_every_link_even_one_that_was_settled_early(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, people(copies=2))
    linkage = link_records(db, LinkSettings())
    scored = linkage.scored
    far = np.zeros(len(linkage.labels), np.int64)  # everybody in one cluster: pairs of strangers are reported too
    keep_results(db, replace(linkage, labels=far))
    assert not scored.is_exact.all()
    columns = [name for name in LINK_PAIR.column_names if name.startswith("bits_")]
    found = db.rows(f"select match_weight, {', '.join(columns)} from link_pair")
    assert len(found) == len(scored.pairs)
    assert linkage.model is not None
    for weight, *bits in found:
        total = sum(value for value in bits if value is not None)
        assert total + linkage.model.prior_bits == pytest.approx(weight, abs=0.1)


def test_two_runs_find_the_same(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, people(copies=3))
    found = []
    for _ in range(2):
        keep_results(db, link_records(db, LinkSettings()))
        found.append((db.rows("from link_pair order by all"), db.rows("from link_cluster order by all")))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "a | s | anna | adler",
        "a | s | |\nb | s | |\nc | s | |",
        "a | s | anna | adler\nb | s | anna | adler\nc | s | anna | adler\nd | s | anna | adler",
        "a | s | |\nb | s | anna | adler",
    ],
    ids=["nobody", "one row", "nothing stated", "everybody the same", "one stated"],
)
def test_tables_with_nothing_to_learn_from_get_a_result_all_the_same(db: DuckEngine, given: Given, rows: str) -> None:
    given(LINK_INPUT, f"record_id | source_id | given_name | surname\n{rows}".strip())
    linkage = link_records(db, LinkSettings())
    keep_results(db, linkage)
    assert len(clusters(db)) == len(rows.splitlines())
    assert summarise(db, linkage)["records"] == len(rows.splitlines())


def test_a_record_id_that_repeats_or_is_missing_is_refused_without_quoting_it(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, "record_id | source_id\nsecret | s\nsecret | t")
    with pytest.raises(LinkInputError, match=r"not unique: 1 of 2") as repeated:
        link_records(db, LinkSettings())
    assert "secret" not in str(repeated.value)
    given(LINK_INPUT, "record_id | source_id\n | s\nb | t")
    with pytest.raises(LinkInputError, match="missing in 1 of 2"):
        link_records(db, LinkSettings())


def test_without_input_the_phase_before_is_asked_for(db: DuckEngine) -> None:
    with pytest.raises(MissingTableError):
        link_records(db, LinkSettings())


def test_a_person_key_keeps_two_records_apart_however_alike(db: DuckEngine, given: Given) -> None:
    text = people(copies=2).replace("record_id | source_id", "record_id | source_id | person_key").splitlines()
    keyed = [text[0]] + [f"{line.split('|')[0]}| s | {i} |{line.split('|', 2)[2]}" for i, line in enumerate(text[1:])]
    given(LINK_INPUT, "\n".join(keyed))
    keep_results(db, link_records(db, LinkSettings()))
    assert all(record == cluster for record, cluster in clusters(db).items())
