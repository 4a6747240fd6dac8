"""Charts as inline SVG: no script, no font file, no clock, so that the same numbers are the same bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HALF_WIDTH = 960, 360
Point = tuple[float, float]


@dataclass(frozen=True)
class Bar:
    """One labelled quantity; `parts` splits it into shares that are drawn one after another."""

    label: str
    value: float
    note: str = ""
    parts: tuple[tuple[str, float], ...] = ()


def number(value: float) -> str:
    """Return a coordinate with one decimal, which no rounding of another machine can change."""
    return f"{value:.1f}"


def text(at: Point, content: str, kind: str, anchor: str = "start") -> str:
    """Return one line of text."""
    x, y = at
    return f'<text x="{number(x)}" y="{number(y)}" class="{kind}" text-anchor="{anchor}">{escape(content)}</text>'


def box(at: Point, size: Point, kind: str, title: str = "") -> str:
    """Return a rectangle with a tooltip."""
    (x, y), width, height = at, max(size[0], 0.0), max(size[1], 0.0)
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    said = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect {place} class="{kind}">{said}</rect>'


def drawing(size: Point, parts: Sequence[str], label: str) -> Markup:
    """Return an SVG that scales with the page."""
    head = (
        f'<svg viewBox="0 0 {number(size[0])} {number(size[1])}" role="img" aria-label="{escape(label)}" class="chart">'
    )
    return Markup(head + "".join(parts) + "</svg>")  # noqa: S704  every text in it went through escape()


def funnel(bars: Sequence[Bar], label: str) -> Markup:
    """Return bars on a logarithmic scale, centred, each with its number and its share of the step before."""
    top = max((bar.value for bar in bars), default=1)
    parts: list[str] = []
    for place, bar in enumerate(bars):
        y = place * 44.0
        width = 40 + 480 * math.log10(bar.value + 1) / math.log10(top + 1) if bar.value else 4
        parts.append(box((490 - width / 2, y + 4), (width, 34), f"step s{min(place, 9)}", bar.label))
        parts.append(text((218, y + 26), bar.label, "label", "end"))
        parts.append(text((490, y + 26), f"{bar.value:,.0f}", "on-bar" if width > 130 else "value", "middle"))
        parts.append(text((768, y + 26), bar.note, "note"))
    return drawing((WIDTH, len(bars) * 44 + 4), parts, label)


def stacked(bars: Sequence[Bar], label: str) -> Markup:
    """Return one bar of full length per row, split by its parts; `parts` are (class, share) and add up to one."""
    parts: list[str] = []
    for place, bar in enumerate(bars):
        y = place * 30.0
        parts.append(text((220, y + 20), bar.label, "label", "end"))
        x = 232.0
        for kind, part in bar.parts:
            parts.append(box((x, y + 6), (560 * part, 18), kind, f"{bar.label} · {part:.1%}"))
            x += 560 * part
        parts.append(text((804, y + 20), bar.note, "note"))
    return drawing((WIDTH, len(bars) * 30 + 4), parts, label)


def columns(bars: Sequence[Bar], label: str, width: float = WIDTH, marks: Sequence[tuple[int, str]] = ()) -> Markup:
    """Return a column chart; `parts` (class, share of the column) are stacked, `marks` draw a line before a column."""
    top = max((bar.value for bar in bars), default=0) or 1
    step = (width - 60) / max(len(bars), 1)
    parts = [grid(top, width)]
    for place, bar in enumerate(bars):
        x, y = 50 + place * step, 190.0
        for kind, part in bar.parts or (("c1", 1.0),):
            height = 170 * bar.value * part / top
            y -= height
            parts.append(box((x + step * 0.1, y), (step * 0.8, height), kind, f"{bar.label}: {bar.value:,.0f}"))
        if step >= 34 and bar.value:
            parts.append(text((x + step / 2, y - 5), bar.note or short(bar.value), "tick", "middle"))
        parts.append(text((x + step / 2, 207), bar.label, "tick", "middle"))
    for place, said in marks:
        x = 50 + place * step
        parts.append(f'<line x1="{number(x)}" x2="{number(x)}" y1="8" y2="192" class="mark"/>')
        parts.append(text((x + 5, 16), said, "mark-label"))
    return drawing((width, 216), parts, label)


def grid(top: float, width: float) -> str:
    """Return three guide lines with their numbers."""
    lines = []
    for share in (0.0, 0.5, 1.0):
        y = 190 - 170 * share
        lines.append(f'<line x1="50" x2="{number(width - 10)}" y1="{number(y)}" y2="{number(y)}" class="grid"/>')
        lines.append(text((44, y + 4), short(top * share), "tick", "end"))
    return "".join(lines)


def short(value: float) -> str:
    """Return a count for an axis: 1,234 as it is, 56k, 7.8M."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:.1f}M"
    if value >= 10_000:
        return f"{value / 1000:.0f}k"
    return f"{value:,.0f}"


def meter(parts: Sequence[tuple[str, float]], title: str) -> Markup:
    """Return one small split bar for a table cell."""
    x, drawn = 0.0, []
    for kind, part in parts:
        drawn.append(box((x, 0), (120 * part, 10), kind, title))
        x += 120 * part
    return Markup(f'<svg viewBox="0 0 120 10" class="meter" role="img">{"".join(drawn)}</svg>')  # noqa: S704
