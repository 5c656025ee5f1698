"""What a person types: parse, call, print. One file a command group."""

from __future__ import annotations

import sys
from types import TracebackType

_as_before = sys.excepthook


def _end_quietly(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Say nothing of Ctrl-C while the program is still loading; it ends as by any interrupt."""
    if not issubclass(kind, KeyboardInterrupt):
        _as_before(kind, error, trace)


sys.excepthook = _end_quietly  # before anything else of ours is loaded
