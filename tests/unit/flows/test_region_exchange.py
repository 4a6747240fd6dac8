"""Two regions ask and answer: what goes over, what is refused, and what stays on record."""

from __future__ import annotations

import datetime
import json
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from python_calamine import CalamineWorkbook

from flows.authorisations import Reader, authorise
from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.phases import state_file, write_whole
from flows.region_exchange import Asking, Desk, answer, ask, read_answer
from flows.region_ledger import opened_for_exchange
from flows.region_protocol import canonical, derived, key_id, read_key, sealed
from matchers.errors import AuthorisationError, RegionFileError, UsageError
from schemas.findings import FACT
from schemas.people import PERSON
from schemas.region_exchange import PROGRAMMES
from tests.conftest import row_select
from tests.unit.flows.test_economic_check import ASKED, AUTHORISATION, NOW, OTHER, READER, WOMAN

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
HELD = {WOMAN: (("receives_subsistence_allowance", "true"), ("receives_verge_family", "false"))}


@dataclass(frozen=True)
class Regions:
    """The desk that asks, the one that answers, and where the files lie."""

    asking: Desk
    answering: Desk
    folder: Path

    @property
    def question(self) -> Path:
        return self.folder / "ask.json"

    @property
    def reply(self) -> Path:
        return self.folder / "answer.json"

    def ask(self, **changed: Any) -> dict[str, Any]:
        asking = Asking(self.folder / "asked.csv", "110105", "HD-1", **changed)
        return ask(self.asking, asking, self.question)

    def answer(self) -> dict[str, Any]:
        return answer(self.answering, self.question, "2026-10", self.reply)

    def read(self) -> dict[str, Any]:
        return read_answer(self.asking, self.reply, self.folder / "asked.csv", self.folder / "result.xlsx")


@pytest.fixture
def regions(tmp_path: Path) -> Regions:
    (tmp_path / "asked.csv").write_text(ASKED, encoding="utf-8")
    record(tmp_path, ["other_region"])
    hold(tmp_path / "there")
    return Regions(
        Desk(tmp_path / "here", "230123", KEY, READER), Desk(tmp_path / "there", "110105", KEY, READER), tmp_path
    )


def record(folder: Path, sources: list[str]) -> None:
    file = folder / "authorisation.yaml"
    file.write_text(yaml.safe_dump(AUTHORISATION | {"sources": sources}, allow_unicode=True), encoding="utf-8")
    authorise(folder / "here", file, READER)


def hold(home: Path) -> None:
    """Give the answering region a month in which it knows the woman, and a roll that did not come whole."""
    persons = [
        {"person_id": f"P{n}", "national_id": number, "record_count": "1", "source_count": "1", "link_probability": "1"}
        for n, number in enumerate(HELD)
    ]
    facts = [
        {"unit": "person", "unit_id": f"P{n}", "fact_name": fact, "source_id": "roll", "detail": "x", "as_of_date": "2026-10-31", "link_probability": "1", "can_exclude": sure}
        for n, held in enumerate(HELD.values()) for fact, sure in held
    ]  # fmt: skip
    lake = Lake(home, home / "work", "2026-10")
    with DuckEngine(memory="512MB") as db:
        for table, rows in ((PERSON, persons), (FACT, facts)):
            db.create(table.name, " union all ".join(row_select(table, row) for row in rows))
            lake.write(db, table)
        lake.commit()
    state = {"fingerprint": "x", "summary": {"silent_facts": ["receives_old_age_allowance"]}}
    write_whole(state_file(home, "2026-10", "screen"), json.dumps(state))


def steps(desk: Desk) -> list[tuple[Any, ...]]:
    with opened_for_exchange(desk.home) as ledger:
        return ledger.execute(
            "select event, person_count, held_count, done_by from region_exchange order by exchange_id"
        ).fetchall()


def test_an_answer_says_what_the_other_rolls_say_and_no_more(regions: Regions) -> None:
    assert regions.ask()["persons"] == 2
    assert regions.answer()["held"] == 1
    assert regions.read()["receiving"] == 1
    sheet = CalamineWorkbook.from_path(str(regions.folder / "result.xlsx")).get_sheet_by_index(0).to_python()
    heads, woman, other = sheet[2], sheet[3], sheet[4]
    said = dict(zip(heads, woman, strict=True))
    assert (said["最低生活保障"], said["低保边缘家庭认定"], said["高龄津贴"], said["特困人员救助供养"]) == (
        "在册",
        "不掌握",
        "不掌握",
        "未在册",
    )
    assert set(other[4:]) == {"不掌握"}
    assert woman[2] == WOMAN[:6] + "********" + WOMAN[14:]


def test_no_number_and_no_name_is_in_either_file(regions: Regions) -> None:
    regions.ask()
    regions.answer()
    sent = regions.question.read_text(encoding="utf-8") + regions.reply.read_text(encoding="utf-8")
    assert not [value for value in (WOMAN, OTHER, "王芳", "李明", KEY.hex()) if value in sent]


def test_questions_are_filled_up_and_every_answer_has_one_shape(regions: Regions) -> None:
    regions.ask()
    regions.answer()
    asked, replied = (json.loads(file.read_text(encoding="utf-8")) for file in (regions.question, regions.reply))
    assert len(asked["questions"]) == 32
    assert asked["questions"] == sorted(set(asked["questions"])) == replied["questions"]
    assert {len(said) for said in replied["answers"]} == {len(PROGRAMMES)}
    assert replied["answers"].count("u" * len(PROGRAMMES)) == 31


def test_the_same_person_is_another_question_in_another_batch(regions: Regions) -> None:
    regions.ask()
    first = set(json.loads(regions.question.read_text(encoding="utf-8"))["questions"])
    regions.ask()
    assert not first & set(json.loads(regions.question.read_text(encoding="utf-8"))["questions"])


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("header", "purpose"), "其他"),
        (("header", "expires"), "2026-11-20T09:00:00+08:00"),
        (("questions",), ["0" * 64] * 32),
    ],
)
def test_a_changed_file_is_refused(regions: Regions, place: tuple[str, ...], value: object) -> None:
    regions.ask()
    document = json.loads(regions.question.read_text(encoding="utf-8"))
    held = document[place[0]] if len(place) > 1 else document
    held[place[-1]] = value
    regions.question.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RegionFileError, match="changed on its way"):
        regions.answer()
    assert [step[0] for step in steps(regions.answering)] == ["refused"]
    assert not regions.reply.exists()


def test_a_changed_letter_of_an_answer_is_refused(regions: Regions) -> None:
    regions.ask()
    regions.answer()
    text = regions.reply.read_text(encoding="utf-8")
    regions.reply.write_text(text.replace('"uuuuuuuuuu"', '"nuuuuuuuuu"', 1), encoding="utf-8")
    with pytest.raises(RegionFileError, match="changed on its way"):
        regions.read()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[" * 200_000,
        b'{"header":' * 50_000,
        b'{"header":{"key_id":"KEY"},"mac":"a","n":"\\ud800"}',
        b'{"header":{"key_id":"KEY"},"mac":"\xc3\xa9"}',
        b'{"header":{"key_id":"KEY"},"mac":"\\ud800"}',
        b'{"header":{"key_id":"KEY"},"mac":"a","n":' + b"9" * 10_000 + b"}",
        b'{"header":{"key_id":"KEY"},"mac":"a","n":"' + b"x" * 1_000_000 + b'"}',
    ],
    ids=["empty", "null", "deep list", "deep header", "half a character", "code é", "half a code", "number", "long"],
)
def test_whatever_bytes_are_sent_are_refused_and_the_refusal_is_on_record(regions: Regions, content: bytes) -> None:
    regions.question.write_bytes(content.replace(b"KEY", key_id(KEY).encode()))
    with pytest.raises(RegionFileError):
        regions.answer()
    assert [step[0] for step in steps(regions.answering)] == ["refused"]
    assert not regions.reply.exists()


def test_a_batch_is_answered_once(regions: Regions) -> None:
    regions.ask()
    regions.answer()
    with pytest.raises(RegionFileError, match="answered before"):
        regions.answer()
    assert [step[0] for step in steps(regions.answering)] == ["answered", "refused"]


def test_what_has_expired_or_is_yet_to_come_is_refused_on_both_sides(regions: Regions) -> None:
    regions.ask(days=10)
    late, early = (Reader("赵敏", NOW + datetime.timedelta(days=days)) for days in (11, -1))
    for reader, said in ((late, "expired on 2026-11-13"), (early, "yet to come")):
        with pytest.raises(RegionFileError, match=said):
            answer(replace(regions.answering, reader=reader), regions.question, "2026-10", regions.reply)
    regions.answer()
    with pytest.raises(RegionFileError, match="expired"):
        read_answer(
            replace(regions.asking, reader=late), regions.reply, regions.folder / "asked.csv", regions.folder / "r.xlsx"
        )


def test_another_key_another_region_and_a_foreign_answer_are_refused(regions: Regions) -> None:
    regions.ask()
    with pytest.raises(RegionFileError, match="another key"):
        answer(replace(regions.answering, key=OTHER_KEY), regions.question, "2026-10", regions.reply)
    with pytest.raises(RegionFileError, match="it asks region 110105, and this is 110106"):
        answer(replace(regions.answering, region="110106"), regions.question, "2026-10", regions.reply)
    regions.answer()
    stranger = replace(regions.asking, home=regions.folder / "elsewhere")
    with pytest.raises(RegionFileError, match="nobody here asked"):
        read_answer(stranger, regions.reply, regions.folder / "asked.csv", regions.folder / "r.xlsx")


def test_a_sealed_file_that_does_not_keep_the_protocol_is_refused(regions: Regions) -> None:
    regions.ask()
    document = json.loads(regions.question.read_text(encoding="utf-8"))
    document = {**document, "questions": document["questions"][:31]}
    document.pop("mac")
    regions.question.write_bytes(sealed(KEY, document))
    with pytest.raises(RegionFileError, match="does not keep the protocol"):
        regions.answer()
    for mac in ("甲", 7):
        regions.question.write_text(json.dumps({**document, "mac": mac}), encoding="utf-8")
        with pytest.raises(RegionFileError, match="changed on its way"):
            regions.answer()


def test_nobody_is_asked_about_without_an_authorisation_that_says_so(regions: Regions, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    record(other, ["vehicle"])
    with pytest.raises(AuthorisationError, match="do not name other_region"):
        ask(
            replace(regions.asking, home=other / "here"),
            Asking(tmp_path / "asked.csv", "110105", "HD-1"),
            regions.question,
        )
    assert not regions.question.exists()
    assert [step[0] for step in steps(replace(regions.asking, home=other / "here"))] == ["refused"]


def test_a_region_is_named_by_its_code(regions: Regions) -> None:
    with pytest.raises(UsageError, match="six digits"):
        ask(
            replace(regions.asking, region="Yilan"),
            Asking(regions.folder / "asked.csv", "110105", "HD-1"),
            regions.question,
        )


def test_both_sides_keep_every_step_for_good(regions: Regions) -> None:
    regions.ask()
    regions.answer()
    regions.read()
    assert steps(regions.asking) == [("asked", 2, 0, READER.name), ("read", 2, 0, READER.name)]
    assert steps(regions.answering) == [("answered", 32, 1, READER.name)]
    for statement in ("update region_exchange set done_by = 'x'", "delete from region_exchange"):
        with pytest.raises(sqlite3.IntegrityError), opened_for_exchange(regions.asking.home) as ledger:
            ledger.execute(statement)


def test_a_key_is_long_hexadecimal_and_never_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text(KEY.hex() + "\n", encoding="ascii")
    assert read_key(tmp_path / "key") == KEY
    monkeypatch.setenv("ZHAOREN_REGION_KEY", KEY.hex())
    assert read_key(None) == KEY
    monkeypatch.setenv("ZHAOREN_REGION_KEY", "secret")
    with pytest.raises(RegionFileError, match="no usable key") as refused:
        read_key(None)
    assert "secret" not in str(refused.value)


def test_the_code_of_a_file_is_the_one_of_the_written_protocol() -> None:
    import hashlib
    import hmac

    made = hmac.new(
        hmac.new(KEY, b"zhaoren-region/1 file", hashlib.sha256).digest(), b'{"a":1,"b":"\xe6\xb0\x91"}', hashlib.sha256
    ).hexdigest()
    document = {"b": "民", "a": 1}
    assert json.loads(sealed(KEY, document))["mac"] == made
    assert canonical(document) == b'{"a":1,"b":"\xe6\xb0\x91"}'
    assert derived(KEY, "file") != derived(KEY, "question")
