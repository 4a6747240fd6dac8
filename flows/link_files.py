"""The linkage engine on any files of people: a spec and files in, persons, links and the model out."""

from __future__ import annotations

import hashlib
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import rapidfuzz
import yaml
from pydantic import ValidationError

from flows.engines.duckdb import DuckEngine
from flows.link_figures import gather_figures
from flows.link_models import MODEL_FORMAT
from flows.outputs.link_report import write_link_report
from flows.sources.people_table import PLACE, show_people
from flows.sources.reference import cantonese_readings, short_forms, similar_shapes
from matchers.errors import LinkInputError, RuleFileError
from matchers.linkage.engine import LinkSettings, link_table, read_table
from matchers.linkage.model import LinkModel, model_from_json
from matchers.linkage.plan import Comparison, Plan
from matchers.linkage.results import keep_results, summarise
from matchers.linkage.values import is_valid_citizen_number
from matchers.sql import identifier, literal
from schemas.link_spec import LinkSpec
from schemas.links import LINK_INPUT, LINK_INPUT_ROLES, LINK_PAIR

LONGEST_VALUE = (
    1_000  # characters a comparison looks at; no name or address is longer, and one of megabytes costs gigabytes
)


@dataclass(frozen=True)
class LinkJob:
    """One job: the spec, the files, where results go, and the probability from which two records are one person."""

    spec: Path
    files: tuple[Path, ...]
    out: Path
    threshold: float | None = None
    model: Path | None = None
    truth: Path | None = None
    lang: str = "zh"


def link_files(job: LinkJob) -> dict[str, Any]:
    """Link the files and write persons.parquet, links.parquet, model.json and report.html; return counts."""
    spec = read_spec(job.spec)
    if len({file.stem for file in job.files}) < len(job.files):
        raise LinkInputError("two files have the same name. Rename one: the name tells their records apart.")
    settings = settings_of(job, spec)
    job.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".link-", dir=job.out) as scratch, DuckEngine(scratch=Path(scratch)) as db:
        read_people(db, spec, job.files, Path(scratch))
        table = read_table(db, settings)
        db.run(f"drop view {LINK_INPUT.name}")
        db.drop(*(f"file_{place}_rows" for place in range(len(job.files))))
        linkage = link_table(table, settings)
        keep_results(db, linkage)
        summary = summarise(db, linkage)
        chosen = link_columns(db)
        with ThreadPoolExecutor(1) as aside:
            written = aside.submit(write_results, db, job.out, chosen)
            figures = gather_figures(db, linkage, settings, (summary, job.truth, job.lang))
            written.result()  # no report and no model stand beside results that could not be written
    write_link_report(figures, job.out / "report.html")
    model = linkage.model.as_json() if linkage.model else None
    write_model(job, {"threshold": settings.threshold, "summary": summary, "model": model})
    return {**summary, "out": str(job.out)}


def settings_of(job: LinkJob, spec: LinkSpec) -> LinkSettings:
    """Return what the engine needs to know of a job; a model named on the command line goes before the spec's."""
    model = job.model or (job.spec.parent / spec.training.model if spec.training.model else None)
    threshold = spec.threshold if job.threshold is None else job.threshold
    if not 0 < threshold < 1:
        raise LinkInputError("the threshold is a probability between 0 and 1, neither included. Write it as 0.9.")
    return LinkSettings(
        is_link=spec.task == "link",
        single_sources=spec.one_row_per_person,
        threshold=threshold,
        block_cap=spec.block_cap,
        seed=spec.training.seed,
        plan=plan_of(spec),
        model=read_model(model) if model else None,
        cantonese=cantonese_readings(),
        short_forms=short_forms(),
        shapes=similar_shapes(),
    )


def plan_of(spec: LinkSpec) -> Plan:
    """Return what the spec decides in the engine's place."""
    comparisons = tuple(
        (role, Comparison(said.kind, said.is_shared, said.bounds, said.is_compared))
        for role, said in sorted(spec.comparisons.items())
    )
    if spec.blocking is None:
        return Plan(comparisons=comparisons)
    return Plan(spec.blocking.rules, spec.blocking.only_these, comparisons)


def read_model(path: Path) -> LinkModel:
    """Return a model from the model.json of a link or train; raises RuleFileError where the file is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise RuleFileError(f"{path.name} cannot be read as JSON. Check the path.") from None
    if not isinstance(content, dict) or content.get("format") != MODEL_FORMAT or not content.get("model"):
        raise RuleFileError(
            f"{path.name} holds no model of format {MODEL_FORMAT}. Take the model.json of a link or train."
        )
    return model_from_json(content["model"])


def read_spec(path: Path) -> LinkSpec:
    """Return a spec; raises RuleFileError where the file is not one."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return LinkSpec.model_validate(content)
    except ValidationError as error:
        said = "\n".join(f"  {'.'.join(map(str, e['loc'])) or 'spec'}: {e['msg']}" for e in error.errors())
        raise RuleFileError(f"{path.name} is not a link spec:\n{said}") from None
    except (OSError, yaml.YAMLError, ValueError, RecursionError):
        raise RuleFileError(f"{path.name} cannot be read as YAML. Check the path and the indentation.") from None


def read_people(db: DuckEngine, spec: LinkSpec, files: tuple[Path, ...], scratch: Path) -> None:
    """Make `link_input` from the files; raises LinkInputError where spec and files do not fit."""
    if not files:
        raise LinkInputError("no file was given. Name at least one.")
    if spec.task == "link" and len(files) < 2:
        raise LinkInputError("a link task needs at least two files, one per side; one was given.")
    shown = {file.stem: show_people(db, f"file_{place}", file, scratch) for place, file in enumerate(files)}
    check_columns(spec, shown)
    selects = [select_roles(spec, stem, f"file_{place}", shown[stem]) for place, stem in enumerate(shown)]
    # A view, not a table: the engine reads each role once.
    db.run(f"create or replace view {LINK_INPUT.name} as {' union all '.join(selects)}")


def check_columns(spec: LinkSpec, shown: dict[str, tuple[str, ...]]) -> None:
    """Raise LinkInputError where a column of the spec stands in no file, or a file has nothing the spec names."""
    everywhere = {column for columns in shown.values() for column in columns}
    absent = sorted(set(spec.columns) - everywhere)
    if absent:
        raise LinkInputError(f"no file has the columns {', '.join(absent)}. Correct the spec or the header.")
    used = {column for column, role in spec.columns.items() if role != "ignore"}
    useless = sorted(stem for stem, columns in shown.items() if not used.intersection(columns))
    if useless:
        raise LinkInputError(f"the spec gives no column of {', '.join(useless)} a role. Add them to the spec.")
    unnamed = sorted(stem for stem in spec.one_row_per_person if stem not in shown)
    if unnamed:
        raise LinkInputError(f"one_row_per_person names files that were not given: {', '.join(unnamed)}.")


def select_roles(spec: LinkSpec, stem: str, table: str, columns: tuple[str, ...]) -> str:
    """Return the SELECT that gives a file's rows the shape of `link_input`; rows without an id get their place."""
    record_id = (
        f"{identifier(spec.record_id)}::varchar" if spec.record_id in columns
        else f"{literal(stem + ':')} || lpad({identifier(PLACE)}::varchar, 9, '0')"
    )  # fmt: skip
    roles = [f"{role_value(spec, role, columns)} as {role}" for role in LINK_INPUT_ROLES]
    number = f"lower({role_value(spec, 'national_id', columns)})"
    key = (
        f"case when {is_valid_citizen_number(number)} then {number} end"
        if "national_id" in spec.columns.values()
        else "null::varchar"
    )
    return f"select {record_id} as record_id, {literal(stem)} as source_id, {key} as person_key, {', '.join(roles)} from {table}"


def role_value(spec: LinkSpec, role: str, columns: tuple[str, ...]) -> str:
    """Return SQL for a role's value: its columns joined by a blank in the order of the spec."""
    chosen = [identifier(column) for column, given in spec.columns.items() if given == role and column in columns]
    whole = chosen[0] if len(chosen) == 1 else f"concat_ws(' ', {', '.join(chosen)})"
    return f"nullif(left(trim({whole}), {LONGEST_VALUE}), '')" if chosen else "null::varchar"


def write_results(db: DuckEngine, out: Path, chosen: tuple[str, ...]) -> None:
    """Write the persons and the chosen columns of links as Parquet; both tables stand in order of their record ids."""
    persons = "select record_id, cluster_id as person_id, confidence from link_cluster"
    links = f"select {', '.join(chosen)} from link_pair"
    db.run_together(
        [
            f"copy ({query}) to {literal(str(out / f'{name}.parquet'))} (format parquet, compression zstd)"
            for name, query in (("links", links), ("persons", persons))
        ]
    )


def link_columns(db: DuckEngine) -> tuple[str, ...]:
    """Return the columns of `link_pair` without the bits of roles that were not compared."""
    bits = [name for name in LINK_PAIR.column_names if name.startswith("bits_") and name != "bits_housemate"]
    counts = db.rows(f"select {', '.join(f'count({name})' for name in bits)} from link_pair")[0]
    nothing = {name for name, count in zip(bits, counts, strict=True) if not count}
    return tuple(name for name in LINK_PAIR.column_names if name not in nothing)


def write_model(job: LinkJob, learnt: dict[str, Any]) -> None:
    """Write model.json: the numbers, what they were learnt from, and with which versions."""
    inputs = {file.name: file_hash(file) for file in (job.spec, *job.files)}
    versions = {"duckdb": duckdb.__version__, "numpy": np.__version__, "rapidfuzz": rapidfuzz.__version__}
    content = {"format": MODEL_FORMAT, "inputs": inputs, "versions": versions, **learnt}
    (job.out / "model.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def file_hash(file: Path) -> str:
    """Return the sha256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
