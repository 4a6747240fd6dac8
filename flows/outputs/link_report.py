"""The report of the linkage engine: one HTML file of weights, pairs and sizes, without any person's value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from flows.outputs.charts import Bar, box, columns, drawing, text
from flows.outputs.pages.blocks import Block, Cell, Section, count, percent, ratio
from flows.outputs.rendering import render
from flows.outputs.words import Words
from matchers.linkage.diagnosis import HIGHEST_BIN, LOWEST_BIN, Diagnosis
from matchers.linkage.waterfall import Waterfall

WIDEST_BITS = 20.0
LARGEST_SIZE = 15


@dataclass(frozen=True)
class LinkFigures:
    """Everything the page shows: the model, the diagnosis, typical pairs, calibration, counts, and the settings."""

    words: Words
    model: Mapping[str, Any] | None
    diagnosis: Diagnosis
    typical: tuple[tuple[str, Waterfall], ...]
    calibration: Mapping[str, Any] | None
    summary: Mapping[str, Any]
    threshold: float
    threshold_bits: float


def write_link_report(figures: LinkFigures, file: Path) -> None:
    """Write the report."""
    file.write_text(render(page_of(figures)), encoding="utf-8")


def page_of(figures: LinkFigures) -> dict[str, Any]:
    """Return everything the template prints."""
    say = figures.words.say
    sections = [weights_section(figures), pairs_section(figures), typical_section(figures), limits_section(figures)]
    if figures.calibration:
        sections.append(calibration_section(figures.words, figures.calibration))
    return {
        "lang": "zh-CN" if figures.words.lang == "zh" else "en",
        "title": say("link_report", "title"),
        "period": say("link_report", "period", count=figures.summary["records"]),
        "as_of": say("link_report", "as_of", share=f"{figures.threshold:.4g}"),
        "notice": say("link_report", "notice"),
        "cards": cards(figures),
        "attention": attention(figures),
        "sections": sections,
        "footer": say("link_report", "footer"),
        "say": lambda _, key: say("link_report", key),
    }


def cards(figures: LinkFigures) -> list[dict[str, str]]:
    """Return the numbers at the top."""
    say = figures.words.say
    return [
        {"key": key, "label": say("link_report", key), "value": f"{figures.summary[key]:,}", "note": ""}
        for key in ("records", "persons", "pairs_compared", "pairs_likely")
    ]


def attention(figures: LinkFigures) -> list[dict[str, str]]:
    """Return what somebody should look at."""
    say, found = figures.words.say, figures.diagnosis
    points = []
    if figures.model is None:
        points.append(say("link_report", "no_model"))
    if found.looked_at and found.unlinkable / found.looked_at > 0.01:
        points.append(say("link_report", "many_unlinkable", share=percent(found.unlinkable / found.looked_at)))
    if found.search and found.search.interval[0] > 0.02:
        points.append(say("link_report", "blocking_misses", share=percent(found.search.interval[0])))
    return [{"level": "warn", "text": point} for point in points]


def weights_section(figures: LinkFigures) -> Section:
    """Return what each level of each comparison is worth, as a table with a bar per level."""
    say = figures.words.say
    heads = tuple(
        Cell(say("link_report", key), kind)
        for key, kind in (
            ("field", ""),
            ("level", ""),
            ("same", "num"),
            ("housemates", "num"),
            ("strangers", "num"),
            ("bits", "num"),
            ("drawn", ""),
        )
    )
    rows = tuple(
        row
        for name, said in (figures.model or {"fields": {}})["fields"].items()
        for row in level_rows(figures, name, said)
    )
    prior = f"{figures.model['prior_bits']:+.1f}" if figures.model else "–"
    note = say("link_report", "weights_note", prior=prior)
    return Section("weights", say("link_report", "weights"), note, (Block(heads=heads, rows=rows),))


def level_rows(figures: LinkFigures, name: str, said: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    """Return a field's levels, the highest first; the field's name spans them."""
    say, levels = figures.words.say, list(reversed(said["levels"]))
    shared = " *" if said["is_shared"] else ""
    rows = []
    for place, level in enumerate(levels):
        shares = (level["same"], level["housemate"], level["stranger"])
        rest = (
            Cell(say("link_levels", level["level"])),
            *(Cell(share_text(share), "num") for share in shares),
            Cell(f"{level['bits']:+.1f}", "num"),
            Cell(bits_bar(float(level["bits"]))),
        )
        first = (Cell(say("link_fields", name) + shared, "strong", len(levels)),) if place == 0 else ()
        rows.append((*first, *rest))
    return rows


def share_text(share: float) -> str:
    """Return a probability; very small ones as one in so many would be unreadable, so as a power of ten."""
    return f"{share:.2%}" if share >= 0.0001 else f"{share:.0e}"


def bits_bar(bits: float) -> Markup:
    """Return one small bar to the right of the middle for evidence for, to the left for evidence against."""
    width = 60 * min(abs(bits) / WIDEST_BITS, 1.0)
    kind, x = ("ok", 60.0) if bits >= 0 else ("bad", 60.0 - width)
    axis = '<line x1="60" x2="60" y1="0" y2="10" class="grid"/>'
    drawn = box((x, 1), (width, 8), kind, f"{bits:+.2f}")
    return Markup(f'<svg viewBox="0 0 120 10" class="meter" role="img">{axis}{drawn}</svg>')  # noqa: S704


def pairs_section(figures: LinkFigures) -> Section:
    """Return the weights of all pairs compared, with the threshold, and the sizes of persons."""
    say, found = figures.words.say, figures.diagnosis
    scale = range(LOWEST_BIN, min(max(found.weights, default=0), HIGHEST_BIN) + 1)
    bars = [
        Bar(
            bin_label(bits),
            found.weights.get(bits, 0),
            parts=(("ok" if bits >= figures.threshold_bits else "none", 1.0),),
        )
        for bits in scale
    ]
    place = max(min(round(figures.threshold_bits) - scale.start, len(scale)), 0)
    title = say("link_report", "histogram")
    chart = columns(bars, title, marks=((place, say("link_report", "threshold_mark")),))
    sizes = [
        Bar(f"{n}" if n < LARGEST_SIZE else f"{n}+", persons_of_size(found, n), parts=(("c1", 1.0),))
        for n in range(1, LARGEST_SIZE + 1)
    ]
    last = max((place for place, bar in enumerate(sizes) if bar.value), default=0)
    label = say("link_report", "sizes")
    blocks = (
        Block(title, say("link_report", "histogram_note", early=f"{found.settled_early:,}"), chart=chart),
        Block(label, chart=columns(sizes[: last + 1], label)),
    )
    return Section("pairs", say("link_report", "pairs"), blocks=blocks)


def persons_of_size(found: Diagnosis, size: int) -> int:
    """Return how many persons have so many records; the last size gathers all larger ones."""
    if size < LARGEST_SIZE:
        return found.sizes.get(size, 0)
    return sum(persons for records, persons in found.sizes.items() if records >= size)


def bin_label(bits: int) -> str:
    """Return every second bit, the ends marked as gathering what lies beyond."""
    if bits in (LOWEST_BIN, HIGHEST_BIN):
        return f"≤{bits}" if bits == LOWEST_BIN else f"≥{bits}"
    return str(bits) if bits % 5 == 0 and bits > LOWEST_BIN + 1 else ""


def typical_section(figures: LinkFigures) -> Section:
    """Return a few pairs step by step."""
    say = figures.words.say
    blocks = tuple(waterfall_block(figures, kind, steps) for kind, steps in figures.typical)
    return Section("typical", say("link_report", "typical"), say("link_report", "typical_note"), blocks)


def waterfall_block(figures: LinkFigures, kind: str, steps: Waterfall) -> Block:
    """Return one pair as a waterfall: each bar begins where the one above ended."""
    say = figures.words.say
    rule = " + ".join(say("link_fields", part) for part in steps.rule.split(" + "))
    title = say("link_report", kind)
    note = say("link_report", "pair_note", rule=rule, share=f"{steps.probability:.2%}")
    return Block(title, note, chart=waterfall_chart(figures.words, steps, title))


def waterfall_chart(words: Words, steps: Waterfall, label: str) -> Markup:
    """Return the steps as bars on one scale of bits."""
    say = words.say
    moves = [(say("link_report", "prior_short"), "", steps.prior)]
    for step in steps.steps:
        level = say("link_levels", step.level) if step.level else say("link_report", "missing")
        moves.append((say("link_fields", step.field), level, step.bits))
    for name in ("housemate", "rivals", "together"):
        if getattr(steps, name):
            moves.append((say("link_report", name), "", getattr(steps, name)))
    ends = [0.0]
    for _, _, bits in moves:
        ends.append(ends[-1] + bits)
    low, high = min(ends), max(ends)
    scale = 380 / max(high - low, 1.0)
    parts = [
        f'<line x1="{480 - low * scale:.1f}" x2="{480 - low * scale:.1f}" y1="0" y2="{len(moves) * 26 + 28}" class="grid"/>'
    ]
    for place, (name, level, bits) in enumerate(moves):
        y, start = place * 26.0, min(ends[place], ends[place + 1])
        parts.append(
            text((170 if level else 420, y + 18), name, "label", "end")
        )  # long names stand where no level does
        parts.append(text((182, y + 18), level, "note"))
        parts.append(
            box((480 + (start - low) * scale, y + 5), (max(abs(bits) * scale, 1.0), 16), "ok" if bits >= 0 else "bad")
        )
        parts.append(text((470, y + 18), f"{bits:+.1f}", "value", "end"))
    y = len(moves) * 26.0
    parts.append(text((170, y + 18), say("link_report", "sum"), "label", "end"))
    parts.append(box((480 + (min(0.0, ends[-1]) - low) * scale, y + 5), (max(abs(ends[-1]) * scale, 1.0), 16), "c1"))
    parts.append(text((470, y + 18), f"{steps.total:+.1f}", "value", "end"))
    return drawing((900, y + 30), parts, label)


def limits_section(figures: LinkFigures) -> Section:
    """Return what the linkage cannot see: records too empty to be linked, and what blocking misses."""
    say, found = figures.words.say, figures.diagnosis
    share = percent(ratio(found.unlinkable, found.looked_at))
    unlinkable = say(
        "link_report", "unlinkable_note", looked=f"{found.looked_at:,}", found=f"{found.unlinkable:,}", share=share
    )
    blocks = (
        Block(say("link_report", "unlinkable"), unlinkable),
        Block(say("link_report", "blocking"), blocking_note(figures)),
    )
    return Section("limits", say("link_report", "limits"), blocks=blocks)


def blocking_note(figures: LinkFigures) -> str:
    """Return what is known of the links no rule proposes, and how it is known."""
    say, search = figures.words.say, figures.diagnosis.search
    if figures.model is None or search is None:
        is_complete = figures.summary["pairs_compared"] and figures.summary["blocking_rules"] == 1
        return say("link_report", "blocking_complete" if is_complete else "blocking_unknown")
    low, high = search.interval
    return say(
        "link_report",
        "blocking_found",
        searched=f"{search.searched:,}",
        links=f"{search.links:,}",
        missed=f"{search.unproposed:,}",
        joined=f"{search.joined_anyway:,}",
        low=percent(low),
        high=percent(high),
    )


def calibration_section(words: Words, found: Mapping[str, Any]) -> Section:
    """Return how often pairs of each probability are true, against truth that was given."""
    say = words.say
    heads = tuple(
        Cell(say("link_report", key), kind)
        for key, kind in (("bin", ""), ("bin_pairs", "num"), ("said", "num"), ("true", "num"))
    )
    rows = tuple(
        (
            Cell(f"{row['bin'] * 10}–{row['bin'] * 10 + 10} %"),
            count(row["pairs"]),
            Cell(percent(row["said"]), "num"),
            Cell(percent(row["true"]), "num"),
        )
        for row in found["bins"]
    )
    note = say(
        "link_report",
        "calibration_note",
        ece=f"{found['ece']:.4f}",
        precision=percent(found["precision"], 2),
        recall=percent(found["recall"], 2),
    )
    return Section("calibration", say("link_report", "calibration"), note, (Block(heads=heads, rows=rows),))
