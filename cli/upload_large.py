"""Which engine checks a file for `fuwuma upload check`, and the start of the one that is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from codes.errors import UsageError

if TYPE_CHECKING:
    from registry.bulk.report import LargeReport

DUCKDB = "duckdb"
SPARK = "spark"
AUTO = "auto"


def is_for_duckdb(file: Path, engine: str) -> bool:
    """Say whether rows are counted in SQL: asked for, or too many for the check row by row."""
    if engine != AUTO:
        return engine in (DUCKDB, SPARK)
    from registry.bulk.choice import is_large

    return is_large(file)


@contextmanager
def large_check(
    engine: str, master: str | None, folder: Path | None
) -> Iterator[Callable[..., LargeReport] | None]:
    """Start Spark when it is asked for and give its check, else None; stop it at the end.

    Raises UsageError for a master or a folder with another engine.
    """
    if engine != SPARK:
        for option, given in (("--spark-master", master), ("--spark-folder", folder)):
            if given is not None:
                raise UsageError("spark.option_unused", option=option)
        yield None
        return
    from functools import partial

    from registry.bulk.spark.check import check_on
    from registry.bulk.spark.session import cluster

    with cluster(master, folder) as opened:
        yield partial(check_on, opened)
