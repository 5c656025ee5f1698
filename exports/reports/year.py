"""A city's report of a year: one HTML file that needs nothing else, and its figures as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from markupsafe import Markup
from sqlmodel import Session

from codes.errors import DataError, StoreError, UsageError
from codes.warning_colours import css_rules
from exports.reports.csv_files import csv_files
from exports.reports.pages import page
from exports.reports.saving import save_all
from exports.reports.year_data import YearReport, year_report
from exports.reports.year_view import view
from registry.evaluation.scope import Scope


def write_report(
    session: Session, scope: Scope, path: Path, *, overwrite: bool = False
) -> list[Path]:
    """Write the report at `path` and CSV files named after it beside it; return what was written.

    Raises UsageError for a name that is not .html and for files that exist already, unless
    `overwrite`; DataError when there is not one value to report; StoreError when a file cannot be
    written. Then nothing is.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError("evaluate.output_not_html", path=path)
    if not path.parent.is_dir():
        raise StoreError("evaluate.no_folder", path=path.parent)
    report = year_report(session, scope)
    _refuse_nothing(report)
    tables = {
        path.with_name(f"{path.stem}-{name}.csv"): content
        for name, content in csv_files(report).items()
    }
    contents = {**tables, path: html(report).encode()}
    for target in contents:
        if target.exists() and not overwrite:
            raise UsageError("evaluate.file_exists", path=target)
    save_all(contents)
    return [path, *tables]


def _refuse_nothing(report: YearReport) -> None:
    """A report without a single value would look like one of a city that does badly."""
    results = [one for evaluation in report.evaluations for one in evaluation.results]
    if all(one.value.status == "missing" for one in results):
        scope = report.scope
        raise DataError(
            "evaluate.nothing_to_report", division=scope.area.root.name, year=scope.year
        )


def html(report: YearReport) -> str:
    """Return the report as one HTML document in the language in use."""
    return page("year", css_rules("", "pale"), **view(report), **_BARS)


def _bar(width: float | None) -> Markup:
    """A bar that is full at 120 %, with a stroke at 100 %."""
    if width is None:
        return Markup("")
    return Markup('<span class="bar"><i style="width:{}%"></i><b></b></span>').format(width)


def _plain_bar(width: float | None) -> Markup:
    if width is None:
        return Markup("")
    return Markup('<span class="bar"><i style="width:{:.1f}%"></i></span>').format(width)


_BARS: Final[dict[str, Any]] = {"bar": _bar, "plain_bar": _plain_bar}
