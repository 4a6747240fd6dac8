"""Turns a page's contents into HTML."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.outputs.words import TEMPLATES


def render(page: dict[str, Any]) -> str:
    """Return the page as HTML; a value the template asks for and nobody gave is an error, not a blank."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(page)
