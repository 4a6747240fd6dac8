"""The commands of the cross-region exchange: parse → call → print."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

Home = Annotated[Path, typer.Option(envvar="ZHAOREN_HOME", help="ledger and lake of this region")]
Region = Annotated[str, typer.Option(help="this region's code, six digits")]
Key = Annotated[Path | None, typer.Option(help="file with the key of the two regions; else ZHAOREN_REGION_KEY")]
By = Annotated[str, typer.Option("--by", help="who does it")]
AsJson = Annotated[bool, typer.Option("--json", help="print a machine-readable summary")]
DEFAULT_HOME = Path("data/home")


def desk(home: Path, region: str, key: Path | None, by: str) -> Any:
    """Return who works here, with the key read."""
    from flows.authorisations import Reader
    from flows.region_exchange import Desk
    from flows.region_protocol import read_key

    return Desk(home, region, read_key(key), Reader(by, datetime.datetime.now().astimezone()))


def ask_region(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX of named persons, as for check")
    ],
    to: Annotated[str, typer.Option(help="code of the region that is asked")],
    authorisation: Annotated[str, typer.Option(help="id of the recorded authorisation; it names other_region")],
    out: Annotated[Path, typer.Option(help="the batch to send")],
    region: Region,
    by: By,
    days: Annotated[int, typer.Option(min=1, max=31, help="days in which it may be answered")] = 10,
    key: Key = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> dict[str, Any]:
    """Ask another region about named persons by keyed hashes."""
    from flows.region_exchange import Asking, ask

    return ask(desk(home, region, key, by), Asking(file, to, authorisation, days), out)


def answer_region(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the batch another region sent")],
    month: Annotated[str, typer.Option(help="YYYY-MM whose rolls answer")],
    out: Annotated[Path, typer.Option(help="the answer to send back")],
    region: Region,
    by: By,
    key: Key = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> dict[str, Any]:
    """Answer another region's batch from a month's rolls, every question alike."""
    from flows.region_exchange import answer

    return answer(desk(home, region, key, by), file, month, out)


def read_region(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the answer that came back")],
    asked: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="the file of named persons it was asked with")
    ],
    out: Annotated[Path, typer.Option(help="the workbook for the office")],
    region: Region,
    by: By,
    key: Key = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> dict[str, Any]:
    """Read another region's answer into a workbook."""
    from flows.region_exchange import read_answer

    return read_answer(desk(home, region, key, by), file, asked, out)


def register(app: typer.Typer, show: Callable[[dict[str, Any], bool], None]) -> None:
    """Add the three commands to the application; what each returns is shown."""
    for command in (ask_region, answer_region, read_region):
        app.command(command.__name__.replace("_", "-"))(shown(command, show))


def shown(command: Callable[..., dict[str, Any]], show: Callable[[dict[str, Any], bool], None]) -> Callable[..., None]:
    """Return a command that shows its summary, with the options it has."""

    @wraps(command)
    def run(**given: Any) -> None:
        show(command(**given), given["as_json"])

    return run
