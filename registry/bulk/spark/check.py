"""Check a large text file on Spark: the totals of `registry.bulk.check`, to the row."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from codes.errors import DataError, FuwumaError, StoreError
from registry.bulk.canonical import CanonicalFile, NotReadableError
from registry.bulk.check import Progress, _engine, _source, _tallied
from registry.bulk.exact import Judge
from registry.bulk.opening import Opened, canonical, open_text, refusal, rewrite, said_of
from registry.bulk.plan import Plan
from registry.bulk.report import LargeReport
from registry.bulk.reporting import report_of
from registry.bulk.scan import Connection
from registry.bulk.spark.lines import UnevenError
from registry.bulk.spark.scan import scan_on
from registry.bulk.spark.session import Cluster, told
from registry.uploads.check import context_of
from registry.uploads.columns import check_mapped, map_columns
from registry.uploads.reading.headers import header_names
from registry.uploads.settings import UploadSettings


def check_on(
    cluster: Cluster,
    path: str | Path,
    settings: UploadSettings | None = None,
    *,
    department_code: str | None = None,
    today: date | None = None,
    progress: Progress = lambda _done, _all: None,
) -> LargeReport:
    """Return what `registry.bulk.check.check_large` returns, the rows judged by the workers.

    Raises what that raises, and StoreError `spark.failed` when Spark does not come to an end.
    """
    path, settings = Path(path), settings or UploadSettings()
    names = header_names(settings.mapped)
    opened = open_text(path, settings, names)
    check_mapped(_source(opened, ""), settings.mapped)
    columns, about = map_columns(opened.sheet, names)
    context = context_of(settings, False, department_code, today)
    plan = Plan(columns, settings.given, context)
    with TemporaryDirectory(prefix="fuwuma-") as name, _engine(Path(name), path) as connection:
        file, plan = _scanned(cluster, connection, opened, plan, Path(name), settings)
        judge = Judge(file, opened.sheet, columns, settings, context, names, opened.delimiter)
        tally = _tallied(connection, judge, plan, context, progress)
        if not tally.rows:
            raise DataError("read.rows_absent", path=path.name, row=opened.sheet.header_row)
        return report_of(tally, _source(opened, file.sha256), about, file)


def _scanned(
    cluster: Cluster,
    connection: Connection,
    opened: Opened,
    plan: Plan,
    folder: Path,
    settings: UploadSettings,
) -> tuple[CanonicalFile, Plan]:
    """Scan the file as it stands, else rewritten; say what is wrong when neither can be read.

    The plan that is returned looks at the types there are.
    """
    try:
        file = canonical(opened, folder)
        try:
            return file, _judged(cluster, connection, file, plan, opened.path)
        except UnevenError:
            file = rewrite(opened, folder)
            return file, _judged(cluster, connection, file, plan, opened.path)
    except NotReadableError as error:
        raise refusal(opened.path, settings, said_of(error, opened.path)) from error
    except UnicodeDecodeError as error:
        ours = DataError("bulk.encoding_damaged", path=opened.path.name)
        raise refusal(opened.path, settings, ours) from error


def _judged(
    cluster: Cluster, connection: Connection, file: CanonicalFile, plan: Plan, path: Path
) -> Plan:
    """Let the workers judge; what stops them is said in a sentence."""
    try:
        return scan_on(cluster, connection, file, plan)
    except (UnevenError, FuwumaError, NotImplementedError):
        raise
    except Exception as error:  # Spark's, Java's and the connection's own, of no common type
        raise StoreError("spark.failed", path=path.name, detail=told(error)) from error
