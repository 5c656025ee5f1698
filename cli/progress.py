"""A progress bar on standard error: what is done, how much, how fast, how long yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import context
from codes.messages import text

if TYPE_CHECKING:
    from rich.progress import Progress

Show = Callable[[str, int, int], None]
"""Shows what is being done, how much of it is done, and of how much."""


def _begin_step(bar: Progress, words: str, total: int) -> None:
    """Begin a step; the seconds since the first began are counted on.

    Of a bar once full rich would show for good the time at which it was.
    """
    known = bar.tasks[0]
    start = known.start_time
    bar.reset(known.id, total=total, description=words)
    known.start_time = start


@contextmanager
def progress_bar(words: str, far_id: str) -> Iterator[Show]:
    """Show a person how far the work has come; nothing where no terminal is.

    `words` stand before a moving bar until the first figures come; the sentence `far_id` takes
    done, total and speed (a second). Other words begin a step with a speed of its own.
    """
    console = context.console(to_stderr=True)
    if not console.is_terminal:  # the parts of a bar take as long to load as a small check
        yield lambda _words, _done, _total: None
        return
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[far]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(words, total=None, far="")

        began = told = 0.0  # seconds: the work on a step begins when the last was told of

        def show(words: str, done: int, total: int) -> None:
            nonlocal began, told
            known = bar.tasks[0]
            if words != known.description:
                began = told
                _begin_step(bar, words, total)
            told = known.elapsed or 0.0
            speed = known.speed or done / (told - began or 1)
            far = text(far_id, done=done, total=total, speed=round(speed)) if done else ""
            bar.update(task, completed=done, total=total, far=far)

        yield show
