"""The words of reports and workbooks: one file of sentences, and names where contracts and rule files keep them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).resolve().parent / "templates"
ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "schemas" / "sources"
REFERENCE = ROOT / "data" / "reference"


@dataclass(frozen=True)
class Words:
    """What is said in one language; a word nobody wrote is its own key, so that nothing vanishes from a page."""

    lang: str

    def say(self, topic: str, key: str, **values: object) -> str:
        """Return a sentence of a topic with its values filled in."""
        found = sentences().get(topic, {}).get(key)
        said = str(found[self.lang]) if found else key
        return said.format(**values) if values else said

    def source(self, source_id: str) -> str:
        """Return the title of a source."""
        title = contract_of(source_id).get(f"title_{self.lang}", source_id)
        return str(title)

    def provider(self, source_id: str) -> str:
        """Return the department that delivers a source."""
        return str(contract_of(source_id).get("provider", ""))

    def programme(self, programme_id: str) -> str:
        """Return the name of a programme."""
        found = programmes().get(programme_id, {}).get("name", {})
        return str(found.get(self.lang, programme_id))

    def programme_ids(self) -> list[str]:
        """Return every programme that has a rule file."""
        return sorted(programmes())

    def area(self, code: str) -> str:
        """Return the name of a county; its code where no parameter file and no edition of GB/T 2260 names it."""
        file = REFERENCE / "parameters" / f"{code}.yaml"
        if file.exists():
            return str(read_yaml(file).get(f"name_{self.lang}", code))
        return listed_area(code)


def listed_area(code: str) -> str:
    """Return the county's name in GB/T 2260."""
    import gb2260

    try:
        return str(gb2260.get(code).name)
    except ValueError:
        return code


@cache
def sentences() -> dict[str, Any]:
    """Return every sentence: topic → key → language → text."""
    return read_yaml(TEMPLATES / "words.yaml")


def contract_of(source_id: str) -> dict[str, Any]:
    """Return what a source contract says; nothing where there is none."""
    file = SOURCES / f"{source_id}.yaml"
    return read_yaml(file) if file.exists() else {}


@cache
def programmes() -> dict[str, dict[str, Any]]:
    """Return what every programme file says, by programme id."""
    found = (read_yaml(file) for file in sorted((REFERENCE / "programmes").glob("*.yaml")))
    return {programme["programme_id"]: programme for programme in found if "programme_id" in programme}


@cache
def read_yaml(file: Path) -> dict[str, Any]:
    """Return what a YAML file holds."""
    held: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return held
