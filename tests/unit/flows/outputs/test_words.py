from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from flows.outputs.words import Words, sentences
from flows.rules import read_rule_files
from matchers.eligibility.criteria import CRITERIA
from matchers.eligibility.facts import FACTS
from matchers.eligibility.rules import open_rule_book
from matchers.households.composition import REASONS
from schemas.candidates import OUTCOMES_ZH
from schemas.expectations import ARRIVAL_CHECKS, RELEASE_CHECKS
from schemas.households import TIE_TYPES
from schemas.links import LINK_RULES
from schemas.records import ID_STATES


def leaves(value: Any) -> Iterator[dict[str, str]]:
    """Yield every entry that holds text."""
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, dict) and (
        {"zh", "en"} & set(value) or not any(isinstance(v, dict | list) for v in value.values())
    ):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)


def test_every_sentence_is_said_in_both_languages() -> None:
    found = list(leaves({topic: said for topic, said in sentences().items() if topic != "refusals"}))
    assert len(found) > 150
    for entry in found:
        assert set(entry) == {"zh", "en"}, entry
        assert all(isinstance(said, str) and said for said in entry.values()), entry


def test_every_check_outcome_state_and_rule_has_a_word() -> None:
    said = sentences()
    assert {*ARRIVAL_CHECKS, *RELEASE_CHECKS} <= set(said["meanings"])
    assert set(OUTCOMES_ZH) == set(said["outcomes"])
    assert set(ID_STATES) == set(said["id_states"])
    assert set(LINK_RULES) <= set(said["link_rules"])


def test_every_monthly_source_says_what_is_unknown_without_it() -> None:
    from flows.outputs.words import SOURCES, contract_of

    discovery = {file.stem for file in SOURCES.glob("*.yaml") if contract_of(file.stem)["stage"] == "discovery"}
    assert discovery == set(sentences()["without"])


def test_every_criterion_has_a_name() -> None:
    named = set(sentences()["criteria"])
    assert {each.name for each in CRITERIA if not each.name.startswith("receives_")} <= named


def test_every_fact_tie_and_reason_to_live_in_a_household_has_a_word() -> None:
    said = sentences()
    assert {definition.name for definition in FACTS} <= set(said["facts"])
    assert set(TIE_TYPES) <= set(said["ties"])
    assert set(REASONS.values()) == set(said["member_reasons"])


def test_reasons_of_refused_rows_are_said_in_chinese_with_the_departments_own_headings() -> None:
    words = Words("zh")
    assert words.refusal("cremation", "neither a name nor a number") == "姓名和证件号码均未填写"
    assert words.refusal("cremation", "death_time is missing or not a date; 3 fields, the header has 9") == (
        "死亡时间缺失或无法识别；列数与表头不符（3 列，应为 9 列）"
    )
    assert words.refusal("cremation", "something new") == "something new"
    assert Words("en").refusal("cremation", "neither a name nor a number") == "neither a name nor a number"


def test_figures_name_their_places() -> None:
    assert Words("zh").figure("rural 632 / urban 832 × 1.5") == "农村 632 / 城市 832 × 1.5"
    assert Words("zh").figure("*-1, 5-3") == "各类1级, 智力3级"
    assert Words("en").figure("rural 632, 6-3") == "rural 632, mental level 3"


def test_names_come_from_contracts_and_rule_files_and_an_unknown_key_is_its_own_word() -> None:
    zh, en = Words("zh"), Words("en")
    assert zh.source("cremation") == "殡葬火化信息"
    assert en.provider("cremation") == "民政"
    assert zh.area("230123") == "依兰县"
    assert zh.area("110105") == "朝阳区"
    assert zh.programme("nothing_known") == "nothing_known"
    assert zh.say("topics", "nothing_known") == "nothing_known"


def test_every_figure_a_rule_uses_is_said_in_words_with_its_unit() -> None:
    files = read_rule_files()
    book = open_rule_book(files.programmes, files.areas, files.precedence, datetime.date(2026, 10, 31))
    rules = [rule for rule in book.rules if rule.limit_text]
    assert len(rules) > 20
    said = {(rule.criterion.name, Words("zh").limit(rule.criterion.name, rule.limit_text)) for rule in rules}
    assert [each for each in said if re.search(r"[a-z_]{3,}", each[1])] == []
    bare = {rule.criterion.name for rule in rules if rule.criterion.limit != "list"} - set(sentences()["measured_in"])
    assert bare == set()


def test_a_limit_is_said_by_place_class_and_tier() -> None:
    assert (
        Words("zh").limit("income_below_verge_line", "rural 632 / urban 832 × 1.5")
        == "农村 632 / 城市 832 × 1.5（元/人·月）"
    )
    assert Words("en").limit("disaster_lately", "366") == "within 366 days"
    assert Words("zh").limit("holds_identity", "extreme_difficulty, monitored") == "特困人员救助供养、防返贫监测"
    assert Words("zh").limit("in_study", None) == "–"
