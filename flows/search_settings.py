"""What the rule files say about the search itself, handed to the stages that use it."""

from __future__ import annotations

import datetime

from flows.rules import RuleFiles
from flows.settings import RunSettings
from matchers.candidates.benefits import Benefit, LocalSum
from matchers.candidates.chances import TakeUpModel
from matchers.candidates.listing import AskedWords, CriterionWords, SignalWords
from matchers.candidates.ranking import Capacity, Stakes
from matchers.candidates.verdicts import Assumption, Listing
from matchers.eligibility.criteria import BY_NAME, MONTHS_OF_LINE
from matchers.errors import ReferenceMissingError, RuleFileError
from matchers.quality.screening import Expected
from schemas.parameter import PLACES, AreaParameters, Figure
from schemas.programme import CriterionUse, Limit, Programme, Version


def common_figure(files: RuleFiles, name: str, day: datetime.date) -> Figure:
    """Return a figure every area of the run shares; raises where it is missing or the areas disagree."""
    found = [figure for area in files.areas if (figure := area_figure(area, name, day)) is not None]
    if not found:
        raise ReferenceMissingError(f"{name} is set for no area on {day}. Add it to the areas' parameter files.")
    if any(figure != found[0] for figure in found):
        raise RuleFileError(f"{name} differs between the areas of one run. Give them one figure.")
    return found[0]


def area_figure(area: AreaParameters, name: str, day: datetime.date) -> Figure | None:
    """Return an area's figure of a day; None where it has none."""
    figure = area.on(name, day)
    return figure.value if figure else None


def number(files: RuleFiles, name: str, day: datetime.date) -> float:
    """Return a figure that must be one number."""
    figure = common_figure(files, name, day)
    if not isinstance(figure, float):
        raise RuleFileError(f"{name} must be one number")
    return figure


def codes(files: RuleFiles, name: str, day: datetime.date) -> tuple[str, ...]:
    """Return a figure that must be a list of codes."""
    figure = common_figure(files, name, day)
    if not isinstance(figure, tuple):
        raise RuleFileError(f"{name} must be a list of codes")
    return figure


def versions(files: RuleFiles, day: datetime.date) -> tuple[tuple[Programme, Version], ...]:
    """Return each programme with its version of a day."""
    return tuple((p, version) for p in files.programmes if (version := p.on(day)) is not None)


def assumptions(files: RuleFiles, day: datetime.date) -> tuple[Assumption, ...]:
    """Return how often each unknown criterion is assumed to be met."""
    return tuple(
        Assumption(programme.programme_id, use.criterion, use.unknown_share)
        for programme, version in versions(files, day)
        for use in (*version.requires, *version.excludes)
    )


def take_up_models(files: RuleFiles, day: datetime.date) -> tuple[TakeUpModel, ...]:
    """Return the models of the programmes that turn on income."""
    take_up = number(files, "search.take_up", day)
    return tuple(
        TakeUpModel(p.programme_id, p.unit, p.estimate.traits, take_up) for p in files.programmes if p.estimate.traits
    )


def listing(files: RuleFiles, day: datetime.date) -> Listing:
    """Return the figures by which prospects are listed."""
    floor = number(files, "search.listing_floor", day)
    share = number(files, "search.listing_share", day)
    return Listing(number(files, "search.take_up", day), floor, share, files.precedence.whole_before_part)


def capacity(files: RuleFiles, run: RunSettings) -> Capacity:
    """Return how many households are visited and how the places are given."""
    return Capacity(
        share=run.capacity_share,
        random_share=run.random_share,
        income_tested_share=number(files, "search.income_tested_share", run.day),
        along_floor=number(files, "search.along_floor", run.day),
        income_tested=tuple(p.programme_id for p in files.programmes if p.estimate.by == "take_up" and p.earns_visit),
        only_along=tuple(p.programme_id for p in files.programmes if not p.earns_visit),
        seed=run.seed,
    )


def stakes(files: RuleFiles, day: datetime.date) -> Stakes:
    """Return the figures that say what is at stake on a day."""
    return Stakes(benefits(files, day), lines(files, day))


def benefits(files: RuleFiles, day: datetime.date) -> tuple[Benefit, ...]:
    """Return what a month brings, per area; a sum an area does not set stays unknown."""
    return tuple(
        Benefit(
            LocalSum(programme.programme_id, area.area, *by_place(figure)),
            case.age_at_least,
            case.when_receiving,
            case.makes_up,
            case.tops_up,
        )
        for programme, version in versions(files, day)
        for case in version.benefit
        for area in files.areas
        if (figure := area_figure(area, case.parameter, day)) is not None
    )


def lines(files: RuleFiles, day: datetime.date) -> tuple[LocalSum, ...]:
    """Return the line income a head and month has to stay below, per programme and area."""
    return tuple(
        LocalSum(programme.programme_id, area.area, *(round(each / months, 2) for each in line))
        for programme, version in versions(files, day)
        for use in version.requires
        if (months := MONTHS_OF_LINE.get(use.criterion)) and use.limit
        for area in files.areas
        if (line := area_line(area, use.limit, day)) is not None
    )


def area_line(area: AreaParameters, limit: Limit, day: datetime.date) -> tuple[float, float] | None:
    """Return a limit in a village and in a community; None where the area sets none."""
    figure, factor = (
        area_figure(area, limit.parameter, day),
        area_figure(area, limit.times, day) if limit.times else 1.0,
    )
    if figure is None or factor is None:
        return None
    (rural, urban), (rural_factor, urban_factor) = by_place(figure), by_place(factor)
    return rural * rural_factor, urban * urban_factor


def by_place(figure: Figure) -> tuple[float, float]:
    """Return a sum in a village and in a community."""
    if isinstance(figure, float):
        return figure, figure
    if isinstance(figure, dict) and set(figure) == PLACES:
        return figure["rural"], figure["urban"]
    raise RuleFileError("a benefit or a line must be a number, or one for each kind of place")


def criterion_words(files: RuleFiles, day: datetime.date) -> tuple[CriterionWords, ...]:
    """Return what each criterion says on a list and what is asked where it is unknown, in the order of the file."""
    return tuple(
        CriterionWords(programme.programme_id, use.criterion, place, use.reason, use.question)
        for programme, version in versions(files, day)
        for place, use in enumerate((*version.requires, *version.excludes))
    )


def signal_words(files: RuleFiles) -> tuple[SignalWords, ...]:
    """Return what the traits say on a list, in the order of the file."""
    return tuple(
        SignalWords(programme.programme_id, signal.trait, place, signal.reason)
        for programme in files.programmes
        for place, signal in enumerate(programme.estimate.signals)
    )


def always_asked(files: RuleFiles) -> tuple[AskedWords, ...]:
    """Return what no source tells and is not paid beside a programme."""
    return tuple(AskedWords(rule.programme_id, rule.question) for rule in files.precedence.asked_beside)


def expected_answers(files: RuleFiles, day: datetime.date) -> tuple[Expected, ...]:
    """Return how each criterion comes out for nearly everybody where that is no sign of a fault.

    Nobody but a visitor can answer a question; whoever is looked at at all meets what they are looked at for; what
    excludes is the exception; and a programme file may say so of a criterion.
    """
    found = [
        Expected(programme.programme_id, use.criterion, answer)
        for programme, version in versions(files, day)
        for use in (*version.requires, *version.excludes)
        if (answer := usual_answer(programme, version, use)) is not None
    ]
    households = {programme.programme_id for programme in files.programmes if programme.unit == "household"}
    return (
        *found,
        *(
            Expected(
                rule.programme_id,
                f"{'household_' if rule.programme_id in households else ''}receives_{rule.receives}",
                "unmet",
            )
            for rule in files.precedence.receipt_excludes
        ),
    )


def usual_answer(programme: Programme, version: Version, use: CriterionUse) -> str | None:
    """Return how one criterion of a programme rightly comes out for nearly everybody; null where nothing is expected."""
    if use.usually is not None:
        return use.usually
    if not BY_NAME[use.criterion].tests:
        return "unknown"
    if use.criterion in (*programme.universe, *programme.prompted_by):
        return "met"
    return "unmet" if use in version.excludes else None
