"""A Spark session on a cluster, or on this machine, that is quiet and goes when it is done."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from codes.errors import StoreError, UsageError
from registry.bulk.spark.java import java_home
from registry.temporary import temporary_folder

LOCAL: Final = "local[*]"
MASTER: Final = re.compile(r"local(\[[^\]]+\])?|local-cluster\[[^\]]+\]|(spark|k8s)://.+|yarn")
TOLD: Final = 300
"""Characters of a failure of Spark that are told; the whole of it is pages."""

SETTINGS: Final = {
    "spark.app.name": "fuwuma",
    "spark.driver.memory": "1g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # a cell of many words takes Java's regular expressions deep
    "spark.driver.extraJavaOptions": "-Xss64m",
    "spark.executor.extraJavaOptions": "-Xss64m",
    # what cannot be computed must fail, not become NULL unseen
    "spark.sql.ansi.enabled": "true",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.parser.escapedStringLiterals": "false",
    # a file is cut so that every worker gets some of it
    "spark.sql.files.openCostInBytes": "65536",
    "spark.sql.files.maxPartitionBytes": "33554432",
}
"""What the check asks of Spark; the cluster's own settings are not touched."""


@dataclass(frozen=True)
class Cluster:
    """A session and the folder that the driver and every worker see under the same path."""

    session: Any
    folder: Path


@contextmanager
def cluster(master: str | None = None, folder: Path | None = None) -> Iterator[Cluster]:
    """Open a session and a folder of its own within `folder`; both are gone afterwards.

    Raises UsageError when Spark or Java is not installed, when no master is called so, or when a
    cluster is named without a folder; StoreError when Spark does not start.
    """
    named = master or LOCAL
    _check(named, folder)
    with _folder(folder) as own:
        log = own / "driver.log"
        session = _started(named, own, log)
        try:
            yield Cluster(session, own)
        finally:
            session.stop()


def told(error: BaseException) -> str:
    """Return the first line of what Spark says, shortened."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:TOLD]


def _check(master: str, folder: Path | None) -> None:
    if not MASTER.fullmatch(master):
        raise UsageError("spark.master_unknown", seen=master)
    if not master.startswith("local") and folder is None:
        raise UsageError("spark.folder_needed", master=master)
    if folder is not None and not folder.is_dir():
        raise UsageError("spark.folder_absent", folder=folder)


@contextmanager
def _folder(within: Path | None) -> Iterator[Path]:
    with ExitStack() as opened:
        try:
            own = opened.enter_context(temporary_folder(within))
        except OSError as error:
            raise StoreError("spark.folder_closed", folder=within, detail=error.strerror) from error
        yield own.resolve()


def _started(master: str, folder: Path, log: Path) -> Any:
    session = _session_type()
    asked = {**SETTINGS, "spark.sql.warehouse.dir": f"file://{folder}/warehouse"}
    if master.startswith("local"):
        asked |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        asked["spark.local.dir"] = str(folder)
    builder = session.builder.master(master)
    for key, value in asked.items():
        builder = builder.config(key, value)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if home := java_home():
        os.environ["JAVA_HOME"] = home
    try:
        with _errors_to(log), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return builder.getOrCreate()
    except Exception as error:  # Java, the network, the cluster: a dozen types, one answer
        said = (_last_said(log) or told(error)).strip().rstrip(".")[:TOLD]
        raise StoreError("spark.not_started", master=master, detail=said) from error


def _session_type() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about versions of packages that we do not use
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError("spark.not_installed") from error
    return SparkSession


@contextmanager
def _errors_to(log: Path) -> Iterator[None]:
    """Let what is started here, Java above all, write its messages to a file."""
    sys.stderr.flush()
    before = os.dup(2)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _last_said(log: Path) -> str:
    """Return the last error in Java's messages, '' for none."""
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    wrong = [line for line in lines if " ERROR " in line or "rror:" in line or "xception:" in line]
    # without the moment and the name of the class that says it
    return wrong[-1].partition(" ERROR ")[2].partition(": ")[2] or wrong[-1] if wrong else ""
