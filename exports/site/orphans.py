"""A worker process ends when the one that started it is gone, however that came about."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess


def end_with_parent() -> None:
    """End this process, in an orderly way, once the process that started it has ended.

    A server that was killed cannot tell its workers, and they would keep the port and go on
    answering with a release nobody looks after. Does nothing in a process nobody started so.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
