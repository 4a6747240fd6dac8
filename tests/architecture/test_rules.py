"""Rules every module, stage, table and command keeps. Prose that no test reads goes stale."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

import flows
import matchers
import schemas
from flows.cli import app
from matchers import errors
from matchers.stage import Stage
from schemas.contract import Table

ROOT = Path(__file__).resolve().parents[2]
TOP = ("flows", "matchers", "schemas")
SOURCES = sorted(path for top in (*TOP, "tests") for path in (ROOT / top).rglob("*.py"))
ALLOWED_TOP = re.compile(
    r"^(flows|matchers|schemas|data|tests|README\.md|pyproject\.toml|Makefile|requirements\.lock|GLOSSARY\.md"
    r"|DECISIONS\.md|CHANGELOG\.md|CONTRIBUTING\.md|LICENSE|prefect\.yaml|\..*|.*\.egg-info|build)$"
)
# Words that would tie the project to one machine or one registry.
FORBIDDEN = re.compile("pypi" + r"\.org|python" + "hosted|registry" + r"\.npmjs|deb" + r"\.debian|/wor" + "k/")


def modules() -> Iterator[ModuleType]:
    for package in (schemas, matchers, flows):  # what is imported is met first where it is declared
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def declared(kind: type) -> dict[str, list[object]]:
    """Return module → the instances of a kind that it declares itself, not those it imports."""
    found: dict[str, list[object]] = {}
    seen: set[int] = set()
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, kind) and id(value) not in seen:
                seen.add(id(value))
                found.setdefault(module.__name__, []).append(value)
    return found


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_is_over_300_lines_and_no_function_over_40(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    long = [f"{node.name}: {size}" for node in functions(path) if (size := node.end_lineno - node.lineno + 1) > 40]  # type: ignore[operator]
    assert not long


def test_the_top_level_holds_what_it_should_and_no_module_is_a_catch_all() -> None:
    assert [p.name for p in ROOT.iterdir() if not ALLOWED_TOP.match(p.name)] == []
    assert [p.name for p in SOURCES if re.fullmatch(r"(utils?|misc|helpers?|common)\.py", p.name)] == []


def test_every_module_that_writes_cells_marks_what_reads_as_a_formula() -> None:
    writers = [
        p for p in SOURCES if p.parent.name == "outputs" and "import xlsxwriter" in p.read_text(encoding="utf-8")
    ]
    assert len(writers) >= 5
    assert [p.name for p in writers if "reads_as_formula(" not in p.read_text(encoding="utf-8")] == []


def test_every_stage_says_what_a_row_of_its_table_is() -> None:
    for module, stages in declared(Stage).items():
        for found in stages:
            assert isinstance(found, Stage)
            assert found.__doc__, f"{module}.{found.name} has no sentence"


def test_every_table_is_declared_in_schemas_with_a_row_sentence_and_described_columns() -> None:
    for module, tables in declared(Table).items():
        for table in tables:
            assert isinstance(table, Table)
            assert table.row, table.name
            assert all(column.description for column in table.columns), table.name
            assert module.startswith("schemas."), f"{table.name} is declared in {module}"


def test_each_table_name_is_declared_once() -> None:
    names = Counter(table.name for tables in declared(Table).values() for table in tables if isinstance(table, Table))
    assert {name: count for name, count in names.items() if count > 1} == {}


def test_every_error_has_its_own_exit_code_and_stands_in_the_readme() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    codes = Counter(error.exit_code for error in classes if issubclass(error, errors.MatchError))
    assert max(codes.values()) == 1
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [code for code in codes if not re.search(rf"^\| {code} \|", readme, re.MULTILINE)] == []


def test_every_command_stands_in_the_readme_and_every_command_of_the_readme_exists() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert commands == set(re.findall(r"^zhaoren ([a-z-]+)", readme, re.MULTILINE))


def test_every_command_explains_itself() -> None:
    runner = CliRunner()
    for command in app.registered_commands:
        assert command.callback
        result = runner.invoke(app, [command.name or command.callback.__name__, "--help"])
        assert result.exit_code == 0


def test_no_file_names_a_registry_or_a_machine() -> None:
    texts = [
        p for p in ROOT.rglob("*") if p.is_file() and p.suffix in {".py", ".md", ".yaml", ".toml", ".lock", ".html"}
    ]
    own = [p for p in texts if not {".venv", ".git", "home", "demo", ".mypy_cache"} & set(p.relative_to(ROOT).parts)]
    assert [p.relative_to(ROOT).as_posix() for p in own if FORBIDDEN.search(p.read_text(encoding="utf-8"))] == []
