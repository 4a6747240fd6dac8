"""The section on needs and what is there to meet them."""

from __future__ import annotations

from flows.outputs.pages.blocks import Block, Cell, Figures, Row, Section, count


def supply_section(figures: Figures) -> Section:
    """Return needs beside places: the county first, then each township that has an offer of its own, then the catalogue."""
    say = figures.words.say
    if not figures.rows("offers"):
        return Section("supply", say("supply", "title"), say("supply", "none"))
    served = {
        row["programme_id"]
        for row in figures.rows("supply")
        if row["department_offer_count"] or row["charity_offer_count"]
    }
    county = [
        row
        for row in figures.rows("supply")
        if row["place_code"] == figures.area_code and row["programme_id"] in served
    ]
    local = [
        row
        for row in figures.rows("supply")
        if row["place_code"] != figures.area_code and (row["department_offer_count"] or row["charity_offer_count"])
    ]
    blocks = [needs(figures, county, is_local=False), *([needs(figures, local, is_local=True)] if local else [])]
    return Section("supply", say("supply", "title"), say("supply", "note"), (*blocks, catalogue(figures)))


def needs(figures: Figures, rows: list[Row], *, is_local: bool) -> Block:
    """Return a table of programmes: expected and listed, places offered, and how many are expected beyond them."""
    words = figures.words
    shown = []
    for row in rows:
        where = (Cell(figures.township(row["place_code"])),) if is_local else ()
        shown.append(
            (
                *where,
                Cell(words.programme(row["programme_id"])),
                Cell(f"{row['expected_count']:,.0f}", "num"),
                count(row["listed_count"]),
                places(figures, row, "department"),
                places(figures, row, "charity"),
                short(row),
            )
        )
    keys = (
        ("programme", ""),
        ("expected", "num"),
        ("listed", "num"),
        ("department", "num"),
        ("charity", "num"),
        ("short", "num"),
    )
    heads = tuple(Cell(words.say("supply", key), kind) for key, kind in keys)
    where = (Cell(words.say("columns", "township")),) if is_local else ()
    return Block(
        title=words.say("supply", "by_township" if is_local else "by_county"), heads=(*where, *heads), rows=tuple(shown)
    )


def places(figures: Figures, row: Row, kind: str) -> Cell:
    """Return how many places a kind of provider has said it has; offers without a number are said to be that."""
    offers, said = row[f"{kind}_offer_count"], row[f"{kind}_places"]
    if not offers:
        return Cell("–", "num")
    return count(said) if said is not None else Cell(figures.words.say("supply", "unsaid"), "num sub")


def short(row: Row) -> Cell:
    """Return how many are expected beyond all places said; a dash where nobody said a number."""
    said = [row[name] for name in ("department_places", "charity_places") if row[name] is not None]
    if not said:
        return Cell("–", "num")
    missing = max(round(row["expected_count"]) - sum(said), 0)
    return Cell(f"{missing:,}", "num warn" if missing else "num good")


def catalogue(figures: Figures) -> Block:
    """Return what is offered, by whom, for whom, where and until when."""
    words, lang = figures.words, figures.words.lang
    joined = "、" if lang == "zh" else ", "
    rows = tuple(
        (
            Cell(offer["name"][lang]),
            Cell(offer["provider"][lang]),
            Cell(joined.join(words.programme(name) for name in offer["serves"])),
            Cell(
                figures.township(offer["township_code"])
                if offer["township_code"]
                else words.say("supply", "everywhere")
            ),
            Cell(words.say("supply", "unsaid"), "num sub") if offer["places"] is None else count(offer["places"]),
            Cell(offer["as_of"].isoformat()),
            Cell(offer["source"], "sub"),
        )
        for offer in figures.rows("offers")
    )
    keys = (
        ("offer", ""),
        ("provider", ""),
        ("serves", ""),
        ("where", ""),
        ("places", "num"),
        ("as_of", ""),
        ("source", ""),
    )
    heads = tuple(Cell(words.say("supply", key), kind) for key, kind in keys)
    return Block(title=words.say("supply", "catalogue"), heads=heads, rows=rows)
