"""The words of reports and workbooks: one file of sentences, and names where contracts and rule files keep them."""

from __future__ import annotations

import re
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
        named = programmes().get(programme_id, {}).get("name")
        return str(named[self.lang]) if named else self.say("elsewhere", programme_id)

    def refusal(self, source_id: str, reason: str) -> str:
        """Return in words why rows of a source were refused; as it stands where nobody wrote it."""
        if self.lang == "en":
            return reason
        return "；".join(self.one_refusal(source_id, part) for part in reason.split("; "))

    def one_refusal(self, source_id: str, reason: str) -> str:
        """Return one of several reasons, its column as the department heads it."""
        for known in sentences()["refusals"]:
            found = re.fullmatch(known["pattern"], reason)
            if found:
                values = found.groupdict()
                if "column" in values:
                    values["column"] = heading(source_id, values["column"])
                return str(known["zh"]).format(**values)
        return reason

    def headings(self, source_id: str, names: str) -> str:
        """Return columns, named one behind the other, as the department heads them; by their own names in English."""
        if self.lang == "en":
            return names
        return "、".join(heading(source_id, name) for name in names.split(", "))

    def figure(self, limits: str) -> str:
        """Return figures with their places, and kinds and levels of disability, named."""
        placed = re.sub(r"\b(rural|urban)\b", lambda found: self.say("figures", found[0]), limits)
        return re.sub(r"(?<![\w*])([1-7*])-([1-4])(?!\w)", self.disability, placed)

    def coded(self, said: str) -> str:
        """Return a coded value in words: a tier, a state, a class by name; as it is where it has none."""
        named = self.say("fact_values", said)
        return named if named != said else self.figure(self.programme(said))

    def limit(self, criterion: str, limits: str | None) -> str:
        """Return the figures a criterion was held against, with their unit, everything coded in them named."""
        if not limits:
            return "–"
        named = re.sub(r"[a-z][a-z_]{3,}", lambda found: self.coded(found[0]), self.figure(limits))
        said = named.replace(", ", "、") if self.lang == "zh" else named
        measured = self.say("measured_in", criterion, limit=said)
        return said if measured == criterion else measured

    def disability(self, found: re.Match[str]) -> str:
        """Return a kind and level of disability in words: 5-3 is level 3 of the intellectual kind."""
        return self.say("figures", "level", kind=self.say("figures", found[1]), level=found[2])

    def indicator(self, indicator_id: str) -> str:
        """Return the name of an indicator of early warning."""
        named = indicators().get(indicator_id, {}).get("name")
        return str(named[self.lang]) if named else indicator_id

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


def heading(source_id: str, column: str) -> str:
    """Return how a department heads a column."""
    known = {each["name"]: each.get("headers", []) for each in contract_of(source_id).get("columns", [])}
    return str(next(iter(known.get(column, [])), column))


@cache
def sentences() -> dict[str, Any]:
    """Return every sentence: topic → key → language → text."""
    files = (
        "words.yaml",
        "link_words.yaml",
        "doubt_words.yaml",
        "explain_words.yaml",
        "signal_words.yaml",
        "supply_words.yaml",
    )
    return {topic: said for file in files for topic, said in read_yaml(TEMPLATES / file).items()}


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
def indicators() -> dict[str, dict[str, Any]]:
    """Return what every indicator file says, by indicator id."""
    found = (read_yaml(file) for file in sorted((REFERENCE / "indicators").glob("*.yaml")))
    return {indicator["indicator_id"]: indicator for indicator in found if "indicator_id" in indicator}


@cache
def read_yaml(file: Path) -> dict[str, Any]:
    """Return what a YAML file holds."""
    held: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return held
