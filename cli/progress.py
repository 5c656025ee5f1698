"""A progress bar on standard error: what is done, how much, how fast, how long yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cli import context
from codes.messages import text

Show = Callable[[str, int, int], None]
"""Shows what is being done, how much of it is done, and of how much."""


@contextmanager
def progress_bar(words: str, far_id: str) -> Iterator[Show]:
    """Show a person how far the work has come; nothing where no terminal is.

    `words` stand before a moving bar until the first figures come; the sentence `far_id` takes
    done, total and speed (a second).
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

        def show(words: str, done: int, total: int) -> None:
            known = bar.tasks[0]
            speed = known.speed or done / (known.elapsed or 1)
            far = text(far_id, done=done, total=total, speed=round(speed))
            bar.update(task, description=words, completed=done, total=total, far=far)

        yield show
