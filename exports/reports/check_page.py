"""The page about a check: one HTML file that needs nothing else, bounded however much is wrong."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from codes.china_time import today
from codes.errors import StoreError, UsageError
from codes.messages import language, speaking
from codes.system_errors import reason_of
from exports.reports.check_view import Result, view
from exports.reports.pages import page


def write_page(results: Sequence[Result], path: Path, lang: str | None = None) -> None:
    """Write the page, replacing what is there. Raises StoreError when it cannot be written."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_text(html(results, lang), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        detail = reason_of(error)
        raise StoreError("report.page_unwritable", path=path, detail=detail) from error
    finally:
        unfinished.unlink(missing_ok=True)


def check_target(path: Path, sent: Sequence[Path]) -> None:
    """Raise UsageError when the page would not be .html, or would replace a file that was sent.

    Raises StoreError when it cannot be written there.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError("report.page_not_html", path=path)
    if path.resolve() in {one.resolve() for one in sent}:
        raise UsageError("report.page_is_sent", path=path)
    if path.is_dir() or not path.parent.is_dir():
        kind = errno.EISDIR if path.is_dir() else errno.ENOENT
        detail = reason_of(OSError(kind, os.strerror(kind)))
        raise StoreError("report.page_unwritable", path=path, detail=detail)


def html(results: Sequence[Result], lang: str | None = None) -> str:
    """Return the page as one HTML document."""
    with speaking(lang or language()):
        return page("check", **view(results), on=today())
