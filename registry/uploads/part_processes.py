"""The parts of a large file judged by several processes, in the order of the file.

Each process reads the registry by itself, a part at a time, so that no transaction stays open for
minutes. It ends with the process that started it, whatever ends that. Where the database takes no
further connection the parts are judged by that one.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.process import BaseProcess
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
from registry.uploads.large_rows import LargeRows, Lines
from registry.uploads.part import Part, judged_part, slim

AHEAD: Final = 1
"""Parts that wait beside those being judged; each takes some 40 MB here."""

STOPPING: Final = ("SIGINT", "SIGTERM", "SIGHUP")
"""What stops a program; a process that is just starting would answer with a traceback."""


@dataclass
class _Given:
    """What a process was started with, and the registry once it has opened it."""

    url: URL
    tables: Sequence[LargeRows]
    context: Context
    engine: Engine | None = None


_given: list[_Given] = []


def judged_parts(
    tables: Sequence[LargeRows], context: Context, session: Session
) -> Generator[tuple[LargeRows, Part], None, None]:
    """Yield the parts of a file, judged, each with its table.

    Those of a large file are judged by as many processes as there are cores.

    These end at once when the parts are not wanted any more.
    Raises StoreError when one of them is ended from outside.
    """
    processes = processes_for(tables[0])
    if processes < 2:
        for file in tables:
            yield from ((file, judged_part(file, one, context, session)) for one in file.parts())
        return
    url = session.connection().engine.url
    session.rollback()  # nothing is read here any more
    pool = _pool(processes, (url, tables, context, language(), gc.get_threshold()))
    workers: set[BaseProcess] = set()
    try:
        for file, done in _in_order(pool, tables, processes + AHEAD, workers):
            if not isinstance(done, Part):
                done = _judged_here(file, done, context, session)  # noqa: PLW2901
            yield file, done
    except BaseException as error:
        for worker in workers:  # whoever stops this need not wait for parts that nobody wants
            worker.terminate()
        if isinstance(error, BrokenProcessPool):
            raise StoreError("upload.judging_ended", path=tables[0].opened.path.name) from error
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def processes_for(file: LargeRows) -> int:
    """Return how many processes judge a file: one, unless it is large and there are cores."""
    if file.settings.scope == "complete" or file.opened.size < limit("processes_bytes"):
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, limit("processes"))


def _in_order(
    pool: Executor, tables: Sequence[LargeRows], most: int, workers: set[BaseProcess]
) -> Iterator[tuple[LargeRows, Part | Lines]]:
    waiting: deque[tuple[LargeRows, Future[Part | Lines]]] = deque()
    for at, file in enumerate(tables):
        for lines in file.parts():
            waiting.append((file, _submitted(pool, at, lines, workers)))
            if len(waiting) >= most:
                first, done = waiting.popleft()
                yield first, done.result()
    while waiting:
        first, done = waiting.popleft()
        yield first, done.result()


def _submitted(
    pool: Executor, table: int, lines: Lines, workers: set[BaseProcess]
) -> Future[Part | Lines]:
    """Hand lines to the processes, and note those that are started for it."""
    before = set(active_children())
    with _undisturbed():
        try:
            return pool.submit(_judged, table, lines)
        finally:
            workers |= set(active_children()) - before


def _judged_here(file: LargeRows, lines: Lines, context: Context, session: Session) -> Part:
    try:
        return judged_part(file, lines, context, session)
    finally:
        session.rollback()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back what would stop this process; those it starts meanwhile hold it back for good."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _signals(STOPPING))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _signals(names: Sequence[str]) -> set[signal.Signals]:
    return {signal.Signals[name] for name in names if hasattr(signal, name)}


def _pool(processes: int, given: tuple[Any, ...]) -> Executor:
    # not forked: a thread may hold a lock at this moment
    return ProcessPoolExecutor(processes, get_context("spawn"), _begin, given)


def _begin(
    url: URL,
    tables: Sequence[LargeRows],
    context: Context,
    lang: str,
    sweep: tuple[int, int, int],
) -> None:
    """Make a process ready; what fails here would be printed as a traceback."""
    Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(signal, "pthread_sigmask"):  # Ctrl-C is for the one that started this
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _signals(STOPPING) - {signal.SIGINT})
    use_language(lang)
    gc.set_threshold(*sweep)
    _given[:] = [_Given(url, tables, context)]


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _judged(table: int, lines: Lines) -> Part | Lines:
    """Judge lines of a table; return them as they are where the registry cannot be opened."""
    given = _given[0]
    if given.engine is None:
        try:
            given.engine = open_registry(given.url.render_as_string(hide_password=False))
        except StoreError:
            return lines
    with reading(given.engine) as session:
        part = judged_part(given.tables[table], lines, given.context, session)
    return replace(part, rows=[slim(row) for row in part.rows])
