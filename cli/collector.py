"""Do without the collector of object cycles while a command works: what it holds has none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause it for the block.

    Judged rows hold each other in no cycle (a test says so); to look for one among millions of
    cells, again and again, takes a fifth to a third of the time of checking them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
