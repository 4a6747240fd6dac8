"""One command per flow: parse → call → print → exit code. No logic."""

from __future__ import annotations

import datetime
import json
import logging
import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from flows.region_commands import register
from matchers.errors import MatchError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="找人: finds people who are entitled to social assistance and have not claimed it.",
)
# Where output goes to a file, tables keep their columns instead of folding at 80.
console = Console(width=None if sys.stdout.isatty() else 150)
problems = Console(stderr=True)

Home = Annotated[Path, typer.Option(envvar="ZHAOREN_HOME", help="deliveries, lake, runs, ledger")]
Month = Annotated[str, typer.Option(help="YYYY-MM")]
Lang = Annotated[Literal["zh", "en"], typer.Option(help="language of what people read")]
AsJson = Annotated[bool, typer.Option("--json", help="print a machine-readable summary")]
DEFAULT_HOME = Path("data/home")


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="where the county and its runs go")] = Path("data/demo"),
    people: Annotated[int, typer.Option(min=200, help="how many people")] = 20_000,
    seed: Annotated[int, typer.Option(help="another seed is another county")] = 7,
    lang: Lang = "zh",
) -> None:
    """A synthetic county, three months, the whole run, and where to look."""
    from flows.demo import run_demo
    from flows.simulation import SimulationSettings

    run_demo(console, SimulationSettings(people=people, months=3, seed=seed, out=out), lang)


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=200)],
    out: Annotated[Path, typer.Option(help="incoming/ and truth/ are made here")],
    months: Annotated[int, typer.Option(min=1, max=36)] = 1,
    seed: int = 1,
    last_month: Annotated[str, typer.Option(help="YYYY-MM")] = "2026-10",
    noise: Annotated[float, typer.Option(min=0, max=5, help="multiplies every error rate")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Extracts as departments deliver them, plus truth."""
    from flows.simulation import SimulationSettings, simulate

    made = simulate(
        SimulationSettings(people=people, months=months, last_month=last_month, seed=seed, out=out, noise=noise)
    )
    show(made, as_json)


@app.command()
def run(
    month: Month,
    home: Home = DEFAULT_HOME,
    seed: Annotated[int, typer.Option(help="decides the random share of the lists")] = 1,
    memory: Annotated[
        str, typer.Option(help="memory the engine starts with; it takes more where a stage needs it")
    ] = "2500MB",
    threads: Annotated[int, typer.Option(min=1)] = 2,
    capacity: Annotated[float, typer.Option(min=0.0001, max=1, help="share of households that can be visited")] = 0.01,
    lang: Lang = "zh",
    prefect: Annotated[bool, typer.Option("--prefect", help="as a Prefect flow run, recorded on its server")] = False,
    as_json: AsJson = False,
) -> None:
    """The monthly run; goes on where an earlier one broke off."""
    from flows.settings import RunSettings

    settings = RunSettings(
        home=home, month=month, seed=seed, memory=memory, threads=threads, capacity_share=capacity, lang=lang
    )
    if prefect:
        os.environ.setdefault("PREFECT_HOME", str((home / ".prefect").resolve()))
        from flows.deployments import run_on_prefect

        show(run_on_prefect(settings), as_json)
        return
    from flows.monthly import run_month
    from flows.progress import month_progress

    with month_progress(problems if as_json else console, month, lang) as watch:
        result = run_month(settings, watch)
    show(result.summary() if as_json else {"run": result.run_id, "lists, report": str(result.folder)}, as_json)


@app.command()
def release(
    run_id: str,
    by: Annotated[str, typer.Option("--by", help="who lets the lists out")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Let the lists out; before that nobody but the data officer should see them."""
    from flows.ledger import release as let_out

    made = let_out(home, run_id, by)
    console.print(f"{made.month}: run {made.run_id} released by {made.released_by} at {made.released_at}")


@app.command()
def authorise(
    file: Annotated[Path, typer.Argument(help="YAML: the signed authorisation")],
    by: Annotated[str, typer.Option("--by", help="who records it")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Record a signed authorisation for an economic-status check."""
    from flows.authorisations import Reader
    from flows.authorisations import authorise as record

    made = record(home, file, Reader(by, datetime.datetime.now().astimezone()))
    console.print(f"{made.authorisation_id}: {len(made.persons)} persons, {made.valid_from} to {made.valid_to}")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: applicants, members, supporters")],
    authorisation: Annotated[str, typer.Option(help="id of the recorded authorisation")],
    by: Annotated[str, typer.Option("--by", help="who looks them up")],
    month: Month,
    area: Annotated[str, typer.Option(help="code of the area whose limits apply")],
    out: Annotated[Path, typer.Option(help="the workbook")],
    source: Annotated[list[str] | None, typer.Option(help="only these of the sources it covers")] = None,
    home: Home = DEFAULT_HOME,
    lang: Lang = "zh",
    as_json: AsJson = False,
) -> None:
    """Economic-status check of named applicants under an authorisation."""
    from flows.authorisations import Reader
    from flows.economic_check import CheckRequest
    from flows.economic_check import check as look_up

    request = CheckRequest(home, file, authorisation, month, area, out, tuple(source or ()), lang)
    show(look_up(request, Reader(by, datetime.datetime.now().astimezone())), as_json)


@app.command()
def link(
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX or Parquet, one per side of a link task")],
    spec: Annotated[Path, typer.Option(help="YAML: task and the role of each column")],
    out: Annotated[Path, typer.Option(help="persons.parquet, links.parquet, model.json, report.html")],
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="probability from which two are one")] = None,
    model: Annotated[Path | None, typer.Option(help="a model.json to weigh by; nothing is learnt then")] = None,
    truth: Annotated[Path | None, typer.Option(help="Parquet with record_id, entity_id: adds calibration")] = None,
    lang: Lang = "zh",
    as_json: AsJson = False,
) -> None:
    """The linkage engine alone, on any table of people."""
    from flows.link_files import LinkJob, link_files

    job = LinkJob(spec=spec, files=tuple(files), out=out, threshold=threshold, model=model, truth=truth, lang=lang)
    show(link_files(job), as_json)


@app.command()
def explain(
    ids: Annotated[list[str], typer.Argument(help="a candidate id from a list, or two record ids")],
    out: Annotated[Path | None, typer.Option(help="the folder of a zhaoren link; else the month's records")] = None,
    month: Annotated[str | None, typer.Option(help="YYYY-MM; the newest month unless given")] = None,
    home: Home = DEFAULT_HOME,
    lang: Lang = "zh",
    as_json: AsJson = False,
) -> None:
    """Why a candidate is on the list, from the delivered rows on; or why two records are, or are not, one person."""
    from flows.explaining import Question, print_answer
    from flows.explaining import explain as answer

    found = answer(Question(tuple(ids), home, month, out))
    if as_json:
        show(found.as_json(), as_json)
    else:
        print_answer(console, found, lang)


@app.command()
def train(
    month: Annotated[str | None, typer.Option(help="YYYY-MM whose records to learn from")] = None,
    accept: Annotated[str | None, typer.Option(help="a version the monthly run shall use, or each-month")] = None,
    by: Annotated[str | None, typer.Option("--by", help="who accepts it")] = None,
    home: Home = DEFAULT_HOME,
    lang: Lang = "zh",
    as_json: AsJson = False,
) -> None:
    """Learn the linkage model anew and show old against new; nothing changes until a version is accepted."""
    from flows.training import TrainJob, print_trained, train_or_accept

    done = train_or_accept(TrainJob(home, month, accept, by))
    if as_json or accept:
        show(done, as_json)
    else:
        print_trained(console, done, lang)


@app.command()
def evaluate(
    truth: Annotated[Path, typer.Option(help="the folder truth/ of a simulation")],
    month: Month,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Linkage, households, discovery and calibration against known truth."""
    from flows.evaluation import evaluate as measure
    from flows.evaluation import print_evaluation

    measured = measure(home, truth, month)
    if as_json:
        show(measured, as_json)
    else:
        print_evaluation(console, measured)


@app.command()
def sources(
    month: Annotated[str | None, typer.Option(help="YYYY-MM; the newest that came unless given")] = None,
    home: Home = DEFAULT_HOME,
    dictionary: Annotated[Path | None, typer.Option(help="write the data dictionary here, one HTML page")] = None,
    lang: Lang = "zh",
    as_json: AsJson = False,
) -> None:
    """Every source a department may deliver, with the state of this month's deliveries."""
    from flows.source_states import as_json as states_as_json
    from flows.source_states import newest_month, print_sources, source_states

    if dictionary is not None:
        from flows.outputs.dictionary import write_dictionary

        show({"dictionary": str(dictionary), "sources": write_dictionary(dictionary, lang)}, as_json)
        return
    states = source_states(home, month or newest_month(home), lang)
    if as_json:
        show(states_as_json(states), as_json)
    else:
        print_sources(console, states, lang)


@app.command()
def serve(home: Home = DEFAULT_HOME) -> None:
    """Offer the monthly run on Prefect with its schedule."""
    os.environ.setdefault("PREFECT_HOME", str((home / ".prefect").resolve()))
    from flows.deployments import serve as offer

    offer(home)


def show(summary: dict[str, Any], as_json: bool) -> None:
    """Print a summary: JSON for machines, a line per entry for people."""
    if as_json:
        sys.stdout.write(json.dumps(summary, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n")
        return
    for name, value in summary.items():
        console.print(f"{name}: {value}", highlight=False, soft_wrap=True)


register(app, show)


def main() -> None:
    """Run a command; an error the operator can mend is one message and its exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger().handlers[0].setLevel(logging.WARNING)  # a stage's line goes to the progress bar, not here
    try:
        app(standalone_mode=False)
    except MatchError as error:
        problems.print(f"[bold red]zhaoren:[/] {escaped(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except typer.TyperException as mistake:
        getattr(mistake, "show", lambda: None)()
        sys.exit(2)
    except KeyboardInterrupt:
        problems.print("zhaoren: stopped. What was finished is kept; the same command goes on from there.")
        sys.exit(130)


def escaped(message: str) -> str:
    """Return a message whose brackets are text, not markup."""
    return message.replace("[", "\\[")


if __name__ == "__main__":
    main()
