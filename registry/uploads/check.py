"""Check a file and say everything that is wrong with it; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from codes import china_time
from registry.uploads.assess import Assessment, assess
from registry.uploads.findings import OUTCOMES, CheckReport, Finding, found
from registry.uploads.judged import Context
from registry.uploads.other_files import Look, unseen
from registry.uploads.proposing.registered import Registered
from registry.uploads.settings import UploadSettings

if TYPE_CHECKING:
    from registry.plain_sql import Reader


def check_file(
    path: str | Path,
    settings: UploadSettings | None = None,
    *,
    reader: Reader | None = None,
    department_code: str | None = None,
    today: date | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    look: Look = unseen,
) -> CheckReport:
    """Return what is found in a file.

    With a reader the rows are compared with the registry; with a department, owning rules apply.
    `look` is shown the judged rows and may say more of them.
    Raises StoreError, DataError and UsageError as `registry.uploads.assess.assess` does.
    """
    settings = settings or UploadSettings()
    context = context_of(settings, reader is not None, department_code, today)
    assessment = assess(path, settings, context, reader, progress)
    look(assessment.rows)
    return report_of(assessment)


def context_of(
    settings: UploadSettings,
    compared: bool,
    department_code: str | None,
    today: date | None = None,
) -> Context:
    """Return what holds for every row of a file sent with these settings."""
    return Context(today or china_time.today(), department_code, compared, settings.mode)


def report_of(assessment: Assessment) -> CheckReport:
    """Return the report of a judged file; the outcomes add up to its rows."""
    outcomes = Counter(plan.outcome for plan in assessment.plans)
    rows = {
        (judged.row.sheet, judged.row.number): plan.outcome
        for judged, plan in zip(assessment.rows, assessment.plans, strict=True)
    }
    findings = [
        *assessment.about_sheets,
        *(one for judged in assessment.rows for one in judged.findings),
        *(missing_finding(one) for one in assessment.missing),
    ]
    return CheckReport(
        assessment.source,
        len(assessment.rows),
        tuple(findings),
        {name: outcomes.get(name, 0) for name in OUTCOMES},
        rows,
        assessment.context.compared,
        tuple(assessment.ignored),
        tuple(one.code for one in assessment.missing),
    )


def missing_finding(one: Registered) -> Finding:
    """Return the question that a facility missing from a complete list makes."""
    return found(
        "facility_missing",
        "",
        None,
        value=one.name,
        code_facility=one.code,
        name=one.name,
        status=one.status,
    )
