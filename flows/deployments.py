"""The same month on Prefect: a task a phase, retries, a schedule, a run page with counts.

Prefect is told counts, never people: tasks take the run's settings and give back row counts. Whether a phase still has
to be done is decided by the phase's own fingerprint (flows/phases.py), not by Prefect's cache, so a run broken off on
the command line goes on in Prefect and the other way round.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

# Before Prefect is imported: no telemetry, no page that calls outside, and a server that starts itself where none is set.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_LOGGING_EXTRA_LOGGERS": "matchers,flows",
    # A cold start migrates a database; on a busy two-core host the default 20 s is not enough.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
}
for _name, _value in QUIET.items():
    os.environ.setdefault(_name, _value)

from prefect import flow, runtime, task  # noqa: E402
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.schedules import Cron  # noqa: E402
from pydantic import BaseModel, Field  # noqa: E402

from flows.ledger import refuse_released  # noqa: E402
from flows.monthly import PHASE_NAMES, run_one  # noqa: E402
from flows.phases import PhaseResult, held  # noqa: E402
from flows.settings import RunSettings  # noqa: E402
from matchers.errors import StorageError  # noqa: E402

# Deliveries close on the 15th; the night after, the month before is run.
SCHEDULE = Cron("0 2 16 * *", timezone="Asia/Shanghai")


class MonthlyParameters(BaseModel):
    """What a data officer fills in; a scheduled run leaves the month empty and gets the one before it."""

    home: str = Field(description="the home folder with incoming/, lake/, runs/ and ledger/")
    month: str | None = Field(
        None, description="YYYY-MM; empty is the month before the scheduled day", pattern=r"^\d{4}-\d{2}$"
    )
    seed: int = Field(1, description="decides the random share of the lists")
    memory: str = Field("2500MB", description="the memory DuckDB starts with; it takes more where a stage needs it")
    lang: str = Field("zh", description="language of lists and report", pattern="^(zh|en)$")
    capacity_share: float = Field(0.01, description="households that can be visited this month, as a share", gt=0, le=1)


def worth_retrying(_task: object, _run: object, state: Any) -> bool:
    """Return whether trying again can help: storage may recover, a broken contract will not."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, StorageError)


@task(retries=2, retry_delay_seconds=60, retry_condition_fn=worth_retrying, task_run_name="{name}")
def phase_task(run: RunSettings, name: str, before: list[PhaseResult]) -> PhaseResult:
    """Run one phase, or find it finished."""
    return run_one(run, name, before)


@flow(name="monthly", flow_run_name="{parameters.month}", log_prints=False)
def monthly(parameters: MonthlyParameters) -> dict[str, Any]:
    """Run one month; resumes at the phase that broke."""
    run = RunSettings(
        home=Path(parameters.home),
        month=parameters.month or scheduled_month(),
        seed=parameters.seed,
        memory=parameters.memory,
        lang=parameters.lang,
        capacity_share=parameters.capacity_share,
    )
    with held(run.home):
        refuse_released(run.home, run.month)
        results: list[PhaseResult] = []
        for name in PHASE_NAMES:
            results.append(phase_task(run, name, results))
    show_counts(run.month, results)
    return {"run_id": results[-1].summary["run_id"], "home": str(run.home)}


def show_counts(month: str, results: list[PhaseResult]) -> None:
    """Put phase, seconds and peak memory on the run's page."""
    rows = [{"phase": r.name, "seconds": r.seconds, "peak memory MB": r.peak_memory_mb} for r in results]
    create_table_artifact(key=f"month-{month}", table=rows, description=f"{month}: phases of the run")


def scheduled_month() -> str:
    """Return the month before the day this flow run was scheduled for."""
    when = runtime.flow_run.scheduled_start_time
    return RunSettings(Path(), f"{when:%Y-%m}").previous_month


def run_on_prefect(run: RunSettings) -> dict[str, Any]:
    """Run one month as a flow run; starts a server of its own where none is configured."""
    parameters = MonthlyParameters(
        home=str(run.home),
        month=run.month,
        seed=run.seed,
        memory=run.memory,
        lang=run.lang,
        capacity_share=run.capacity_share,
    )
    result: dict[str, Any] = monthly(parameters)
    return result


def serve(home: Path) -> None:
    """Offer the monthly run with its schedule until stopped."""
    monthly.serve(
        name="monthly",
        schedule=SCHEDULE,
        parameters={"parameters": {"home": str(home.resolve())}},
        description="找人: deliveries of a month → candidate lists and match report",
    )
