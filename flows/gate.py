"""Great Expectations at the two doors, on the run's own DuckDB session; imported only where a door is held.

Great Expectations knows no DuckDB of its own: it closes its connection before results are read, and has no words for
DuckDB's regular expressions. `flows.engines.expectations` mends that. Results carry counts, never a person's value.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matchers.errors import GateError
from schemas.expectations import CRITICAL, Expectation

if TYPE_CHECKING:
    from flows.engines.duckdb import DuckEngine

# Without these words a result quotes up to twenty offending values.
NO_VALUES = {"result_format": "BASIC", "partial_unexpected_count": 0}
SUM_OF_COUNTS = "expect_column_sum_to_be_between"
NEXT_STEPS = {
    "ask_department": "Ask the department for a corrected delivery, put it in the incoming folder and run again.",
    "ask_analyst": "Have an analyst look into the run's tables in the lake; nothing was published.",
    "ask_engineer": "Report it to whoever maintains zhaoren; nothing was published.",
}


@dataclass(frozen=True)
class GateResult:
    """One expectation and what came out of it; `breach_count` is rows, or the sum of a column of counts.

    `checked_count` is null where the expectation counts no rows, or could not be held at all.
    """

    door: str
    table_name: str
    kind: str
    subject: str
    severity: str
    meaning: str
    next_step: str
    is_met: bool
    checked_count: int | None
    breach_count: int


def load_beside() -> None:
    """Load Great Expectations while other work goes on: it takes seconds of a core that reading deliveries leaves idle."""
    threading.Thread(target=importlib.import_module, args=("flows.engines.expectations",), daemon=True).start()


def hold(db: DuckEngine, door: str, expectations: Sequence[Expectation]) -> list[GateResult]:
    """Hold expectations against the tables of a session; return every result, met or not, in the order asked."""
    from flows.engines.expectations import shared

    results: list[GateResult] = []
    with shared(db) as source:
        for table in dict.fromkeys(expectation.table for expectation in expectations):
            asked = [expectation for expectation in expectations if expectation.table == table]
            results.extend(hold_table(source, door, asked))
    return results


def hold_table(source: Any, door: str, asked: list[Expectation]) -> list[GateResult]:
    """Hold the expectations of one table in one validation."""
    import great_expectations as gx

    table = asked[0].table
    asset = source.add_table_asset(f"{door}_{table}", table_name=table)
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    suite = gx.ExpectationSuite(
        name=f"{door}_{table}", expectations=[build(expectation, place) for place, expectation in enumerate(asked)]
    )
    held = batch.validate(suite, result_format=NO_VALUES)
    # Great Expectations answers in an order of its own.
    answers = {answer.expectation_config.meta["place"]: answer for answer in held.results}
    return [read_answer(door, expectation, answers[place]) for place, expectation in enumerate(asked)]


def build(expectation: Expectation, place: int) -> Any:
    """Return Great Expectations' object for an expectation."""
    import great_expectations.expectations as gxe

    name = "".join(word.capitalize() for word in expectation.kind.split("_"))
    arguments = {**expectation.arguments, "severity": expectation.severity, "meta": {"place": place}}
    return getattr(gxe, name)(**arguments)


def read_answer(door: str, expectation: Expectation, answer: Any) -> GateResult:
    """Return the counts of one answer; where it could not be given, it is not met."""
    counts = answer.result or {}
    checked = counts.get("element_count")
    return GateResult(
        door=door,
        table_name=expectation.table,
        kind=expectation.kind,
        subject=expectation.subject,
        severity=expectation.severity,
        meaning=expectation.meaning,
        next_step=expectation.next_step,
        is_met=bool(answer.success),
        checked_count=None if checked is None else int(checked),
        breach_count=0 if answer.success else breaches(expectation, counts),
    )


def breaches(expectation: Expectation, counts: dict[str, Any]) -> int:
    """Return how many rows broke an expectation; one where it is about the table, or could not be held."""
    if expectation.kind == SUM_OF_COUNTS:
        return int(counts.get("observed_value") or 1)
    return int(counts.get("unexpected_count") or 1)


def refuse_broken(results: Sequence[GateResult], places: Mapping[str, str]) -> None:
    """Raise GateError with every critical expectation that is not met: what, where, how many, and what to do next.

    `places` says for a column of checks which sources cross it.
    """
    broken = [result for result in results if result.severity == CRITICAL and not result.is_met]
    if not broken:
        return
    lines = []
    for result in broken:
        where = f" ({places[result.subject]})" if result.subject in places else ""
        said = f"{result.table_name}.{result.subject}{where}: {result.kind} is broken by {result.breach_count:,}"
        lines.append(f"  at {result.door}: {said}. {NEXT_STEPS[result.next_step]}")
    raise GateError(f"{len(broken)} critical expectations failed; nothing was published.\n" + "\n".join(lines))
