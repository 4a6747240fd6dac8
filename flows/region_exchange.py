"""Asks another region about named persons, answers another region's batch, and reads its answer; all three on record.

Nobody's number leaves: questions are keyed hashes, filled up with random ones, and every answer has the same shape.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.applicants import Applicant, read_applicants
from flows.authorisations import Reader, find_authorisation
from flows.engines.duckdb import DuckEngine
from flows.lake import Lake
from flows.outputs.region_workbook import write_answers
from flows.phases import state_file, write_whole
from flows.region_ledger import Exchange, exchanges, log_exchange
from flows.region_protocol import LONGEST_FILE, key_id, opened, padded, question_of, questions_of, sealed
from flows.settings import RunSettings
from matchers.errors import AuthorisationError, MissingTableError, RegionFileError, UsageError
from matchers.sql import literals
from schemas.economic_check import Authorisation
from schemas.region_exchange import NO, OTHER_REGION, PROGRAMMES, PROTOCOL, UNKNOWN, YES, AnswerFile, AskFile, Header

REGION_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Desk:
    """Who works here: the home, this region's code, the key shared with the other one, and who and when."""

    home: Path
    region: str
    key: bytes
    reader: Reader


@dataclass(frozen=True)
class Asking:
    """What is asked: the office's file, the region asked, under which authorisation, for how many days it may be answered."""

    file: Path
    to: str
    authorisation_id: str
    days: int = 10


def ask(desk: Desk, asking: Asking, out: Path) -> dict[str, Any]:
    """Write a batch of questions; return counts. Raises AuthorisationError, on record, where one is not covered."""
    if not all(REGION_CODE.fullmatch(code) for code in (desk.region, asking.to)):
        raise UsageError(
            "a region is named by the six digits of its code in GB/T 2260, such as --region 230123 --to 110105."
        )
    applicants = read_applicants(asking.file)
    try:
        authorisation = find_authorisation(desk.home, asking.authorisation_id)
        permit(authorisation, applicants, desk.reader.at.date())
    except AuthorisationError as error:
        refused = Exchange("refused", "", desk.region, asking.to, "", asking.authorisation_id, reason=str(error))
        log_exchange(desk.home, desk.reader, refused)
        raise
    made = desk.reader.at.replace(microsecond=0)
    header = Header(
        protocol=PROTOCOL, kind="ask", batch_id=secrets.token_hex(16), asking_region=desk.region, answering_region=asking.to,
        purpose=authorisation.purpose, authorisation_id=authorisation.authorisation_id, created=made,
        expires=made + datetime.timedelta(days=asking.days), key_id=key_id(desk.key),
    )  # fmt: skip
    asked = questions_of(desk.key, header.batch_id, (person.national_id for person in applicants))
    questions = padded(asked)
    content = sealed(desk.key, {"header": header.model_dump(mode="json"), "questions": list(questions)})
    log_exchange(desk.home, desk.reader, line("asked", header, content, (len(applicants), 0)))
    write_whole(out, content.decode())
    return {
        "batch": header.batch_id,
        "persons": len(applicants),
        "questions": len(questions),
        "expires": header.expires,
        "file": str(out),
    }


def permit(authorisation: Authorisation, applicants: tuple[Applicant, ...], day: datetime.date) -> None:
    """Raise AuthorisationError with everything an authorisation to ask another region does not cover."""
    faults = []
    if not authorisation.valid_from <= day <= authorisation.valid_to:
        faults.append(f"it is valid from {authorisation.valid_from} to {authorisation.valid_to}, not on {day}")
    if OTHER_REGION not in authorisation.sources:
        faults.append(f"its sources do not name {OTHER_REGION}")
    named = {person.national_id: person.role for person in authorisation.persons}
    strangers = [str(a.place) for a in applicants if named.get(a.national_id) != a.role]
    if strangers:
        faults.append(f"it does not name, in the role the file gives them, the persons in rows {', '.join(strangers)}")
    if faults:
        raise AuthorisationError(
            f"authorisation {authorisation.authorisation_id} does not allow this: {'; '.join(faults)}. Nobody was asked about."
        )


def answer(desk: Desk, file: Path, month: str, out: Path) -> dict[str, Any]:
    """Answer a batch from a month's rolls; return counts. Raises RegionFileError, on record, where it must not be answered."""
    content = read_file(file)
    batch = kept_on_record(desk, content, AskFile)
    header = batch.header
    refuse(desk, content, header, answering_faults(desk, header))
    known, as_of = receipts(desk, month, batch)
    answers = [known.get(question, UNKNOWN * len(PROGRAMMES)) for question in batch.questions]
    replied = header.model_copy(update={"kind": "answer", "created": desk.reader.at.replace(microsecond=0)})
    document = {
        "header": replied.model_dump(mode="json"), "as_of": as_of.isoformat(), "programmes": list(PROGRAMMES),
        "questions": list(batch.questions), "answers": answers,
    }  # fmt: skip
    log_exchange(desk.home, desk.reader, line("answered", header, content, (len(batch.questions), len(known))))
    write_whole(out, sealed(desk.key, document).decode())
    return {"batch": header.batch_id, "questions": len(answers), "held": len(known), "as_of": as_of, "file": str(out)}


def read_file(file: Path) -> bytes:
    """Return the bytes of a file that was sent, of an endless one only so many that it is refused."""
    with file.open("rb") as sent:
        return sent.read(LONGEST_FILE + 1)


def kept_on_record(desk: Desk, content: bytes, shape: type[Any]) -> Any:
    """Return an opened file; a refusal is a line of the ledger as well."""
    try:
        return opened(desk.key, content, shape, desk.reader.at)
    except RegionFileError as error:
        sha256 = hashlib.sha256(content).hexdigest()
        log_exchange(
            desk.home, desk.reader, Exchange("refused", "", "", desk.region, file_sha256=sha256, reason=str(error))
        )
        raise


def answering_faults(desk: Desk, header: Header) -> str | None:
    """Return why a batch must not be answered here; None where it may be."""
    if header.answering_region != desk.region:
        return f"it asks region {header.answering_region}, and this is {desk.region}. Send it on or ask for the right file."
    known = [found for found in exchanges(desk.home, header.batch_id) if found.event == "answered"]
    if known:
        return "it was answered before. A batch is answered once; whoever lost the answer asks anew."
    return None


def refuse(desk: Desk, content: bytes, header: Header, fault: str | None) -> None:
    """Raise RegionFileError with a fault, and put it on record."""
    if fault:
        noted = line("refused", header, content)
        log_exchange(desk.home, desk.reader, Exchange(**{**vars(noted), "reason": fault}))
        raise RegionFileError(fault)


def receipts(desk: Desk, month: str, batch: AskFile) -> tuple[dict[str, str], datetime.date]:
    """Return question → letters for those this region knows: y only by a sure line, n only of a roll that came whole."""
    run = RunSettings(desk.home, month)
    lake, state = Lake(run.home, run.home / "work", month), state_file(run.home, month, "screen")
    if not state.exists():
        raise MissingTableError(f"{month} has not been screened here. Answer from a finished month, or run it first.")
    silent = set(json.loads(state.read_text(encoding="utf-8"))["summary"]["silent_facts"])
    with DuckEngine(memory=run.memory) as db:
        lake.read(db, "person")
        lake.read(db, "fact")
        numbers = (
            str(number)
            for (number,) in db.rows("select distinct national_id from person where national_id is not null")
        )
        hashed = questions_of(desk.key, batch.header.batch_id, numbers)
        wanted = {hashed[question]: question for question in batch.questions if question in hashed}
        rows = db.rows(
            "select p.national_id, f.fact_name, bool_or(f.can_exclude) from person p left join fact f on f.unit_id = p.person_id "
            f"and starts_with(f.fact_name, 'receives_') where p.national_id in ({literals(sorted(wanted) or [''])}) group by all order by all"
        )
    said: dict[str, dict[str, bool]] = {number: {} for number in wanted}
    for number, fact, is_sure in rows:
        said[number] |= {fact: is_sure} if fact else {}
    return {question: letters(said[number], silent) for number, question in wanted.items()}, run.day


def letters(said: dict[str, bool], silent: set[str]) -> str:
    """Return one letter per programme: yes by a sure line, no by the silence of a whole roll, unknown otherwise."""
    names = (f"receives_{programme}" for programme in PROGRAMMES)
    return "".join(
        (YES if said[name] else UNKNOWN) if name in said else UNKNOWN if name in silent else NO for name in names
    )


def read_answer(desk: Desk, file: Path, asked: Path, out: Path) -> dict[str, Any]:
    """Write what another region answered about the persons of the office's file; return counts."""
    content = read_file(file)
    reply: AnswerFile = kept_on_record(desk, content, AnswerFile)
    applicants = read_applicants(asked)
    given = dict(zip(reply.questions, reply.answers, strict=True))
    mine = [given.get(question_of(desk.key, reply.header.batch_id, person.national_id)) for person in applicants]
    refuse(desk, content, reply.header, reading_faults(desk, content, reply.header, mine))
    log_exchange(desk.home, desk.reader, line("read", reply.header, content, (len(applicants), 0)))
    write_answers(out, reply, tuple((person, said or "") for person, said in zip(applicants, mine, strict=True)))
    receiving = sum(YES in (said or "") for said in mine)
    return {
        "batch": reply.header.batch_id,
        "persons": len(applicants),
        "receiving": receiving,
        "as_of": reply.as_of,
        "workbook": str(out),
    }


def reading_faults(desk: Desk, content: bytes, header: Header, mine: list[str | None]) -> str | None:
    """Return why an answer must not be used here; None where it may be."""
    before = exchanges(desk.home, header.batch_id)
    if header.asking_region != desk.region or not any(found.event == "asked" for found in before):
        return "it answers a batch nobody here asked."
    sha256 = hashlib.sha256(content).hexdigest()
    if any(found.event == "read" and found.file_sha256 != sha256 for found in before):
        return "another answer to this batch was read before. One of the two is not the other region's; ask them."
    missing = sum(said is None for said in mine)
    return f"{missing} persons of the file were not in the batch. Give the file it was asked with." if missing else None


def line(event: str, header: Header, content: bytes, counts: tuple[int, int] = (0, 0)) -> Exchange:
    """Return one step as the ledger keeps it; `counts` are the persons asked about and those held."""
    return Exchange(
        event, header.batch_id, header.asking_region, header.answering_region, header.purpose, header.authorisation_id,
        header.key_id, *counts, hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
