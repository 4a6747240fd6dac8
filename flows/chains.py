"""Assistance chains and referrals of a finished month, written beside the lists."""

from __future__ import annotations

from pathlib import Path

from flows.engines.duckdb import DuckEngine
from flows.indicators import read_indicators
from flows.lake import Lake
from flows.outputs.referrals import write_referrals
from flows.outputs.words import Words
from flows.rules import RuleFiles, read_rule_files
from flows.search_settings import criterion_words, number
from flows.settings import RunSettings
from matchers.candidates.chains import CriterionSaid, Owners, build_chains, write_referral_rows
from matchers.eligibility.criteria import CRITERIA
from matchers.sql import columns, literal
from schemas.chains import CHAIN


def publish_chains(run: RunSettings, lake: Lake, db: DuckEngine, target: Path) -> dict[str, int]:
    """Write chains.parquet and one workbook per department; return file name → rows. The lists' tables stand in the session."""
    for name in ("signal", "household_member"):
        lake.read(db, name)
    files = read_rule_files()
    owners = owners_of(files, run)
    build_chains(db, criteria_said(files, run), owners)
    chosen = f"select {columns(CHAIN.column_names)} from chain order by household_id, unit, unit_id, programme_id"
    db.run(f"copy ({chosen}) to {literal(str(target / 'chains.parquet'))} (format parquet, compression zstd)")
    write_referral_rows(db, owners)
    written = write_referrals(run, db, target / "referrals", read_indicators())
    return {"chains.parquet": int(db.rows("select count(*) from chain")[0][0]), **written}


def owners_of(files: RuleFiles, run: RunSettings) -> Owners:
    """Return whose each programme is, and from which chance other departments are told."""
    return Owners(
        tuple((programme.programme_id, programme.department) for programme in files.programmes),
        tuple(programme.programme_id for programme in files.programmes if not programme.earns_visit),
        number(files, "search.referral_floor", run.day),
    )


def criteria_said(files: RuleFiles, run: RunSettings) -> tuple[CriterionSaid, ...]:
    """Return what each criterion is called and asks, in the order of the programme files; interlocks come last."""
    zh, en = Words("zh"), Words("en")
    asked = {(word.programme_id, word.criterion): word for word in criterion_words(files, run.day)}
    said = []
    for programme in files.programmes:
        for place, criterion in enumerate(CRITERIA):
            word = asked.get((programme.programme_id, criterion.name))
            question = word.question if word else None
            said.append(CriterionSaid(
                programme.programme_id, criterion.name, word.place if word else 100 + place, named(zh, criterion.name),
                named(en, criterion.name), question.zh if question else None, question.en if question else None,
            ))  # fmt: skip
    return tuple(said)


def named(words: Words, criterion: str) -> str:
    """Return what a criterion is called."""
    if criterion.startswith("receives_"):
        return words.say("criteria", "receives", programme=words.programme(criterion.removeprefix("receives_")))
    return words.say("criteria", criterion)
