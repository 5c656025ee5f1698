"""Put several files in place, each whole; none is left half written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from codes.errors import StoreError


def save_all(contents: Mapping[Path, bytes]) -> None:
    """Write every file under another name first and move them all when the last one is written.

    Raises StoreError when one cannot be written.
    """
    unfinished = {path.with_name(f".{path.name}.{os.getpid()}"): path for path in contents}
    try:
        for temporary, path in unfinished.items():
            temporary.write_bytes(contents[path])
        for temporary, path in unfinished.items():
            temporary.replace(path)
    except OSError as error:
        detail = error.strerror or str(error)
        raise StoreError("evaluate.unwritable", path=error.filename, detail=detail) from error
    finally:
        for temporary in unfinished:
            temporary.unlink(missing_ok=True)
