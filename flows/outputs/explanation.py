"""A candidate's story on the screen: what is on the list, by which rule, from which delivered rows. Nothing is logged."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from flows.outputs.words import Words

Row = dict[str, Any]
# Facts whose number is an amount, a count or a share; of the others it only says yes or no.
MEASURED = (
    "age", "wage", "pension", "unemployment_benefit", "land_subsidy", "declared_income_head", "declared_income_household",
    "declared_income_least", "income_head_floor", "own_medical", "own_medical_class", "medical_aid", "severe_illness",
    "rigid_spending", "rigid_share", "extreme_difficulty_share", "house_grade", "contribution_gap",
)  # fmt: skip


def print_story(console: Console, story: dict[str, Any], lang: str) -> None:
    """Print a story, part by part, in the order of the question: what, by which law, from which rows, why there."""
    words = Words(lang)
    print_head(console, words, story)
    print_place(console, words, story)
    print_findings(console, words, story["findings"])
    print_facts(console, words, story["facts"])
    print_link(console, words, story["link"])
    print_members(console, words, story["members"])
    print_questions(console, words, story)


def line(console: Console, said: str) -> None:
    """Print a line of text as it is, without markup."""
    console.print(said, highlight=False, markup=False, soft_wrap=True)


def head(console: Console, words: Words, key: str) -> None:
    """Print the heading of a part."""
    console.print(f"\n[bold]{words.say('story', key)}[/]", highlight=False)


def print_head(console: Console, words: Words, story: dict[str, Any]) -> None:
    """Print which candidate of which run this is, and what became of it where it is none any more."""
    say, candidate, rule = words.say, story["candidate"], story["rule"]
    line(console, say(
        "story", "title", candidate=candidate["candidate_id"], programme=words.programme(candidate["programme_id"]),
        month=story["month"], run=story["run"]["run_id"] or say("story", "not_published"),
    ))  # fmt: skip
    if story["since"]:
        listed = mark(words).join(criterion(words, name) for name in story["since"]["criteria"])
        line(console, say("story", "since", asked=story["asked_month"], month=story["month"]))
        line(console, say("became", story["since"]["what"], criteria=listed))
    authority = rule["authority"] or say("story", "no_version")
    line(
        console,
        say("story", "authority", authority=authority, department=rule["department"] or "–", day=rule["starts"] or "–"),
    )
    if candidate["rests_on_unconfirmed"]:
        line(console, say("story", "unconfirmed"))
    if story["run"]["same_rules"] is False:
        line(console, say("story", "other_rules"))


def print_place(console: Console, words: Words, story: dict[str, Any]) -> None:
    """Print the line as the list shows it and why it stands there."""
    say, candidate, shown, place = words.say, story["candidate"], story["line"], story["place"]
    head(console, words, "place_head")
    where = " ".join(filter(None, (shown["township_name"], shown["village_name"]))) or say("report", "unplaced")
    whom = {"name": shown["full_name"] or "–", "number": shown["masked_id"] or say("list", "no_number"), "where": where}
    line(
        console,
        say(
            "story",
            "on_list" if shown["file"] else "off_list",
            file=shown["file"],
            number_on_list=shown["line_number"],
            **whom,
        ),
    )
    line(console, say("story", "reasons", reasons=candidate[f"reasons_{words.lang}"]))
    line(
        console,
        say(
            "story",
            "chance",
            chance=f"{candidate['probability']:.1%}",
            method=say("story", f"by_{story['rule']['estimate'] or 'criteria'}"),
        ),
    )
    benefit = candidate["benefit_month_yuan"]
    unpaid = "benefit_unknown" if story["rule"]["pays"] else "benefit_none"
    line(console, say("story", unpaid) if benefit is None else say("story", "benefit", yuan=f"{benefit:,.2f}"))
    if (distance := candidate["line_distance_yuan"]) is not None:
        line(console, say("story", "below_line" if distance > 0 else "above_line", yuan=f"{abs(distance):,.2f}"))
    line(console, say(
        "story", "rank", rank=place["rank"], candidates=place["candidates"], households=place["households"], visits=place["visits"],
    ))  # fmt: skip
    lowest = "–" if place["lowest_visited"] is None else f"{place['lowest_visited']:.1%}"
    line(console, say("why_there", place["why"], lowest=lowest))
    if place["is_income_tested"]:
        line(console, say("story", "kept"))


def print_findings(console: Console, words: Words, findings: list[Row]) -> None:
    """Print every criterion with its answer, what was seen, the figure, and by whose word."""
    say = words.say
    table = grid(words, "findings_head", "criterion", "effect", "answer", "observed", "limit", "authority", "confirmed")
    for row in findings:
        answer = {True: "met", False: "unmet", None: "unknown"}[row["is_met"]]
        table.add_row(
            criterion(words, row["criterion"]), say("effects", row["effect"]), say("verdicts", answer),
            seen(words, row), words.limit(row["criterion"], row["limit_applied"]), row["authority"],
            say("verdicts", "confirmed" if row["is_confirmed"] else "unconfirmed"),
            style=None if row["is_met"] is not None else "yellow",
        )  # fmt: skip
    console.print(table)


def print_facts(console: Console, words: Words, facts: list[Row]) -> None:
    """Print every fact with the rows that carry it, how old it is, and whether it could keep anybody off a list."""
    say = words.say
    table = grid(words, "facts_head", "fact", "of", "value", "source", "file", "as_of", "link", "bar")
    for row in facts:
        source = source_name(words, row["source_id"])
        table.add_row(
            say("facts", row["fact_name"]), say("of_whom", row["of"]), value(words, row), source, rows_said(words, row),
            age(words, row), f"{row['link_probability']:.1%}", say("story", "may_exclude" if row["can_exclude"] else "only_asks"),
        )  # fmt: skip
    console.print(table) if facts else line(console, say("story", "no_facts"))


def print_link(console: Console, words: Words, link: Row) -> None:
    """Print the one uncertain link, with what each comparison added."""
    say = words.say
    head(console, words, "link_head")
    if link["is_sure"]:
        line(console, say("story", "link_sure", chance=f"{link['probability']:.1%}"))
        return
    chances = {"chance": f"{link['probability']:.1%}", "rule": say("link_rules", link.get("link_rule") or "alone")}
    if link["is_certain"]:
        line(console, say("story", "doubt_elsewhere", doubted=f"{link['doubted_probability']:.1%}", **chances))
    else:
        line(console, say("story", "link_unsure", **chances))
    for key, found in (("link_row", link.get("row")), ("link_other", link.get("other_row"))):
        if found:
            line(console, say("story", key, source=words.source(found["source_id"]), rows=rows_said(words, found)))
    steps = link["steps"]
    if steps:
        print_steps(console, words, steps)
    elif not link["is_certain"]:
        line(console, say("story", "link_unweighed"))


def print_steps(console: Console, words: Words, steps: Row) -> None:
    """Print what each comparison of a pair added, in bits."""
    say = words.say
    table = Table(header_style="bold")
    for column in ("field", "level", "bits"):
        table.add_column(say("link_report", column))
    table.add_row(say("link_report", "prior"), "", f"{steps['prior_bits']:+.2f}")
    for step in steps["comparisons"]:
        level = say("link_levels", step["level"]) if step["level"] else say("link_report", "missing")
        table.add_row(say("link_fields", step["field"]), level, f"{step['bits']:+.2f}" if step["level"] else "–")
    for name in ("housemate", "rivals", "together"):
        if steps[f"{name}_bits"]:
            table.add_row(say("link_report", name), "", f"{steps[f'{name}_bits']:+.2f}")
    table.add_row(
        say("link_report", "total"), f"{steps['probability']:.2%}", f"{steps['total_bits']:+.2f}", style="bold"
    )
    console.print(table)


def print_members(console: Console, words: Words, members: list[Row]) -> None:
    """Print who is held to live together, who counts, and by which evidence."""
    say = words.say
    table = grid(words, "members_head", "name", "age", "counted", "reason", "chance", "ties")
    for row in members:
        name = row["name"] or "–"
        table.add_row(
            say("story", "asked_for", name=name) if row["is_asked_for"] else name, "–" if row["age"] is None else str(row["age"]),
            say("story", "is_counted" if row["is_counted"] else "not_counted"), member_reason(words, row["reason"]),
            f"{row['membership_probability']:.1%}", mark(words).join(tie(words, each) for each in row["ties"]) or "–",
        )  # fmt: skip
    console.print(table) if members else line(console, say("story", "no_members"))


def print_questions(console: Console, words: Words, story: dict[str, Any]) -> None:
    """Print what the visit asks, and what else is open."""
    head(console, words, "questions_head")
    asked = story["candidate"][f"questions_{words.lang}"].split("\n")
    for number, question in enumerate(asked, start=1):
        line(console, f"{number}. {question}")
    more = [row["question"][words.lang] for row in story["findings"] if row["is_met"] is None and row["question"]]
    rest = [question for question in more if question not in asked]
    if rest:
        line(console, words.say("story", "also_open"))
        for question in rest:
            line(console, f"– {question}")


def grid(words: Words, title: str, *keys: str) -> Table:
    """Return an empty table with its headings."""
    table = Table(title=words.say("story", title), title_justify="left", title_style="bold", header_style="bold")
    for key in keys:
        table.add_column(words.say("story_columns", key), overflow="fold")
    return table


def mark(words: Words) -> str:
    """Return what stands between the items of a list."""
    return "、" if words.lang == "zh" else ", "


def criterion(words: Words, name: str) -> str:
    """Return what a criterion is called."""
    received = name.removeprefix("receives_")
    if received != name:
        return words.say("criteria", "receives", programme=words.programme(received))
    return words.say("criteria", name)


def seen(words: Words, row: Row) -> str:
    """Return what was seen; where nothing was, whether a complete register says no by its silence or nobody knows."""
    if row["observed"] is None:
        return words.say("story", "silence") if row["is_met"] is not None else words.say("verdicts", "unknown")
    return observed(words, row["observed"])


def source_name(words: Words, source_id: str) -> str:
    """Return the title of a source, or that something was worked out."""
    return words.say("story", "derived") if source_id == "derived" else words.source(source_id)


def observed(words: Words, said: str) -> str:
    """Return what was seen in words: tiers and states by name, kinds and levels of disability, figures as they are."""
    return " + ".join(words.coded(part) for part in said.split("+"))


def value(words: Words, row: Row) -> str:
    """Return the value of a fact: what was coded, measured and dated, as far as it was."""
    parts = [observed(words, row["text_value"])] if row["text_value"] else []
    if row["number_value"] is not None and row["fact_name"] in MEASURED:
        parts.append(f"{row['number_value']:,.2f}".removesuffix(".00"))
    if row["date_value"]:
        parts.append(str(row["date_value"]))
    return " · ".join(parts) or words.say("verdicts", "met")


def rows_said(words: Words, row: Row) -> str:
    """Return file and rows in words; a row of nought or below came with an earlier delivery."""
    if not row["file"]:
        return words.say("story", "no_rows")
    places = [str(place) for place in row["rows"] if place > 0]
    if not places:
        return words.say("story", "earlier_rows", file=row["file"])
    said = words.say("story", "rows", month=row["file_month"], file=row["file"], rows=mark(words).join(places))
    return said + (words.say("story", "more_rows", count=row["row_count"]) if row["row_count"] > len(places) else "")


def age(words: Words, row: Row) -> str:
    """Return the day a fact speaks of and whether it is still in date."""
    if not row["covers_period"]:
        return f"{row['as_of_date']} {words.say('story', 'short_period')}"
    if row["is_fresh"]:
        return str(row["as_of_date"])
    return f"{row['as_of_date']} {words.say('story', 'stale', days=row['age_days'], fresh=row['fresh_days'])}"


def member_reason(words: Words, reason: str) -> str:
    """Return in words why somebody is placed in a household."""
    own, _, lives = reason.partition("; the family lives here by ")
    said = words.say("member_reasons", own)
    return said + (words.say("story", "lives_by", tie=words.say("ties", lives.replace(" ", "_"))) if lives else "")


def tie(words: Words, said: str) -> str:
    """Return a tie in words: what ties them, and who says so."""
    kind, _, source = said.partition(":")
    named = words.say("ties", kind), source_name(words, source)
    return f"{named[0]}（{named[1]}）" if words.lang == "zh" else f"{named[0]} ({named[1]})"
