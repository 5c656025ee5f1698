"""A program told to end takes away what it keeps on disk for a while, then ends as it was told."""

from __future__ import annotations

import atexit
import signal
import sys
from contextlib import suppress
from types import FrameType
from typing import Final, NoReturn

STOPPING: Final = ("SIGTERM", "SIGHUP")
SAID_BY_SHELLS: Final = 128
"""What a shell adds to the number of the signal that ended a program."""

_ended_by: list[int] = []


def stop_in_order() -> None:
    """Have SIGTERM and SIGHUP unwind the program before they end it.

    The rows of a large file that is judged lie in a folder of their own meanwhile, with the
    telephone numbers of persons among them: they must not stay behind. What is ignored already (by
    `nohup`) stays so. To be called before what is loaded for the work.
    """
    atexit.register(_end)  # first in, so it is called last
    for number in _signals():
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _unwind)


def told_to_stop() -> bool:
    """Say whether one of these signals is ending the program."""
    return bool(_ended_by)


def _unwind(number: int, _frame: FrameType | None) -> NoReturn:
    for one in _signals():  # a terminal that is closed may say so twice
        signal.signal(one, signal.SIG_IGN)
    _ended_by.append(number)
    raise SystemExit(SAID_BY_SHELLS + number)


def _end() -> None:
    for number in _ended_by:
        with suppress(OSError, ValueError):  # nobody may be reading any more
            sys.stdout.flush()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


def _signals() -> list[signal.Signals]:
    return [signal.Signals[name] for name in STOPPING if hasattr(signal, name)]
