"""Reads the rule files officials keep: programmes, an area's figures, and what is not paid beside what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from matchers.errors import ReferenceMissingError, RuleFileError
from schemas.parameter import AreaParameters, ParameterTable, settle
from schemas.programme import Precedence, Programme

REFERENCE = Path(__file__).resolve().parents[1] / "data" / "reference"
Shape = TypeVar("Shape", bound=BaseModel)
# What reading a text as YAML raises where it is none; a ValidationError is a ValueError too and is caught before.
WORD = re.compile(
    r"[A-Za-z][A-Za-z_]*(?:[0-9]{1,4}(?:[A-Za-z_]+[0-9]{1,4})?)?[A-Za-z_]*|[0-9]{4}-[0-9]{2}|[0-9]{6}|[0-9]{1,4}"
)
# What a problem of YAML quotes of the text; single marks and kinds of tokens may stay.
QUOTED = re.compile(r"'(?!<)[^']{3,}'|\"[^\"]{3,}\"")
NO_YAML = (yaml.YAMLError, ValueError, RecursionError)


@dataclass(frozen=True)
class RuleFiles:
    """Everything officials decide, as read. `areas` are settled: nearer figures before wider ones."""

    programmes: tuple[Programme, ...]
    areas: tuple[AreaParameters, ...]
    precedence: Precedence
    stated: tuple[AreaParameters, ...]

    def within(self, codes: Iterable[str]) -> RuleFiles:
        """Return the rules of the counties named; those neither they nor their city have figures for are left out."""
        settled = (settle(code, self.stated) for code in sorted(set(codes)))
        return replace(self, areas=tuple(area for area in settled if area is not None))


def read_rule_files(folder: Path = REFERENCE) -> RuleFiles:
    """Return every programme, every area's figures and the precedence, in the order of their file names.

    Raises RuleFileError where a file is not what it claims to be, and ReferenceMissingError where there is none.
    """
    programmes = tuple(read_shape(path, Programme) for path in found(folder / "programmes"))
    refuse_repeated("programme_id", [programme.programme_id for programme in programmes])
    stated = read_areas(folder / "parameters")
    files = RuleFiles(programmes, (), read_shape(folder / "precedence.yaml", Precedence), stated)
    return files.within(area.area for area in stated if area.is_local)


def read_areas(folder: Path) -> tuple[AreaParameters, ...]:
    """Return what every area states, in its own file or in a table of many areas; an area may be in several places.

    Raises RuleFileError where one parameter of one area stands in two places.
    """
    stated = [read_shape(path, AreaParameters) for path in found(folder)]
    refuse_repeated("area", [area.area for area in stated])
    for path in sorted((folder / "tables").glob("*.yaml")):
        stated += read_shape(path, ParameterTable).areas()
    refuse_repeated("parameter", [f"{name} of {area.area}" for area in stated for name in area.parameters])
    return tuple(stated)


def refuse_repeated(what: str, names: list[str]) -> None:
    """Raise RuleFileError where a name stands in more than one place."""
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise RuleFileError(f"{what} stands in more than one file: {', '.join(repeated)}")


def found(folder: Path) -> list[Path]:
    """Return the YAML files of a folder; raises ReferenceMissingError where there is none."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ReferenceMissingError(f"no rule file in {folder.name}. Put the area's files under data/reference.")
    return files


def read_shape(path: Path, shape: type[Shape]) -> Shape:
    """Return one file as the shape it claims; raises RuleFileError naming file, place and fault."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return shape.model_validate(content)
    except FileNotFoundError:
        raise ReferenceMissingError(f"{path.name} is missing. Put it under data/reference.") from None
    except ValidationError as error:
        faults = "; ".join(f"{place_of(e['loc']) or 'file'}: {e['msg']}" for e in error.errors())
        raise RuleFileError(f"{path.name} is not a {shape.__name__.lower()} file: {faults}") from error
    except NO_YAML as error:
        raise RuleFileError(f"{path.name} is not YAML: {why_no_yaml(error)}") from error


def place_of(keys: Iterable[int | str]) -> str:
    """Return the place of a fault; a key that is no word of ours may be a value, as in `name:王芳` without a blank."""
    return ".".join(str(key) if isinstance(key, int) or WORD.fullmatch(key) else "(a key nobody knows)" for key in keys)


def why_no_yaml(error: Exception) -> str:
    """Return why a text is no YAML, without quoting it."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not in UTF-8"
    if isinstance(error, yaml.YAMLError):
        problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
        said = QUOTED.sub("(…)", problem) if problem else "it cannot be read"
        return f"{said} near line {mark.line + 1}" if mark else said
    # Of a day no calendar has, as 2026-02-30.
    return "a day in it does not exist" if isinstance(error, ValueError) else "it is nested too deep"
