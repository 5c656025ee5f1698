"""The parts of a large file judged by several processes, in the order of the file.

Each process reads the registry by itself, a part at a time, so that no transaction stays open for
minutes. It ends with the process that started it, whatever ends that.
"""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlmodel import Session

from codes.errors import StoreError
from codes.messages import language, use_language
from codes.upload_limits import limit
from registry.db import open_registry, reading
from registry.uploads.judged import Context
from registry.uploads.large_rows import LargeRows, Line
from registry.uploads.part import Part, judged_part, slim

AHEAD: Final = 1
"""Parts that wait beside those being judged; each takes some 40 MB here."""

_Given = tuple[Engine, LargeRows, Context]
_given: list[_Given] = []
"""What the process was started with."""


def judged_parts(file: LargeRows, context: Context, session: Session) -> Iterator[Part]:
    """Yield the parts of a file, judged; of a large one by as many processes as there are cores.

    Raises StoreError when one of them is ended from outside.
    """
    processes = processes_for(file)
    if processes < 2:
        yield from (judged_part(file, lines, context, session) for lines in file.parts())
        return
    url = session.connection().engine.url
    session.rollback()  # nothing is read here any more
    pool = _pool(processes, (url, file, context, language(), gc.get_threshold()))
    try:
        yield from _in_order(pool, file, processes + AHEAD)
    except BrokenProcessPool as error:
        raise StoreError("upload.judging_ended", path=file.opened.path.name) from error
    finally:
        pool.shutdown(cancel_futures=True)


def processes_for(file: LargeRows) -> int:
    """Return how many processes judge a file: one, unless it is large and there are cores."""
    if file.settings.scope == "complete" or file.opened.size < limit("processes_bytes"):
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, limit("processes"))


def _in_order(pool: Executor, file: LargeRows, most: int) -> Iterator[Part]:
    waiting: deque[Future[Part]] = deque()
    for lines in file.parts():
        waiting.append(pool.submit(_judged, lines))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _pool(processes: int, given: tuple[Any, ...]) -> Executor:
    # not forked: a thread may hold a lock at this moment
    return ProcessPoolExecutor(processes, get_context("spawn"), _begin, given)


def _begin(
    url: URL, file: LargeRows, context: Context, lang: str, sweep: tuple[int, int, int]
) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    use_language(lang)
    gc.set_threshold(*sweep)
    _given[:] = [(open_registry(url.render_as_string(hide_password=False)), file, context)]


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _judged(lines: Sequence[Line]) -> Part:
    engine, file, context = _given[0]
    with reading(engine) as session:
        part = judged_part(file, lines, context, session)
    return replace(part, rows=[slim(row) for row in part.rows])
