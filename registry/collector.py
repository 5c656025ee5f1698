"""Do without the collector of object cycles where many rows are held: they make no cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause it for the block.

    Judged rows hold each other in no cycle (a test says so); to look for one among millions of
    cells, again and again, takes a fifth to a third of the time of checking them, and a tenth of
    that of registering them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
