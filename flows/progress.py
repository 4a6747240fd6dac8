"""What somebody at a terminal sees while a month runs: a bar over the phases, and the table just made with its rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from flows.monthly import PHASE_NAMES, Watch
from flows.phases import PhaseResult

TITLES = {
    "ingest": {"zh": "接收数据", "en": "ingest"},
    "link": {"zh": "比对成人与户", "en": "link"},
    "screen": {"zh": "筛查项目", "en": "screen"},
    "validate": {"zh": "核验", "en": "validate"},
    "publish": {"zh": "生成名单与报告", "en": "publish"},
}


class LastTable(logging.Handler):
    """Shows each stage's one line (table and row count) behind the bar."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        super().__init__(logging.INFO)
        self.progress, self.task = progress, task

    def emit(self, record: logging.LogRecord) -> None:
        """Show one line."""
        self.progress.update(self.task, detail=record.getMessage()[:60])


@contextmanager
def month_progress(console: Console, month: str, lang: str) -> Iterator[Watch]:
    """Show one month's progress; yields what `run_month` tells."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[detail]}"),
        console=console,
        disable=not console.is_terminal,
    )
    task = bar.add_task(month, total=len(PHASE_NAMES), detail="")
    handler = LastTable(bar, task)
    stages = logging.getLogger("matchers.stage")
    stages.setLevel(logging.INFO)
    stages.addHandler(handler)

    def watch(name: str, result: PhaseResult | None) -> None:
        title = TITLES[name][lang]
        if result is None:
            bar.update(task, description=f"{month} {title}")
            return
        bar.update(task, advance=1, detail="")
        kept = "" if result.was_repeated else {"zh": "（未变，沿用）", "en": " (unchanged, kept)"}[lang]
        console.print(f"  {month} {title}{kept}  {result.seconds:.1f} s", highlight=False)

    try:
        with bar:
            yield watch
    finally:
        stages.removeHandler(handler)
