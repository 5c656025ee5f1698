"""Check a large text file on Spark: the totals of `registry.bulk.check`, to the row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from codes.errors import FuwumaError, StoreError
from registry.bulk.canonical import CanonicalFile
from registry.bulk.check import checked
from registry.bulk.earlier_files import EarlierFiles
from registry.bulk.engine import Connection
from registry.bulk.plan import Plan
from registry.bulk.report import LargeReport, Shown
from registry.bulk.scan import Scanned
from registry.bulk.spark.lines import UnevenError
from registry.bulk.spark.scan import scan_on
from registry.bulk.spark.session import Cluster, told
from registry.bulk.table_check import Asked
from registry.bulk.watching import Progress
from registry.uploads.check import context_of
from registry.uploads.reading.headers import header_names
from registry.uploads.settings import UploadSettings


def check_on(  # noqa: PLR0913  what `check_large` takes, and the cluster
    cluster: Cluster,
    path: str | Path,
    settings: UploadSettings | None = None,
    *,
    department_code: str | None = None,
    today: date | None = None,
    progress: Progress = lambda _done, _all: None,
    shown: Shown | None = None,
    others: EarlierFiles | None = None,
) -> LargeReport:
    """Return what `registry.bulk.check.check_large` returns, the rows judged by the workers.

    Raises what that raises, and StoreError `spark.failed` when Spark does not come to an end.
    """
    settings = settings or UploadSettings()
    context = context_of(settings, False, department_code, today)

    def scan_by(connection: Connection, file: CanonicalFile, plan: Plan) -> Scanned | None:
        return _judged(cluster, connection, file, plan, Path(path))

    asked = Asked(settings, context, header_names(settings.mapped), scan_by, others)
    return checked(Path(path), asked, progress, shown)


def _judged(
    cluster: Cluster, connection: Connection, file: CanonicalFile, plan: Plan, path: Path
) -> Scanned | None:
    """Let the workers judge; what stops them is said in a sentence. None: a line is not in form."""
    try:
        return scan_on(cluster, connection, file, plan)
    except UnevenError:
        return None
    except (FuwumaError, NotImplementedError):
        raise
    except Exception as error:  # Spark's, Java's and the connection's own, of no common type
        raise StoreError("spark.failed", path=path.name, detail=told(error)) from error
