from __future__ import annotations

import pytest

from flows.engines.duckdb import DuckEngine
from matchers.linkage.diagnosis import Search, diagnose
from matchers.linkage.engine import LinkSettings, link_records
from matchers.linkage.plan import Plan
from schemas.links import LINK_INPUT
from tests.conftest import Given

DRAWN = "record_id | source_id | given_name | surname | birth_date | phone\n" + "\n".join(
    f"{copy}{n} | s | name{n}x | kin{n % 7} | 19{50 + n % 40}0{1 + n % 9}1{n % 9} | {'' if copy == 'b' and n < 5 else f'139{n:08}'}"
    for n in range(60)
    for copy in "ab"
)


def test_blocking_that_leaves_links_out_is_found_out(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, DRAWN + "\nempty | s | | | |")
    settings = LinkSettings(plan=Plan((("phone",),), only_these=True))
    found = diagnose(link_records(db, settings), settings)
    assert found.search
    assert found.search.unproposed == 10
    assert found.search.links == 120
    assert found.unlinkable == 1
    assert found.looked_at == 121


def test_where_every_pair_is_compared_nothing_is_searched(db: DuckEngine, given: Given) -> None:
    given(LINK_INPUT, DRAWN)
    assert diagnose(link_records(db, LinkSettings()), LinkSettings()).search is None


def test_the_interval_holds_the_share_and_widens_with_few_links() -> None:
    low, high = Search(100, 200, 10, 4).interval
    assert 0 < low < 0.05 < high < 0.1
    assert Search(5, 0, 0, 0).interval[1] == pytest.approx(0.79, abs=0.01)
